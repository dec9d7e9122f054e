"""The choices of a completion: cut, chosen and paid for by the official rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.chance import Chance
from mockserver.simulation import tokens
from mockserver.simulation.choices import Wish, complete, cut
from mockserver.simulation.sampling import Sampling, scores

MODEL = "davinci"
PROMPT = tokens.encode("Once upon a time", MODEL)
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def run(told=None, stream="test", **asked):
    return complete(Wish(MODEL, **{"prompt": PROMPT} | asked), Chance(0).stream(stream), told)


@given(any_text, st.lists(st.text(min_size=1, max_size=4), max_size=4), st.integers(0, 40))
def test_a_told_answer_holds_no_stop_sequence_and_costs_no_more_than_the_limit(told, stops, limit):
    [choice], cost = run(told, stops=stops, limit=limit)

    assert all(stop not in choice.text for stop in stops)
    assert cost == choice.cost <= limit
    assert "\ufffd" in choice.text or choice.text == told[: len(choice.text)]
    if choice.finish_reason == "stop" and not stops:
        assert (told, tokens.count(told, MODEL)) == (choice.text, cost)


@given(
    st.text(max_size=8), st.integers(0, 80), st.floats(0, 2), st.sampled_from(["the", ".", " r", "door near"])
)
def test_a_made_up_answer_costs_the_tokens_of_its_text(stream, limit, temperature, stop):
    [choice], cost = run(stream=stream, limit=limit, stops=[stop], sampling=Sampling(temperature=temperature))

    assert stop not in choice.text
    assert cost == min(tokens.count(choice.text, MODEL), limit)
    assert list(choice.tokens) == tokens.encode(choice.text, MODEL)


def test_the_earliest_stop_sequence_counts():
    [choice], cost = run(" one two three. four", stops=[".", " three", "four"])

    assert (" one two", "stop", 2) == (choice.text, choice.finish_reason, cost)


def test_a_stop_sequence_behind_the_limit_is_not_met():
    [choice], _ = run(" one two three. four", stops=["."], limit=3)

    assert (" one two three", "length") == (choice.text, choice.finish_reason)


def test_a_character_that_the_limit_cuts_in_two_is_shown_as_a_replacement():
    [choice], cost = run("╯", limit=1)

    assert ("\ufffd", "length", 1) == (choice.text, choice.finish_reason, cost)


def test_nothing_is_said_in_no_room():
    [choice], cost = run(limit=0)

    assert ("", "length", 0) == (choice.text, choice.finish_reason, cost)


def test_choices_differ_when_chance_has_a_part():
    choices, cost = run(n=5, best_of=5)

    assert 5 == len({choice.text for choice in choices})
    assert cost == sum(choice.cost for choice in choices)


def test_choices_are_alike_when_it_has_none_and_each_is_paid_for():
    for choices, cost in (
        run(n=2, best_of=3, sampling=Sampling(temperature=0)),
        run(" told", n=2, best_of=3),
    ):
        assert choices[0] == choices[1]
        assert cost == 3 * choices[0].cost


def test_the_first_choice_does_not_depend_on_how_many_are_asked_for():
    assert run(n=1)[0][0] == run(n=4, best_of=4)[0][0]


def test_the_best_are_those_of_the_highest_log_probability_per_token_and_all_are_paid_for():
    def mean(choice):
        found = scores(Wish(MODEL, PROMPT).context(), choice.tokens, 0, {}, taught=False)
        return sum(score.logprob for score in found) / len(found)

    every, cost = run(n=10, best_of=10)
    best, cost_of_best = run(n=3, best_of=10)

    assert sorted(every, key=mean, reverse=True)[:3] == best
    assert cost == cost_of_best


@pytest.mark.parametrize("ended", [True, False])
def test_an_answer_without_a_stop_sequence_ends_by_itself_or_at_the_limit(ended):
    choice = cut(tokens.encode(" fine", MODEL), MODEL, ["no"], ended=ended)

    assert ("stop" if ended else "length") == choice.finish_reason
