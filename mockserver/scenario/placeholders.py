"""Names in braces, which something else stands for: `{city}` in any text of a JSON value.

No template engine: a name in braces, and nothing else, is a placeholder, so JSON and code may stand in a text as they
are. `{{city}}` is the text `{city}`, and `{{` is one brace.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from mockserver.scenario.problems import unknown

if TYPE_CHECKING:
    from mockserver.scenario.yaml12 import Path

_MARK = re.compile(
    r"\{\{(?P<quoted>[A-Za-z_]\w*)\}\} | (?P<brace>\{\{) | \{(?P<name>[A-Za-z_]\w*)\}", re.VERBOSE
)


def fill(value: Any, say: Callable[[str], str]) -> Any:
    """Return a value in whose texts every placeholder is what `say` says for its name."""
    match value:
        case str() if "{" in value:
            return _MARK.sub(lambda mark: _said(mark, say), value)
        case dict():
            return {key: fill(item, say) for key, item in value.items()}
        case list():
            return [fill(item, say) for item in value]
    return value


def has_braces(value: Any) -> bool:
    """Whether `fill` may have anything to do in a value."""
    match value:
        case str():
            return "{" in value
        case dict():
            return any(map(has_braces, value.values()))
        case list():
            return any(map(has_braces, value))
    return False


def _said(mark: re.Match[str], say: Callable[[str], str]) -> str:
    if mark["name"]:
        return say(mark["name"])
    return f"{{{mark['quoted']}}}" if mark["quoted"] else "{"


def unknown_names(value: Any, known: Collection[str]) -> "Iterator[tuple[Path, PydanticCustomError]]":
    """Yield what is wrong with the placeholders of a value: names that nothing stands for, each at its place."""
    match value:
        case str():
            for mark in _MARK.finditer(value):
                if mark["name"] and mark["name"] not in known:
                    yield (), unknown("placeholder", mark["name"], known)
        case dict() | list():
            for step, item in value.items() if isinstance(value, dict) else enumerate(value):
                for path, error in unknown_names(item, known):
                    yield (step, *path), error
