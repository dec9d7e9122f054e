"""Streamed completions: token by token, whole characters, the same words as a plain answer."""

import asyncio

import openai

BASE = "davinci-002"


def joined(chunks):
    texts = {}
    for chunk in chunks:
        for choice in chunk.choices:
            texts[choice.index] = texts.get(choice.index, "") + choice.text
    return texts


def test_a_stream_says_the_same_as_a_plain_answer_of_the_same_seed(client):
    asked = {"model": BASE, "prompt": ["Once", "Twice"], "n": 2, "seed": 7, "max_tokens": 40, "echo": True}

    plain = client.completions.create(**asked)
    chunks = list(client.completions.create(**asked, stream=True))

    assert {choice.index: choice.text for choice in plain.choices} == joined(chunks)
    ends = {
        choice.index: choice.finish_reason
        for chunk in chunks
        for choice in chunk.choices
        if choice.finish_reason
    }
    assert {choice.index: choice.finish_reason for choice in plain.choices} == ends
    assert [0, 1, 2, 3] == [chunk.choices[0].index for chunk in chunks[:4]]


def test_a_stream_has_a_chunk_for_each_token_and_an_empty_one_that_says_why_it_ends(client):
    chunks = list(client.completions.create(model=BASE, prompt="Once", max_tokens=3, stream=True, logprobs=1))

    assert [1, 1, 1, 0] == [len(chunk.choices[0].logprobs.tokens) for chunk in chunks]
    assert [None, None, None, "length"] == [chunk.choices[0].finish_reason for chunk in chunks]
    assert "" == chunks[-1].choices[0].text
    assert 1 == len({chunk.id for chunk in chunks})
    assert all(chunk.usage is None and "usage" not in chunk.model_fields_set for chunk in chunks)


def test_a_stream_tells_its_usage_in_a_last_chunk_without_choices(client):
    *chunks, last = client.completions.create(
        model=BASE, prompt="Once", max_tokens=3, stream=True, stream_options={"include_usage": True}
    )

    assert ([], 1, 3) == (last.choices, last.usage.prompt_tokens, last.usage.completion_tokens)
    assert all(chunk.usage is None and "usage" in chunk.model_fields_set for chunk in chunks)


def test_a_stream_is_data_only_events_and_ends_with_done(client):
    with client.completions.with_streaming_response.create(model=BASE, prompt="Once", stream=True) as answer:
        lines = list(answer.iter_lines())

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert all(line.startswith("data: ") or not line for line in lines)
    assert ["data: [DONE]", ""] == lines[-2:]


def test_a_stream_never_cuts_a_character_in_two(open_world):
    text = " (╯°□°)╯︵ ┻━┻ é 漢字"
    client = open_world(yaml=f'version: 1\nreplies: [{{reply: {{text: "{text}"}}}}]').client()

    chunks = list(client.completions.create(model=BASE, prompt="Once", max_tokens=100, stream=True))

    assert {0: text} == joined(chunks)
    assert all("\ufffd" not in chunk.choices[0].text for chunk in chunks)


async def _ask_async(url):
    async with openai.AsyncOpenAI(base_url=url, api_key="sk-test-key", max_retries=0) as client:
        asked = {"model": BASE, "prompt": "Once", "temperature": 0}
        plain, stream = await asyncio.gather(
            client.completions.create(**asked), client.completions.create(**asked, stream=True)
        )
        return plain.choices[0].text, joined([chunk async for chunk in stream])


def test_the_asynchronous_client_hears_the_same(server):
    plain, streamed = asyncio.run(_ask_async(server.url))

    assert {0: plain} == streamed
