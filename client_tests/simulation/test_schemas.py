"""A generated value fits its schema by other people's validators; it is usable, and the same dice make the same."""

import ipaddress
import json
import os
import random
import re
import subprocess
import sys
import time
import uuid
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Annotated, Any, ForwardRef, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openai.lib._pydantic import to_strict_json_schema
from pydantic import AnyUrl, BaseModel, Field, TypeAdapter, create_model

from mockserver.chance import Chance
from mockserver.simulation.schemas import generate
from mockserver.simulation.schemas.names import called
from mockserver.simulation.strict_schema import FORMATS, fault

NULL = {"type": "null"}
TEXT = {"type": "string"}
NODE = {"$ref": "#/$defs/node"}

PATTERNS = [
    r"^@[a-zA-Z0-9_]+$",
    r"^\d{4}-\d{2}$",
    r"[A-Z]{3}",
    r"^(red|green|blue)(-dark)?$",
    r"^[^aeiou\s]{2,5}$",
    r"^(\d{2}|x)/\1$",
    r"^(?=.*[A-Z])(?=.*\d)[A-Za-z\d]{8,}$",
    r"^(?!undefined$|null$)",
    r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$",
    r"^[\u0430-\u044f]+$",
    r"\bword\b",
    r"^$",
    r"^\S+@\S+\.\S+$",
    r"^(\w)\1$",
    r"^(?:[^\W\d_]|-){1,3}\W$",
]


def closed(properties, **more):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        **more,
    }


def dice(name="test"):
    return Chance(0).stream(name)


def many(schema, count=40):
    rng = dice()
    return [generate(schema, rng) for _ in range(count)]


def check(value, schema):
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)
    assert value == json.loads(json.dumps(value))


# --- any schema of the strict subset ----------------------------------------------------------------------------------

names = st.sampled_from(
    ["name", "email", "homeCity", "price", "created_at", "tags", "id", "x", "Ünïcode key", ""]
)
small = st.integers(0, 12)


@st.composite
def strings(draw):
    kind = draw(st.sampled_from(["plain", "enum", "const", "pattern", "format", "lengths"]))
    if kind == "enum":
        return TEXT | {"enum": draw(st.lists(st.text(max_size=8), min_size=1, max_size=5))}
    if kind == "const":
        return TEXT | {"const": draw(st.text(max_size=8))}
    if kind == "pattern":
        plain = [pattern for pattern in PATTERNS if "(?=" not in pattern and "(?!" not in pattern]
        return TEXT | {"pattern": draw(st.sampled_from(plain))}
    if kind == "format":
        return TEXT | {"format": draw(st.sampled_from(sorted(FORMATS)))}
    if kind == "lengths":
        least, room = draw(small), draw(small)
        return TEXT | draw(
            st.sampled_from([{"minLength": least}, {"minLength": least, "maxLength": least + room}])
        )
    return TEXT


@st.composite
def integers(draw):
    schema = {"type": "integer"}
    low, step, room = draw(st.integers(-1000, 1000)), draw(st.integers(1, 12)), draw(st.integers(2, 300))
    schema |= draw(st.sampled_from([{}, {"minimum": low}, {"exclusiveMinimum": low}]))
    schema |= draw(
        st.sampled_from([{}, {"maximum": low + step * room}, {"exclusiveMaximum": low + step * room}])
    )
    return schema | draw(st.sampled_from([{}, {"multipleOf": step}, {"enum": [low + step]}]))


@st.composite
def numbers(draw):
    schema: dict[str, Any] = {"type": "number"}
    low = draw(st.floats(-1e6, 1e6))
    high = low + draw(st.floats(1, 1e4))
    schema |= draw(st.sampled_from([{}, {"minimum": low}, {"exclusiveMinimum": low}]))
    schema |= draw(st.sampled_from([{}, {"maximum": high}, {"exclusiveMaximum": high}]))
    return schema | draw(st.sampled_from([{}, {"multipleOf": 0.5}, {"multipleOf": 0.1}]))


scalars = st.one_of(
    strings(),
    integers(),
    numbers(),
    st.just({"type": "boolean"}),
    st.just(NULL),
    st.just({"type": ["integer", "null"]}),
)


@st.composite
def arrays(draw, items):
    least = draw(st.integers(0, 4))
    sizes = draw(
        st.sampled_from([{}, {"minItems": least}, {"minItems": least, "maxItems": least + draw(small)}])
    )
    return {"type": "array", "items": draw(items), **sizes}


def schemas(refs):
    """Schemas that may refer, where that need not go on for ever."""
    optional = [{"anyOf": [{"$ref": ref}, NULL]} for ref in refs] + [
        {"type": "array", "items": {"$ref": ref}} for ref in refs
    ]
    leaves = scalars | st.sampled_from(optional) if optional else scalars
    return st.recursive(
        leaves,
        lambda inner: (
            st.dictionaries(names, inner, max_size=4).map(closed)
            | arrays(inner)
            | st.lists(inner, min_size=1, max_size=3).map(lambda branches: {"anyOf": branches})
        ),
        max_leaves=8,
    )


@st.composite
def strict_schemas(draw):
    places = ["node", "leaf", "other"][: draw(st.integers(0, 3))]
    refs = [f"#/$defs/{place}" for place in places] + (["#"] if draw(st.booleans()) else [])
    within = schemas(refs)
    # A definition that is a choice of itself would send validators round for ever.
    objects = st.dictionaries(names, within, max_size=4).map(closed)
    return draw(objects) | {"$defs": {place: draw(objects | scalars) for place in places}}


@settings(max_examples=200, derandomize=True, deadline=None)
@given(strict_schemas(), st.integers(0, 9))
def test_a_value_of_any_strict_schema_is_valid_and_the_same_for_the_same_dice(schema, seed):
    value = generate(schema, Chance(seed).stream("any"))

    assert fault(schema, what="response_format 'any'") is None
    check(value, schema)
    assert value == generate(schema, Chance(seed).stream("any"))


# --- any pydantic model -----------------------------------------------------------------------------------------------


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Level(Enum):
    LOW = 1
    HIGH = 2


strict_types = st.sampled_from(
    [
        str,
        int,
        float,
        bool,
        NoneType,
        date,
        datetime,
        clock_time,
        timedelta,
        uuid.UUID,
        ipaddress.IPv4Address,
        ipaddress.IPv6Address,
        Colour,
        Level,
        Literal["one", "two"],
        Literal[3],
        Literal[True],
        Annotated[int, Field(ge=10, lt=20)],
        Annotated[int, Field(gt=-7, multiple_of=7)],
        Annotated[float, Field(gt=0, le=1)],
        Annotated[float, Field(ge=1e-6, lt=2e-6)],
        Annotated[float, Field(multiple_of=0.25)],
        Annotated[str, Field(min_length=30)],
        Annotated[str, Field(max_length=3)],
        Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{3,}$")],
        Annotated[str, Field(description="described")],
        Annotated[list[int], Field(min_length=2, max_length=4)],
    ]
)
loose_types = st.sampled_from(
    [
        Any,
        Decimal,
        AnyUrl,
        bytes,
        dict[str, int],
        dict[Literal["a", "b"], float],
        dict[Annotated[str, Field(pattern="^k[0-9]$")], bool],
        set[Literal["x", "y", "z"]],
        frozenset[int],
        tuple[int, str],
        tuple[()],
        Annotated[set[int], Field(min_length=3)],
        Literal["text", 5],
        list[Any],
        dict,
        list,
    ]
)


def wrapped(inner):
    return st.one_of(
        inner.map(lambda kind: list[kind]),
        inner.map(lambda kind: kind | None),
        st.tuples(inner, inner).map(lambda pair: pair[0] | pair[1]),
        st.dictionaries(
            st.sampled_from(["name", "city", "total", "items"]), inner, min_size=1, max_size=3
        ).map(lambda fields: create_model("Inner", **{name: (kind, ...) for name, kind in fields.items()})),
    )


@st.composite
def models(draw, types, loops=()):
    kinds = st.recursive(types, wrapped, max_leaves=4)
    fields: dict[str, Any] = {}
    for name in draw(
        st.lists(st.sampled_from(["name", "age", "url", "notes", "kind"]), min_size=1, unique=True)
    ):
        kind = draw(kinds)
        fields[name] = draw(st.sampled_from([(kind, ...), (kind, ...), (kind, None), (kind | None, None)]))
    itself = ForwardRef("Made")
    if draw(st.booleans()):
        fields["next"] = draw(st.sampled_from([(itself | None, ...), (list[itself], ...), *loops]))
    made = create_model("Made", **fields)
    made.model_rebuild(_types_namespace={"Made": made})
    return made


@settings(max_examples=60, derandomize=True, deadline=None)
@given(models(strict_types))
def test_what_the_client_makes_of_a_pydantic_model_is_accepted_and_filled_so_that_the_model_takes_it(model):
    schema = to_strict_json_schema(model)

    value = generate(schema, dice())

    assert fault(schema, what="response_format 'Made'") is None
    check(value, schema)
    model.model_validate_json(json.dumps(value))


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    models(
        strict_types | loose_types, [(dict[str, ForwardRef("Made")], ...), (ForwardRef("Made") | None, None)]
    )
)
def test_a_pydantic_model_takes_what_is_made_for_its_own_schema(model):
    schema = model.model_json_schema()

    value = generate(schema, dice())

    check(value, schema)
    model.model_validate_json(json.dumps(value))


# --- one thing at a time ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_text_matches_its_pattern(pattern):
    for value in many(TEXT | {"pattern": pattern}):
        assert re.search(pattern, value)


def test_a_group_may_be_named_as_in_javascript():
    for value in many(TEXT | {"pattern": r"^(?<year>\d{4})/\k<year>$"}):
        assert re.fullmatch(r"(\d{4})/\1", value)


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "^[a-z]+$", "minLength": 50, "maxLength": 52},
        {"pattern": "ab", "minLength": 9},
        {"pattern": r"^\d+$", "maxLength": 2},
        {"format": "email", "maxLength": 20},
        {
            "format": "email",
            "pattern": r"^(?!\.)(?!.*\.\.)([a-z0-9_'+\-\.]*)[a-z0-9_+-]@([a-z0-9\-]*\.)+[a-z]{2,}$",
        },
        {"minLength": 300},
        {"maxLength": 0},
        {"minLength": 4, "maxLength": 4},
    ],
)
def test_lengths_and_patterns_hold_together(schema):
    for value in many(TEXT | schema):
        check(value, TEXT | schema)


@pytest.mark.parametrize(
    ("name", "read"),
    {
        "date-time": datetime.fromisoformat,
        "date": date.fromisoformat,
        "time": clock_time.fromisoformat,
        "duration": TypeAdapter(timedelta).validate_python,
        "email": re.compile(r"[\w.]+@[\w.]+\.\w+").fullmatch,
        "hostname": re.compile(r"([a-z0-9-]{1,63}\.)+[a-z]+").fullmatch,
        "ipv4": ipaddress.IPv4Address,
        "ipv6": ipaddress.IPv6Address,
        "uuid": lambda text: uuid.UUID(text).version == 4,
        "uri": AnyUrl,
    }.items(),
)
def test_every_format_of_the_guide_can_be_read(name, read):
    for value in many(TEXT | {"format": name}):
        assert read(value)
    assert {*FORMATS, "uri"} >= {name}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 7, "maximum": 7},
        {"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 7},
        {"type": "integer", "minimum": 1_000_000},
        {"type": "integer", "maximum": -50},
        {"type": "integer", "multipleOf": 2.5},
        {"type": "integer", "minimum": 0.5, "maximum": 1.5},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1e-9},
        {"type": "number", "minimum": 3, "maximum": 3},
        {"type": "number", "minimum": 1e300},
        {"type": "number", "multipleOf": 0.1, "minimum": 0.3, "maximum": 0.7},
        {"type": "number", "multipleOf": 1e-7, "maximum": 0.001, "minimum": 0},
    ],
)
def test_bounds_and_multiples_hold_together(schema):
    for value in many(schema):
        check(value, schema)


def test_a_score_between_0_and_1_is_between_them_and_not_at_an_end_only():
    values = many({"type": "number", "minimum": 0, "maximum": 1})

    assert 10 < len({*values})


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": ["a", 5, None, {"deep": [1]}]},
        {"const": {"a": [1, 2.5, None]}},
        {"type": "string", "enum": ["a", 5]},
        {"enum": [True, 1], "type": "integer"},
        {"oneOf": [{"type": "integer"}, {"type": "number"}]},
        {"oneOf": [{"multipleOf": 3}, {"multipleOf": 5}], "type": "integer", "minimum": 15},
        {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "integer"}], "minimum": 500},
        {"anyOf": [{"type": "string"}, NULL], "type": "null"},
        {"allOf": [{"type": "number", "minimum": 3}, {"maximum": 4}, {"type": ["integer", "string"]}]},
        {"allOf": [{"pattern": "^a"}, {"pattern": "z$"}, {"type": "string"}]},
        {"allOf": [{"enum": [1, 2, 3]}, {"enum": [3, 4]}]},
        {"allOf": [{"anyOf": [TEXT, {"type": "integer"}]}, {"anyOf": [{"type": "integer"}, NULL]}]},
        {"not": {"type": "string"}, "type": ["string", "integer"]},
        {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
        {"type": "array", "prefixItems": [TEXT, {"type": "integer"}], "items": False},
        {"type": "array", "prefixItems": [TEXT], "items": {"type": "integer"}, "minItems": 3},
        {"type": "array", "items": False},
        {"type": "object", "additionalProperties": {"type": "integer"}},
        {
            "type": "object",
            "patternProperties": {"^x-[a-z]+$": TEXT},
            "additionalProperties": False,
            "minProperties": 2,
        },
        {
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "propertyNames": {"enum": ["a", "b", "c", "d"]},
        },
        {"type": "object", "minProperties": 3},
        {"type": "object", "additionalProperties": TEXT, "propertyNames": {"enum": ["only"]}},
        {"type": "object", "patternProperties": {"^x": TEXT}, "additionalProperties": {"type": "integer"}},
        {"allOf": [{"patternProperties": {"^x$": TEXT}}, {"patternProperties": {"^x$": {"minLength": 40}}}]},
        {"type": "object", "properties": {"a": TEXT, "b": TEXT}, "minProperties": 1, "maxProperties": 1},
        {"type": "object", "required": ["unnamed"]},
        {"type": "object", "properties": {"never": False, "a": TEXT}},
        {"properties": {"a": TEXT}, "required": ["a"]},
        {"items": {"type": "integer"}},
        {"minimum": 5},
        {"definitions": {"a/b": {"x~y": TEXT}}, "$ref": "#/definitions/a~1b/x~0y"},
        {"$defs": {"a": closed({"x": TEXT})}, "$ref": "#/$defs/a", "description": "beside it"},
        {"$defs": {"a": {"type": "integer"}}, "$ref": "#/$defs/a", "minimum": 40},
        {},
        True,
    ],
)
def test_a_value_fits_whatever_a_schema_is_made_of(schema):
    for value in many(schema):
        check(value, schema)


def test_a_closed_object_and_one_that_asks_for_more_are_merged_by_both_their_rules():
    one = {"properties": {"a": TEXT, "b": TEXT}, "additionalProperties": False}
    other = {"type": "object", "properties": {"b": {"minLength": 30}, "c": TEXT}, "required": ["b"]}

    for value in many({"allOf": [one, other]}):
        check(value, {"allOf": [one, other]})


def test_an_example_or_a_default_is_taken_if_it_fits():
    assert {"Oslo", "Bergen"} == {*many(TEXT | {"examples": ["Oslo", "Bergen", 5]})}
    assert {7} == {*many({"type": "integer", "default": 7})}
    assert 7 not in many({"type": "integer", "default": 7, "minimum": 8})
    assert None not in many(TEXT | {"default": None})


def test_optional_properties_come_and_go_and_null_is_the_exception():
    schema = {"type": "object", "properties": {"a": {"type": ["integer", "null"]}, "b": TEXT}}
    values = many(schema)

    assert {("a",), ("b",), ("a", "b")} == {tuple(value) for value in values}
    present = [value["a"] for value in values if "a" in value]
    assert 0 < present.count(None) < len(present) / 2


def test_properties_are_written_in_the_order_of_the_schema():
    assert ["z", "a", "m"] == list(generate(closed({"z": TEXT, "a": TEXT, "m": TEXT}), dice()))


# --- schemas within themselves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schema",
    [
        closed({"value": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#"}, NULL]}}),
        closed({"label": TEXT, "children": {"type": "array", "items": {"$ref": "#"}}}),
        {
            "$defs": {"node": closed({"left": {"anyOf": [NODE, NULL]}, "right": {"anyOf": [NODE, NULL]}})},
            **NODE,
        },
        {
            "$defs": {
                "node": {"anyOf": [closed({"of": {"type": "array", "items": NODE, "minItems": 2}}), TEXT]}
            },
            **NODE,
        },
        {
            "$defs": {
                "node": closed({"more": {"$ref": "#/$defs/other"}}),
                "other": {"anyOf": [NODE, {"type": "array", "items": NODE}, {"type": "integer"}]},
            },
            **NODE,
        },
        {"type": "object", "properties": {"deeper": {"$ref": "#"}}, "required": []},
        {"type": "object", "properties": {"a": NODE}, "$defs": {"node": closed({"endless": NODE})}},
        {"type": "object", "additionalProperties": {"$ref": "#"}},
        {"anyOf": [closed({"a": {"$ref": "#"}}), {"type": "null"}]},
    ],
)
def test_what_contains_itself_comes_to_an_end(schema):
    for value in many(schema, 100):
        check(value, schema)
        assert len(json.dumps(value)) < 20_000


@pytest.mark.parametrize(
    ("reason", "schema"),
    [
        ("can never be finished", {"$defs": {"node": closed({"endless": NODE})}, **NODE}),
        ("can never be finished", {"$defs": {"node": NODE}, **NODE}),
        ("can never be finished", closed({"a": {"type": "array", "items": {"$ref": "#"}, "minItems": 1}})),
        (
            "can never be finished",
            closed({"a": {"$ref": "#/$defs/b"}}, **{"$defs": {"b": {"anyOf": [{"$ref": "#"}]}}}),
        ),
        ("can never be finished", False),
        ("can never be finished", closed({"a": False})),
        ("can never be finished", {"enum": []}),
        ("nothing that is enumerated fits", {"type": "string", "enum": [1, 2]}),
        ("no string was found that code allows", closed({"code": TEXT | {"minLength": 3, "maxLength": 2}})),
        ("no string was found", TEXT | {"minLength": 10**9}),
        ("no string was found", TEXT | {"pattern": "^((a{1000}){1000}){1000}$"}),
        ("no integer was found", {"type": "integer", "minimum": 3, "maximum": 2}),
        ("no string was found", TEXT | {"pattern": "^a(?!b)b$"}),
        ("no array", {"type": "array", "minItems": 3, "maxItems": 2}),
        (
            "unlike the others",
            {"type": "array", "items": {"type": "boolean"}, "minItems": 3, "uniqueItems": True},
        ),
        ("it allows nothing", {"allOf": [TEXT, {"type": "integer"}]}),
        ("no object", {"type": "object", "required": ["a", "b"], "maxProperties": 1}),
        ("no name was found", {"type": "object", "minProperties": 1, "additionalProperties": False}),
        ("no branch of `oneOf`", {"oneOf": [TEXT, TEXT]}),
        ("does not fit a `not`", TEXT | {"not": TEXT}),
        (
            "none of its types",
            {"type": ["string", "array"], "minLength": 1, "maxLength": 0, "items": False, "minItems": 1},
        ),
        ("the $ref '#/$defs/x' does not lead", {"$ref": "#/$defs/x"}),
        (
            "the $ref 'https://example.com/a' does not lead",
            {"properties": {"a": {"$ref": "https://example.com/a"}}},
        ),
        ("the $ref '#/type' does not lead", {"type": "object", "not": {"$ref": "#/type"}}),
        ("[] is not of type 'object', 'boolean'", {"properties": {"a": []}}),
        ("'text' is not valid under any of the given schemas", {"type": "text"}),
        (
            "5 is not of type 'object'",
            {"properties": {"a": {"$ref": "#/default"}}, "default": {"properties": 5}},
        ),
        ("'[' is not a 'regex'", TEXT | {"pattern": "["}),
        ("its numbers are too large", {"type": "number", "minimum": 10**400}),
        ("more than 20000 values", {"type": "array", "items": TEXT, "minItems": 1_000_000}),
    ],
)
def test_a_schema_that_no_value_fits_is_refused_with_the_reason(reason, schema):
    with pytest.raises(ValueError, match=re.escape(reason)):
        generate(schema, dice())


def test_a_schema_as_deep_as_python_can_go_and_deeper_is_refused():
    steps = {f"s{at}": closed({"next": {"$ref": f"#/$defs/s{at + 1}"}}) for at in range(2000)}
    schema = closed({"first": {"$ref": "#/$defs/s0"}}, **{"$defs": {**steps, "s2000": TEXT}})

    with pytest.raises(ValueError, match="it is nested too deeply"):
        generate(schema, dice())


def test_a_small_schema_of_an_endlessly_large_value_is_refused_in_time():
    doubled = {
        f"s{at}": closed({"a": {"$ref": f"#/$defs/s{at + 1}"}, "b": {"$ref": f"#/$defs/s{at + 1}"}})
        for at in range(40)
    }
    schema = closed({"a": {"$ref": "#/$defs/s0"}}, **{"$defs": {**doubled, "s40": TEXT}})

    with pytest.raises(ValueError, match="more than 20000 values"):
        generate(schema, dice())


# --- usable, quick, and the same --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        ("email", r"\w+@example\.(com|org|net)"),
        ("contactEmail", r"\w+@example\.(com|org|net)"),
        ("name", r"[A-Z]\w+ [A-Z]\w+"),
        ("first_name", r"[A-Z]\w+"),
        ("userName", r"[A-Z]\w+ [A-Z]\w+"),
        ("username", r"\w+"),
        ("city", r"[A-Z][A-Za-z ]+"),
        ("url", r"https://example\.com/[\w-]+"),
        ("imageURL", r"https://example\.com/[\w-]+\.png"),
        ("phone", r"[\d()\-. ]+"),
        ("created_at", r"202[45]-\d\d-\d\dT\d\d:\d\d:00Z"),
        ("date", r"202[45]-\d\d-\d\d"),
        ("price", r"\d+\.\d\d"),
        ("currency", r"[A-Z]{3}"),
        ("country_code", r"[A-Z]{2}"),
        ("title", r"[A-Z]\w*( [A-Z]\w*)+"),
        ("description", r"[A-Z].*\."),
        ("explanation", r"[A-Z].*\."),
        ("question", r"[A-Z].*\?"),
        ("tags", r"\w+"),
        ("order_id", r"[0-9a-f]{8}"),
        ("product_name", r"[A-Z]\w*( [A-Z]\w*)+"),
        ("whatever", r"\w+( \w+){1,2}"),
        ("", r"\w+( \w+){1,2}"),
    ],
)
def test_a_text_is_what_its_name_lets_one_expect(name, looks):
    for value in many(closed({name: TEXT})):
        assert re.fullmatch(looks, value[name]), value


def test_a_name_is_that_of_the_thing_it_stands_in():
    users = closed({"users": {"type": "array", "items": closed({"name": TEXT})}})

    assert called(("city",), dice()) == called(("city", "name"), dice())
    assert all(re.fullmatch(r"[A-Z]\w+ [A-Z]\w+", user["name"]) for user in generate(users, dice())["users"])


def test_numbers_are_of_a_size_that_makes_sense():
    kinds = {name: {"type": "integer"} for name in ("age", "year", "quantity", "anything")}

    for value in many(closed(kinds)):
        assert 18 <= value["age"] <= 80
        assert 2000 <= value["year"] <= 2026
        assert 1 <= value["quantity"] <= 10
        assert 1 <= value["anything"] <= 100


def test_lists_have_one_to_three_items_and_dictionaries_as_many_entries():
    assert {1, 2, 3} == {len(value) for value in many({"type": "array", "items": TEXT})}
    assert {1, 2, 3} == {len(value) for value in many({"type": "object", "additionalProperties": TEXT})}


MIXED = closed(
    {
        "name": TEXT,
        "kind": {"anyOf": [{"enum": ["a", "b"], "type": "string"}, {"type": "integer", "multipleOf": 3}]},
        "notes": {"type": "array", "items": {"$ref": "#/$defs/note"}},
        "free": {"allOf": [{"type": "object", "additionalProperties": TEXT}, {"minProperties": 2}]},
    },
    **{
        "$defs": {
            "note": {"type": "object", "properties": {"text": TEXT, "at": TEXT | {"pattern": "^[A-Z]+$"}}}
        }
    },
)


def test_the_same_dice_make_the_same_value_in_another_process_too():
    program = (
        "import json, sys; from mockserver.chance import Chance; from mockserver.simulation.schemas import generate;"
        "rng = Chance(0).stream('test');"
        "print(json.dumps([generate(json.loads(sys.argv[1]), rng) for _ in range(40)]))"
    )
    arguments = [sys.executable, "-c", program, json.dumps(MIXED)]
    told = subprocess.run(
        arguments, env={**os.environ, "PYTHONHASHSEED": "5"}, check=True, capture_output=True, text=True
    )

    assert many(MIXED) == json.loads(told.stdout)
    assert many(MIXED)[0] != many(MIXED)[1]


def test_neither_the_worlds_dice_nor_the_schema_are_touched():
    before, written = random.getstate(), json.dumps(MIXED)

    many(MIXED)

    assert before == random.getstate()
    assert written == json.dumps(MIXED)


def test_nothing_is_imported_that_a_server_without_texts_does_not_need():
    program = (
        "import sys; from mockserver.simulation.schemas import generate; sys.exit('faker' in sys.modules)"
    )

    assert 0 == subprocess.run([sys.executable, "-c", program], check=False).returncode


def test_a_usual_schema_is_filled_within_a_millisecond():
    class Order(BaseModel):
        name: str
        email: str
        quantity: Annotated[int, Field(ge=1)]
        price: float
        tags: list[str]
        status: Literal["open", "closed"]

    schema, rng = Order.model_json_schema(), dice()
    generate(schema, rng)

    def spent():
        start = time.process_time()
        for _ in range(10):
            generate(schema, rng)
        return (time.process_time() - start) / 10

    assert min(spent() for _ in range(20)) < 0.001
