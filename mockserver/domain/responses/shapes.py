"""What several requests about responses have in common, named as in the official document."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field

from mockserver.domain.chat.formats import ResponseFormatJsonObject, ResponseFormatText
from mockserver.wire import RequestModel
from mockserver.wire_models import FunctionName, ReasoningEffort, Verbosity

Json = dict[str, Any]


class Reasoning(RequestModel):
    """How a reasoning model thinks, and what it tells of that."""

    mode: str | None = None
    effort: ReasoningEffort | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None
    context: Literal["auto", "current_turn", "all_turns"] | None = None
    generate_summary: Literal["auto", "concise", "detailed"] | None = None

    @property
    def tells(self) -> bool:
        """Whether a summary is wanted, by either of its names."""
        return bool(self.summary or self.generate_summary)


class TextResponseFormatJsonSchema(RequestModel):
    """JSON that fits a schema; strict ones are of the subset that is always kept to."""

    type: Literal["json_schema"]
    description: str | None = None
    name: FunctionName
    schema_: Annotated[Json, Field(alias="schema")]
    strict: bool = False


class ResponseTextParam(RequestModel):
    """In which form the model answers, and at what length."""

    format: Annotated[
        ResponseFormatText | TextResponseFormatJsonSchema | ResponseFormatJsonObject, Discriminator("type")
    ] = Field(default_factory=lambda: ResponseFormatText(type="text"))
    verbosity: Verbosity = "medium"

    def told(self) -> Json:
        """Return it as a response tells it."""
        return {
            "format": self.format.model_dump(by_alias=True, exclude_none=True),
            "verbosity": self.verbosity,
        }


class Prompt(RequestModel):
    """A prompt that was written on the platform; here there are none."""

    id: str
    version: str | None = None
    variables: Json | None = None


class ConversationParam(RequestModel):
    """A conversation, by its id."""

    id: str


class ResponseStreamOptions(RequestModel):
    """How to stream. Obfuscation, which hides the length of tokens from the network, is not simulated."""

    include_obfuscation: bool = True


class ContextManagementParam(RequestModel):
    """When what went before is made small, in tokens."""

    type: Literal["compaction"]
    compact_threshold: Annotated[int, Field(ge=1000)] | None = None


Conversation = str | ConversationParam


def conversation_id(given: Conversation | None) -> str | None:
    """Return the id of a conversation, however it was given."""
    return given.id if isinstance(given, ConversationParam) else given
