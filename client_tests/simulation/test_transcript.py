"""A conversation costs what the official cookbook says it costs."""

import pytest

from mockserver.simulation import tokens, transcript
from mockserver.simulation.messages import Ask, Call, Function, Message

# The example of the cookbook on counting tokens, whose costs it prints as the API reported them.
COOKBOOK = [
    Message(
        "system",
        "You are a helpful, pattern-following assistant that translates corporate jargon into plain English.",
    ),
    Message("system", "New synergies will help drive top-line growth.", name="example_user"),
    Message("system", "Things working well together will increase revenue.", name="example_assistant"),
    Message(
        "system",
        "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
        name="example_user",
    ),
    Message(
        "system", "Let's talk later when we're less busy about how to do better.", name="example_assistant"
    ),
    Message("user", "This late pivot means we don't have time to boil the ocean for the client deliverable."),
]


@pytest.mark.parametrize(
    ("model", "cost"),
    [("gpt-3.5-turbo-0613", 129), ("gpt-3.5-turbo-0301", 127), ("gpt-4", 129), ("gpt-4o-mini", 124)],
)
def test_messages_cost_what_the_api_reported_for_them(model, cost):
    assert cost == transcript.read(Ask(COOKBOOK), model)[1]


@pytest.mark.parametrize(("model", "cost"), [("gpt-4", 105), ("gpt-4o", 101)])
def test_tools_cost_what_the_api_reported_for_them(model, cost):
    """The other example of the cookbook: one function with an enumeration."""
    weather = Function(
        "get_current_weather",
        "Get the current weather in a given location",
        {
            "type": "object",
            "properties": {
                "location": {"type": "string", "description": "The city and state, e.g. San Francisco, CA"},
                "unit": {
                    "type": "string",
                    "description": "The unit of temperature to return",
                    "enum": ["celsius", "fahrenheit"],
                },
            },
            "required": ["location"],
        },
    )
    asked = [
        Message("system", "You are a helpful assistant that can answer to questions about the weather."),
        Message("user", "What's the weather like in San Francisco?"),
    ]

    assert cost == transcript.read(Ask(asked, functions=[weather]), model)[1]


def test_what_a_message_brings_beside_its_text_is_paid_for():
    plain, with_picture = (
        transcript.read(Ask([Message("user", "Hi", extra=extra)]), "gpt-4o") for extra in (0, 85)
    )

    assert plain[1] + 85 == with_picture[1]


def test_calls_are_read_and_paid_for():
    words, cost = transcript.read(Ask([Message("assistant", calls=(Call("add", '{"a":1}'),))]), "gpt-4o")

    said = tokens.count("add", "gpt-4o") + tokens.count('{"a":1}', "gpt-4o")
    assert (said, 3 + 3 + 1 + transcript.PER_CALL + said) == (len(words), cost)


def test_the_last_word_of_the_user_is_found_behind_what_tools_have_said():
    said = [Message("user", "first"), Message("user", "last"), Message("assistant"), Message("tool", "42")]

    assert ("last", "system", "") == tuple(
        transcript.last_user(each) for each in (said, [Message("system", "system")], [])
    )
