"""Paths into JSON: `$`, then `.name` or `["name"]` into an object, `[0]`, `[-1]` or `[*]` into a list.

A small part of JSONPath (RFC 9535), with its meanings: a path that leads nowhere finds nothing.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from mockserver.scenario.problems import must_be

Step = str | int | None
"""A name, an index, or None for every item."""

JsonPath = tuple[Step, ...]

_STEP = re.compile(r'\.(?P<name>[^\W\d][\w-]*)|\[(?P<index>-?\d{1,9}|\*|"(?:[^"\\]|\\.)*")\]')
_A_PATH = 'a path such as $.messages[-1].content, $.tools[*].type or $["a name"]'


def parse(text: object) -> JsonPath:
    """Read a path. Raises the error that says how one is written."""
    if not isinstance(text, str) or not text.startswith("$"):
        raise must_be(_A_PATH)
    steps: list[Step] = []
    place = 1
    while place < len(text):
        found = _STEP.match(text, place)
        if found is None:
            raise must_be(_A_PATH)
        index = found["index"]
        steps.append(found["name"] if index is None else None if index == "*" else _unquoted(index))
        place = found.end()
    return tuple(steps)


def _unquoted(index: str) -> Step:
    try:
        step: Step = json.loads(index)
    except ValueError:
        raise must_be(_A_PATH) from None
    return step


def find(path: JsonPath, value: Any) -> list[Any]:
    """Return everything a path leads to, in the order of the document."""
    found = [value]
    for step in path:
        found = [below for above in found for below in _below(above, step)]
    return found


def _below(value: Any, step: Step) -> Iterable[Any]:
    match value, step:
        case dict(), str():
            return (value[step],) if step in value else ()
        case list(), int():
            return (value[step],) if -len(value) <= step < len(value) else ()
        case list(), None:
            return value
        case dict(), None:
            return value.values()
    return ()
