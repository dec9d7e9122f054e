"""A schema is refused in the words of the API, at the place that is wrong, and only if something is."""

import pytest
from openai.lib._pydantic import to_strict_json_schema
from pydantic import BaseModel, Field

from mockserver.simulation.strict_schema import FORMATS, fault

TEXT = {"type": "string"}
ONE = {"$ref": "#/$defs/one"}
CLOSED = "'additionalProperties' is required to be supplied and to be false."
LOST = "reference can only point to definitions defined at the top level of the schema."
OPT_OUT = (
    "Consider reducing the number of enums, or opt out of structured outputs by setting 'strict: false'."
)
REQUIRED = "'required' is required to be supplied and to be an array including every key in properties."


def closed(properties, **more):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        **more,
    }


def without(keyword, schema):
    return {key: value for key, value in schema.items() if key != keyword}


def of_response(schema):
    return fault(schema, what="response_format 'math_response'")


def of_tool(schema, **options):
    return fault(schema, what="function 'get_weather'", **options)


def nested(levels):
    return closed({"a": nested(levels - 1)}) if levels > 1 else closed({"a": TEXT})


@pytest.mark.parametrize(
    ("words", "schema"),
    [
        (
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"array\"'.",
            {"type": "array", "items": TEXT},
        ),
        ("schema must be a JSON Schema of 'type: \"object\"', got 'type: \"string\"'.", TEXT),
        ("schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.", {}),
        (
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.",
            {"anyOf": [closed({})]},
        ),
        (
            "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
            closed({}, anyOf=[closed({})]),
        ),
        (
            f"In context=(), {CLOSED}",
            without("additionalProperties", closed({"x": TEXT})),
        ),
        (
            f"In context=(), {CLOSED}",
            closed({"x": TEXT}, additionalProperties=TEXT),
        ),
        (
            f"In context=('properties', 'x'), {CLOSED}",
            closed({"x": {"type": "object", "properties": {}}}),
        ),
        (
            f"In context=('properties', 'u', 'anyOf', '0'), {CLOSED}",
            closed({"u": {"anyOf": [{"type": "object", "properties": {"a": TEXT}}, TEXT]}}),
        ),
        (
            "In context=(), object schema missing properties.",
            {"type": "object", "additionalProperties": TEXT},
        ),
        (f"In context=(), {REQUIRED} Missing 'y'.", closed({"x": TEXT, "y": TEXT}, required=["x"])),
        (f"In context=(), {REQUIRED} Missing 'x'.", without("required", closed({"x": TEXT}))),
        (
            f"In context=(), {REQUIRED} Extra required key 'z' supplied.",
            closed({"x": TEXT}, required=["x", "z"]),
        ),
        (
            f"In context=('properties', 'organizations', 'items'), {REQUIRED} Missing 'roles'.",
            closed({"organizations": {"type": "array", "items": closed({"roles": TEXT}, required=[])}}),
        ),
        (
            f"In context=('$defs', 'one'), {REQUIRED} Missing 'y'.",
            closed({"x": ONE}, **{"$defs": {"one": closed({"y": TEXT}, required=[])}}),
        ),
        (
            "In context=('properties', 'data'), 'allOf' is not permitted.",
            closed({"data": {"allOf": [closed({})]}}),
        ),
        ("In context=('properties', 'pet'), 'oneOf' is not permitted.", closed({"pet": {"oneOf": [TEXT]}})),
        (
            "In context=('properties', 'ids'), 'uniqueItems' is not permitted.",
            closed({"ids": {"type": "array", "items": TEXT, "uniqueItems": True}}),
        ),
        (
            "In context=('properties', 'data'), 'propertyNames' is not permitted.",
            closed({"data": {"type": "object", "propertyNames": TEXT, "additionalProperties": TEXT}}),
        ),
        (
            "In context=('properties', 'a'), Unsupported keywords ('not',).",
            closed({"a": TEXT | {"not": {"const": "x"}}}),
        ),
        ("In context=('properties', 'ok'), schema must have a 'type' key.", closed({"ok": {"const": True}})),
        (
            "In context=('properties', 'any'), schema must have a 'type' key.",
            closed({"any": {"title": "Any"}}),
        ),
        ("In context=('properties', 'any'), schema must have a 'type' key.", closed({"any": True})),
        (
            "In context=('properties', 'objects'), array schema missing items.",
            closed({"objects": {"type": "array"}}),
        ),
        (
            "In context=('properties', 'url'), 'uri' is not a valid format.",
            closed({"url": TEXT | {"format": "uri"}}),
        ),
        (
            (
                "context=('properties', 'guide', 'anyOf', '1'), enum value javascript does not validate against "
                "{'type': 'null'}."
            ),
            closed({"guide": {"anyOf": [TEXT, {"type": "null", "enum": ["javascript"]}]}}),
        ),
        (
            "context=('properties', 'level'), enum value a does not validate against {'type': ['integer', 'null']}.",
            closed({"level": {"type": ["integer", "null"], "enum": [1, None, "a"]}}),
        ),
        (
            "context=('properties', 'labels'), $ref cannot have keywords {'description'}.",
            closed({"labels": ONE | {"description": "What it is."}}, **{"$defs": {"one": TEXT}}),
        ),
        (
            f"In context=('properties', 'y', 'items'), {LOST}",
            closed({"x": closed({}), "y": {"type": "array", "items": {"$ref": "#/properties/x"}}}),
        ),
        (
            f"In context=('properties', 'x'), {LOST}",
            closed({"x": ONE}),
        ),
        ("[] is not of type 'object', 'boolean'.", closed({"x": []})),
        ("None is not of type 'object', 'boolean'.", None),
        ("True is not of type 'array'.", closed({"x": TEXT | {"required": True}})),
        ("'text' is not valid under any of the given schemas.", closed({"x": {"type": "text"}})),
        ("'[' is not a 'regex'.", closed({"x": TEXT | {"pattern": "["}})),
        ("11 levels of nesting exceeds limit of 10.", nested(11)),
        ("6000 parameters exceeds limit of 5000.", closed({f"p{at}": TEXT for at in range(6000)})),
        (
            (
                "Expected at most 1000 enum values in total within a single schema when using structured outputs, but "
                f"received 1001. {OPT_OUT}"
            ),
            closed(
                {
                    "a": {"type": "integer", "enum": [*range(500)]},
                    "b": {"type": "integer", "enum": [*range(501)]},
                }
            ),
        ),
        (
            (
                "Expected at most 15000 total characters across enum values when there are more than 250 enum "
                f"values, but received 15060. {OPT_OUT}"
            ),
            closed({"a": TEXT | {"enum": [f"{at:060}" for at in range(251)]}}),
        ),
        (
            (
                "Expected at most 120000 total characters across property names, definition names, enum values "
                "and const values, but received 120001."
            ),
            closed({"a" * 60_000: TEXT | {"const": "b" * 60_001}}),
        ),
    ],
)
def test_a_schema_that_is_not_of_the_strict_subset_is_refused_in_the_words_of_the_api(words, schema):
    assert f"Invalid schema for response_format 'math_response': {words}" == of_response(schema)
    assert f"Invalid schema for function 'get_weather': {words}" == of_tool(schema)


def test_lookarounds_are_refused_in_words_of_their_own():
    pattern = {"type": "string", "pattern": r"^(?!\.)a"}
    schema = closed({"to": {"type": "array", "items": {"anyOf": [{"type": "null"}, pattern]}}})

    found = "$.properties.to.items.anyOf[1].pattern"
    assert f"Invalid JSON schema: regex lookaround is not supported. Found at {found}." == of_tool(schema)
    assert of_tool(closed({"a": TEXT | {"pattern": r"^\(?=(?:a)(?P<name>b)$"}})) is None


@pytest.mark.parametrize(
    "schema",
    [
        closed({}),
        closed(
            {"a": TEXT},
            title="A",
            description="It is.",
            **{"$schema": "https://json-schema.org/draft/2020-12/schema"},
        ),
        closed({"unit": {"type": ["string", "null"], "enum": ["F", "C", None]}}),
        closed({"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}),
        closed({"one": ONE}, **{"$defs": {"one": {"anyOf": [closed({"again": ONE}), {"type": "null"}]}}}),
        closed({"one": {"$ref": "#/definitions/one"}}, definitions={"one": TEXT}),
        closed({"n": {"type": "number", "minimum": 0, "exclusiveMaximum": 9, "multipleOf": 0.5}}),
        closed(
            {
                "s": TEXT
                | {"minLength": 2, "maxLength": 9, "pattern": "^[a-z]+$", "default": "x", "examples": ["y"]}
            }
        ),
        closed({"a": {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 2}}),
        closed({name: TEXT | {"format": name} for name in FORMATS}),
        closed({"c": TEXT | {"const": "x"}, "i": {"type": "integer", "enum": [1, 2]}}),
        closed({"properties": closed({"required": TEXT}), "not": TEXT, "oneOf": {"type": "integer"}}),
        nested(10),
        closed({f"p{at}": TEXT for at in range(5000)}),
        closed({"a": TEXT | {"enum": [f"{at:040}" for at in range(300)]}}),
        closed({"a": TEXT | {"enum": [f"{at:060}" for at in range(250)]}}),
    ],
)
def test_what_the_guide_allows_is_accepted(schema):
    assert of_response(schema) is None
    assert of_tool(schema, strict=False) is None


def test_the_first_fault_is_that_of_the_object_itself():
    inner = {"type": "object", "properties": {"b": TEXT}}
    schema = {"type": "object", "properties": {"a": inner}}

    assert "In context=(), 'additionalProperties'" in of_tool(schema)
    assert "In context=(), 'required'" in of_tool(schema | {"additionalProperties": False})
    assert "In context=('properties', 'a'), 'add" in of_tool(
        schema | {"additionalProperties": False, "required": ["a"]}
    )


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": TEXT}},
        {
            "type": "object",
            "properties": {"a": {"type": "object", "additionalProperties": TEXT}, "b": {}, "c": True},
        },
        {
            "type": "object",
            "properties": {"a": {"oneOf": [TEXT], "not": {"const": 1}}, "b": TEXT | {"format": "uri"}},
        },
        closed({"x": TEXT | {"pattern": "(?=a)"}}),
        nested(12),
    ],
)
def test_what_is_not_strict_may_be_any_schema_of_an_object(schema):
    assert of_tool(schema, strict=False) is None
    assert of_tool(schema) is not None


@pytest.mark.parametrize(
    ("words", "schema"),
    [
        ("In context=(), object schema missing properties.", {"type": "object"}),
        (
            "In context=('properties', 'a', 'items'), array schema missing items.",
            {"type": "object", "properties": {"a": {"type": "array", "items": {"type": ["array", "null"]}}}},
        ),
        ("'dict' is not valid under any of the given schemas.", {"type": "dict"}),
        ("[] is not of type 'object'.", {"type": "object", "properties": []}),
        ("schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.", {"properties": {}}),
        ("schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.", True),
    ],
)
def test_even_what_is_not_strict_must_be_a_schema_of_an_object_with_its_items_described(words, schema):
    assert f"Invalid schema for function 'get_weather': {words}" == of_tool(schema, strict=False)


def test_the_clients_own_conversion_of_a_model_is_accepted_where_the_model_is_of_the_subset():
    class Step(BaseModel):
        explanation: str = Field(description="Why.")
        substeps: list["Step"]

    class Answer(BaseModel):
        first: Step = Field(description="Described beside a reference.")
        final: str | None = None

    class Loose(BaseModel):
        counts: dict[str, int]

    assert of_response(to_strict_json_schema(Answer)) is None
    assert of_response(Answer.model_json_schema()) is not None
    assert of_response(to_strict_json_schema(Loose)) is not None
