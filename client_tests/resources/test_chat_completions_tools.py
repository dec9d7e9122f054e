"""Calls in chat completions: of tools, custom tools and the functions of 2023, there and back."""

import json

import openai
import pytest
from pydantic import BaseModel, Field

MODEL = "gpt-4o"
ASKED = [{"role": "user", "content": "What is the weather in Oslo, and what is the time?"}]


def tool(name, description):
    parameters = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    }


WEATHER = tool("get_weather", "Tell the weather of a city")
CLOCK = tool("tell_time", "Tell the time of a place")
POETRY = {"type": "custom", "custom": {"name": "write_poem", "description": "Write a poem"}}


def create(client, **asked):
    return client.chat.completions.create(
        **{"model": MODEL, "messages": ASKED, "tools": [WEATHER, CLOCK]} | asked
    )


def names(answer):
    return [
        (call.function if call.type == "function" else call.custom).name
        for call in answer.choices[0].message.tool_calls or ()
    ]


def test_a_model_calls_what_it_is_asked_about(client):
    answer = create(client)

    assert {"get_weather", "tell_time"} == set(names(answer))
    assert "tool_calls" == answer.choices[0].finish_reason
    assert answer.choices[0].message.content is None
    assert all(
        isinstance(json.loads(call.function.arguments)["place"], str)
        for call in answer.choices[0].message.tool_calls
    )


def test_it_makes_one_call_if_told_to(client):
    assert 1 == len(names(create(client, parallel_tool_calls=False)))


@pytest.mark.parametrize("content", ["What is the weather?", "Sing!"])
@pytest.mark.parametrize(
    ("choice", "calls", "reason"),
    [
        ("none", set(), "stop"),
        ({"type": "function", "function": {"name": "tell_time"}}, {"tell_time"}, "stop"),
        (
            {
                "type": "allowed_tools",
                "allowed_tools": {
                    "mode": "required",
                    "tools": [{"type": "function", "function": {"name": "get_weather"}}],
                },
            },
            {"get_weather"},
            "tool_calls",
        ),
    ],
    ids=["none", "named", "allowed"],
)
def test_the_choice_decides(client, content, choice, calls, reason):
    """A call that the caller has named ends with `stop` (official guide)."""
    answer = create(client, messages=[{"role": "user", "content": content}], tool_choice=choice)

    assert calls == set(names(answer))
    assert reason == answer.choices[0].finish_reason


def test_a_call_that_is_required_is_made(client):
    answer = create(client, messages=[{"role": "user", "content": "Sing!"}], tool_choice="required")

    assert 1 == len(names(answer))
    assert "tool_calls" == answer.choices[0].finish_reason


def test_a_custom_tool_is_given_text(client):
    choice = {"type": "custom", "custom": {"name": "write_poem"}}

    answer = create(client, tools=[POETRY], tool_choice=choice)

    [call] = answer.choices[0].message.tool_calls
    assert ("custom", "write_poem") == (call.type, call.custom.name)
    assert call.custom.input


def test_the_input_of_a_custom_tool_is_streamed(client):
    choice = {"type": "custom", "custom": {"name": "write_poem"}}
    plain = create(client, tools=[POETRY], tool_choice=choice).choices[0].message.tool_calls[0].custom.input

    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=ASKED, tools=[POETRY], tool_choice=choice, stream=True
    )
    pieces = [
        call["custom"]["input"]
        for line in raw.http_response.iter_lines()
        if line.startswith("data: {")
        for choice in json.loads(line.removeprefix("data: "))["choices"]
        for call in choice["delta"].get("tool_calls", ())
    ]

    assert plain == "".join(pieces)


def answered(message):
    """Return what the tools of a message answer."""
    return [{"role": "tool", "tool_call_id": call.id, "content": "fine"} for call in message.tool_calls]


@pytest.mark.parametrize("as_sent", [True, False], ids=["objects", "dictionaries"])
def test_a_loop_of_tools_comes_to_an_answer(client, as_sent):
    messages, rounds = list(ASKED), 0
    while True:
        message = create(client, messages=messages).choices[0].message
        if not message.tool_calls:
            break
        messages += [message if as_sent else message.model_dump(exclude_unset=True), *answered(message)]
        rounds += 1

    assert 1 == rounds
    assert "get_weather: fine" in message.content
    assert "tell_time: fine" in message.content


class GetWeather(BaseModel):
    """Tell the weather of a city."""

    city: str = Field(description="Which city")
    days: int


def test_the_client_parses_calls_of_its_own_tools(client):
    completion = client.chat.completions.parse(
        model=MODEL, messages=ASKED, tools=[openai.pydantic_function_tool(GetWeather)]
    )

    [call] = completion.choices[0].message.tool_calls
    assert isinstance(call.function.parsed_arguments, GetWeather)


def test_what_the_client_parsed_can_be_sent_back(client):
    tools = [openai.pydantic_function_tool(GetWeather)]
    message = client.chat.completions.parse(model=MODEL, messages=ASKED, tools=tools).choices[0].message

    final = client.chat.completions.parse(
        model=MODEL, messages=[*ASKED, message, *answered(message)], tools=tools
    )

    assert "GetWeather: fine" == final.choices[0].message.content


# --- functions, the words of 2023 ------------------------------------------------------------------------------------

FUNCTIONS = [WEATHER["function"], CLOCK["function"]]


def ask_for_functions(client, **asked):
    return client.chat.completions.create(model=MODEL, messages=ASKED, functions=FUNCTIONS, **asked)


def test_a_function_is_called_in_the_words_of_2023(client):
    [choice] = ask_for_functions(client).choices

    assert "function_call" == choice.finish_reason
    assert choice.message.tool_calls is None
    assert choice.message.function_call.name in {"get_weather", "tell_time"}
    assert ["place"] == list(json.loads(choice.message.function_call.arguments))


def test_a_named_function_is_called(client):
    [choice] = ask_for_functions(client, function_call={"name": "tell_time"}).choices

    assert ("stop", "tell_time") == (choice.finish_reason, choice.message.function_call.name)


def test_no_function_is_called_if_none_is_to_be(client):
    [choice] = ask_for_functions(client, function_call="none").choices

    assert choice.message.function_call is None
    assert choice.message.content


def test_a_function_call_is_streamed_and_answered(client):
    chunks = list(ask_for_functions(client, function_call={"name": "get_weather"}, stream=True, seed=1))

    calls = [choice.delta.function_call for chunk in chunks for choice in chunk.choices][:-1]
    whole = {"name": calls[0].name, "arguments": "".join(call.arguments for call in calls)}
    messages = [
        *ASKED,
        {"role": "assistant", "content": None, "function_call": whole},
        {"role": "function", "name": "get_weather", "content": "snow"},
    ]
    final = client.chat.completions.create(model=MODEL, messages=messages, functions=FUNCTIONS)

    assert ["place"] == list(json.loads(whole["arguments"]))
    assert "get_weather: snow" == final.choices[0].message.content
