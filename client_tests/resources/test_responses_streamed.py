"""Streamed responses: the official events in their order, which put together are the plain answer."""

import asyncio
from itertools import pairwise

import openai
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.domain.responses.events import events, is_delta

MODEL, THINKER = "gpt-4o-mini", "o4-mini"
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}
NOTE = {"type": "custom", "name": "take_note"}


class Named(pydantic.BaseModel):
    name: str


def brief(stream):
    """Return the names of events, of deltas in a row only one."""
    names = [event.type.removeprefix("response.") for event in stream]
    return [name for before, name in pairwise([None, *names]) if not (name == before and "delta" in name)]


def test_a_text_is_streamed_in_the_official_order(client):
    stream = list(client.responses.create(model=MODEL, input="Hello.", stream=True))

    assert [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ] == brief(stream)
    assert list(range(len(stream))) == [event.sequence_number for event in stream]
    assert "in_progress" == stream[0].response.status
    assert [] == stream[0].response.output


def test_thoughts_are_streamed_before_words(client):
    stream = client.responses.create(
        model=THINKER, input="Hello.", reasoning={"summary": "auto"}, stream=True
    )

    assert [
        "created",
        "in_progress",
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "output_item.added",
        "content_part.added",
    ] == brief(stream)[:10]


def test_calls_are_streamed_with_their_arguments(client):
    asked = {"model": MODEL, "input": "Note the weather.", "stream": True}
    function = client.responses.create(**asked, tools=[WEATHER], tool_choice="required")
    custom = client.responses.create(**asked, tools=[NOTE], tool_choice="required")

    for stream, kind in ((function, "function_call_arguments"), (custom, "custom_tool_call_input")):
        assert [
            "created",
            "in_progress",
            "output_item.added",
            f"{kind}.delta",
            f"{kind}.done",
            "output_item.done",
            "completed",
        ] == brief(stream)


def test_a_refusal_is_streamed_as_one(open_world):
    client = open_world(yaml="version: 1\nreplies: [{reply: {refusal: I cannot do that.}}]").client()
    stream = list(client.responses.create(model=MODEL, input="Do it.", stream=True))

    assert ["refusal.delta", "refusal.done"] == brief(stream)[4:6]
    assert "I cannot do that." == "".join(event.delta for event in stream if "delta" in event.type)


def test_a_stream_that_reaches_its_limit_ends_incomplete(open_world):
    with open_world(yaml=f"version: 1\nreplies: [{{reply: {{text: {'word ' * 50}}}}}]").client() as client:
        *_, done, last = client.responses.create(
            model=MODEL, input="Hello.", max_output_tokens=16, stream=True
        )
        kept = client.responses.retrieve(last.response.id)

    assert ("incomplete", "response.incomplete") == (done.item.status, last.type)
    assert "max_output_tokens" == last.response.incomplete_details.reason
    assert kept == last.response


@pytest.mark.parametrize(
    "asked",
    [
        {"model": MODEL, "input": "Hello.", "temperature": 0},
        {"model": THINKER, "input": "Why?", "reasoning": {"summary": "auto"}},
        {"model": MODEL, "input": "The weather?", "tools": [WEATHER]},
        {"model": MODEL, "input": "Hello.", "include": ["message.output_text.logprobs"], "top_logprobs": 1},
        {"model": MODEL, "input": "Search the web.", "tools": [{"type": "web_search"}]},
    ],
    ids=["text", "thoughts", "calls", "logprobs", "search"],
)
def test_what_was_streamed_is_what_is_kept(client, asked):
    *_, last = stream = list(client.responses.create(**asked, stream=True))

    assert last.response == client.responses.retrieve(last.response.id, include=asked.get("include", []))
    texts = [event.delta for event in stream if event.type == "response.output_text.delta"]
    assert last.response.output_text == "".join(texts)
    done = [event.item for event in stream if event.type == "response.output_item.done"]
    assert done == last.response.output
    if "include" in asked:
        scores = [
            (each.token, each.logprob)
            for event in stream
            if event.type == "response.output_text.delta"
            for each in event.logprobs
        ]
        assert scores == [(each.token, each.logprob) for each in last.response.output[0].content[0].logprobs]


def test_a_stream_of_the_same_world_says_what_a_plain_answer_says(open_world):
    def client():
        return open_world(yaml="version: 1\nseed: 9\nclock: {start: 2026-01-01, rate: 0}\n").client()

    with client() as one, client() as other:
        plain = one.responses.create(model=THINKER, input="Hello.")
        *_, last = other.responses.create(model=THINKER, input="Hello.", stream=True)

    assert plain == last.response


def test_the_clients_own_helper_puts_a_stream_together(client):
    with client.responses.stream(model=MODEL, input="A name?", text_format=Named) as stream:
        texts = [event.delta for event in stream if event.type == "response.output_text.delta"]
        final = stream.get_final_response()

    assert isinstance(final.output_parsed, Named)
    assert final.output_text == "".join(texts)
    assert final.output[0].content[0].text == client.responses.retrieve(final.id).output_text


def test_every_event_has_its_name_and_no_id(client):
    with client.responses.with_streaming_response.create(model=MODEL, input="Hello.", stream=True) as raw:
        lines = list(raw.iter_lines())

    assert raw.headers["content-type"].startswith("text/event-stream")
    names = [line.removeprefix("event: ") for line in lines[0::3]]
    assert all(f'data: {{"type":"{name}"' in data for name, data in zip(names, lines[1::3], strict=True))
    assert {""} == set(lines[2::3])
    assert "response.completed" == names[-1]


def test_who_goes_away_in_the_middle_has_no_response(open_world):
    world = open_world(yaml="version: 1\nclock: {rate: 0}\nstream: {tokens_per_second: 5}\n")
    client = world.client()
    with client.responses.create(model=MODEL, input="Hello.", stream=True) as stream:
        first = next(iter(stream))

    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(first.response.id)


def test_a_paced_stream_takes_its_time_on_the_clock_of_the_world(open_world):
    world = open_world(
        yaml="version: 1\nclock: {start: 2026-01-01, rate: auto}\n"
        "stream: {time_to_first_token: 2s, tokens_per_second: 10}\n"
        "replies: [{reply: {text: one two three four}}]"
    )
    with world.client() as client:
        *_, last = client.responses.create(model=MODEL, input="Count.", stream=True)

    assert 2 == last.response.completed_at - last.response.created_at


def test_the_asynchronous_client_hears_it_all(server):
    async def ask():
        async with openai.AsyncOpenAI(base_url=server.url, api_key="sk-test-key", max_retries=0) as client:
            stream = await client.responses.create(model=MODEL, input="Hello.", stream=True)
            return [event async for event in stream]

    *first, last = asyncio.run(ask())
    assert last.response.output_text == "".join(event.delta for event in first if "delta" in event.type)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text().map(
                lambda text: {
                    "type": "message",
                    "content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}],
                }
            ),
            st.text().map(
                lambda text: {"type": "message", "content": [{"type": "refusal", "refusal": text}]}
            ),
            st.text().map(lambda text: {"type": "function_call", "name": "f", "arguments": text}),
            st.text().map(lambda text: {"type": "custom_tool_call", "name": "f", "input": text}),
            st.text().map(
                lambda text: {"type": "reasoning", "summary": [{"type": "summary_text", "text": text}]}
            ),
        ),
        max_size=4,
    )
)
def test_deltas_put_together_are_what_is_done(output):
    output = [{**item, "id": f"item_{place}", "status": "completed"} for place, item in enumerate(output)]
    opening = {"status": "in_progress", "output": []}
    told = list(events({"status": "completed", "output": output}, MODEL, opening=opening))

    assert list(range(len(told))) == [event["sequence_number"] for event in told]
    assert output == [event["item"] for event in told if event["type"] == "response.output_item.done"]
    text = ""
    for event in told:
        if is_delta(event):
            text += event["delta"]
        elif event["type"].endswith(("text.done", "refusal.done", "arguments.done", "input.done")):
            assert text in [event.get(name) for name in ("text", "refusal", "arguments", "input")]
            text = ""
