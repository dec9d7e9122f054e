"""Which models think, how long, and what they say of themselves."""

from random import Random

import pytest

from mockserver.simulation.honesty import about_itself
from mockserver.simulation.thinking import BLOCK, effort_of, is_reasoning, takes_sampling, thoughts


@pytest.mark.parametrize(
    "model", ["o1", "o1-mini", "o3", "o4-mini", "gpt-5", "gpt-5-mini", "gpt-5.2", "gpt-oss-120b"]
)
def test_reasoning_models_are_known(model):
    assert is_reasoning(model)


@pytest.mark.parametrize(
    "model", ["gpt-4o", "gpt-4.1", "gpt-3.5-turbo", "gpt-5-chat-latest", "chatgpt-4o-latest", "davinci"]
)
def test_others_do_not_think(model):
    assert not is_reasoning(model)
    assert takes_sampling(model, None)
    assert 0 == thoughts(model, "high", Random(1))


def test_effort_is_what_is_asked_for_or_what_the_model_is_used_to():
    assert ["medium", "low", "none", "high", "none"] == [
        effort_of("gpt-5", None),
        effort_of("o3", "low"),
        effort_of("gpt-5.1", None),
        effort_of("gpt-5.1", "high"),
        effort_of("gpt-4o", "high"),
    ]


def test_only_a_model_that_does_not_think_takes_a_temperature():
    assert [False, True, False] == [
        takes_sampling("o3", None),
        takes_sampling("gpt-5.2", None),
        takes_sampling("gpt-5.2", "low"),
    ]


def test_more_effort_is_more_thought_in_whole_blocks():
    spent = [
        sum(thoughts("o3", effort, Random(n)) for n in range(50))
        for effort in ("minimal", "low", "medium", "high", "xhigh")
    ]

    assert 0 == spent[0]
    assert sorted(spent) == spent
    assert all(each % BLOCK == 0 for each in spent)


@pytest.mark.parametrize(
    "asked",
    [
        "What are you?",
        "who are you",
        "Are you a human?",
        "Are you ChatGPT?",
        "Which model is this?",
        "What's your name?",
        "Who made you?",
    ],
)
def test_asked_what_it_is_it_tells_the_truth(asked):
    said = about_itself(asked, "gpt-4o")

    assert said is not None
    assert "mockserver" in said
    assert "gpt-4o" in said


@pytest.mark.parametrize(
    "asked", ["", "What are your prices?", "Who were the Vikings?", "Are you ready?", "Name a model railway."]
)
def test_other_questions_are_not_about_itself(asked):
    assert about_itself(asked, "gpt-4o") is None
