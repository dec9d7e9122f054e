"""Choosing a rule, telling why others did not answer, and taking replies in turn."""

import pytest

from mockserver.scenario.loader import load_text
from mockserver.scenario.models import TrainingRule
from mockserver.scenario.selection import Choice, ExhaustedError, choose, reply, verdicts

RULES = load_text("""
replies:
  - {match: {model: ada, temperature: 0}, reply: {text: cold}}
  - {match: {prompt: {regex: "in (?P<city>\\\\w+)"}}, reply: {text: city}}
  - {match: {model: {glob: "a*"}}, replies: [{text: one}, {text: two}]}
  - {match: {model: ada}, reply: {text: never}}
""").replies


def test_the_first_rule_that_matches_answers():
    choice = choose(RULES, {"model": "ada", "prompt": "x"})

    assert RULES[2] is choice.rule
    assert 2 == choice.index


def test_the_rules_before_it_say_why_they_did_not():
    misses = verdicts(RULES, {"model": "ada", "prompt": "x"})

    why = [
        "temperature is not 0: it is 1",
        "prompt does not match the regex 'in (?P<city>\\\\w+)': it is 'x'",
    ]
    assert why == [miss.why for miss in misses[:2]]


def test_a_choice_carries_what_its_rule_captured():
    choice = choose(RULES, {"model": "curie", "prompt": "weather in Oslo"})

    assert 1 == choice.index
    assert {"city": "Oslo"} == choice.captures


def test_without_a_match_there_is_no_rule_but_every_reason():
    choice = choose(RULES, {"model": "curie", "prompt": "x"})

    assert choice.rule is None
    assert choice.index is None
    assert all(miss.why for miss in verdicts(RULES, {"model": "curie", "prompt": "x"}))


def test_no_rules_no_choice():
    assert Choice() == choose([], {"model": "ada"})


def test_training_rules_are_chosen_the_same_way():
    rules = [TrainingRule.model_validate({"match": {"model": "ada"}}), TrainingRule(takes=3.0)]

    assert 1 == choose(rules, {"model": "davinci", "api": "legacy", "suffix": None}).index


@pytest.mark.parametrize(
    ("texts", "then"),
    [
        (["one", "two", "two", "two", "two"], "repeat_last"),
        (["one", "two", "one", "two", "one"], "loop"),
    ],
)
def test_replies_come_in_turn_and_then(texts, then):
    rule = load_text(f"replies: [{{replies: [{{text: one}}, {{text: two}}], then: {then}}}]").replies[0]

    assert texts == [reply(rule, turn).text for turn in range(5)]


def test_a_used_up_rule_says_so_if_it_was_told_to():
    rule = load_text("replies: [{reply: {text: once}, then: error}]").replies[0]

    assert "once" == reply(rule, 0).text
    with pytest.raises(ExhaustedError, match="given all of its replies"):
        reply(rule, 1)
