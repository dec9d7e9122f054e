"""How a match compares: a closed table of operators, each prepared once when the scenario is loaded."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError

from mockserver.scenario.keys import Key
from mockserver.scenario.problems import listed, must_be, nearest

_PHRASES = {"text": "text", "number": "a number", "flag": "true or false", "json": "a value"}
_JSON_TYPES = {"text": "string", "number": "number", "flag": "boolean"}


class WrongItemError(ValueError):
    """One item of a list cannot be compared with: its place there (from 0), and why."""

    def __init__(self, index: int, error: PydanticCustomError) -> None:
        self.index = index
        self.error = error
        super().__init__(str(error))


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare.

    `prepare` checks and compiles an operand; `test` takes that and the request's value and returns something
    true-ish when it holds; `denial` says that it does not. `on_text` operators work on text only, `on_numbers` on
    numbers; a `raw` one looks at the request without its defaults.
    """

    prepare: Callable[[Key, object], object]
    test: Callable[[Any, Any], object]
    denial: str
    on_text: bool = False
    on_numbers: bool = False
    raw: bool = False

    def suits(self, kind: str) -> bool:
        """Whether values of a kind can be compared so."""
        kinds = {"json"} | ({"text"} if self.on_text else set()) | ({"number"} if self.on_numbers else set())
        return kind in kinds or not (self.on_text or self.on_numbers)

    def holds(self, prepared: object, value: object) -> object:
        """Return something true-ish when a value compares so; for a regex, its match."""
        if (self.on_text and not isinstance(value, str)) or (self.on_numbers and not _is_number(value)):
            return False
        return self.test(prepared, value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _value(key: Key, operand: object) -> object:
    """Return a value that the key can have."""
    if key.words and operand not in key.words:
        raise must_be(listed(map(repr, key.words)), nearest(operand, key.words))
    if key.known and isinstance(operand, str) and operand not in key.known:
        raise must_be(key.expected, nearest(operand, key.known))
    match key.kind:
        case "json":
            return operand
        case "text" if isinstance(operand, str):
            return operand
        case "flag" if isinstance(operand, bool):
            return operand
        case "number":
            return _number(key, operand)
    raise must_be(_PHRASES[key.kind])


def _values(key: Key, operand: object) -> object:
    if not isinstance(operand, list) or not operand:
        raise must_be("a list of at least 1")
    return [_item(key, index, item) for index, item in enumerate(operand)]


def _item(key: Key, index: int, item: object) -> object:
    try:
        return _value(key, item)
    except PydanticCustomError as error:
        raise WrongItemError(index, error) from None


def _number(_key: Key, operand: object) -> object:
    if isinstance(operand, int | float) and not isinstance(operand, bool) and math.isfinite(operand):
        return operand
    raise must_be(_PHRASES["number"])


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


def _same(want: object, value: object) -> bool:
    """Whether two JSON values are the same: 1 and 1.0 are, 1 and true are not."""
    return value == want and isinstance(value, bool) == isinstance(want, bool)


OPERATORS = {
    "equals": Operator(_value, _same, "is not"),
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
    "in": Operator(_values, lambda want, value: any(_same(one, value) for one in want), "is none of"),
    "gte": Operator(_number, lambda want, value: value >= want, "is not at least", on_numbers=True),
    "lte": Operator(_number, lambda want, value: value <= want, "is not at most", on_numbers=True),
    "absent": Operator(_flag, lambda want, value: (value is None) == want, "is", raw=True),
}
"""Every operator, by name."""

JSON_PATH = "json_path"
"""Not an operator but a way into a value: its operand maps paths to what is asked of what they find."""


def schema(key: Key) -> dict[str, Any]:
    """Return the JSON Schema of what may stand under a key: a bare value or a mapping of operators."""
    if key.names is not None:
        entry = _schema_of_value(key)
        return {"description": key.about, "type": "object", "additionalProperties": entry, "minProperties": 1}
    return {"description": key.about, **_schema_of_value(key)}


def _schema_of_value(key: Key) -> dict[str, Any]:
    bare = _schema_of_bare(key)
    named: dict[str, Any] = (
        {} if key.kind == "json" else {"type": _JSON_TYPES[key.kind]} if key.known else bare
    )
    shapes: dict[Callable[[Key, object], object], dict[str, Any]] = {
        _value: named,
        _values: {"type": "array", "items": named, "minItems": 1},
        _number: {"type": "number"},
        _flag: {"type": "boolean"},
    }
    operators = {
        name: shapes.get(operator.prepare, {"type": "string"})
        for name, operator in OPERATORS.items()
        if operator.suits(key.kind)
    }
    if key.kind in {"text", "json"}:
        operators[JSON_PATH] = {"type": "object", "minProperties": 1}
    mapping = {"type": "object", "properties": operators, "additionalProperties": False, "minProperties": 1}
    return {"anyOf": [bare, mapping]}


def _schema_of_bare(key: Key) -> dict[str, Any]:
    if key.words:
        return {"enum": list(key.words)}
    if key.known:
        return {"enum": sorted(key.known)}
    if key.kind == "json":
        return {"type": ["string", "number", "boolean", "null", "array"]}
    return {"type": _JSON_TYPES[key.kind]}
