"""The model calls a function, reads what it says and answers: in chat completions, in responses, city after city."""

import json

import pytest

WEATHER = {"Oslo": -3, "Rio de Janeiro": 31}
PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOL = {"name": "get_weather", "strict": True, "parameters": PARAMETERS}


def get_weather(arguments):
    return json.dumps({"degrees": WEATHER[json.loads(arguments)["city"]]})


@pytest.fixture
def in_chat(client):
    """Talk through chat completions, calling the function whenever the model asks for it."""
    messages = []

    def ask(question):
        messages.append({"role": "user", "content": question})
        for _ in range(5):
            answer = client.chat.completions.create(
                model="gpt-4o", messages=messages, tools=[{"type": "function", "function": TOOL}]
            )
            [choice] = answer.choices
            messages.append(choice.message.model_dump(exclude_none=True))
            if choice.finish_reason == "stop":
                return choice.message.content
            assert "tool_calls" == choice.finish_reason
            messages.extend(
                {"role": "tool", "tool_call_id": call.id, "content": get_weather(call.function.arguments)}
                for call in choice.message.tool_calls
            )
        return None

    return ask


@pytest.fixture
def in_responses(client):
    """Talk through responses, each of which knows what was said before."""
    said = {"id": None}

    def ask(question):
        sent = [{"role": "user", "content": question}]
        for _ in range(5):
            answer = client.responses.create(
                model="gpt-4o",
                input=sent,
                previous_response_id=said["id"],
                tools=[{"type": "function", **TOOL}],
            )
            said["id"] = answer.id
            sent = [
                {
                    "type": "function_call_output",
                    "call_id": item.call_id,
                    "output": get_weather(item.arguments),
                }
                for item in answer.output
                if item.type == "function_call"
            ]
            if not sent:
                return answer.output_text
        return None

    return ask


@pytest.fixture(params=["in_chat", "in_responses"])
def ask(request):
    return request.getfixturevalue(request.param)


def test_each_city_is_asked_for_and_what_the_function_says_is_told(ask):
    assert "It is -3 degrees in Oslo." == ask("What is the weather in Oslo?")
    assert "It is 31 degrees in Rio de Janeiro." == ask("And what is the weather in Rio de Janeiro?")


def test_a_stream_brings_the_call_in_pieces(client):
    question = [{"role": "user", "content": "What is the weather in Oslo?"}]
    stream = client.chat.completions.create(
        model="gpt-4o", messages=question, tools=[{"type": "function", "function": TOOL}], stream=True
    )

    pieces = [chunk.choices[0].delta.tool_calls[0] for chunk in stream if chunk.choices[0].delta.tool_calls]

    assert "get_weather" == pieces[0].function.name
    assert {"city": "Oslo"} == json.loads("".join(piece.function.arguments or "" for piece in pieces))


def test_a_function_that_knows_nothing_is_no_reason_to_ask_again(client):
    call = {"id": "call_a", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "What is the weather in Oslo?"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_a", "content": "the satellite is down"},
    ]

    answer = client.chat.completions.create(
        model="gpt-4o", messages=messages, tools=[{"type": "function", "function": TOOL}]
    )

    assert "I am sorry, nobody could tell me." == answer.choices[0].message.content
