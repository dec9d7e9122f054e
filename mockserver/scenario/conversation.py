"""What was said in a request: its messages, whichever endpoint they were sent to.

Chat completions send `messages`, responses send `input` and `instructions`, a completion sends a `prompt`. A request
is read as it came, before anybody has validated it, so what has another shape than expected says nothing.
"""

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

Facts = Mapping[str, object]
"""What is known of a request; see `keys.py`."""

_WORDS_OF_THE_SYSTEM = ("system", "developer")
_ROLES_OF_RESULTS = ("tool", "function")


def texts(facts: Facts, *roles: str) -> list[str]:
    """Return the text of each message, the oldest first; with roles, of theirs only."""
    said: list[tuple[Any, Any]] = [("system", facts.get("instructions"))]
    said += [(item["role"], item.get("content")) for item in _items(facts) if "role" in item]
    return [text for role, content in said if not roles or role in roles for text in _text(content)]


def system(facts: Facts) -> list[str]:
    """Return what the system or the developer said, and the instructions."""
    return texts(facts, *_WORDS_OF_THE_SYSTEM)


def last_user(facts: Facts) -> str | None:
    """Return what the user said last."""
    return next(reversed(texts(facts, "user")), None)


def turn(facts: Facts) -> int:
    """Return how often the user has spoken, from 1; a request without messages is the first time."""
    return max(1, len([item for item in _items(facts) if item.get("role") == "user"]))


def opening(facts: Facts) -> str:
    """Return what a conversation began with: the user's first message, else the prompt."""
    return next(iter(texts(facts, "user")), None) or str(facts.get("prompt", ""))


def tool_results(facts: Facts) -> list[str]:
    """Return what tools have answered since the user spoke last, as text, the latest first."""
    latest = takewhile(lambda item: item.get("role") != "user", reversed(_items(facts)))
    results = (item.get("output", item.get("content")) for item in latest if _is_result(item))
    return [text for result in results for text in _text(result)]


def tool_names(facts: Facts) -> list[str]:
    """Return the names of the functions the model may call."""
    offered = [tool.get("function", tool) for tool in _mappings(facts.get("tools"))]
    offered += _mappings(facts.get("functions"))
    return [tool["name"] for tool in offered if isinstance(tool, dict) and isinstance(tool.get("name"), str)]


def _items(facts: Facts) -> list[dict[str, Any]]:
    found = facts.get("messages", facts.get("input"))
    return [{"role": "user", "content": found}] if isinstance(found, str) else _mappings(found)


def _is_result(item: dict[str, Any]) -> bool:
    return item.get("role") in _ROLES_OF_RESULTS or item.get("type") == "function_call_output"


def _mappings(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(content: object) -> Iterator[str]:
    """Yield the text of a message, if it has any: its parts belong together."""
    if isinstance(content, str):
        yield content
    elif parts := [part["text"] for part in _mappings(content) if isinstance(part.get("text"), str)]:
        yield "".join(parts)
