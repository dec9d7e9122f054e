"""Whether a value fits a JSON Schema: what generation asks of enums, defaults, examples, `oneOf` and `not`.

Every assertion of draft 2020-12 that the generator knows is checked; `format` is an annotation, and the keywords the
generator does not know (`contains`, `if`, `dependentRequired`, `unevaluated…`) are no more looked at than it does.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mockserver.simulation.schemas import patterns
from mockserver.simulation.schemas.shape import Schema, is_a, target


def fits(value: Any, schema: Schema, root: Schema) -> bool:
    """Tell whether a value fits a schema whose references lead into `root`."""
    if isinstance(schema, bool):
        return schema
    return (
        _is_of_type(value, schema)
        and _is_listed(value, schema)
        and is_within(value, schema)
        and _has_fitting_parts(value, schema, root)
        and _fits_together(value, schema, root)
    )


def same(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are equal: 1 is 1.0, but not true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def is_multiple(value: float, of: float) -> bool:
    """Tell whether a number is a multiple of another, also to a validator that divides floats."""
    if isinstance(value, int) and isinstance(of, int):
        return value % of == 0
    return (value / of).is_integer() and Fraction(str(value)) % Fraction(str(of)) == 0


def kinds(schema: Mapping[str, Any]) -> list[str]:
    """Return the types a schema names, none if it names none."""
    named = schema.get("type", [])
    return [named] if isinstance(named, str) else named


def _is_of_type(value: Any, schema: Mapping[str, Any]) -> bool:
    named = kinds(schema)
    return not named or any(is_a(value, kind) for kind in named)


def _is_listed(value: Any, schema: Mapping[str, Any]) -> bool:
    if "const" in schema and not same(value, schema["const"]):
        return False
    return "enum" not in schema or any(same(value, each) for each in schema["enum"])


def is_within(value: Any, schema: Mapping[str, Any]) -> bool:
    """Tell whether a value keeps the bounds, lengths and patterns of a schema, whatever its type may be."""
    if is_a(value, "number"):
        return (
            schema.get("minimum", value) <= value <= schema.get("maximum", value)
            and ("exclusiveMinimum" not in schema or schema["exclusiveMinimum"] < value)
            and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
            and ("multipleOf" not in schema or is_multiple(value, schema["multipleOf"]))
        )
    for kind, unit in ((str, "Length"), (list, "Items"), (Mapping, "Properties")):
        if isinstance(value, kind):
            size = len(value)
            if not schema.get(f"min{unit}", 0) <= size <= schema.get(f"max{unit}", size):
                return False
    if isinstance(value, str) and "pattern" in schema:
        return patterns.compiled(schema["pattern"]).search(value) is not None
    if isinstance(value, list) and schema.get("uniqueItems"):
        return not any(same(one, other) for at, one in enumerate(value) for other in value[:at])
    return True


def _has_fitting_parts(value: Any, schema: Mapping[str, Any], root: Schema) -> bool:
    if isinstance(value, list):
        return all(fits(item, schema_of_item(schema, at), root) for at, item in enumerate(value))
    if not isinstance(value, Mapping):
        return True
    return (
        all(name in value for name in schema.get("required", ()))
        and all(fits(name, schema.get("propertyNames", True), root) for name in value)
        and all(fits(value[name], each, root) for name in value for each in schemas_of_property(schema, name))
    )


def schema_of_item(schema: Mapping[str, Any], at: int) -> Schema:
    """Return the schema that the item at a place has to fit, by what one array schema says."""
    places: list[Schema] = schema.get("prefixItems", [])
    rest: Schema = schema.get("items", True)
    return places[at] if at < len(places) else rest


def schemas_of_property(schema: Mapping[str, Any], name: str) -> list[Schema]:
    """Return every schema that the property of a name has to fit, by what one object schema says."""
    found: list[Schema] = []
    if name in schema.get("properties", {}):
        found.append(schema["properties"][name])
    found += [
        each
        for pattern, each in schema.get("patternProperties", {}).items()
        if patterns.compiled(pattern).search(name)
    ]
    return found or [schema.get("additionalProperties", True)]


def _fits_together(value: Any, schema: Mapping[str, Any], root: Schema) -> bool:
    return (
        ("$ref" not in schema or fits(value, target(root, schema["$ref"]), root))
        and all(fits(value, each, root) for each in schema.get("allOf", ()))
        and ("anyOf" not in schema or any(fits(value, each, root) for each in schema["anyOf"]))
        and ("oneOf" not in schema or sum(fits(value, each, root) for each in schema["oneOf"]) == 1)
        and ("not" not in schema or not fits(value, schema["not"], root))
    )
