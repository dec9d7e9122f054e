"""The shape of a JSON Schema: where schemas stand in it, where references lead, and whether it is one at all."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from mockserver.simulation.schemas import patterns

Schema = Mapping[str, Any] | bool
Path = tuple[str, ...]

TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")

# The keywords whose value is a schema, a list of schemas, and an object of schemas.
_ONE = ("items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else")
_LIST = ("prefixItems", "anyOf", "oneOf", "allOf")
_NAMED = ("properties", "patternProperties", "$defs", "definitions")

_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_KINDS: dict[str, str] = (
    dict.fromkeys(_NAMED, "object")
    | dict.fromkeys((*_LIST, "enum", "required"), "array")
    | dict.fromkeys(("$ref", "pattern", "format"), "string")
    | dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number")
    | dict.fromkeys(_COUNTS, "integer")
    | {"uniqueItems": "boolean"}
)


_IS: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, Mapping),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: _is_whole(value) and not isinstance(value, bool),
}


def is_a(value: Any, kind: str) -> bool:
    """Tell whether a JSON value is of a type of JSON Schema: `true` is no number, `1.0` is an integer."""
    return _IS[kind](value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def below(schema: Mapping[str, Any]) -> Iterator[tuple[Path, Schema]]:
    """Yield the schemas that stand directly in a schema, each with its path; those in `$defs` come last."""
    for keyword in _ONE:
        if keyword in schema:
            yield (keyword,), schema[keyword]
    for keyword in _LIST:
        for index, each in enumerate(schema.get(keyword, ())):
            yield (keyword, str(index)), each
    for keyword in _NAMED:
        for name, each in schema.get(keyword, {}).items():
            yield (keyword, name), each


def references(schema: Schema) -> Iterator[str]:
    """Yield every reference in a schema."""
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield schema["$ref"]
        for _, each in below(schema):
            yield from references(each)


def target(root: Schema, ref: str) -> Schema:
    """Return what a reference within a schema leads to. Raises ValueError if that is nothing, or not within it."""
    outside, *steps = ref.split("/")
    found: Any = root if outside == "#" else None
    for step in steps:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        try:
            found = found[int(name)] if isinstance(found, list) else found[name]
        except (KeyError, IndexError, TypeError, ValueError):
            found = None
    if isinstance(found, bool | Mapping):
        return found
    raise ValueError(f"the $ref {ref!r} does not lead to a schema within it")


def misshapen(schema: Any) -> str | None:
    """Return what keeps a value from being a JSON Schema, in the words of the API; None if it is one.

    The words are those of the `jsonschema` library, which the API passes on: "[] is not of type 'object', 'boolean'."
    """
    if isinstance(schema, bool):
        return None
    if not isinstance(schema, Mapping):
        return f"{schema!r} is not of type 'object', 'boolean'."
    for keyword, value in schema.items():
        if found := _misfit(keyword, value):
            return found
    return next((found for _, each in below(schema) if (found := misshapen(each))), None)


def _misfit(keyword: str, value: Any) -> str | None:
    kind = _KINDS.get(keyword)
    if kind and not is_a(value, kind):
        return f"{value!r} is not of type {kind!r}."
    words = None
    if keyword == "type":
        words = None if _names_types(value) else "is not valid under any of the given schemas"
    elif keyword in _LIST and not value:
        words = "should be non-empty"
    elif keyword in _COUNTS and value < 0:
        words = "is less than the minimum of 0"
    elif keyword == "multipleOf" and value <= 0:
        words = "is less than or equal to the minimum of 0"
    elif keyword == "pattern" and not _compiles(value):
        words = "is not a 'regex'"
    elif keyword == "required":
        value, words = next(
            ((each, "is not of type 'string'") for each in value if not is_a(each, "string")), (0, None)
        )
    return words and f"{value!r} {words}."


def _names_types(value: Any) -> bool:
    named = value if isinstance(value, list) else [value]
    return bool(named) and all(each in TYPES for each in named)


def _compiles(pattern: str) -> bool:
    try:
        patterns.compiled(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
