"""How a match compares: a closed table of operators, each prepared once when the scenario is loaded."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockserver.scenario.keys import Key
from mockserver.scenario.problems import listed, must_be, nearest

_PHRASES = {"text": "text", "number": "a number", "flag": "true or false"}
_JSON_TYPES = {"text": "string", "number": "number", "flag": "boolean"}


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare.

    `prepare` checks and compiles an operand; `test` takes that and the request's value and returns something
    true-ish when it holds; `denial` says that it does not. `on_text` operators work on text only, a `raw` one
    looks at the request without its defaults.
    """

    prepare: Callable[[Key, object], object]
    test: Callable[[Any, Any], object]
    denial: str
    on_text: bool = False
    raw: bool = False


def _value(key: Key, operand: object) -> object:
    """Return a value that the key can have."""
    if key.words and operand not in key.words:
        raise must_be(listed(map(repr, key.words)), nearest(operand, key.words))
    match key.kind:
        case "text" if isinstance(operand, str):
            return operand
        case "flag" if isinstance(operand, bool):
            return operand
        case "number" if isinstance(operand, int | float) and not isinstance(operand, bool):
            if math.isfinite(operand):
                return operand
    raise must_be(_PHRASES[key.kind])


def _values(key: Key, operand: object) -> object:
    if isinstance(operand, list) and operand:
        return [_value(key, item) for item in operand]
    raise must_be("a list of at least 1")


def _text(_key: Key, operand: object) -> str:
    if isinstance(operand, str):
        return operand
    raise must_be(_PHRASES["text"])


def _flag(_key: Key, operand: object) -> object:
    if isinstance(operand, bool):
        return operand
    raise must_be(_PHRASES["flag"])


def _regex(key: Key, operand: object) -> object:
    try:
        return re.compile(_text(key, operand))
    except re.error as error:
        raise must_be(f"a regular expression ({error})") from None


def _glob(key: Key, operand: object) -> object:
    """Compile `*` (any text) and `?` (any one character); all else, `[` too, means itself."""
    pattern = re.escape(_text(key, operand)).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(pattern, re.DOTALL)


OPERATORS = {
    "equals": Operator(_value, lambda want, value: value == want, "is not"),
    "contains": Operator(_text, lambda want, value: want in value, "does not contain", on_text=True),
    "starts_with": Operator(
        _text, lambda want, value: value.startswith(want), "does not start with", on_text=True
    ),
    "ends_with": Operator(_text, lambda want, value: value.endswith(want), "does not end with", on_text=True),
    "regex": Operator(
        _regex, lambda want, value: want.search(value), "does not match the regex", on_text=True
    ),
    "glob": Operator(
        _glob, lambda want, value: want.fullmatch(value), "does not match the glob", on_text=True
    ),
    "in": Operator(_values, lambda want, value: value in want, "is none of"),
    "absent": Operator(_flag, lambda want, value: (value is None) == want, "is", raw=True),
}
"""Every operator, by name."""


def schema(key: Key) -> dict[str, object]:
    """Return the JSON Schema of what may stand under a key: a bare value or a mapping of operators."""
    bare: dict[str, object] = {"enum": list(key.words)} if key.words else {"type": _JSON_TYPES[key.kind]}
    shapes: dict[Callable[[Key, object], object], dict[str, object]] = {
        _value: bare,
        _values: {"type": "array", "items": bare, "minItems": 1},
        _flag: {"type": "boolean"},
    }
    operators = {
        name: shapes.get(operator.prepare, {"type": "string"})
        for name, operator in OPERATORS.items()
        if key.kind == "text" or not operator.on_text
    }
    mapping = {"type": "object", "properties": operators, "additionalProperties": False, "minProperties": 1}
    return {"description": key.about, "anyOf": [bare, mapping]}
