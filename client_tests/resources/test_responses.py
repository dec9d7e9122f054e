"""Responses: a plain answer, what it is made with, and where it is found again."""

import asyncio
from typing import Literal

import openai
import pydantic
import pytest

from mockserver.domain.responses.objects import Response
from mockserver.simulation import tokens

MODEL, THINKER = "gpt-4o-mini", "o4-mini"


class Weather(pydantic.BaseModel):
    city: str
    sky: Literal["clear", "cloudy"]
    degrees: list[int]


def test_a_response_is_one_message_that_is_found_again_by_its_id(client):
    made = client.responses.create(model=MODEL, input="Hello.")

    assert ["message"] == [item.type for item in made.output]
    assert ("completed", "assistant", "completed") == (
        made.status,
        made.output[0].role,
        made.output[0].status,
    )
    assert made.output_text
    assert made == client.responses.retrieve(made.id)


def test_a_response_tells_what_it_was_made_with(client):
    asked = {
        "model": MODEL,
        "input": "Hello.",
        "instructions": "Be kind.",
        "metadata": {"who": "me"},
        "max_output_tokens": 64,
        "max_tool_calls": 3,
        "parallel_tool_calls": False,
        "safety_identifier": "someone",
        "prompt_cache_key": "cache",
        "temperature": 0.5,
        "top_p": 0.9,
        "truncation": "auto",
        "service_tier": "flex",
        "user": "me",
    }
    made = client.responses.create(**asked)

    told = made.to_dict()
    assert {name: value for name, value in asked.items() if name != "input"} == {
        name: told[name] for name in asked if name != "input"
    }


def test_every_answer_is_what_the_open_api_document_says(client):
    for asked in (
        {"model": MODEL, "input": "Hello."},
        {"model": THINKER, "input": "Hello.", "reasoning": {"summary": "auto", "effort": "high"}},
        {"model": MODEL, "input": "Hello.", "max_output_tokens": 16},
    ):
        raw = client.responses.with_raw_response.create(**asked)

        assert set(raw.http_response.json()) <= set(Response.model_fields)
        Response.model_validate(raw.http_response.json(), strict=True)


def test_usage_is_what_was_read_and_said(client):
    made = client.responses.create(model=MODEL, input="Tell me of boats.")
    counted = client.responses.input_tokens.count(model=MODEL, input="Tell me of boats.")

    assert counted.input_tokens == made.usage.input_tokens
    assert len(tokens.encode(made.output_text, MODEL)) == made.usage.output_tokens
    assert made.usage.input_tokens + made.usage.output_tokens == made.usage.total_tokens


def test_an_answer_that_reaches_its_limit_is_incomplete(open_world):
    client = open_world(yaml=f"version: 1\nreplies: [{{reply: {{text: {'word ' * 50}}}}}]").client()
    made = client.responses.create(model=MODEL, input="Hello.", max_output_tokens=16)

    assert ("incomplete", "max_output_tokens") == (made.status, made.incomplete_details.reason)
    assert ("incomplete", 16) == (made.output[0].status, made.usage.output_tokens)
    assert made.completed_at is None


def test_parsed_output_fits_its_model(client):
    made = client.responses.parse(model=MODEL, input="How is the weather?", text_format=Weather)

    assert isinstance(made.output_parsed, Weather)
    assert "json_schema" == made.text.format.type


def test_json_is_answered_in_json_when_a_message_speaks_of_it(client):
    made = client.responses.create(
        model=MODEL, input="Answer in JSON.", text={"format": {"type": "json_object"}}
    )

    assert made.output_text.startswith("{")


def test_a_thinking_model_tells_a_summary_only_when_asked(client):
    silent = client.responses.create(model=THINKER, input="Why?")
    telling = client.responses.create(model=THINKER, input="Why?", reasoning={"summary": "auto"})

    assert [["reasoning", "message"]] * 2 == [
        [item.type for item in made.output] for made in (silent, telling)
    ]
    assert [] == silent.output[0].summary
    assert "Why?" in telling.output[0].summary[0].text
    assert telling.usage.output_tokens_details.reasoning_tokens > 0
    assert "medium" == telling.reasoning.effort


def test_sealed_thoughts_and_logprobs_come_only_to_who_asks_for_them(client):
    sealed = client.responses.create(
        model=THINKER, input="Why?", store=False, include=["reasoning.encrypted_content"]
    )
    plain = client.responses.create(model=MODEL, input="Why?", top_logprobs=2)
    scored = client.responses.create(
        model=MODEL, input="Why?", top_logprobs=2, include=["message.output_text.logprobs"]
    )

    assert sealed.output[0].encrypted_content
    assert [] == plain.output[0].content[0].logprobs
    [part] = scored.output[0].content
    assert part.text == b"".join(bytes(each.bytes) for each in part.logprobs).decode()
    assert {2} == {len(each.top_logprobs) for each in part.logprobs}
    assert [] == client.responses.retrieve(scored.id).output[0].content[0].logprobs
    again = client.responses.retrieve(scored.id, include=["message.output_text.logprobs"])
    assert part.logprobs == again.output[0].content[0].logprobs


def test_sealed_thoughts_can_be_sent_back_to_an_api_that_keeps_nothing(client):
    asked = [{"role": "user", "content": "Why?"}]
    first = client.responses.create(
        model=THINKER, input=asked, store=False, include=["reasoning.encrypted_content"]
    )
    asked += [item.to_dict() for item in first.output]
    second = client.responses.create(
        model=THINKER, input=[*asked, {"role": "user", "content": "And how?"}], store=False
    )

    assert "completed" == second.status
    assert second.usage.input_tokens > first.usage.input_tokens


def test_pictures_and_files_cost_tokens(client):
    words = {"type": "input_text", "text": "What is this?"}
    picture = {"type": "input_image", "image_url": "https://example.com/cat.png", "detail": "low"}
    file = {
        "type": "input_file",
        "filename": "a.pdf",
        "file_data": "data:application/pdf;base64,JVBERi0xLjQK",
    }

    def read(*parts):
        return client.responses.create(
            model=MODEL, input=[{"role": "user", "content": [words, *parts]}]
        ).usage.input_tokens

    assert read() < read(picture)
    assert read() < read(file)


def test_what_is_not_stored_is_not_found(client):
    made = client.responses.create(model=MODEL, input="Hello.", store=False)

    assert made.output_text
    with pytest.raises(openai.NotFoundError, match=f"Response with id '{made.id}' not found."):
        client.responses.retrieve(made.id)


def test_a_deleted_response_is_gone(client):
    made = client.responses.create(model=MODEL, input="Hello.")
    raw = client.responses.with_raw_response.delete(made.id)

    assert {"id": made.id, "object": "response", "deleted": True} == raw.http_response.json()
    for ask in (client.responses.retrieve, client.responses.delete, client.responses.input_items.list):
        with pytest.raises(openai.NotFoundError):
            ask(made.id)


def test_a_scenario_answers_with_texts_refusals_and_raw_responses(open_world):
    client = open_world(
        yaml="""
version: 1
replies:
  - {match: {endpoint: responses, last_user: hello}, reply: {text: Hi there.}}
  - {match: {system: {contains: polite}}, reply: {refusal: I cannot do that.}}
  - {match: {endpoint: responses.create, turn: 2}, reply: {text: Again?}}
  - {match: {last_user: teapot}, reply: {status: 418, body: {error: {message: I am one.}}}}
"""
    ).client()

    def say(words, **more):
        return client.responses.create(model=MODEL, input=words, **more)

    hello = say("hello")
    refused = say("Do it.", instructions="Be polite.")
    assert "Hi there." == hello.output_text
    assert ("refusal", "I cannot do that.") == (
        refused.output[0].content[0].type,
        refused.output[0].content[0].refusal,
    )
    assert "Again?" == say("And now?", previous_response_id=hello.id).output_text
    with pytest.raises(openai.APIStatusError, match="I am one"):
        say("teapot")


def test_a_world_of_the_same_seed_gives_the_same_response(open_world):
    def answer():
        client = open_world(yaml="version: 1\nseed: 3\nclock: {start: 2026-01-01, rate: 0}\n").client()
        return client.responses.create(model=THINKER, input="Hello.", reasoning={"summary": "auto"})

    assert answer() == answer()


def test_the_asynchronous_client_gets_the_same(server, client):
    async def ask():
        async with openai.AsyncOpenAI(base_url=server.url, api_key="sk-test-key", max_retries=0) as other:
            return await other.responses.create(model=MODEL, input="Hello.", temperature=0)

    assert (
        client.responses.create(model=MODEL, input="Hello.", temperature=0).output_text
        == asyncio.run(ask()).output_text
    )
