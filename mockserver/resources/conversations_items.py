"""Items of conversations: https://platform.openai.com/docs/api-reference/conversations/list-items-object."""

from collections.abc import Collection, Sequence
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field
from pydantic_core import to_json

from mockserver.deps import CurrentWorld
from mockserver.domain import conversations, items
from mockserver.domain.conversations import ConversationId, ConversationResource
from mockserver.domain.included import Included
from mockserver.domain.item_types import KeptItem, SentItem
from mockserver.domain.items import Item
from mockserver.pages import Order
from mockserver.wire import RequestModel, ResponseModel, Written, resource

router = resource("conversations")

ITEMS = "/conversations/{conversation_id}/items"
ITEM = ITEMS + "/{item_id}"


class CreateConversationItemsBody(RequestModel):
    """What to add."""

    items: Annotated[list[SentItem], Field(max_length=20)]


class ConversationItemList(ResponseModel):
    """A page of items; the ids of one without items are empty (not verified)."""

    object: Literal["list"] = "list"
    data: list[KeptItem]
    has_more: bool
    first_id: str
    last_id: str


@router.post(ITEMS, operation_id="conversations.items.create", response_model=ConversationItemList)
async def create(
    conversation_id: ConversationId, body: CreateConversationItemsBody, world: CurrentWorld, include: Included
) -> Response:
    """Add up to 20 items to a conversation."""
    added = conversations.add(world, conversation_id, body.items)
    return _list(added, include, more=False)


@router.get(ITEMS, operation_id="conversations.items.list", response_model=ConversationItemList)
async def list_(
    conversation_id: ConversationId,
    world: CurrentWorld,
    include: Included,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    order: Order = "desc",
    after: str | None = None,
) -> Response:
    """List the items of a conversation."""
    found, more = conversations.page_of(world, conversation_id, limit=limit, after=after, order=order)
    return _list(found, include, more=more)


@router.get(ITEM, operation_id="conversations.items.retrieve", response_model=KeptItem)
async def retrieve(
    conversation_id: ConversationId, item_id: str, world: CurrentWorld, include: Included
) -> Response:
    """Return one item of a conversation."""
    item = conversations.item_of(world, conversation_id, item_id)
    return Written(to_json(items.shown(item, include)))


@router.delete(ITEM, operation_id="conversations.items.delete")
async def delete(conversation_id: ConversationId, item_id: str, world: CurrentWorld) -> ConversationResource:
    """Take an item out of a conversation, and return the conversation."""
    return ConversationResource(**conversations.remove_item(world, conversation_id, item_id))


def _list(found: Sequence[Item], include: Collection[str], *, more: bool) -> Response:
    first, last = (found[0]["id"], found[-1]["id"]) if found else ("", "")
    data = [items.shown(item, include) for item in found]
    page = {"object": "list", "data": data, "has_more": more, "first_id": first, "last_id": last}
    return Written(to_json(page))
