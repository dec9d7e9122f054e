"""Runs inside a client's environment: walks the journeys of responses through it, and prints what came of each as JSON.

`python responses_journeys.py BASE_URL`, with any client since 1.66, the first that knew of responses.
"""

import asyncio
import json
import sys

import openai
import pydantic

MODEL, THINKER = "gpt-4o-mini", "o4-mini"
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}
HELLO = {"model": MODEL, "input": "Hello.", "temperature": 0, "max_output_tokens": 32}


class Song(pydantic.BaseModel):
    title: str
    year: int


def joined(events):
    return "".join(event.delta for event in events if event.type == "response.output_text.delta")


def said(client):
    """Ask for the same plain, raw, streamed and as a streaming response."""
    yield client.responses.create(**HELLO).output_text
    yield client.responses.with_raw_response.create(**HELLO).parse().output_text
    yield joined(client.responses.create(**HELLO, stream=True))
    with client.responses.with_streaming_response.create(**HELLO) as raw:
        yield raw.parse().output_text


async def said_later(url):
    async with openai.AsyncOpenAI(base_url=url, api_key="sk-test-key", max_retries=0) as client:
        plain = await client.responses.create(**HELLO)
        stream = await client.responses.create(**HELLO, stream=True)
        return [plain.output_text, joined([event async for event in stream])]


def loop(client):
    """Let a model call a function, answer it, and return what was called and what is said in the end."""
    first = client.responses.create(model=MODEL, input="How is the weather in Oslo?", tools=[WEATHER])
    call = first.output[0]
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "snow"}
    final = client.responses.create(
        model=MODEL, input=[output], previous_response_id=first.id, tools=[WEATHER]
    )
    items = [item.type for item in client.responses.input_items.list(final.id, order="asc")]
    return [call.name, sorted(json.loads(call.arguments)), final.output_text, items]


def parsed(client):
    """Parse the same at once and from a stream."""
    yield client.responses.parse(model=MODEL, input="Sing!", text_format=Song).output_parsed
    with client.responses.stream(model=MODEL, input="Sing!", text_format=Song) as stream:
        for _ in stream:
            pass
        yield stream.get_final_response().output_parsed


def kept(client):
    """Keep a thoughtful response, find it again, delete it, and return what is found then."""
    asked = {"model": THINKER, "input": "Why?", "reasoning": {"summary": "auto"}}
    *_, last = client.responses.create(**asked, stream=True)
    same = client.responses.retrieve(last.response.id) == last.response
    client.responses.delete(last.response.id)
    try:
        client.responses.retrieve(last.response.id)
    except openai.NotFoundError as error:
        return [same, [item.type for item in last.response.output], error.status_code]


def in_background(client):
    """Watch a background response, drop it, resume it, and cancel another."""
    asked = {"model": MODEL, "input": "Hello.", "background": True}
    made = client.responses.create(**asked)
    cancelled = client.responses.cancel(made.id).status
    got = []
    with client.responses.create(**asked, stream=True) as stream:
        for event in stream:
            got.append(event)
            if len(got) == 5:
                break
    response_id = got[0].response.id
    got += client.responses.retrieve(response_id, stream=True, starting_after=got[-1].sequence_number)
    whole = joined(got) == client.responses.retrieve(response_id).output_text
    return [cancelled, got[-1].type, whole, [event.sequence_number for event in got] == list(range(len(got)))]


def walk(url):
    with openai.OpenAI(base_url=url, api_key="sk-test-key", max_retries=0) as client:
        return {
            "said": [*said(client), *asyncio.run(said_later(url))],
            "loop": loop(client),
            "parsed": [sorted(song.model_dump()) for song in parsed(client)],
            "kept": kept(client),
            "background": in_background(client),
        }


if __name__ == "__main__":
    print(json.dumps(walk(sys.argv[1])))
