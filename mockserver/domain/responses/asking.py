"""What a request asks of a model: its messages, the functions it may call, and which tools of the API's own.

Functions are strict unless they say that they are not: one whose parameters can be closed is closed, so that all of
them become mandatory; any other is not strict (official guide to function calling).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mockserver.domain.items import Item, to_messages
from mockserver.domain.models import Model
from mockserver.domain.responses.compaction import unfolded
from mockserver.domain.responses.request import CreateResponse
from mockserver.domain.responses.rules import LOGPROBS
from mockserver.domain.responses.shapes import ResponseTextParam, TextResponseFormatJsonSchema
from mockserver.domain.responses.tool_types import (
    CustomToolParam,
    FunctionTool,
    NamespaceToolParam,
    Tool,
    ToolChoice,
    ToolChoiceAllowed,
    ToolChoiceCustom,
    ToolChoiceFunction,
    ToolChoiceMCP,
    ToolChoiceTypes,
)
from mockserver.errors import responses as refusals
from mockserver.simulation import catalogue, transcript
from mockserver.simulation.messages import Ask, Function, Message
from mockserver.simulation.sampling import Sampling
from mockserver.simulation.strict_schema import fault

#: tools that have had several names
_ALSO_CALLED = {
    "web_search_2025_08_26": "web_search",
    "web_search_preview": "web_search",
    "web_search_preview_2025_03_11": "web_search",
    "computer_use": "computer",
    "computer_use_preview": "computer",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which functions and which of the API's own tools may be used (None: all), and whether one has to be."""

    functions: tuple[str, ...] | None = None
    own: tuple[str, ...] | None = None
    must: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a model, and which tools beside functions it may or must use to answer.

    `namespaces` tells where functions with one come from.
    """

    ask: Ask
    tools: Sequence[Tool]
    must_use: bool
    namespaces: Mapping[str, str]


def read(body: CreateResponse, model: Model, items: Sequence[Item]) -> Question:
    """Return what is asked about the items of a request. Raises ApiError 400 for tools and choices that cannot be.

    The tools of the body are settled: each function is strict or not from then on.
    """
    settle(body.tools)
    functions = offered(body.tools)
    choice = _choice(body.tool_choice, body.tools)
    own = [tool for tool in body.tools if choice.own is None or _plain(tool.type) in choice.own]
    callable_ = bool(functions) and choice.functions != ()
    messages = read_messages(body.instructions, items)
    if not messages:
        raise refusals.nothing_to_answer()
    if body.text.format.type == "json_object" and not _speak_of_json(messages):
        raise refusals.no_json_in_input()
    ask = Ask(
        messages,
        functions=functions,
        callable=choice.functions,
        must_call=choice.must and callable_,
        parallel=body.parallel_tool_calls,
        json=body.text.format.type == "json_object",
        schema=schema_of(body.text),
        limit=body.max_output_tokens,
        sampling=Sampling(body.temperature, body.top_p),
        logprobs=body.top_logprobs if LOGPROBS in body.include else None,
        effort=body.reasoning.effort,
    )
    if body.truncation == "auto":
        ask = _fitting(ask, model)
    namespaces = {
        inner.name: tool.name
        for tool in body.tools
        if isinstance(tool, NamespaceToolParam)
        for inner in tool.tools
    }
    return Question(ask, own, must_use=choice.must and not callable_, namespaces=namespaces)


def read_messages(instructions: str | None, items: Sequence[Item]) -> list[Message]:
    """Return what the model reads: the instructions, then the items."""
    told = [] if instructions is None else [Message("developer", instructions)]
    return told + to_messages(unfolded(items))


def schema_of(text: ResponseTextParam) -> dict[str, Any] | None:
    """Return the schema an answer has to fit."""
    return text.format.schema_ if isinstance(text.format, TextResponseFormatJsonSchema) else None


def settle(tools: Sequence[Tool]) -> None:
    """Decide which functions are strict. Raises ApiError 400 for a strict one whose parameters are not."""
    for index, function in _functions(tools):
        if function.parameters is None:
            function.strict = function.strict is not False
        elif function.strict:
            if sentence := fault(function.parameters, what=f"function '{function.name}'"):
                raise refusals.bad_function_schema(sentence, index)
        elif function.strict is None:
            closed = _closed(function.parameters)
            function.strict = fault(closed, what="") is None
            if function.strict:
                function.parameters = closed


def offered(tools: Sequence[Tool]) -> list[Function]:
    """Return the functions and custom tools that a model is told of. Raises ApiError 400 for two of one name."""
    found: dict[str, Function] = {}
    for tool in _flat(tools):
        if not isinstance(tool, FunctionTool | CustomToolParam):
            continue
        if tool.name in found:
            raise refusals.duplicate_tool(tool.name)
        about = tool.description or ""
        found[tool.name] = (
            Function(tool.name, about, tool.parameters)
            if isinstance(tool, FunctionTool)
            else Function(tool.name, about, custom=True)
        )
    return list(found.values())


def _functions(tools: Sequence[Tool]) -> Iterator[tuple[int, FunctionTool]]:
    for index, tool in enumerate(tools):
        for each in _flat([tool]):
            if isinstance(each, FunctionTool):
                yield index, each


def _flat(tools: Iterable[Tool]) -> Iterator[Tool]:
    for tool in tools:
        if isinstance(tool, NamespaceToolParam):
            yield from tool.tools
        else:
            yield tool


def _closed(schema: Any) -> Any:
    """Return a schema whose objects have all of their properties and no other, where it does not say otherwise."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
        closed["required"] = list(schema["properties"])
    return closed


def _choice(choice: ToolChoice, tools: Sequence[Tool]) -> Choice:
    """Return what a choice among tools means. Raises ApiError 400 for one that is not among them."""
    match choice:
        case "auto":
            return Choice()
        case "none":
            return Choice(functions=(), own=())
        case "required":
            if not tools:
                raise refusals.choice_without_tools()
            return Choice(must=True)
        case ToolChoiceFunction() | ToolChoiceCustom():
            return Choice((_name_of(choice, tools),), (), must=True)
        case ToolChoiceTypes() | ToolChoiceMCP():
            return Choice((), (_type_of(choice.type, tools),), must=True)
        case ToolChoiceAllowed():
            named = [tool for tool in choice.tools if tool.get("type") in {"function", "custom"}]
            own = [str(tool.get("type")) for tool in choice.tools if tool not in named]
            names = tuple(_found(str(tool.get("name")), str(tool.get("type")), tools) for tool in named)
            kinds = tuple(_type_of(kind, tools) for kind in own)
            return Choice(names, kinds, must=choice.mode == "required")


def _name_of(choice: ToolChoiceFunction | ToolChoiceCustom, tools: Sequence[Tool]) -> str:
    return _found(choice.name, choice.type, tools)


def _found(name: str, kind: str, tools: Sequence[Tool]) -> str:
    if not any(tool.type == kind and getattr(tool, "name", None) == name for tool in _flat(tools)):
        raise refusals.tool_not_offered(kind)
    return name


def _type_of(kind: str, tools: Sequence[Tool]) -> str:
    if not any(_plain(tool.type) == _plain(kind) for tool in tools):
        raise refusals.tool_not_offered(kind)
    return _plain(kind)


def _plain(kind: str) -> str:
    return _ALSO_CALLED.get(kind, kind)


def _speak_of_json(messages: Iterable[Message]) -> bool:
    return any("json" in message.text.lower() for message in messages)


def _fitting(ask: Ask, model: Model) -> Ask:
    """Return what is asked without the oldest messages that there is no room for; the last one stays."""
    known = catalogue.all_models().get(model.base)
    if known is None:
        return ask
    room = known.context - (ask.limit or 0)
    first = 1 if ask.messages[0].role == "developer" else 0
    while len(ask.messages) > first + 1 and transcript.read(ask, model.base)[1] > room:
        ask = replace(ask, messages=[*ask.messages[:first], *ask.messages[first + 1 :]])
    return ask
