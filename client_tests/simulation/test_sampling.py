"""From likelihoods to tokens: temperature, top_p, penalties and biases act as the official page says."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.chance import Chance
from mockserver.simulation import tokens
from mockserver.simulation.sampling import Sampling, biased, scores, speak
from mockserver.simulation.text import after

MODEL = "davinci"
END = tokens.end_of_text(MODEL)
samplings = st.builds(
    Sampling,
    temperature=st.floats(0, 2),
    top_p=st.floats(0, 1),
    presence_penalty=st.floats(-2, 2),
    frequency_penalty=st.floats(-2, 2),
    logit_bias=st.dictionaries(st.integers(0, 50_255), st.floats(-100, 100), max_size=3),
)


def token(text):
    [found] = tokens.encode(text, MODEL)
    return found


def say(sampling, *, prompt="Once upon a time", limit=60, stream="test", told=None):
    context = after(tokens.encode(prompt, MODEL), MODEL)
    return speak(context, limit, sampling, Chance(0).stream(stream), told)


@given(samplings, st.integers(0, 30), st.text(max_size=5), st.booleans())
def test_no_answer_is_longer_than_the_limit_and_no_setting_breaks_it(sampling, limit, stream, is_told):
    told = tokens.encode(" a told answer", MODEL) if is_told else None

    said, ended = say(sampling, limit=limit, stream=stream, told=told)

    assert len(said) <= limit
    assert not (ended and len(said) == limit)
    assert END not in said


def test_at_temperature_0_and_at_top_p_0_chance_plays_no_part():
    greedy = say(Sampling(temperature=0), stream="one")

    assert greedy == say(Sampling(temperature=0), stream="another")
    assert greedy == say(Sampling(temperature=2, top_p=0), stream="a third")


def test_the_same_stream_of_chance_gives_the_same_answer_and_another_one_another():
    warm = Sampling(temperature=1)

    assert say(warm, stream="one") == say(warm, stream="one")
    assert say(warm, stream="one") != say(warm, stream="another")


def test_a_low_temperature_stays_close_to_the_likeliest_answer_and_a_high_one_does_not():
    def variety(temperature):
        said = (say(Sampling(temperature=temperature), stream=str(n), limit=1)[0] for n in range(200))
        return len(set(map(tuple, said)))

    assert variety(0.01) == 1 < variety(0.3) < variety(2)


def test_top_p_draws_from_the_likeliest_only():
    likely = after(tokens.encode("Once upon a time", MODEL), MODEL).expected()
    favourite = max(likely, key=likely.__getitem__)
    narrow = Sampling(temperature=2, top_p=likely[favourite] / 2)

    assert [favourite] * 50 == [say(narrow, stream=str(n), limit=1)[0][0] for n in range(50)]


def test_a_bias_of_minus_100_bans_a_token_and_one_of_100_says_nothing_else():
    the, bridge = token(" the"), token(" bridge")

    free, _ = say(Sampling(temperature=0, logit_bias={END: -100}), limit=200)
    banned, _ = say(Sampling(temperature=0, logit_bias={END: -100, the: -100}), limit=200)
    assert the in free
    assert the not in banned
    assert [bridge] * 200 == say(Sampling(logit_bias={bridge: 100}), limit=200)[0]


def test_without_its_end_token_an_answer_goes_on_to_the_limit():
    """The official page's own example: `{"50256": -100}` prevents the end of the text."""
    assert say(Sampling(temperature=0), limit=2000)[1]
    said, ended = say(Sampling(temperature=0, logit_bias={50256: -100}), limit=2000)
    assert (2000, False) == (len(said), ended)


def test_a_model_that_may_say_nothing_says_nothing():
    context = after([], MODEL)
    bans = dict.fromkeys(context.expected(), -100)

    assert ([], True) == speak(context, 5, Sampling(logit_bias=bans), Chance(0).stream("test"))


def test_penalties_make_repetition_rarer_and_negative_ones_more_frequent():
    def most_repeated(**penalties):
        said, _ = say(Sampling(logit_bias={END: -100}, **penalties), limit=400)
        return Counter(said).most_common(1)[0][1]

    plain = most_repeated()
    assert most_repeated(frequency_penalty=0.5) < plain
    assert most_repeated(presence_penalty=-2, frequency_penalty=-2) > plain


def test_a_told_answer_is_said_as_told_at_any_temperature():
    told = tokens.encode(" the the the the", MODEL)

    assert (told, True) == say(Sampling(temperature=2, frequency_penalty=2), told=told)
    assert (told[:2], False) == say(Sampling(), limit=2, told=told)


def test_the_end_of_an_answer_needs_room_too():
    told = tokens.encode(" four words it has", MODEL)

    assert (told, False) == say(Sampling(), limit=4, told=told)
    assert (told, True) == say(Sampling(), limit=5, told=told)


def test_a_bias_bends_a_told_answer_as_a_ban_or_a_force():
    positive, negative = token(" positive"), token(" negative")

    choice = Sampling(logit_bias={positive: 100, negative: 100})
    assert [negative] == say(choice, limit=1, told=[negative])[0]
    assert negative not in say(Sampling(temperature=0, logit_bias={negative: -100}), told=[negative])[0]


def test_a_bias_changes_odds_as_an_exponent_of_e():
    bent = biased({1: 0.5, 2: 0.5}, {1: math.log(3)})

    assert pytest.approx({1: 0.75, 2: 0.25}) == bent


@given(st.text(st.characters(codec="ascii"), min_size=1, max_size=60), st.integers(0, 5), st.booleans())
def test_every_score_is_among_the_likeliest_in_its_place_in_falling_order(text, top, taught):
    said = tokens.encode(text, MODEL)

    found = scores(after([], MODEL), said, top, {}, taught=taught)

    assert len(said) == len(found)
    for number, score in zip(said, found, strict=True):
        assert score.logprob == score.top[number] <= 0
        assert top <= len(score.top) <= top + 1
        assert sorted(score.top.values(), reverse=True) == list(score.top.values())
        assert sum(map(math.exp, score.top.values())) <= 1.000001


def test_a_greedy_answer_is_the_likeliest_in_every_place():
    context = after(tokens.encode("Once upon a time", MODEL), MODEL)
    said, _ = say(Sampling(temperature=0))

    for number, score in zip(said, scores(context, said, 3, {}, taught=False), strict=True):
        assert number == next(iter(score.top))


def test_scores_are_those_of_the_draw():
    """Over many draws a token comes as often as its log probability says."""
    draws = Counter(say(Sampling(), stream=str(n), limit=1)[0][0] for n in range(3000))
    context = after(tokens.encode("Once upon a time", MODEL), MODEL)
    [score] = scores(context, [draws.most_common(1)[0][0]], 0, {}, taught=False)

    assert draws.most_common(1)[0][1] / 3000 == pytest.approx(math.exp(score.logprob), abs=0.03)
