"""What a chat may call: tools, their choice, and the functions of 2023, as sent and as the model is told of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field

from mockserver.errors import chat as refusals
from mockserver.simulation.messages import NO_PARAMETERS, Function
from mockserver.simulation.strict_schema import fault
from mockserver.wire import RequestModel
from mockserver.wire_models import FunctionName, FunctionParameters

Chosen = Literal["function", "custom"]


class FunctionObject(RequestModel):
    """A function, described for the model."""

    description: str | None = None
    name: FunctionName
    parameters: FunctionParameters | None = None
    strict: bool = False


class ChatCompletionTool(RequestModel):
    """A function as a tool."""

    type: Literal["function"]
    function: FunctionObject


class TextFormat(RequestModel):
    """Any text."""

    type: Literal["text"]


class Grammar(RequestModel):
    """A grammar for what a custom tool is given; the mock does not follow it."""

    definition: str
    syntax: Literal["lark", "regex"]


class GrammarFormat(RequestModel):
    """Text of a grammar."""

    type: Literal["grammar"]
    grammar: Grammar


class CustomTool(RequestModel):
    """A tool that is given text, described for the model."""

    name: FunctionName
    description: str | None = None
    format: Annotated[TextFormat | GrammarFormat, Discriminator("type")] | None = None


class CustomToolChatCompletions(RequestModel):
    """A custom tool."""

    type: Literal["custom"]
    custom: CustomTool


class ChatCompletionFunctions(RequestModel):
    """A function in the words of 2023."""

    description: str | None = None
    name: FunctionName
    parameters: FunctionParameters | None = None


class Named(RequestModel):
    """What is to be called."""

    name: str


class ChatCompletionNamedToolChoice(RequestModel):
    """A function that has to be called."""

    type: Literal["function"]
    function: Named


class ChatCompletionNamedToolChoiceCustom(RequestModel):
    """A custom tool that has to be called."""

    type: Literal["custom"]
    custom: Named


class ChatCompletionAllowedTools(RequestModel):
    """Tools that may be called, or of which one has to be."""

    mode: Literal["auto", "required"]
    tools: list[dict[str, Any]]


class ChatCompletionAllowedToolsChoice(RequestModel):
    """Some of the tools."""

    type: Literal["allowed_tools"]
    allowed_tools: ChatCompletionAllowedTools


class ChatCompletionFunctionCallOption(RequestModel):
    """A function that has to be called, in the words of 2023."""

    name: str


Tool = Annotated[ChatCompletionTool | CustomToolChatCompletions, Discriminator("type")]
Tools = Annotated[list[Tool], Field(min_length=1, max_length=128)]
Functions = Annotated[list[ChatCompletionFunctions], Field(min_length=1, max_length=128)]
ChatCompletionToolChoiceOption = (
    Literal["none", "auto", "required"]
    | Annotated[
        ChatCompletionAllowedToolsChoice
        | ChatCompletionNamedToolChoice
        | ChatCompletionNamedToolChoiceCustom,
        Discriminator("type"),
    ]
)
FunctionCallOption = Literal["none", "auto"] | ChatCompletionFunctionCallOption


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the offered functions may be called (None: all of them), and whether one has to be.

    A function that is `named` is called because the caller says so, not because the model thinks so.
    """

    callable: tuple[str, ...] | None = None
    must_call: bool = False
    named: bool = False


def offered(
    tools: Sequence[Tool] | None, functions: Sequence[ChatCompletionFunctions] | None
) -> list[Function]:
    """Return what a model may call. Raises ApiError 400 for a strict function with a schema that is not."""
    found: list[Function] = []
    for index, tool in enumerate(tools or ()):
        if isinstance(tool, CustomToolChatCompletions):
            found.append(Function(tool.custom.name, tool.custom.description or "", custom=True))
            continue
        function = tool.function
        schema = function.parameters or NO_PARAMETERS
        if sentence := fault(schema, what=f"function '{function.name}'", strict=bool(function.strict)):
            raise refusals.bad_schema(sentence, f"tools[{index}].function.parameters")
        found.append(Function(function.name, function.description or "", function.parameters))
    found += [Function(each.name, each.description or "", each.parameters) for each in functions or ()]
    return found


def choice_of_tools(choice: ChatCompletionToolChoiceOption | None, tools: Sequence[Function]) -> Choice:
    """Return what a `tool_choice` among some tools means. Raises ApiError 400 for one that is not among them."""
    match choice:
        case None | "auto":
            return Choice()
        case "none":
            return Choice(callable=())
        case "required":
            return Choice(must_call=True)
        case ChatCompletionAllowedToolsChoice(allowed_tools=allowed):
            return _allowed(allowed, tools)
        case ChatCompletionNamedToolChoice(function=named):
            return _named("function", named.name, tools, "tool_choice", "tools")
        case ChatCompletionNamedToolChoiceCustom(custom=named):
            return _named("custom", named.name, tools, "tool_choice", "tools")


def choice_of_functions(choice: FunctionCallOption | None, functions: Sequence[Function]) -> Choice:
    """Return what a `function_call` among some functions means. Raises ApiError 400 for one that cannot be."""
    if choice is not None and not functions:
        raise refusals.only_when_specified("function_call", "functions")
    if choice is None or choice == "auto":
        return Choice()
    if choice == "none":
        return Choice(callable=())
    return _named("function", choice.name, functions, "function_call", "functions")


def _allowed(allowed: ChatCompletionAllowedTools, tools: Sequence[Function]) -> Choice:
    names = []
    for tool in allowed.tools:
        kind: Chosen = "custom" if tool.get("type") == "custom" else "function"
        about = tool.get(kind)
        name = about.get("name") if isinstance(about, dict) else tool.get("name")
        names.append(str(name))
        _named(kind, str(name), tools, "tool_choice", "tools")
    return Choice(tuple(names), must_call=allowed.mode == "required")


def _named(kind: Chosen, name: str, offers: Sequence[Function], param: str, others: str) -> Choice:
    if not any(each.name == name and each.custom == (kind == "custom") for each in offers):
        raise refusals.not_among(param, "function" if kind == "function" else "custom tool", name, others)
    return Choice((name,), must_call=True, named=True)
