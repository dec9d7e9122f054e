"""Chance: streams by name, decided by the seed."""

from hypothesis import given
from hypothesis import strategies as st

from mockserver.chance import Chance, nonce


@given(seed=st.integers(), purpose=st.text(), other=st.text())
def test_a_stream_is_the_same_whatever_was_drawn_from_others(seed, purpose, other):
    chance = Chance(seed)
    expected = chance.stream(purpose).random()
    chance.stream(other).random()

    assert expected == chance.stream(purpose).random()
    assert expected == Chance(seed).stream(purpose).random()


def test_streams_differ_by_name_and_by_seed():
    draws = {Chance(seed).stream(purpose).random() for seed in range(10) for purpose in ("a", "b")}

    assert 20 == len(draws)


def test_the_draws_of_a_seed_are_the_same_on_every_machine_and_in_every_version():
    """Scenarios are written against these numbers."""
    stream = Chance(7).stream("curve")

    assert [937, 61, 744, 183, 934] == [stream.randrange(1000) for _ in range(5)]


def test_nobody_can_foresee_a_nonce():
    assert 100 == len({nonce() for _ in range(100)})
