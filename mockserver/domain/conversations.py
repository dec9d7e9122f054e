"""Conversations: items in the order they were added, under one id, for as long as somebody keeps them.

A conversation holds its items themselves. Each is also kept under its own id, where it outlives the conversation.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from mockserver.domain import items
from mockserver.domain.items import Item
from mockserver.errors import conversations as refusals
from mockserver.errors import unknown_cursor
from mockserver.errors.items import wrong_prefix
from mockserver.pages import Order, page
from mockserver.wire import ResponseModel
from mockserver.world import World

Conversation = dict[str, Any]

PREFIX = "conv"
#: the id of a conversation in a path; `find` refuses any other in words of its own
ConversationId = Annotated[str, Field(json_schema_extra={"pattern": f"^{PREFIX}"})]


class ConversationResource(ResponseModel):
    """A conversation, without its items."""

    id: str
    object: Literal["conversation"] = "conversation"
    metadata: dict[str, str]
    created_at: int


def create(world: World, metadata: dict[str, str], given: list[Item]) -> Conversation:
    """Begin a conversation, with items as a caller sends them. Raises ApiError as `items.read_input` does."""
    with world.moment():
        read = items.read_input(world, given, param="items")
        conversation: Conversation = {
            "id": world.ids.new("conv"),
            "metadata": metadata,
            "created_at": world.clock.now,
        }
        world.store.put("conversation", conversation)
        append(world, conversation["id"], read)
    return conversation


def find(world: World, conversation_id: str, *, param: str = "conversation_id") -> Conversation:
    """Return a conversation. Raises ApiError 400 for an id of something else, which came as `param`, and 404."""
    if not conversation_id.startswith(PREFIX):
        raise wrong_prefix(param, conversation_id, PREFIX)
    conversation = world.store.get("conversation", conversation_id)
    if conversation is None:
        raise refusals.no_such_conversation(conversation_id)
    return conversation


def update(world: World, conversation_id: str, metadata: dict[str, str]) -> Conversation:
    """Give a conversation other metadata. Raises ApiError as `find` does."""
    with world.moment():
        conversation = find(world, conversation_id) | {"metadata": metadata}
        world.store.put("conversation", conversation)
    return conversation


def delete(world: World, conversation_id: str) -> None:
    """Forget a conversation; its items stay. Raises ApiError as `find` does."""
    with world.moment():
        find(world, conversation_id)
        world.store.delete("conversation", conversation_id)


def items_of(world: World, conversation_id: str) -> list[Item]:
    """Return the whole history of a conversation, the oldest first."""
    return [row["item"] for row in world.store.all("conversation_item", parent=conversation_id)]


def append(world: World, conversation_id: str, added: Sequence[Item]) -> None:
    """Add items that were read before. One that is there already stays where it is (not verified)."""
    with world.moment():
        items.store(world, added)
        for item in added:
            if "id" in item:
                row = {"id": _place(conversation_id, item["id"]), "item": item}
                world.store.put("conversation_item", row, parent=conversation_id)


def add(world: World, conversation_id: str, given: list[Item]) -> list[Item]:
    """Add items as a caller sends them, and return them as they are kept.

    Raises ApiError as `find` and `items.read_input` do.
    """
    with world.moment():
        find(world, conversation_id)
        read = items.read_input(world, given, param="items")
        append(world, conversation_id, read)
    return [item for item in read if "id" in item]


def page_of(
    world: World, conversation_id: str, *, limit: int, after: str | None, order: Order
) -> tuple[list[Item], bool]:
    """Return up to `limit` items that follow the one of the id `after`, and whether there are more.

    Raises ApiError as `find` does, and 400 for a cursor that was never in the conversation.
    """
    find(world, conversation_id)
    cursor = None if after is None else _place(conversation_id, after)
    if cursor is not None and not world.store.known("conversation_item", cursor):
        raise unknown_cursor(str(after))
    rows, more = page(
        world.store, "conversation_item", limit=limit, after=cursor, order=order, parent=conversation_id
    )
    return [row["item"] for row in rows], more


def item_of(world: World, conversation_id: str, item_id: str) -> Item:
    """Return an item of a conversation. Raises ApiError as `find` does, and 404 if it is not in there."""
    find(world, conversation_id)
    row = world.store.get("conversation_item", _place(conversation_id, item_id))
    if row is None:
        raise refusals.no_such_item(item_id)
    item: Item = row["item"]
    return item


def remove_item(world: World, conversation_id: str, item_id: str) -> Conversation:
    """Take an item out of a conversation. Raises ApiError as `item_of` does."""
    with world.moment():
        item_of(world, conversation_id, item_id)
        world.store.delete("conversation_item", _place(conversation_id, item_id))
    return find(world, conversation_id)


def _place(conversation_id: str, item_id: str) -> str:
    return f"{conversation_id}/{item_id}"
