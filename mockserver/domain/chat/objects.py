"""A chat completion as it is shown, named as in the official document, in the order of the wire."""

from typing import Any, Literal

from mockserver.domain.chat.messages import CalledFunction, ToolCall
from mockserver.wire import ResponseModel
from mockserver.wire_models import CompletionUsage

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "function_call"]


class TopLogprob(ResponseModel):
    """A likely token."""

    token: str
    logprob: float
    bytes: list[int] | None


class ChatCompletionTokenLogprob(ResponseModel):
    """A token with its log probability, and the likeliest in its place."""

    token: str
    logprob: float
    bytes: list[int] | None
    top_logprobs: list[TopLogprob]


class ChatCompletionLogprobs(ResponseModel):
    """The tokens of what was said, or of a refusal."""

    content: list[ChatCompletionTokenLogprob] | None
    refusal: list[ChatCompletionTokenLogprob] | None


class ChatCompletionAudio(ResponseModel):
    """A spoken answer: the sound in base64, and its words."""

    id: str
    data: str
    expires_at: int
    transcript: str


class ChatCompletionResponseMessage(ResponseModel):
    """What the model says."""

    role: Literal["assistant"]
    content: str | None
    tool_calls: list[ToolCall] | None = None
    function_call: CalledFunction | None = None
    refusal: str | None = None
    audio: ChatCompletionAudio | None = None
    annotations: list[dict[str, Any]] | None = None


class ChatCompletionChoice(ResponseModel):
    """One answer."""

    index: int
    message: ChatCompletionResponseMessage
    logprobs: ChatCompletionLogprobs | None = None
    finish_reason: FinishReason


class CreateChatCompletionResponse(ResponseModel):
    """A chat completion; a stored one tells its metadata as well."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChatCompletionChoice]
    usage: CompletionUsage
    service_tier: str | None = None
    system_fingerprint: str | None = None
    moderation: dict[str, Any] | None = None
    metadata: dict[str, str] | None = None
