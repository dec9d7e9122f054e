"""The body of POST /v1/responses. Whether a model does what it asks for is told in `rules.py`."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from mockserver.domain.item_types import SentItem
from mockserver.domain.items import IncludeEnum
from mockserver.domain.responses import shapes
from mockserver.domain.responses.shapes import (
    ContextManagementParam,
    Conversation,
    Prompt,
    Reasoning,
    ResponseStreamOptions,
    ResponseTextParam,
)
from mockserver.domain.responses.tool_types import Tool, ToolChoice
from mockserver.errors import responses as refusals
from mockserver.wire import RequestModel
from mockserver.wire_models import (
    Metadata,
    ModerationParam,
    PromptCacheOptionsParam,
    Temperature,
    TopP,
    only_for_streams,
)


class CreateResponse(RequestModel):
    """What to answer, and how."""

    metadata: Metadata = Field(default_factory=dict)
    top_logprobs: Annotated[int, Field(ge=0, le=20)] = 0
    temperature: Temperature = 1
    top_p: TopP = 1
    user: str | None = None
    safety_identifier: Annotated[str, Field(max_length=64)] | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    prompt_cache_options: PromptCacheOptionsParam | None = None
    previous_response_id: str | None = None
    model: str | None = None
    background: bool = False
    max_tool_calls: Annotated[int, Field(ge=1)] | None = None
    text: ResponseTextParam = Field(default_factory=ResponseTextParam)
    tools: list[Tool] = Field(default_factory=list)
    tool_choice: ToolChoice = "auto"
    prompt: Prompt | None = None
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"] = "auto"
    truncation: Literal["auto", "disabled"] = "disabled"
    reasoning: Reasoning = Field(default_factory=Reasoning)
    input: str | list[SentItem] | None = None
    include: list[IncludeEnum] = Field(default_factory=list)
    parallel_tool_calls: bool = True
    store: bool = True
    instructions: str | None = None
    moderation: ModerationParam | None = None
    stream: bool = False
    stream_options: Annotated[ResponseStreamOptions, AfterValidator(only_for_streams)] | None = None
    conversation: Conversation | None = None
    context_management: Annotated[list[ContextManagementParam], Field(min_length=1)] | None = None
    max_output_tokens: Annotated[int, Field(ge=16)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_no_chat(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and "messages" in sent:
            raise refusals.moved_to_input()
        return sent

    @property
    def conversation_id(self) -> str | None:
        """The conversation this is a turn of."""
        return shapes.conversation_id(self.conversation)
