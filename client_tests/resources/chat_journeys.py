"""Runs inside a client's environment: walks the journeys of chat through it, and prints what came of each as JSON.

`python chat_journeys.py BASE_URL`. Clients before 1.0 have words of their own; the journeys are the same.
"""

import asyncio
import json
import sys
from importlib import metadata

import openai

MODEL = "gpt-4o"
ASKED = [{"role": "user", "content": "What is the weather in Oslo?"}]
WEATHER = {
    "name": "get_weather",
    "description": "Tell the weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
TOOLS = [{"type": "function", "function": WEATHER}]
PLAIN = {"model": MODEL, "messages": ASKED, "seed": 5, "max_tokens": 12}


def joined(chunks):
    return "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])


def walk_v0(url):
    """Walk with `openai.ChatCompletion`, plain, streamed, async and with functions."""
    openai.api_base, openai.api_key = url, "sk-test-key"
    create = openai.ChatCompletion.create
    plain = create(**PLAIN)

    async def ask():
        stream = await openai.ChatCompletion.acreate(**PLAIN, stream=True)
        chunks = [chunk async for chunk in stream]
        answer = await openai.ChatCompletion.acreate(**PLAIN)
        return answer.choices[0].message.content, joined(chunks)

    message = create(model=MODEL, messages=ASKED, functions=[WEATHER]).choices[0].message
    call = message["function_call"]
    answered = {"role": "function", "name": call["name"], "content": "snow"}
    final = create(model=MODEL, messages=[*ASKED, message, answered], functions=[WEATHER])
    try:
        create(model=MODEL, messages=[])
    except openai.error.InvalidRequestError as error:
        refused = [error.http_status, error.param]
    said, streamed = asyncio.run(ask())
    return {
        "said": [plain.choices[0].message.content, said],
        "streamed": [joined(create(**PLAIN, stream=True)), streamed],
        "usage": plain.usage.completion_tokens,
        "called": [call["name"], list(json.loads(call["arguments"]))],
        "final": final.choices[0].message.content,
        "refused": refused,
    }


def walk_v1(url):
    """Walk with the client of today: tools, parsed answers, stream helpers, raw and streaming responses."""
    from pydantic import BaseModel

    class Song(BaseModel):
        title: str
        year: int

    client = openai.OpenAI(base_url=url, api_key="sk-test-key", max_retries=0)
    completions = client.chat.completions
    helpers = completions if hasattr(completions, "parse") else client.beta.chat.completions
    older = getattr(client.beta, "chat", client.chat).completions

    async def ask():
        async with openai.AsyncOpenAI(base_url=url, api_key="sk-test-key", max_retries=0) as eager:
            stream = await eager.chat.completions.create(**PLAIN, stream=True)
            chunks = [chunk.model_dump() async for chunk in stream]
            answer = await eager.chat.completions.create(**PLAIN)
            return answer.choices[0].message.content, joined(chunks)

    plain = completions.create(**PLAIN)
    message = completions.create(model=MODEL, messages=ASKED, tools=TOOLS).choices[0].message
    answered = [{"role": "tool", "tool_call_id": call.id, "content": "snow"} for call in message.tool_calls]
    final = completions.create(model=MODEL, messages=[*ASKED, message, *answered], tools=TOOLS)
    with older.stream(model=MODEL, messages=ASKED, tools=TOOLS, seed=5) as stream:
        events = [event.type for event in stream]
    with completions.with_streaming_response.create(**PLAIN) as response:
        read = json.loads(response.read())
    raw = completions.with_raw_response.create(**PLAIN)
    try:
        completions.create(model=MODEL, messages=[])
    except openai.BadRequestError as error:
        refused = [error.status_code, error.param]
    call = message.tool_calls[0].function
    said, streamed = asyncio.run(ask())
    songs = [which.parse(model=MODEL, messages=ASKED, response_format=Song) for which in (helpers, older)]
    return {
        "said": [
            plain.choices[0].message.content,
            said,
            read["choices"][0]["message"]["content"],
            raw.parse().choices[0].message.content,
        ],
        "streamed": [
            joined(chunk.model_dump() for chunk in completions.create(**PLAIN, stream=True)),
            streamed,
        ],
        "usage": plain.usage.completion_tokens,
        "called": [call.name, list(json.loads(call.arguments))],
        "final": final.choices[0].message.content,
        "refused": refused,
        "parsed": [sorted(song.choices[0].message.parsed.model_dump()) for song in songs],
        "events": sorted(set(events)),
    }


if __name__ == "__main__":
    walk = walk_v0 if metadata.version("openai").startswith("0.") else walk_v1
    print(json.dumps(walk(sys.argv[1])))
