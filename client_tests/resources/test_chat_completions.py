"""Chat completions: what a conversation is answered with, and in which shape."""

import asyncio
import base64
import json
import struct

import openai
import pytest
from pydantic import BaseModel

from mockserver.simulation import tokens

MODEL = "gpt-4o-mini"
ASKED = [{"role": "user", "content": "Tell me of the sea."}]


def said(client, **asked):
    return client.chat.completions.create(**{"model": MODEL, "messages": ASKED} | asked)


def picture(width, height):
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return "data:image/png;base64," + base64.b64encode(head).decode()


def test_an_answer_has_the_shape_of_the_wire(client):
    raw = client.chat.completions.with_raw_response.create(model=MODEL, messages=ASKED)

    body = json.loads(raw.content)
    assert [
        "id",
        "object",
        "created",
        "model",
        "choices",
        "usage",
        "service_tier",
        "system_fingerprint",
    ] == list(body)
    assert ["index", "message", "logprobs", "finish_reason"] == list(body["choices"][0])
    assert ["role", "content", "refusal", "annotations"] == list(body["choices"][0]["message"])
    assert ("chat.completion", MODEL, "default") == (body["object"], body["model"], body["service_tier"])
    assert body["id"].startswith("chatcmpl-")


def test_usage_counts_what_was_read_and_said(client):
    """One message costs 3 tokens, its role and its text; the answer is primed with 3 (official cookbook)."""
    answer = said(client)

    usage = answer.usage
    assert 3 + 1 + tokens.count("Tell me of the sea.", MODEL) + 3 == usage.prompt_tokens
    assert tokens.count(answer.choices[0].message.content, MODEL) == usage.completion_tokens
    assert usage.prompt_tokens + usage.completion_tokens == usage.total_tokens
    assert (0, 0) == (usage.prompt_tokens_details.cached_tokens, usage.prompt_tokens_details.audio_tokens)
    assert 0 == usage.completion_tokens_details.reasoning_tokens


def test_the_same_seed_is_answered_alike(client):
    one, other = (said(client, seed=7).choices[0].message.content for _ in range(2))

    assert one == other
    assert one != said(client, seed=8).choices[0].message.content


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_an_answer_is_no_longer_than_its_limit(client, name):
    answer = said(client, **{name: 5}, n=3)

    assert [0, 1, 2] == [choice.index for choice in answer.choices]
    assert {"length"} == {choice.finish_reason for choice in answer.choices}
    assert [5, 5, 5] == [tokens.count(choice.message.content, MODEL) for choice in answer.choices]
    assert 15 == answer.usage.completion_tokens


def test_an_answer_ends_before_its_stop(client):
    whole = said(client, seed=1).choices[0].message.content
    word = whole.split()[3]

    answer = said(client, seed=1, stop=[word, "never said"])

    assert whole[: whole.index(word)] == answer.choices[0].message.content
    assert "stop" == answer.choices[0].finish_reason


def test_logprobs_tell_every_token_and_the_likeliest_in_its_place(client):
    [choice] = said(client, logprobs=True, top_logprobs=2, max_tokens=8).choices

    content = choice.logprobs.content
    assert 8 == len(content)
    assert choice.message.content == "".join(token.token for token in content)
    assert all(bytes(token.bytes).decode() == token.token for token in content)
    assert all(2 == len(token.top_logprobs) for token in content)
    assert all(token.logprob <= 0 for token in content)
    assert choice.logprobs.refusal is None


def test_logprobs_show_a_part_of_a_character_as_escaped_bytes(open_world):
    client = open_world(yaml='version: 1\nreplies: [{reply: {text: "\U0001faa9"}}]').client()

    [choice] = said(client, logprobs=True).choices

    content = choice.logprobs.content
    assert "\U0001faa9".encode() == b"".join(bytes(token.bytes) for token in content)
    assert all(token.token.startswith("\\x") for token in content)


class Song(BaseModel):
    title: str
    year: int
    verses: list[str]


def test_an_answer_fits_its_schema(client):
    answer = client.chat.completions.parse(model=MODEL, messages=ASKED, response_format=Song)

    parsed = answer.choices[0].message.parsed
    assert isinstance(parsed, Song)
    assert json.loads(answer.choices[0].message.content) == parsed.model_dump()


def test_an_answer_in_json_is_an_object(client):
    messages = [*ASKED, {"role": "system", "content": "Answer in JSON."}]

    answer = said(client, messages=messages, response_format={"type": "json_object"})

    assert isinstance(json.loads(answer.choices[0].message.content), dict)


def test_a_model_that_thinks_pays_for_its_thoughts(client):
    usage = said(client, model="o4-mini", reasoning_effort="high").usage

    thought = usage.completion_tokens_details.reasoning_tokens
    assert thought > 0
    assert 0 == thought % 64
    assert usage.completion_tokens > thought


def test_thoughts_count_against_the_limit(client):
    [choice] = (answer := said(client, model="o4-mini", max_completion_tokens=10)).choices

    assert ("length", "") == (choice.finish_reason, choice.message.content)
    assert 10 == answer.usage.completion_tokens


def test_what_was_predicted_is_accepted_or_rejected(open_world):
    client = open_world(yaml='version: 1\nreplies: [{reply: {text: "one two three"}}]').client()

    usage = said(client, prediction={"type": "content", "content": "one two four five"}).usage

    details = usage.completion_tokens_details
    assert (2, 2) == (details.accepted_prediction_tokens, details.rejected_prediction_tokens)
    assert 3 + 2 == usage.completion_tokens


@pytest.mark.parametrize(("detail", "cost"), [("low", 85), ("high", 85 + 4 * 170), ("auto", 85 + 4 * 170)])
def test_a_picture_costs_what_its_size_costs(client, detail, cost):
    def read(*parts):
        return said(
            client, model="gpt-4o", messages=[{"role": "user", "content": list(parts)}]
        ).usage.prompt_tokens

    text = {"type": "text", "text": "What is this?"}
    image = {"type": "image_url", "image_url": {"url": picture(1024, 1024), "detail": detail}}

    assert cost == read(text, image) - read(text)


def test_what_is_heard_is_counted(client):
    head = struct.pack("<4sI8s12xI12x", b"RIFF", 0, b"WAVEfmt ", 8000)
    sound = base64.b64encode(head + bytes(16_000)).decode()
    part = {"type": "input_audio", "input_audio": {"data": sound, "format": "wav"}}

    usage = said(client, model="gpt-4o-audio-preview", messages=[{"role": "user", "content": [part]}]).usage

    assert 20 == usage.prompt_tokens_details.audio_tokens
    assert usage.prompt_tokens > 20


def test_files_are_read_by_id_and_by_value(client):
    uploaded = client.files.create(file=("notes.txt", b"x" * 400), purpose="user_data")
    data = "data:text/plain;base64," + base64.b64encode(b"x" * 400).decode()

    costs = [
        said(
            client, messages=[{"role": "user", "content": [{"type": "file", "file": file}]}]
        ).usage.prompt_tokens
        for file in ({"file_id": uploaded.id}, {"file_data": data, "filename": "notes.txt"})
    ]

    assert [costs[0]] * 2 == costs
    assert costs[0] >= 100


@pytest.mark.parametrize("form", ["wav", "mp3", "pcm16"])
def test_a_model_that_speaks_says_its_words_aloud(server, client, form):
    answer = said(
        client,
        model="gpt-4o-audio-preview",
        modalities=["text", "audio"],
        audio={"voice": "alloy", "format": form},
        max_tokens=6,
    )

    message = answer.choices[0].message
    assert message.content is None
    assert 6 == tokens.count(message.audio.transcript, "gpt-4o")
    assert base64.b64decode(message.audio.data)
    assert message.audio.expires_at > answer.created


def test_what_the_assistant_said_can_be_sent_back_as_it_came(client):
    first = said(client).choices[0].message

    second = said(client, messages=[*ASKED, first, {"role": "user", "content": "Go on."}])

    assert second.choices[0].message.content


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("auto", "default"),
        ("default", "default"),
        ("flex", "flex"),
        ("priority", "priority"),
        ("fast", "priority"),
    ],
)
def test_the_tier_that_serves_is_told(client, asked, served):
    assert served == said(client, service_tier=asked).service_tier


def test_both_sides_are_moderated_if_that_is_asked_for(client):
    messages = [{"role": "user", "content": "I will kill him."}]
    asked = {"messages": messages, "moderation": {"model": "omni-moderation-latest"}, "n": 2}

    plain = said(client, **asked).moderation
    chunks = list(said(client, **asked, stream=True, stream_options={"include_usage": True}))

    [judged] = plain.input.results
    assert judged.flagged
    assert judged.categories["violence"]
    assert [False, False] == [result.flagged for result in plain.output.results]
    assert [] == chunks[-2].choices
    assert plain.input.to_dict() == chunks[-2].moderation.input.to_dict()
    assert all(chunk.moderation is None for chunk in (*chunks[:-2], chunks[-1]))


def test_every_documented_parameter_is_taken(client):
    answer = said(
        client,
        frequency_penalty=0.5,
        presence_penalty=-0.5,
        logit_bias={"100": 5},
        metadata={"purpose": "test"},
        modalities=["text"],
        parallel_tool_calls=True,
        prompt_cache_key="key",
        prompt_cache_retention="24h",
        safety_identifier="user-1",
        seed=-(2**63),
        service_tier="auto",
        stop="\n\n",
        store=True,
        temperature=0.7,
        tools=[{"type": "function", "function": {"name": "unused"}}],
        tool_choice="none",
        top_p=0.9,
        user="user-1",
        verbosity="medium",
    )

    assert answer.choices[0].message.content


def test_a_search_model_takes_search_options(client):
    answer = said(
        client,
        model="gpt-4o-search-preview",
        web_search_options={"search_context_size": "low", "user_location": None},
    )

    assert [] == answer.choices[0].message.annotations


async def _ask_together(url):
    async with openai.AsyncOpenAI(base_url=url, api_key="sk-test-key", max_retries=0) as client:
        asked = {"model": MODEL, "messages": ASKED, "temperature": 0}
        return await asyncio.gather(*(client.chat.completions.create(**asked) for _ in range(5)))


def test_the_asynchronous_client_hears_the_same(server, client):
    answers = asyncio.run(_ask_together(server.url))

    assert {said(client, temperature=0).choices[0].message.content} == {
        answer.choices[0].message.content for answer in answers
    }
    assert 5 == len({answer.id for answer in answers})


def test_a_tuned_model_answers_as_it_was_taught(server, client, chats):
    file = client.files.create(file=chats, purpose="fine-tune")
    job = client.fine_tuning.jobs.create(model="gpt-4o-mini-2024-07-18", training_file=file.id)
    server.finish(job.id)

    tuned = client.fine_tuning.jobs.retrieve(job.id).fine_tuned_model
    answer = said(client, model=tuned, messages=[{"role": "user", "content": "Say 7"}])

    assert (tuned, "Number 7") == (answer.model, answer.choices[0].message.content)
