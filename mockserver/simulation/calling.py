"""Which functions a model calls: those it must, else those the user's words invite to.

Words invite to a function that shares one with its name, or two with what is said of it and its parameters. When the
tools have answered, their answers are passed on: nothing was understood, but the way there and back is whole.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from mockserver.simulation.messages import Ask, Function, Message

_WORD = re.compile(r"[a-z]{3,}|[^\W\d_a-z]+", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: words of names and descriptions that say nothing of what a function is about
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
    and are call can for from function get given has have how into its list make not one our out return
    returns run set that the their them then there they this tool use used using user was what when
    where which who will with you your about any all does find fetch
""",
    )
)


def called(ask: Ask) -> list[Function]:
    """Return the functions that are called in answer to a conversation, none if it is to be answered in words."""
    offered = ask.offered
    if not offered:
        return []
    said = _last_words(ask.messages)
    ranked = sorted(offered, key=lambda function: -_invites(function, said))
    if ask.must_call:
        invited = [function for function in ranked if _invites(function, said)] or offered[:1]
    elif ask.messages[-1].role == "user":
        invited = [function for function in ranked if _invites(function, said)]
    else:
        invited = []
    return invited if ask.parallel else invited[:1]


def passed_on(messages: Sequence[Message]) -> str | None:
    """Return what tools have just answered, each behind its function's name; None if a tool did not speak last."""
    names = {call.id: call.name for message in messages for call in message.calls}
    results: list[str] = []
    for message in reversed(messages):
        if message.role not in {"tool", "function"}:
            break
        name = message.name or names.get(message.answers or "")
        results.append(f"{name}: {message.text}" if name else message.text)
    return "\n".join(reversed(results)) if results else None


def _last_words(messages: Sequence[Message]) -> frozenset[str]:
    said = next((message.text for message in reversed(messages) if message.role == "user"), "")
    return _words(said)


def _invites(function: Function, said: frozenset[str]) -> int:
    """Return how strongly words invite to a function; 0: not at all."""
    named = len(_words(function.name) & said)
    told = " ".join((function.description, *_said_of(function.parameters)))
    described = len(_words(told) & said)
    return 2 * named + described if named or described > 1 else 0


def _said_of(schema: object) -> Iterator[str]:
    """Yield the words of a JSON Schema: its properties' names, what it says of them, and the texts they can be."""
    if isinstance(schema, list):
        for each in schema:
            yield from _said_of(each)
    if not isinstance(schema, Mapping):
        return
    for key, value in schema.items():
        if key in {"properties", "$defs", "definitions"} and isinstance(value, Mapping):
            yield from value if key == "properties" else ()
            yield from _said_of(list(value.values()))
        elif key == "description" and isinstance(value, str):
            yield value
        elif key == "enum" and isinstance(value, list):
            yield from (each for each in value if isinstance(each, str))
        else:
            yield from _said_of(value)


def _words(text: str) -> frozenset[str]:
    found = _WORD.findall(_HUMP.sub(" ", text).lower())
    return frozenset(word.removesuffix("s") for word in found if word not in _EMPTY)
