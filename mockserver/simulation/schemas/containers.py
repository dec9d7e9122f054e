"""Arrays of one to three items, and objects with what they must have and some of what they may."""

from collections.abc import Iterable, Mapping
from math import inf
from typing import TYPE_CHECKING, Any

from mockserver.simulation.schemas import patterns
from mockserver.simulation.schemas.fit import same, schema_of_item, schemas_of_property
from mockserver.simulation.schemas.names import faker
from mockserver.simulation.schemas.place import NoValueError, Place
from mockserver.simulation.schemas.shape import Schema

if TYPE_CHECKING:
    from mockserver.simulation.schemas.make import Maker

_USUAL = 3
_TRIES = 50


def array(schema: Mapping[str, Any], place: Place, maker: "Maker") -> list[Any]:
    """Return an array that fits, with what maker makes in it. Raises NoValueError if none was found."""
    least, usual = schema.get("minItems", 0), len(schema.get("prefixItems", ()))
    if not usual and not place.closing:
        usual = maker.rng.randint(1, _USUAL)
    value: list[Any] = []
    for at in range(min(max(least, usual), schema.get("maxItems", max(least, usual)))):
        item = schema_of_item(schema, at)
        try:
            value.append(_item(item, value if schema.get("uniqueItems") else (), place.item(), maker))
        except NoValueError:
            if at < least:
                raise
            break
    if len(value) < least:
        raise NoValueError("no array is that long and that short")
    return value


def _item(schema: Schema, others: Iterable[Any], place: Place, maker: "Maker") -> Any:
    if maker.heights.of(schema) == inf:
        raise NoValueError("no item can be finished")
    for _ in range(_TRIES):
        found = maker.make(schema, place)
        if not any(same(found, other) for other in others):
            return found
    raise NoValueError("no further item was found that is unlike the others")


def members(schema: Mapping[str, Any], place: Place, maker: "Maker") -> dict[str, Any]:
    """Return an object that fits, with what maker makes in it. Raises NoValueError if none was found."""
    needed = schema.get("required", ())
    least, most = schema.get("minProperties", 0), schema.get("maxProperties", inf)
    chosen = {*needed, *_chosen(schema, place, maker)}
    value: dict[str, Any] = {}
    for name in dict.fromkeys([*schema.get("properties", ()), *needed]):
        if name in chosen:
            try:
                value[name] = maker.make(_demand(schema, name), place.property(name))
            except NoValueError:
                if name in needed:
                    raise
    usual = len(value) + (0 if place.closing else _usual_entries(schema, maker))
    while len(value) < min(max(least, usual), most):
        try:
            key = _key(schema, value, maker)
            value[key] = maker.make(_demand(schema, key), place.item())
        except NoValueError:
            if len(value) < least:
                raise
            break
    if not least <= len(value) <= most:
        raise NoValueError("no object is that large and that small")
    return value


def _chosen(schema: Mapping[str, Any], place: Place, maker: "Maker") -> list[str]:
    """Return which optional properties an object has: half of them or more, none if it is time to finish."""
    needed = set(schema.get("required", ()))
    spare = [
        name
        for name in schema.get("properties", ())
        if name not in needed and maker.heights.of(_demand(schema, name)) < inf
    ]
    usual = 0 if place.closing else maker.rng.randint(len(spare) // 2, len(spare))
    count = min(
        max(usual, schema.get("minProperties", 0) - len(needed)),
        schema.get("maxProperties", inf) - len(needed),
    )
    return maker.rng.sample(spare, min(max(count, 0), len(spare)))


def _usual_entries(schema: Mapping[str, Any], maker: "Maker") -> int:
    """Return how many properties of any name an object has: a few if it is all about them."""
    is_dictionary = isinstance(schema.get("additionalProperties"), Mapping) or "patternProperties" in schema
    return maker.rng.randint(1, _USUAL) if is_dictionary and not schema.get("properties") else 0


def _key(schema: Mapping[str, Any], taken: Mapping[str, Any], maker: "Maker") -> str:
    """Return a name for a further property."""
    shaped = schema.get("patternProperties", {})
    named = schema.get("propertyNames", True)
    for _ in range(_TRIES):
        if shaped and not isinstance(schema.get("additionalProperties"), Mapping):
            key = patterns.matching(maker.rng.choice(list(shaped)), maker.rng)
        elif named is True:
            key = faker(maker.rng).word()
        else:
            key = maker.make({"allOf": [named, {"type": "string"}]}, Place())
        if key is not None and key not in taken and maker.heights.of(_demand(schema, key)) < inf:
            return key
    raise NoValueError("no name was found for a further property")


def _demand(schema: Mapping[str, Any], name: str) -> Schema:
    found = schemas_of_property(schema, name)
    return found[0] if len(found) == 1 else {"allOf": found}
