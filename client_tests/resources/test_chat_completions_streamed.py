"""Streamed chat completions: in the order recorded from the API, and the same in sum as a plain answer."""

import asyncio
import json

import openai
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai.lib.streaming.chat import ChatCompletionStreamState
from pydantic import BaseModel

MODEL = "gpt-4o"
ASKED = [{"role": "user", "content": "What is the weather in Oslo, and what is the time?"}]


def tool(name, description, *properties):
    parameters = {
        "type": "object",
        "properties": {each: {"type": "string"} for each in properties},
        "required": list(properties),
        "additionalProperties": False,
    }
    function = {"name": name, "description": description, "parameters": parameters, "strict": True}
    return {"type": "function", "function": function}


WEATHER = tool("get_weather", "Tell the weather of a city", "city")
CLOCK = tool("tell_time", "Tell the time of a place", "place", "zone")


def create(client, **asked):
    return client.chat.completions.create(**{"model": MODEL, "messages": ASKED, "seed": 3} | asked)


def streamed(client, **asked):
    return list(create(client, stream=True, **asked))


def put_together(chunks):
    """Return what the client's own accumulator makes of a stream."""
    state = ChatCompletionStreamState()
    for chunk in chunks:
        state.handle_chunk(chunk)
    return state.current_completion_snapshot


def words_of(completion):
    """Return everything that was said, without what is drawn anew for each answer, such as ids of calls."""
    return [
        (
            choice.index,
            choice.finish_reason,
            choice.message.content,
            choice.message.refusal,
            [(call.function.name, call.function.arguments) for call in choice.message.tool_calls or ()],
            [token.token for token in (choice.logprobs.content or ())] if choice.logprobs else None,
        )
        for choice in completion.choices
    ]


def deltas(chunks):
    """Return each chunk's delta as it was sent, and why it ended."""
    return [
        (choice.delta.model_dump(exclude_unset=True), choice.finish_reason)
        for chunk in chunks
        for choice in chunk.choices
    ]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"n": 3, "temperature": 1.5},
        {"max_tokens": 7, "logprobs": True, "top_logprobs": 3},
        {"stop": [" "]},
        {"tools": [WEATHER]},
        {"tools": [WEATHER, CLOCK], "tool_choice": "required", "n": 2},
        {"tools": [WEATHER, CLOCK], "parallel_tool_calls": False},
        {"tools": [WEATHER], "tool_choice": {"type": "function", "function": {"name": "get_weather"}}},
        {"tools": [WEATHER, CLOCK], "max_tokens": 12},
        {"model": "o4-mini", "reasoning_effort": "low"},
    ],
    ids=str,
)
def test_a_stream_put_together_is_the_plain_answer(client, asked):
    plain = create(client, **asked)
    whole = put_together(streamed(client, stream_options={"include_usage": True}, **asked))

    assert words_of(plain) == words_of(whole)
    assert plain.usage == whole.usage
    assert (plain.model, plain.system_fingerprint, plain.service_tier) == (
        whole.model,
        whole.system_fingerprint,
        whole.service_tier,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    limit=st.integers(1, 40),
    n=st.integers(1, 3),
    stop=st.lists(st.text(st.characters(codec="ascii"), min_size=1, max_size=2), min_size=1, max_size=2),
    tools=st.sampled_from([None, [WEATHER], [WEATHER, CLOCK]]),
)
def test_whatever_is_asked_both_ways_say_the_same(client, text, limit, n, stop, tools):
    asked = {"messages": [{"role": "user", "content": text}], "max_tokens": limit, "n": n, "stop": stop}
    asked |= {"tools": tools, "tool_choice": "required"} if tools else {}

    plain = create(client, **asked)
    whole = put_together(streamed(client, stream_options={"include_usage": True}, **asked))

    assert words_of(plain) == words_of(whole)
    assert plain.usage == whole.usage


def test_a_text_comes_role_first_then_token_by_token_then_why_it_ends(client):
    first, *middle, last = deltas(streamed(client, max_tokens=4))

    assert ({"role": "assistant", "content": "", "refusal": None}, None) == first
    assert [["content"]] * 4 == [list(delta) for delta, _ in middle]
    assert ({}, "length") == last


def test_a_lone_call_comes_with_the_role(client):
    first, second, *_, last = deltas(streamed(client, tools=[WEATHER]))

    begun, _ = first
    assert ("assistant", None, None) == (begun["role"], begun["content"], begun["refusal"])
    [call] = begun["tool_calls"]
    assert (0, "function", {"name": "get_weather", "arguments": ""}) == (
        call["index"],
        call["type"],
        call["function"],
    )
    assert call["id"].startswith("call_")
    [more] = second[0]["tool_calls"]
    assert ["arguments"] == list(more["function"])
    assert ({}, "tool_calls") == last


def test_several_calls_follow_the_role_one_after_the_other(client):
    first, *middle, last = deltas(streamed(client, tools=[WEATHER, CLOCK], tool_choice="required"))

    assert ({"role": "assistant", "content": None}, None) == first
    order = [call["index"] for delta, _ in middle for call in delta["tool_calls"]]
    begun = [call["function"]["name"] for delta, _ in middle for call in delta["tool_calls"] if "id" in call]
    assert sorted(order) == order
    assert {"get_weather", "tell_time"} == set(begun)
    assert ({}, "tool_calls") == last


def test_usage_comes_last_and_nowhere_else(client):
    *chunks, last = streamed(client, max_tokens=3, stream_options={"include_usage": True})

    assert ([], 3) == (last.choices, last.usage.completion_tokens)
    assert all("usage" in chunk.model_fields_set and chunk.usage is None for chunk in chunks)
    assert all("usage" not in chunk.model_fields_set for chunk in streamed(client, max_tokens=3))


def test_logprobs_come_with_their_tokens(client):
    first, *middle, last = [
        chunk.choices[0].logprobs for chunk in streamed(client, max_tokens=3, logprobs=True, top_logprobs=1)
    ]

    assert ([], None) == (first.content, first.refusal)
    assert [1, 1, 1] == [len(each.content) for each in middle]
    assert last is None


def test_choices_take_turns(client):
    chunks = streamed(client, n=3, max_tokens=2)

    assert [0, 1, 2] * 4 == [chunk.choices[0].index for chunk in chunks]
    assert 1 == len({chunk.id for chunk in chunks})


def test_a_stream_is_data_only_events_and_ends_with_done(client):
    asked = {"model": MODEL, "messages": ASKED, "stream": True}
    with client.chat.completions.with_streaming_response.create(**asked) as answer:
        lines = list(answer.iter_lines())

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert all(line.startswith("data: ") or not line for line in lines)
    assert ["data: [DONE]", ""] == lines[-2:]
    assert "chat.completion.chunk" == json.loads(lines[0].removeprefix("data: "))["object"]


class Song(BaseModel):
    title: str
    verses: int


def test_the_clients_stream_helper_tells_its_events(client):
    with client.chat.completions.stream(model=MODEL, messages=ASKED, response_format=Song) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_completion()

    assert {"chunk", "content.delta", "content.done"} == set(kinds)
    assert "content.done" == [kind for kind in kinds if kind != "chunk"][-1]
    assert isinstance(final.choices[0].message.parsed, Song)


def test_the_clients_stream_helper_tells_of_calls(client):
    with client.chat.completions.stream(
        model=MODEL, messages=ASKED, tools=[WEATHER, CLOCK], tool_choice="required"
    ) as stream:
        done = [event for event in stream if event.type == "tool_calls.function.arguments.done"]

    assert {("get_weather", ("city",)), ("tell_time", ("place", "zone"))} == {
        (event.name, tuple(event.parsed_arguments)) for event in done
    }


def test_a_spoken_answer_is_streamed_word_by_word_then_sounds(client):
    chunks = streamed(
        client,
        model="gpt-4o-audio-preview",
        modalities=["text", "audio"],
        audio={"voice": "alloy", "format": "pcm16"},
        max_tokens=3,
    )

    audio = [delta["audio"] for delta, _ in deltas(chunks)[:-1]]
    assert audio[0]["id"].startswith("audio_")
    assert 3 == sum("transcript" in part for part in audio[1:])
    assert ["data"] == list(audio[-2])
    assert ["expires_at"] == list(audio[-1])


async def _ask_async(url):
    async with openai.AsyncOpenAI(base_url=url, api_key="sk-test-key", max_retries=0) as client:
        asked = {"model": MODEL, "messages": ASKED, "seed": 3}
        plain = await client.chat.completions.create(**asked)
        stream = await client.chat.completions.create(**asked, stream=True)
        async with client.chat.completions.stream(**asked) as helper:
            await helper.until_done()
            helped = await helper.get_final_completion()
        return plain, put_together([chunk async for chunk in stream]), helped


def test_the_asynchronous_client_hears_the_same(server):
    plain, streamed_, helped = asyncio.run(_ask_async(server.url))

    assert words_of(plain) == words_of(streamed_) == words_of(helped)
