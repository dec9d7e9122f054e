"""Conversations: https://platform.openai.com/docs/api-reference/conversations."""

from typing import Annotated, Literal

from pydantic import Field

from mockserver.deps import CurrentWorld
from mockserver.domain import conversations
from mockserver.domain.conversations import Conversation, ConversationId, ConversationResource
from mockserver.domain.item_types import SentItem
from mockserver.wire import RequestModel, ResponseModel, resource
from mockserver.wire_models import Metadata

router = resource("conversations")


class CreateConversationBody(RequestModel):
    """What a conversation begins with."""

    metadata: Metadata = Field(default_factory=dict)
    items: Annotated[list[SentItem], Field(max_length=20)] = Field(default_factory=list)


class UpdateConversationBody(RequestModel):
    """What can be changed of a conversation."""

    metadata: Metadata


class DeletedConversationResource(ResponseModel):
    """The confirmation of a deletion."""

    object: Literal["conversation.deleted"] = "conversation.deleted"
    deleted: bool
    id: str


@router.post("/conversations", operation_id="conversations.create")
async def create(body: CreateConversationBody, world: CurrentWorld) -> ConversationResource:
    """Begin a conversation."""
    return _shown(conversations.create(world, body.metadata, body.items))


@router.get("/conversations/{conversation_id}", operation_id="conversations.retrieve")
async def retrieve(conversation_id: ConversationId, world: CurrentWorld) -> ConversationResource:
    """Return a conversation."""
    return _shown(conversations.find(world, conversation_id))


@router.post("/conversations/{conversation_id}", operation_id="conversations.update")
async def update(
    conversation_id: ConversationId, body: UpdateConversationBody, world: CurrentWorld
) -> ConversationResource:
    """Change the metadata of a conversation."""
    return _shown(conversations.update(world, conversation_id, body.metadata))


@router.delete("/conversations/{conversation_id}", operation_id="conversations.delete")
async def delete(conversation_id: ConversationId, world: CurrentWorld) -> DeletedConversationResource:
    """Delete a conversation; its items are not deleted."""
    conversations.delete(world, conversation_id)
    return DeletedConversationResource(deleted=True, id=conversation_id)


def _shown(conversation: Conversation) -> ConversationResource:
    return ConversationResource(**conversation)
