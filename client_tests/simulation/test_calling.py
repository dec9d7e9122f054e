"""Which functions are called, and what becomes of what they answer."""

import pytest

from mockserver.simulation.calling import called, passed_on
from mockserver.simulation.messages import Ask, Call, Function, Message

WEATHER = Function("get_weather", "Return the weather of a city, now.")
TIME = Function("currentTime", "Tell what o'clock it is somewhere in the world.")
MAIL = Function("send_mail", "Write to a customer about an order.")
ALL = (WEATHER, TIME, MAIL)


def names(*said, functions=ALL, **how):
    messages = [each if isinstance(each, Message) else Message("user", each) for each in said]
    return [function.name for function in called(Ask(messages, functions=functions, **how))]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("What is the weather in Oslo?", ["get_weather"]),
        ("What's the time in Tokyo?", ["currentTime"]),
        ("The WEATHERS of Rome, and the time there", ["get_weather", "currentTime"]),
        ("Please write to the customer", ["send_mail"]),
        ("Tell me a joke about a customer", []),
        ("Can you get it for me?", []),
        ("Guten Tag", []),
        ("", []),
    ],
)
def test_a_function_is_called_when_the_user_speaks_of_it(said, wanted):
    assert wanted == names(said)


def test_a_function_is_called_when_the_user_speaks_of_its_parameters():
    """As in the client's own example of a query, which is told of in its tables and columns alone."""
    query = Function(
        "query",
        parameters={
            "$defs": {"Table": {"enum": ["orders", "customers"]}},
            "properties": {
                "table": {"$ref": "#/$defs/Table"},
                "columns": {"items": {"enum": ["shipped_at", "delivered_at"], "type": "string"}},
            },
        },
    )

    assert ["query"] == names("look up all my orders that were not delivered on time", functions=[query])
    assert [] == names("take a string of orders", functions=[query])


def test_only_the_best_is_called_where_one_call_at_a_time_is_wanted():
    assert ["get_weather"] == names("The weather, the weather of the city, and the time", parallel=False)


@pytest.mark.parametrize(
    ("said", "wanted"), [("What is the time?", ["currentTime"]), ("Guten Tag", ["get_weather"])]
)
def test_a_function_is_called_when_one_must_be(said, wanted):
    assert wanted == names(said, must_call=True)


def test_only_what_may_be_called_is():
    assert ["send_mail"] == names("What is the weather?", must_call=True, callable=("send_mail",))
    assert [] == names("What is the weather?", callable=())


def test_nothing_is_called_again_when_the_tools_have_answered():
    asked = Message("user", "What is the weather in Oslo?")
    calls = Message("assistant", calls=(Call("get_weather", "{}", "call_1"),))

    assert [] == names(asked, calls, Message("tool", "snow", answers="call_1"))


def test_what_tools_have_answered_is_passed_on_by_name_and_in_order():
    calls = Message(
        "assistant", calls=(Call("get_weather", "{}", "call_1"), Call("currentTime", "{}", "call_2"))
    )
    answers = [Message("tool", "snow", answers="call_1"), Message("tool", "noon", answers="call_2")]

    assert "get_weather: snow\ncurrentTime: noon" == passed_on([Message("user", "?"), calls, *answers])
    assert "add: 3" == passed_on([Message("function", "3", name="add")])
    assert "alone" == passed_on([Message("tool", "alone", answers="call_unknown")])


def test_nothing_is_passed_on_unless_a_tool_spoke_last():
    assert passed_on([Message("tool", "42"), Message("user", "And now?")]) is None
    assert passed_on([]) is None
