"""Stored chat completions and their messages: https://platform.openai.com/docs/api-reference/chat/list."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request

from mockserver.deps import CurrentWorld
from mockserver.domain.chat import stored
from mockserver.domain.chat.messages import ImagePart, TextPart
from mockserver.domain.chat.objects import ChatCompletionResponseMessage, CreateChatCompletionResponse
from mockserver.domain.chat.stored import KIND, MESSAGE, Stored
from mockserver.pages import Order, page
from mockserver.wire import RequestModel, ResponseModel, resource
from mockserver.wire_models import Metadata

router = resource("chat")

Limit = Annotated[int, Query(ge=1, le=100)]


class StoredChatCompletion(CreateChatCompletionResponse):
    """A stored completion, with what its request asked for, as far as the official example shows it."""

    metadata: dict[str, str]
    seed: int | None = None
    temperature: float
    top_p: float
    presence_penalty: float
    frequency_penalty: float
    tools: list[dict[str, Any]] | None = None
    tool_choice: Any = None
    response_format: dict[str, Any] | None = None
    input_user: str | None = None


class UpdateChatCompletionRequest(RequestModel):
    """Other metadata."""

    metadata: Metadata


class ChatCompletionList(ResponseModel):
    """A page of stored completions."""

    object: Literal["list"] = "list"
    data: list[StoredChatCompletion]
    first_id: str | None
    last_id: str | None
    has_more: bool


class ChatCompletionDeleted(ResponseModel):
    """A completion that is stored no longer."""

    object: Literal["chat.completion.deleted"] = "chat.completion.deleted"
    id: str
    deleted: bool


class ChatCompletionStoredMessage(ChatCompletionResponseMessage):
    """A message that a stored completion answers; whoever said it."""

    id: str
    role: str  # type: ignore[assignment] # the official schema says "assistant", its own example "user"
    name: str | None = None
    tool_call_id: str | None = None
    content_parts: list[TextPart | ImagePart] | None = None


class ChatCompletionMessageList(ResponseModel):
    """A page of messages."""

    object: Literal["list"] = "list"
    data: list[ChatCompletionStoredMessage]
    first_id: str | None
    last_id: str | None
    has_more: bool


@router.get("/chat/completions", operation_id="chat.completions.list")
async def list_(
    request: Request,
    world: CurrentWorld,
    model: str | None = None,
    after: str | None = None,
    limit: Limit = 20,
    order: Order = "asc",
) -> ChatCompletionList:
    """List stored completions, the oldest first; `metadata[key]=value` keeps those with the pair."""
    wanted = {
        key[9:-1]: value
        for key, value in request.query_params.items()
        if key.startswith("metadata[") and key.endswith("]")
    }

    def asked_for(row: Stored) -> bool:
        return row["model"] == (model or row["model"]) and wanted.items() <= dict(row["metadata"]).items()

    rows, more = page(world.store, KIND, limit=limit, after=after, order=order, keep=asked_for)
    return ChatCompletionList(data=[_shown(row) for row in rows], **_ends(rows), has_more=more)


@router.get("/chat/completions/{completion_id}", operation_id="chat.completions.retrieve")
async def retrieve(completion_id: str, world: CurrentWorld) -> StoredChatCompletion:
    """Return a stored completion."""
    return _shown(stored.find(world, completion_id))


@router.post("/chat/completions/{completion_id}", operation_id="chat.completions.update")
async def update(
    completion_id: str, body: UpdateChatCompletionRequest, world: CurrentWorld
) -> StoredChatCompletion:
    """Give a stored completion other metadata."""
    return _shown(stored.update(world, completion_id, body.metadata))


@router.delete("/chat/completions/{completion_id}", operation_id="chat.completions.delete")
async def delete(completion_id: str, world: CurrentWorld) -> ChatCompletionDeleted:
    """Forget a stored completion."""
    stored.delete(world, completion_id)
    return ChatCompletionDeleted(id=completion_id, deleted=True)


@router.get("/chat/completions/{completion_id}/messages", operation_id="chat.completions.messages.list")
async def list_messages(
    completion_id: str,
    world: CurrentWorld,
    after: str | None = None,
    limit: Limit = 20,
    order: Order = "asc",
) -> ChatCompletionMessageList:
    """List the messages that a stored completion answers."""
    stored.find(world, completion_id)
    rows, more = page(world.store, MESSAGE, limit=limit, after=after, order=order, parent=completion_id)
    shown = [ChatCompletionStoredMessage.model_validate(row) for row in rows]
    return ChatCompletionMessageList(data=shown, **_ends(rows), has_more=more)


def _shown(row: Stored) -> StoredChatCompletion:
    return StoredChatCompletion.model_validate(row)


def _ends(rows: list[Stored]) -> dict[str, str | None]:
    """Return the ids of the first and the last of a page, null if it is empty."""
    return {"first_id": rows[0]["id"] if rows else None, "last_id": rows[-1]["id"] if rows else None}
