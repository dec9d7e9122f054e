"""Two schemas become one that asks for what both ask: how `allOf`, and what stands beside a `$ref`, is read.

What is nested stays nested, as an `allOf` of both sides, and is merged when it is reached, so that schemas that contain
themselves are no trouble.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.simulation.schemas.fit import kinds, same, schema_of_item, schemas_of_property
from mockserver.simulation.schemas.shape import TYPES, Schema

_GREATER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_LESSER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def both(one: Schema, other: Schema) -> Schema:
    """Return a schema that a value fits if it fits both; False if it is plain that none does."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    merged: dict[str, Any] = {**other, **one}
    for keyword in one.keys() & other.keys():
        merge = _MERGED.get(keyword)
        if merge:
            merged[keyword] = merge(one[keyword], other[keyword])
    if "type" in one and "type" in other:
        merged["type"] = _common_types(kinds(one), kinds(other))
        if not merged["type"]:
            return False
    if "const" in one and "const" in other and not same(one["const"], other["const"]):
        return False
    if "properties" in merged:
        merged["properties"] = {
            name: _all_of(*schemas_of_property(one, name), *schemas_of_property(other, name))
            for name in {**one.get("properties", {}), **other.get("properties", {})}
        }
    if "prefixItems" in merged:
        places = max(len(one.get("prefixItems", ())), len(other.get("prefixItems", ())))
        merged["prefixItems"] = [
            _all_of(schema_of_item(one, at), schema_of_item(other, at)) for at in range(places)
        ]
    return merged


def _common_types(one: list[str], other: list[str]) -> list[str]:
    def allowed(kind: str, named: list[str]) -> bool:
        return kind in named or (kind == "integer" and "number" in named)

    found = [kind for kind in TYPES if allowed(kind, one) and allowed(kind, other)]
    return [kind for kind in found if kind != "integer" or "number" not in found]


def _all_of(*schemas: Schema) -> Schema:
    wanted = [each for each in schemas if each is not True]
    if len(wanted) > 1:
        return {"allOf": wanted}
    return wanted[0] if wanted else True


def _each_of_both(one: list[Schema], other: list[Schema]) -> list[Schema]:
    return [_all_of(this, that) for this in one for that in other]


def _each_by_name(one: Mapping[str, Schema], other: Mapping[str, Schema]) -> dict[str, Schema]:
    return {name: _all_of(one.get(name, True), other.get(name, True)) for name in {**one, **other}}


def _pattern(one: str, other: str) -> str:
    return one if one == other else rf"(?=[\s\S]*(?:{other})){one}"


_MERGED: dict[str, Callable[[Any, Any], Any]] = (
    dict.fromkeys(_GREATER, max)
    | dict.fromkeys(_LESSER, min)
    | dict.fromkeys(("items", "additionalProperties", "propertyNames"), _all_of)
    | {
        "enum": lambda one, other: [each for each in one if any(same(each, that) for that in other)],
        "required": lambda one, other: list(dict.fromkeys([*one, *other])),
        "anyOf": _each_of_both,
        "oneOf": _each_of_both,
        "pattern": _pattern,
        "uniqueItems": lambda one, other: one or other,
        "patternProperties": _each_by_name,
        "not": lambda one, other: {"anyOf": [one, other]},
    }
)
