"""Whether the API accepts a JSON Schema, and in which words it refuses one.

Any schema must be one, of an object, without alternatives at the top; a strict one is of OpenAI's subset: every
object closed and every property required, a type everywhere, no keyword, format or lookaround that cannot be
enforced, and all of it within limits (https://developers.openai.com/api/docs/guides/structured-outputs).

The words are those of errors that users of the API have published, the latest of each up to September 2026. Evidenced
of their order is that an object's own faults, `additionalProperties` before `required`, come before those of its
properties. `minLength`, `maxLength`, `default` and `examples` are accepted, as measured in 2026; in 2024 they were not.

Not verified: that definitions are looked at last, how levels of nesting are counted, that `prefixItems`,
`patternProperties` and the `unevaluated…` are refused, what the API says of alternatives at the top of a response
format (here: what it says of them in a function), and of too many characters.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.simulation.schemas.fit import kinds
from mockserver.simulation.schemas.shape import Path, Schema, below, is_a, misshapen

FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"})
MAX_PROPERTIES = 5_000
MAX_LEVELS = 10
MAX_ENUM_VALUES = 1_000
#: the values of one enum that may be of any length, and the characters of all of them if there are more
FREE_ENUM_VALUES, MAX_ENUM_CHARACTERS = 250, 15_000
#: the characters of all names of properties and definitions, and of all values of enums and constants
MAX_CHARACTERS = 120_000

_NOT_AT_THE_TOP = ("oneOf", "anyOf", "allOf", "enum", "not")
_NOT_PERMITTED = frozenset(
    {
        "allOf",
        "oneOf",
        "if",
        "then",
        "else",
        "dependentRequired",
        "dependentSchemas",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
        "unevaluatedProperties",
        "prefixItems",
        "contains",
        "minContains",
        "maxContains",
        "uniqueItems",
        "unevaluatedItems",
    }
)
_LOOKAROUND = re.compile(r"(?<!\\)(?:\\\\)*\(\?(?:=|!|<=|<!)")
_OPT_OUT = (
    "Consider reducing the number of enums, or opt out of structured outputs by setting 'strict: false'."
)


def fault(schema: Any, *, what: str, strict: bool = True) -> str | None:
    """Return the sentence with which the API refuses a schema, None if it does not.

    `what` is what the schema is of: "response_format 'answer'" or "function 'get_weather'". The refusal's `param` is
    `response_format` without a code, or `text.format.schema` with `invalid_json_schema`, or `tools[0].parameters`
    (`tools[0].function.parameters` in chat completions) with `invalid_function_parameters`.
    """
    if found := misshapen(schema) or _at_the_top(schema):
        return f"Invalid schema for {what}: {found}"
    faults = _strict_faults(schema, (), schema) if strict else _loose_faults(schema, ())
    if found := next(faults, None):
        return f"Invalid schema for {what}: {found}"
    if not strict:
        return None
    if found := next(_lookarounds(schema, "$"), None):
        return f"Invalid JSON schema: regex lookaround is not supported. Found at {found}."
    if found := next(_excesses(schema), None):
        return f"Invalid schema for {what}: {found}"
    return None


def _at_the_top(schema: Schema) -> str | None:
    named = schema.get("type") if isinstance(schema, Mapping) else None
    if isinstance(schema, bool) or named != "object":
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{named}\"'."
    if any(keyword in schema for keyword in _NOT_AT_THE_TOP):
        listed = "/".join(f"'{keyword}'" for keyword in _NOT_AT_THE_TOP)
        return f"schema must have type 'object' and not have {listed} at the top level."
    return None


def _loose_faults(schema: Schema, path: Path) -> Iterator[str]:
    """Yield what is wrong even where schemas are not strict: no item is described, or at the top no property."""
    if isinstance(schema, bool):
        return
    if not path and "properties" not in schema:
        yield f"In context={path}, object schema missing properties."
    if "array" in kinds(schema) and "items" not in schema:
        yield f"In context={path}, array schema missing items."
    for step, each in below(schema):
        yield from _loose_faults(each, (*path, *step))


def _strict_faults(schema: Schema, path: Path, root: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(schema, bool):
        yield f"In context={path}, schema must have a 'type' key."
        return
    context = f"In context={path}"
    if "$ref" in schema:
        yield from _reference_faults(schema, path, root)
    if "not" in schema:
        yield f"{context}, Unsupported keywords ('not',)."
    yield from (
        f"{context}, '{keyword}' is not permitted." for keyword in schema if keyword in _NOT_PERMITTED
    )
    if not schema.keys() & {"type", "anyOf", "$ref"}:
        yield f"{context}, schema must have a 'type' key."
    if "object" in kinds(schema):
        yield from (f"{context}, {each}" for each in _object_faults(schema))
    yield from _value_faults(schema, path)
    for step, each in below(schema):
        if step != ("additionalProperties",):
            yield from _strict_faults(each, (*path, *step), root)


def _value_faults(schema: Mapping[str, Any], path: Path) -> Iterator[str]:
    named = kinds(schema)
    if "array" in named and "items" not in schema:
        yield f"In context={path}, array schema missing items."
    if "format" in schema and schema["format"] not in FORMATS:
        yield f"In context={path}, '{schema['format']}' is not a valid format."
    for value in schema.get("enum", ()) if named else ():
        if not any(is_a(value, kind) for kind in named):
            yield f"context={path}, enum value {value} does not validate against {{'type': {schema['type']!r}}}."


def _reference_faults(schema: Mapping[str, Any], path: Path, root: Mapping[str, Any]) -> Iterator[str]:
    if beside := sorted(schema.keys() - {"$ref"}):
        yield f"context={path}, $ref cannot have keywords {{{', '.join(map(repr, beside))}}}."
    known = [f"#/{keyword}/{name}" for keyword in ("$defs", "definitions") for name in root.get(keyword, ())]
    if schema["$ref"] not in {"#", *known}:
        yield f"In context={path}, reference can only point to definitions defined at the top level of the schema."


def _object_faults(schema: Mapping[str, Any]) -> Iterator[str]:
    if "properties" not in schema:
        yield "object schema missing properties."
        return
    if schema.get("additionalProperties") is not False:
        yield "'additionalProperties' is required to be supplied and to be false."
    rule = "'required' is required to be supplied and to be an array including every key in properties."
    required, properties = schema.get("required", []), schema["properties"]
    yield from (f"{rule} Missing '{name}'." for name in properties if name not in required)
    yield from (
        f"{rule} Extra required key '{name}' supplied." for name in required if name not in properties
    )


def _lookarounds(schema: Schema, path: str) -> Iterator[str]:
    if isinstance(schema, bool):
        return
    if _LOOKAROUND.search(schema.get("pattern", "")):
        yield f"{path}.pattern"
    for (keyword, *place), each in below(schema):
        step = "".join(f"[{name}]" if keyword == "anyOf" else f".{name}" for name in place)
        yield from _lookarounds(each, f"{path}.{keyword}{step}")


def _excesses(root: Mapping[str, Any]) -> Iterator[str]:
    schemas = list(_with_levels(root, 0))
    properties = sum(len(schema.get("properties", ())) for schema, _ in schemas)
    if properties > MAX_PROPERTIES:
        yield f"{properties} parameters exceeds limit of {MAX_PROPERTIES}."
    levels = max(level for _, level in schemas)
    if levels > MAX_LEVELS:
        yield f"{levels} levels of nesting exceeds limit of {MAX_LEVELS}."
    enums = [schema["enum"] for schema, _ in schemas if "enum" in schema]
    values = sum(map(len, enums))
    if values > MAX_ENUM_VALUES:
        yield (
            f"Expected at most {MAX_ENUM_VALUES} enum values in total within a single schema when using structured "
            f"outputs, but received {values}. {_OPT_OUT}"
        )
    longest = max((_characters(enum) for enum in enums if len(enum) > FREE_ENUM_VALUES), default=0)
    if longest > MAX_ENUM_CHARACTERS:
        yield (
            f"Expected at most {MAX_ENUM_CHARACTERS} total characters across enum values when there are more than "
            f"{FREE_ENUM_VALUES} enum values, but received {longest}. {_OPT_OUT}"
        )
    names = [
        name
        for schema, _ in schemas
        for kind in ("properties", "$defs", "definitions")
        for name in schema.get(kind, ())
    ]
    constants = [schema["const"] for schema, _ in schemas if "const" in schema]
    characters = sum(map(_characters, (names, constants, *enums)))
    if characters > MAX_CHARACTERS:
        yield (
            f"Expected at most {MAX_CHARACTERS} total characters across property names, definition names, enum values "
            f"and const values, but received {characters}."
        )


def _characters(values: list[Any]) -> int:
    return sum(len(value) for value in values if isinstance(value, str))


def _with_levels(schema: Schema, level: int) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Yield all schemas, each with how many objects and arrays it stands in, itself included; `$defs` begin anew."""
    if isinstance(schema, bool):
        return
    level += bool({"object", "array"} & {*kinds(schema)})
    yield schema, level
    for (keyword, *_), each in below(schema):
        yield from _with_levels(each, 0 if keyword in {"$defs", "definitions"} else level)
