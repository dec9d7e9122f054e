"""How a request that does not fit is refused, sentence by sentence, in both eras."""

from enum import StrEnum
from typing import Annotated, Any, Literal

import jsonschema
import pytest
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from mockserver.wording import Refusal, explain


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Detail(StrEnum):
    low = "low"
    high = "high"


class TextPart(Strict):
    type: Literal["text"]
    text: str


class ImagePart(Strict):
    type: Literal["image_url"]
    image_url: str
    detail: Detail = Field(Detail.low, strict=False)


class User(Strict):
    role: Literal["user"]
    content: str | list[TextPart | ImagePart]

    @model_validator(mode="before")
    @classmethod
    def _null_means_absent(cls, data: Any) -> Any:
        return {k: v for k, v in data.items() if v is not None} if isinstance(data, dict) else data


class Assistant(Strict):
    role: Literal["assistant"]
    content: str | None = None


class System(Strict):
    role: Literal["system"]
    content: str


class Hyperparameters(Strict):
    n_epochs: Literal["auto"] | Annotated[int, Field(ge=1, le=50)] = "auto"


class Supervised(Strict):
    hyperparameters: Hyperparameters


class SupervisedMethod(Strict):
    type: Literal["supervised"]
    supervised: Supervised


class DpoMethod(Strict):
    type: Literal["dpo"]
    dpo: dict[str, Any]


Prompt = str | list[str] | list[int] | list[list[int]]
NonEmpty = Annotated[str, Field(min_length=1)]


class Sample(Strict):
    """One field for each way to be wrong."""

    model: str
    prompt: Prompt = ""
    suffix: str = Field("", max_length=64)
    user: str = Field("someone", min_length=1)
    code: str = Field("abc", min_length=3)
    name: str = Field("f", pattern="^[a-z]+$")
    n: int = Field(1, ge=1, le=128)
    temperature: float = Field(1, ge=0, le=2, allow_inf_nan=False)
    scale: float = Field(1, gt=0, lt=10)
    echo: bool = False
    stop: str | Annotated[list[str], Field(max_length=4)] = ""
    names: NonEmpty | list[NonEmpty] = "x"
    messages: list[User | Assistant | System] = Field(default=[{"role": "user", "content": ""}], min_length=1)
    turns: list[Annotated[User | Assistant, Field(discriminator="role")]] = []
    pair: list[int] = Field([1, 2], min_length=2)
    size: Literal["256x256", "512x512", "1024x1024"] = "256x256"
    truncation: Literal["auto", "disabled"] = "auto"
    kind: Literal["list"] = "list"
    bits: Literal[8, 16] = 8
    tool_choice: Literal["none", "auto", "required"] | DpoMethod = "auto"
    method: Annotated[SupervisedMethod | DpoMethod, Field(discriminator="type")] | None = None
    metadata: dict[Annotated[str, Field(max_length=8)], str] = Field({}, max_length=2)
    options: dict[str, int] = Field({"a": 1}, min_length=1)
    even: int = Field(2, multiple_of=2)
    ours: str = ""

    @field_validator("ours")
    @classmethod
    def _refuses_no(cls, value: str) -> str:
        if value == "no":
            raise ValueError("best_of must be greater than n")
        return value


def errors_of(sent):
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate(sent)
    return caught.value.errors()


def from_fastapi(errors, source):
    located = [{**error, "loc": (source, *error["loc"])} for error in errors]
    return RequestValidationError(located).errors()


def modern(**sent):
    sent = {"model": "davinci"} | sent
    return explain(errors_of(sent), era="modern", body=sent)


def of_2023(**sent):
    sent = {"model": "davinci"} | sent
    return explain(errors_of(sent), era="2023", body=sent)


WRONG_TYPES = [
    ({"model": 3}, "'model': expected a string, but got an integer"),
    ({"suffix": None}, "'suffix': expected a string, but got null"),
    ({"n": "2"}, "'n': expected an integer, but got a string"),
    ({"n": 1.5}, "'n': expected an integer, but got a decimal number"),
    ({"n": True}, "'n': expected an integer, but got a boolean"),
    ({"temperature": "hot"}, "'temperature': expected a decimal, but got a string"),
    ({"echo": "yes"}, "'echo': expected a boolean, but got a string"),
    ({"pair": {}}, "'pair': expected an array, but got an object"),
    ({"metadata": []}, "'metadata': expected an object, but got an array"),
    ({"metadata": {"k": 7}}, "'metadata.k': expected a string, but got an integer"),
    ({"truncation": {}}, "'truncation': expected one of 'auto' or 'disabled', but got an object"),
    ({"bits": "x"}, "'bits': expected one of 8 or 16, but got a string"),
    ({"messages": ["ping"]}, "'messages[0]': expected an object, but got a string"),
    ({"turns": [3]}, "'turns[0]': expected an object, but got an integer"),
    ({"turns": [{"role": 3}]}, "'turns[0].role': expected one of 'user' or 'assistant', but got an integer"),
]


@pytest.mark.parametrize(("sent", "sentence"), WRONG_TYPES)
def test_a_wrong_type_names_the_type_asked_for_and_the_type_sent(sent, sentence):
    param = sentence.split("'")[1]
    assert Refusal(f"Invalid type for {sentence} instead.", param, "invalid_type") == modern(**sent)


UNIONS = [
    ({"stop": 5}, "'stop': expected one of a string or array of strings, but got an integer"),
    (
        {"prompt": {}},
        (
            "'prompt': expected one of a string, array of strings, array of integers, "
            "or array of integer arrays, but got an object"
        ),
    ),
    (
        {"messages": [{"role": "user", "content": 7}]},
        "'messages[0].content': expected one of a string or array of objects, but got an integer",
    ),
    (
        {"tool_choice": 7},
        "'tool_choice': expected one of one of 'none', 'auto', or 'required' or object, but got an integer",
    ),
    ({"prompt": [True]}, "'prompt[0]': expected one of a string, integer, or array, but got a boolean"),
    ({"prompt": ["a", 1]}, "'prompt[1]': expected one of a string or array, but got an integer"),
    ({"prompt": [[1], ["x"]]}, "'prompt[1][0]': expected an integer, but got a string"),
]


@pytest.mark.parametrize(("sent", "sentence"), UNIONS)
def test_alternatives_that_all_have_another_type_are_told_in_one_sentence(sent, sentence):
    param = sentence.split("'")[1]
    assert Refusal(f"Invalid type for {sentence} instead.", param, "invalid_type") == modern(**sent)


BOUNDS = [
    ({"n": 129}, "'n': integer above maximum value. Expected a value <= 128, but got 129"),
    ({"n": 0}, "'n': integer below minimum value. Expected a value >= 1, but got 0"),
    ({"temperature": 2.5}, "'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5"),
    ({"temperature": -2}, "'temperature': decimal below minimum value. Expected a value >= 0, but got -2"),
    ({"scale": 0}, "'scale': decimal below minimum value. Expected a value > 0, but got 0"),
    ({"scale": 10}, "'scale': decimal above maximum value. Expected a value < 10, but got 10"),
]


@pytest.mark.parametrize(("sent", "sentence"), BOUNDS)
def test_a_number_out_of_bounds_is_told_with_its_bound(sent, sentence):
    _, param, words = sentence.split("'")
    code = words.split(" value.")[0].strip(": ").replace(" ", "_").replace("imum", "") + "_value"
    assert Refusal(f"Invalid {sentence} instead.", param, code) == modern(**sent)


LENGTHS = [
    (
        {"suffix": "x" * 70},
        ("string too long", "a string with maximum length 64", "a string with length 70"),
        "string_above_max_length",
    ),
    (
        {"user": ""},
        ("empty string", "a string with minimum length 1", "an empty string"),
        "empty_string",
    ),
    (
        {"code": "a"},
        ("string too short", "a string with minimum length 3", "a string with length 1"),
        "string_below_min_length",
    ),
    (
        {"stop": ["a"] * 5},
        ("array too long", "an array with maximum length 4", "an array with length 5"),
        "array_above_max_length",
    ),
    (
        {"messages": []},
        ("empty array", "an array with minimum length 1", "an empty array"),
        "empty_array",
    ),
    (
        {"pair": [1]},
        ("array too short", "an array with minimum length 2", "an array with length 1"),
        "array_below_min_length",
    ),
    (
        {"metadata": {"a": "", "b": "", "c": ""}},
        ("too many properties", "an object with at most 2 properties", "an object with 3 properties"),
        "object_above_max_properties",
    ),
    (
        {"options": {}},
        ("too few properties", "an object with at least 1 properties", "an object with 0 properties"),
        "object_below_min_properties",
    ),
]


@pytest.mark.parametrize(("sent", "words", "code"), LENGTHS)
def test_a_wrong_length_is_told_with_the_length_allowed_and_the_length_sent(sent, words, code):
    (param,), (fault, allowed, actual) = sent, words
    message = f"Invalid '{param}': {fault}. Expected {allowed}, but got {actual} instead."
    assert Refusal(message, param, code) == modern(**sent)


def test_an_item_is_told_with_its_place():
    assert modern(names=["a", ""]).param == "names[1]"


def test_a_key_that_is_too_long_is_told_by_its_ends():
    assert Refusal(
        "Invalid property name in 'metadata': 'kkk...kkk' is too long. "
        "Expected a string with maximum length 8, but got a string with length 9 instead.",
        f"metadata.{'k' * 9}",
        "property_name_above_max_length",
    ) == modern(metadata={"k" * 9: "v"})


CHOICES = [
    ({"truncation": "x"}, "truncation", "'x'. Supported values are: 'auto' and 'disabled'."),
    ({"size": ""}, "size", "''. Supported values are: '256x256', '512x512', and '1024x1024'."),
    ({"kind": "text"}, "kind", "'text'. Value must be 'list'."),
    (
        {"method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": "x"}}}},
        "method.supervised.hyperparameters.n_epochs",
        "'x'. Value must be an integer or 'auto'.",
    ),
    ({"bits": 9}, "bits", "9. Supported values are: 8 and 16."),
    ({"tool_choice": "x"}, "tool_choice", "'x'. Supported values are: 'none', 'auto', and 'required'."),
    (
        {"messages": [{"role": "bogus", "content": "ping"}]},
        "messages[0].role",
        "'bogus'. Supported values are: 'user', 'assistant', and 'system'.",
    ),
    (
        {"turns": [{"role": "bogus"}]},
        "turns[0].role",
        "'bogus'. Supported values are: 'user' and 'assistant'.",
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "bogus"}]}]},
        "messages[0].content[0].type",
        "'bogus'. Supported values are: 'text' and 'image_url'.",
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "", "detail": "x"}]}]},
        "messages[0].content[0].detail",
        "'x'. Supported values are: 'low' and 'high'.",
    ),
]


@pytest.mark.parametrize(("sent", "param", "sentence"), CHOICES)
def test_a_value_outside_an_enumeration_is_told_with_all_that_are_in_it(sent, param, sentence):
    assert Refusal(f"Invalid value: {sentence}", param, "invalid_value") == modern(**sent)


ABSENT = [
    ({"messages": [{"content": "ping"}]}, "messages[0].role"),
    ({"messages": [{"role": "system"}]}, "messages[0].content"),
    ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content[0].text"),
    ({"turns": [{}]}, "turns[0].role"),
    ({"turns": [{"role": "user"}]}, "turns[0].content"),
    ({"turns": [{"role": "user", "content": None, "name": None}]}, "turns[0].content"),
    ({"turns": [{"role": "user", "user": {}}]}, "turns[0].content"),
    ({"tool_choice": {"type": "dpo"}}, "tool_choice.dpo"),
    ({"method": {"type": "supervised"}}, "method.supervised"),
    ({"method": {"type": "supervised", "supervised": {}}}, "method.supervised.hyperparameters"),
]


@pytest.mark.parametrize(("sent", "param"), ABSENT)
def test_a_missing_parameter_is_named_with_its_path(sent, param):
    message = f"Missing required parameter: '{param}'."
    assert Refusal(message, param, "missing_required_parameter") == modern(**sent)


UNKNOWN = [
    ({"foo": 1}, "foo"),
    ({"messages": [{"role": "user", "content": "", "id": "x"}]}, "messages[0].id"),
    ({"turns": [{"role": "user", "content": "", "user": "x"}]}, "turns[0].user"),
    ({"method": {"type": "dpo", "dpo": {}, "extra": 1}}, "method.extra"),
    ({"str": 1}, "str"),
]


@pytest.mark.parametrize(("sent", "param"), UNKNOWN)
def test_an_unknown_parameter_is_named_with_its_path(sent, param):
    assert Refusal(f"Unknown parameter: '{param}'.", param, "unknown_parameter") == modern(**sent)


def test_a_string_that_does_not_match_is_told_with_the_pattern():
    assert Refusal(
        "Invalid 'name': string does not match pattern. "
        "Expected a string that matches the pattern '^[a-z]+$'.",
        "name",
        "invalid_value",
    ) == modern(name="A!")


def test_an_alternative_leaves_no_trace_in_the_path():
    deep = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 99}}}
    param = "method.supervised.hyperparameters.n_epochs"
    assert Refusal(
        f"Invalid '{param}': integer above maximum value. Expected a value <= 50, but got 99 instead.",
        param,
        "integer_above_max_value",
    ) == modern(method=deep)


def test_a_null_is_named_whether_the_body_is_known_or_not():
    sent = {"model": "m", "suffix": None}
    assert explain(errors_of(sent), era="modern").param == "suffix"
    assert explain(from_fastapi(errors_of(sent), "query"), era="modern", body=sent).param == "suffix"


def test_without_the_body_alternatives_that_look_like_types_still_leave_no_trace():
    errors = errors_of({"model": "m", "messages": [{"role": "user", "content": [{"type": "text"}]}]})
    assert explain(errors, era="modern").param == "messages[0].content[0].text"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"even": 3}, "Invalid value for 'even': must be a multiple of 2."),
        ({"temperature": float("nan")}, "Invalid value for 'temperature': must be a finite number."),
    ],
)
def test_any_other_fault_is_told_as_the_rule_it_breaks(sent, message):
    assert Refusal(message, next(iter(sent)), None) == modern(**sent)


def test_a_rule_of_ours_speaks_for_itself_in_both_eras():
    message = "best_of must be greater than n"
    assert Refusal(message, "ours", None) == modern(ours="no")
    assert Refusal(message, None, None) == of_2023(ours="no")


def test_a_body_that_is_no_object_has_no_param():
    errors = from_fastapi(errors_of([]), "body")
    message = "Invalid type for the request body: expected an object, but got an array instead."
    assert Refusal(message, None, "invalid_type") == explain(errors, era="modern", body=[])
    assert Refusal("[] is not of type 'object'", None, None) == explain(errors, era="2023", body=[])


def test_no_body_at_all_is_a_missing_one():
    absent = [{"type": "missing", "loc": ("body",), "msg": "Field required", "input": None}]
    told = explain(absent, era="modern")
    expected = Refusal("Missing required parameter: the request body.", None, "missing_required_parameter")
    assert expected == told


def test_a_missing_parameter_comes_before_an_unknown_one_and_that_before_all_else():
    assert explain(errors_of({"n": "x", "foo": 1}), era="modern").param == "model"
    assert modern(n="x", foo=1).param == "foo"
    assert modern(temperature="x", n="x", messages=[{}]).param == "n"


@pytest.mark.parametrize("source", ["body", "query", "path"])
def test_where_fastapi_found_a_value_is_no_part_of_its_name(source):
    errors = errors_of({"model": "m", "n": 0})
    assert explain(errors, era="modern") == explain(from_fastapi(errors, source), era="modern")
    assert explain(errors, era="2023") == explain(from_fastapi(errors, source), era="2023")


@pytest.mark.parametrize(
    ("kind", "sent", "context", "modern_message", "message_of_2023"),
    [
        (
            "int_parsing",
            "abc",
            {},
            "Invalid type for 'limit': expected an integer, but got a string instead.",
            "'abc' is not of type 'integer' - 'limit'",
        ),
        (
            "greater_than_equal",
            "0",
            {"ge": 1},
            "Invalid 'limit': integer below minimum value. Expected a value >= 1, but got 0 instead.",
            "0 is less than the minimum of 1 - 'limit'",
        ),
    ],
)
def test_a_query_parameter_is_text_but_told_as_the_number_it_stands_for(
    kind, sent, context, modern_message, message_of_2023
):
    errors = [{"type": kind, "loc": ("query", "limit"), "msg": "", "input": sent, "ctx": context}]
    assert modern_message == explain(errors, era="modern").message
    assert message_of_2023 == explain(errors, era="2023").message


OF_2023 = [
    ({"temperature": -2.5}, "-2.5 is less than the minimum of 0 - 'temperature'"),
    ({"temperature": 3}, "3 is greater than the maximum of 2 - 'temperature'"),
    ({"suffix": None}, "None is not of type 'string' - 'suffix'"),
    ({"temperature": "x"}, "'x' is not of type 'number' - 'temperature'"),
    ({"messages": []}, "[] is too short - 'messages'"),
    ({"size": "x"}, "'x' is not one of ['256x256', '512x512', '1024x1024'] - 'size'"),
    (
        {"messages": [{"role": "", "content": ""}]},
        "'' is not one of ['user', 'assistant', 'system'] - 'messages.0.role'",
    ),
    ({"turns": [{"role": "user"}]}, "'content' is a required property - 'turns.0'"),
    ({"turns": [{"role": ""}]}, "'' is not one of ['user', 'assistant'] - 'turns.0.role'"),
    (
        {"turns": [{"role": "assistant", "id": ""}]},
        "Additional properties are not allowed ('id' was unexpected) - 'turns.0'",
    ),
    (
        {"turns": [{"role": "assistant", "refusal": 1, "parsed": 1}]},
        "Additional properties are not allowed ('refusal', 'parsed' were unexpected) - 'turns.0'",
    ),
    ({"names": [""]}, "[''] is not valid under any of the given schemas - 'names'"),
    (
        {"turns": [{"role": "user", "content": 4}]},
        "4 is not valid under any of the given schemas - 'turns.0.content'",
    ),
    ({"foo": 1}, "Unrecognized request argument supplied: foo"),
    (
        {"functions": 1, "function_call": 1},
        "Unrecognized request arguments supplied: function_call, functions",
    ),
    (
        {"metadata": {"a": "", "b": "", "c": ""}},
        "{'a': '', 'b': '', 'c': ''} has too many properties - 'metadata'",
    ),
    ({"options": {}}, "{} does not have enough properties - 'options'"),
    (
        {"even": 3},
        (
            "'$.even' is invalid. "
            "Please check the API reference: https://platform.openai.com/docs/api-reference."
        ),
    ),
]


@pytest.mark.parametrize(("sent", "message"), OF_2023)
def test_in_2023_the_sentence_is_all_there_is(sent, message):
    assert Refusal(message, None, None) == of_2023(**sent)


def test_in_2023_a_missing_model_has_a_sentence_of_its_own():
    assert explain(errors_of({}), era="2023").message == "you must provide a model parameter"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-200, 200)
    | st.floats(allow_nan=False, width=16)
    | st.text("ab-É", max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "content", "type", "text", "supervised", "str", "Éa-b"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from([*Sample.model_fields, "foo", "str", "Text"]), JSON, max_size=4)

#: the same rules in JSON Schema, for what python-jsonschema says today as it did in 2023
SCHEMA = {
    "n": {"type": "integer", "minimum": 1, "maximum": 128},
    "echo": {"type": "boolean"},
    "suffix": {"type": "string", "maxLength": 64},
    "name": {"type": "string", "pattern": "^[a-z]+$"},
    "scale": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 10},
    "size": {"enum": ["256x256", "512x512", "1024x1024"]},
    "stop": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "maxItems": 4}]},
}


@given(st.sampled_from(sorted(SCHEMA)), JSON)
def test_the_words_of_2023_are_those_of_python_jsonschema(name, value):
    fault = next(jsonschema.Draft202012Validator(SCHEMA[name]).iter_errors(value), None)
    if fault and not (name == "n" and isinstance(value, float)):
        place = ".".join([name, *map(str, fault.absolute_path)])
        assert f"{fault.message} - '{place}'" == of_2023(**{name: value}).message


def errors_in(body):
    try:
        Sample.model_validate(body)
    except ValidationError as wrong:
        return wrong.errors()
    return []


@given(BODIES.filter(errors_in), st.booleans())
def test_whatever_is_wrong_is_told_in_a_sentence(body, is_body_known):
    errors = errors_in(body)
    assert explain(errors, era="2023", body=body if is_body_known else None).message
    assert explain(errors, era="modern", body=body if is_body_known else None).message


@given(BODIES.filter(errors_in))
def test_the_param_leads_to_something_that_was_sent_or_is_missing(body):
    told = explain(errors_in(body), era="modern", body=body)
    *place, name = told.param.replace("[", ".").replace("]", "").split(".")
    for step in place:
        body = body[int(step) if isinstance(body, list) else step]
    if isinstance(body, list):
        assert int(name) < len(body)
    else:
        assert (name in body) == (told.code != "missing_required_parameter")
