"""The newest client in both its styles, as one function: ask for a story, tell what came of it."""

import asyncio
from dataclasses import dataclass
from typing import Any

import openai

STORY = {"model": "gpt-3.5-turbo-instruct", "prompt": "Tell me a story", "max_tokens": 20}
#: how many chunks a streamed story has: its tokens, and the reason why it ends
CHUNKS = 21
STYLES = ("sync", "async")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a caller sees: "ok" or the class that was raised, the chunks before that, and the value or error itself."""

    outcome: str
    chunks: int = 0
    value: Any = None


def ask(style: str, url: str, *, stream: bool = False, **options: Any) -> Heard:
    """Ask for a story at a base URL. What the client raises, a bare JSONDecodeError too, is told."""
    named = {"base_url": url, "api_key": "sk-test-key"} | options
    if style == "async":
        return asyncio.run(_awaited(stream=stream, **named))
    chunks = 0
    try:
        with openai.OpenAI(**named) as client:
            value = client.completions.create(**STORY, stream=stream)
            for _ in value if stream else ():
                chunks += 1
    except (openai.OpenAIError, ValueError) as error:
        return Heard(_name(error), chunks, error)
    return Heard("ok", chunks, value)


async def _awaited(*, stream: bool, **named: Any) -> Heard:
    chunks = 0
    try:
        async with openai.AsyncOpenAI(**named) as client:
            value = await client.completions.create(**STORY, stream=stream)
            if stream:
                async for _ in value:
                    chunks += 1
    except (openai.OpenAIError, ValueError) as error:
        return Heard(_name(error), chunks, error)
    return Heard("ok", chunks, value)


def _name(error: Exception) -> str:
    return f"{type(error).__module__.partition('.')[0]}.{type(error).__name__}"
