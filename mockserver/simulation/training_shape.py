"""What one line of a training file may hold, and in which words the API refuses the rest.

The shapes are the official per-line ones: prompt/completion, chat, preference (DPO) and reinforcement. Words
seen in real refusals of 2023 to 2026: "is missing key", "contains an extra", "message contains an invalid
token", "At least one message must be from the assistant." and, for a message's role, those of pydantic 1, on
which the service seems to be built. Other faults of a message therefore speak pydantic 1 too (not verified).
"""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

Format = Literal["legacy", "completion", "chat", "preference", "reinforcement"]
"""`legacy` (`/v1/fine-tunes`) and `completion` (`babbage-002`, `davinci-002`) are prompt/completion pairs."""

_SPECIAL_TOKEN = re.compile(r"<\|(?:endoftext|endofprompt|fim_prefix|fim_middle|fim_suffix)\|>")

_PYDANTIC_1_WORDS = {
    "missing": "field required",
    "extra_forbidden": "extra fields not permitted",
    "string_type": "str type expected",
    "list_type": "value is not a valid list",
    "model_type": "value is not a valid dict",
    "model_attributes_type": "value is not a valid dict",
    "union_tag_not_found": "Discriminator 'role' is missing in value",
}


def _without_special_tokens(text: str) -> str:
    if found := _SPECIAL_TOKEN.search(text):
        raise PydanticCustomError(
            "invalid_token", "message contains an invalid token: {token}.", {"token": found[0]}
        )
    return text


def _has_answer(messages: list[Any]) -> list[Any]:
    if not any(isinstance(message, _Assistant) for message in messages):
        raise PydanticCustomError("no_answer", "At least one message must be from the assistant.")
    return messages


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


_Words = Annotated[str, AfterValidator(_without_special_tokens)]


class _TextPart(_Shape):
    type: Literal["text"]
    text: _Words


class _ImagePart(_Shape):
    type: Literal["image_url"]
    image_url: dict[str, Any]


class _FunctionCall(_Shape):
    name: str
    arguments: str


class _ToolCall(_Shape):
    id: str
    type: Literal["function"]
    function: _FunctionCall


class _System(_Shape):
    role: Literal["system", "developer"]
    content: _Words | list[_TextPart]
    name: str | None = None


class _User(_Shape):
    role: Literal["user"]
    content: _Words | list[_TextPart | _ImagePart]
    name: str | None = None


class _Assistant(_Shape):
    role: Literal["assistant"]
    content: _Words | list[_TextPart] | None = None
    refusal: str | None = None
    name: str | None = None
    tool_calls: list[_ToolCall] | None = None
    function_call: _FunctionCall | None = None
    weight: Literal[0, 1] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.content is None and not (self.tool_calls or self.function_call or self.refusal):
            raise PydanticCustomError(
                "no_content", "needs one of 'content', 'tool_calls' and 'function_call'"
            )
        return self


class _Tool(_Shape):
    role: Literal["tool"]
    content: _Words | list[_TextPart]
    tool_call_id: str


class _Function(_Shape):
    role: Literal["function"]
    content: _Words | None
    name: str


_Message = Annotated[_System | _User | _Assistant | _Tool | _Function, Field(discriminator="role")]
_Output = Annotated[_Assistant | _Tool, Field(discriminator="role")]


class _Pair(_Shape):
    prompt: str
    completion: Annotated[str, Field(min_length=1)]


class _Conversation(_Shape):
    messages: Annotated[list[_Message], Field(min_length=1)]
    tools: list[dict[str, Any]] | None = None
    functions: list[dict[str, Any]] | None = None
    parallel_tool_calls: bool | None = None


class _Chat(_Conversation):
    messages: Annotated[list[_Message], AfterValidator(_has_answer)]


class _Preference(_Shape):
    input: _Conversation
    preferred_output: Annotated[list[_Output], AfterValidator(_has_answer)]
    non_preferred_output: Annotated[list[_Output], AfterValidator(_has_answer)]


class _Reinforcement(_Conversation):
    """A conversation to continue; every further field is the grader's `item`."""

    model_config = ConfigDict(extra="allow", strict=True)


_SHAPES: dict[Format, type[_Shape]] = {
    "legacy": _Pair,
    "completion": _Pair,
    "chat": _Chat,
    "preference": _Preference,
    "reinforcement": _Reinforcement,
}


def fault(found: dict[str, Any], fmt: Format, number: int) -> str | None:
    """Say what is wrong with the example on line `number`, to follow "Invalid file format. "; or None."""
    try:
        _SHAPES[fmt].model_validate(found)
    except ValidationError as error:
        return _describe(error.errors(include_url=False)[0], number)
    return None


def _describe(error: ErrorDetails, number: int) -> str:
    kind, place = error["type"], error["loc"]
    words = _PYDANTIC_1_WORDS.get(kind, error["msg"])
    match kind, place:
        case "missing", (key,):
            return f"Example {number} is missing key '{key}'."
        case "extra_forbidden", (key,):
            return f'Example {number} contains an extra "{key!s:.80}".'
        case "invalid_token", _:
            return f"Example {number} {words}"
        case "union_tag_invalid", _:
            roles = ", ".join(sorted(error["ctx"]["expected_tags"].split(", ")))
            value = f"{error['input']['role']!r:.80}"
            words = f"No match for discriminator 'role' and value {value} (allowed values: {roles})"
    match place[1:] if place[0] == "input" and len(place) > 1 else place:
        case "messages", int(index), _, key, *_:
            return f'Example {number}, message {index + 1}, key "{key!s:.80}": {words}'
        case "messages", int(index), *_:
            return f"Example {number}, message {index + 1} {words}"
        case inner:
            return f'Example {number}, key "{inner[0]}": {words}'
