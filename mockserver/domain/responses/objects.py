"""A response as the API shows it: plain JSON, of which `Response` is the description.

The fields stand in the order seen on the wire. `begun` is how a response looks before there is an answer in it.
"""

from typing import Any, Literal

from mockserver.domain.item_types import KeptItem
from mockserver.domain.models import Model
from mockserver.domain.responses.request import CreateResponse
from mockserver.domain.responses.shapes import conversation_id
from mockserver.domain.responses.tool_types import told
from mockserver.simulation.thinking import effort_of, is_reasoning
from mockserver.wire import ResponseModel

Json = dict[str, Any]
Status = Literal["completed", "failed", "in_progress", "cancelled", "queued", "incomplete"]

#: how service tiers are told; those that are not here are the account's own, which is the default
TIERS = {
    "flex": "flex",
    "priority": "priority",
    "fast": "priority",
    "scale": "scale",
    "ultrafast": "ultrafast",
}


class InputTokensDetails(ResponseModel):
    """What kinds of tokens an input has."""

    cached_tokens: int
    cache_write_tokens: int


class OutputTokensDetails(ResponseModel):
    """What the tokens of an output were spent on."""

    reasoning_tokens: int


class ResponseUsage(ResponseModel):
    """What a response cost, in tokens."""

    input_tokens: int
    input_tokens_details: InputTokensDetails
    output_tokens: int
    output_tokens_details: OutputTokensDetails
    total_tokens: int


class ResponseError(ResponseModel):
    """Why there is no answer."""

    code: str
    message: str


class IncompleteDetails(ResponseModel):
    """Why there is only a part of an answer."""

    reason: Literal["max_output_tokens", "content_filter"]


class ResponseConversation(ResponseModel):
    """The conversation a response is a turn of."""

    id: str


class Response(ResponseModel):
    """A response."""

    id: str
    object: Literal["response"] = "response"
    created_at: int
    status: Status
    background: bool
    completed_at: int | None
    conversation: ResponseConversation | None = None
    error: ResponseError | None
    incomplete_details: IncompleteDetails | None
    instructions: str | None
    max_output_tokens: int | None
    max_tool_calls: int | None
    model: str
    output: list[KeptItem]
    parallel_tool_calls: bool
    previous_response_id: str | None
    prompt_cache_key: str | None
    prompt_cache_retention: str | None
    reasoning: Json
    safety_identifier: str | None
    service_tier: str
    store: bool
    temperature: float
    text: Json
    tool_choice: str | Json
    tools: list[Json]
    top_logprobs: int
    top_p: float
    truncation: Literal["auto", "disabled"]
    usage: ResponseUsage | None
    user: str | None
    metadata: dict[str, str]


def begun(body: CreateResponse, *, response_id: str, created_at: int, model: Model, status: Status) -> Json:
    """Return a response to a request with nothing in it yet."""
    conversation = conversation_id(body.conversation)
    choice = body.tool_choice
    effort = effort_of(model.base, body.reasoning.effort) if is_reasoning(model.base) else None
    return {
        "id": response_id,
        "object": "response",
        "created_at": created_at,
        "status": status,
        "background": body.background,
        "completed_at": None,
        **({"conversation": {"id": conversation}} if conversation else {}),
        "error": None,
        "incomplete_details": None,
        "instructions": body.instructions,
        "max_output_tokens": body.max_output_tokens,
        "max_tool_calls": body.max_tool_calls,
        "model": model.id,
        "output": [],
        "parallel_tool_calls": body.parallel_tool_calls,
        "previous_response_id": body.previous_response_id,
        "prompt_cache_key": body.prompt_cache_key,
        "prompt_cache_retention": body.prompt_cache_retention,
        "reasoning": {"effort": effort, "summary": body.reasoning.summary},
        "safety_identifier": body.safety_identifier,
        "service_tier": TIERS.get(body.service_tier, "default"),
        "store": body.store,
        "temperature": body.temperature,
        "text": body.text.told(),
        "tool_choice": choice if isinstance(choice, str) else choice.model_dump(exclude_none=True),
        "tools": [told(tool) for tool in body.tools],
        "top_logprobs": body.top_logprobs,
        "top_p": body.top_p,
        "truncation": body.truncation,
        "usage": None,
        "user": body.user,
        "metadata": body.metadata,
    }
