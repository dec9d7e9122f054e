"""The items conversations and responses are made of, named as in the official document: one typed dict each.

Each is what a caller may send, and what the API keeps and shows: an id and a status that were not sent are added then.
Only messages have a form to be sent in and one to be kept in.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, get_args

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    TypeAdapter,
)
from pydantic_core import CoreSchema, core_schema
from typing_extensions import TypedDict

from mockserver.domain.item_parts import (
    CallId,
    InputContent,
    Json,
    MessageContent,
    OutputMessageContent,
    ReasoningTextContent,
    Status,
    SummaryTextContent,
    Text,
    ToolOutputContent,
)
from mockserver.domain.item_tools import BuiltInTool

#: how items are checked: they have the fields they have, and no others
CLOSED = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
#: ids by whose beginning the API tells these items from others; `items.read_input` says so in its own words
MessageId = Annotated[str, Field(json_schema_extra={"pattern": "^msg"})]
FunctionCallId = Annotated[str, Field(json_schema_extra={"pattern": "^fc"})]
CustomCallId = Annotated[str, Field(json_schema_extra={"pattern": "^ctc"})]
ReasoningId = Annotated[str, Field(json_schema_extra={"pattern": "^rs"})]


#: whether the model speaks before it calls its tools or at the end; the document takes one from anybody
Phase = Literal["commentary", "final_answer"]


class InputMessage(TypedDict):
    """What somebody else than the model says."""

    type: NotRequired[Literal["message"] | None]
    id: NotRequired[MessageId | None]
    status: NotRequired[Status | None]
    role: Literal["user", "system", "developer"]
    content: Text | list[InputContent]
    phase: NotRequired[Phase | None]


class OutputMessage(TypedDict):
    """What the model says, or is said to have said."""

    type: NotRequired[Literal["message"] | None]
    id: NotRequired[MessageId | None]
    status: NotRequired[Status | None]
    role: Literal["assistant"]
    content: Text | list[OutputMessageContent]
    phase: NotRequired[Phase | None]


class Message(TypedDict):
    """A message of anybody, as it is kept."""

    type: Literal["message"]
    id: MessageId
    status: Status
    role: Literal["assistant", "system", "developer", "user"]
    content: list[MessageContent]
    phase: NotRequired[Phase]


class FunctionToolCall(TypedDict):
    """A function the model wants called."""

    type: Literal["function_call"]
    id: NotRequired[FunctionCallId | None]
    status: NotRequired[Status | None]
    call_id: CallId
    name: str
    arguments: str
    namespace: NotRequired[str | None]
    caller: NotRequired[Json | None]
    created_by: NotRequired[str | None]


class FunctionToolCallOutput(TypedDict):
    """What a function has returned."""

    type: Literal["function_call_output"]
    id: NotRequired[str | None]
    status: NotRequired[Status | None]
    call_id: CallId
    output: Text | list[ToolOutputContent]
    name: NotRequired[str | None]
    namespace: NotRequired[str | None]
    caller: NotRequired[Json | None]
    created_by: NotRequired[str | None]


class CustomToolCall(TypedDict):
    """A custom tool the model wants called, with any text."""

    type: Literal["custom_tool_call"]
    id: NotRequired[CustomCallId | None]
    status: NotRequired[Status | None]
    call_id: CallId
    name: str
    input: str
    namespace: NotRequired[str | None]
    caller: NotRequired[Json | None]
    created_by: NotRequired[str | None]


class CustomToolCallOutput(TypedDict):
    """What a custom tool has returned."""

    type: Literal["custom_tool_call_output"]
    id: NotRequired[str | None]
    status: NotRequired[Status | None]
    call_id: CallId
    output: Text | list[ToolOutputContent]
    caller: NotRequired[Json | None]
    created_by: NotRequired[str | None]


class ReasoningItem(TypedDict):
    """What a model thought, of which the summary and a sealed form are told."""

    type: Literal["reasoning"]
    id: ReasoningId
    summary: list[SummaryTextContent]
    content: NotRequired[list[ReasoningTextContent] | None]
    encrypted_content: NotRequired[str | None]
    status: NotRequired[Status | None]


class CompactionBody(TypedDict):
    """An earlier part of a conversation, made small and sealed."""

    type: Literal["compaction"]
    id: NotRequired[str | None]
    encrypted_content: Annotated[str, Field(max_length=20_971_520)]
    created_by: NotRequired[str | None]


class ItemReferenceParam(TypedDict):
    """An item the API already has, by its id."""

    type: NotRequired[Literal["item_reference"] | None]
    id: str


class CompactionTriggerItemParam(TypedDict):
    """A wish to have what went before made small; it is no item of its own."""

    type: Literal["compaction_trigger"]


#: what is not a message is kept as it is sent
_Other = (
    FunctionToolCall
    | FunctionToolCallOutput
    | CustomToolCall
    | CustomToolCallOutput
    | ReasoningItem
    | CompactionBody
    | BuiltInTool
)
#: an item as it is kept and shown
ConversationItem = Annotated[Message | _Other, Field(discriminator="type")]


def _form(item: Any) -> str | None:
    """Tell which form an item that is sent has; a message need not say that it is one, nor a reference."""
    if not isinstance(item, Mapping):
        return None
    match item.get("type"):
        case None if "role" not in item and "content" not in item and "id" in item:
            return "reference"
        case None | "message":
            return "assistant" if item.get("role") == "assistant" else "message"
        case "item_reference":
            return "reference"
        case "compaction_trigger":
            return "trigger"
    return "other"


#: an item as it may be sent
InputItem = Annotated[
    Annotated[InputMessage, Tag("message")]
    | Annotated[OutputMessage, Tag("assistant")]
    | Annotated[ItemReferenceParam, Tag("reference")]
    | Annotated[CompactionTriggerItemParam, Tag("trigger")]
    | Annotated[_Other, Field(discriminator="type"), Tag("other")],
    Discriminator(_form),
]


class _Described:
    """Tells the OpenAPI document of a form that something else checks; it is not built before somebody asks."""

    def __init__(self, form: Any) -> None:
        self.form = form

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Take anything."""
        return core_schema.any_schema()

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the form."""
        return handler(TypeAdapter(self.form, config=CLOSED).core_schema)


#: an item that `items.read_input` is to check
SentItem = Annotated[dict[str, Any], _Described(InputItem)]
#: an item that it has checked
KeptItem = Annotated[dict[str, Any], _Described(ConversationItem)]

ROLES = ("assistant", "system", "developer", "user")
#: every type that can be sent, in the order the API lists them in
KINDS = tuple(
    sorted(
        {"message", "item_reference", "compaction_trigger"}
        | {get_args(form.__annotations__["type"])[0] for form in get_args(_Other)}
    )
)
