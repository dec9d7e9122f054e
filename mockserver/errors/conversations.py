"""Refusals of conversations."""

from mockserver.errors import ApiError


def no_such_conversation(conversation_id: str) -> ApiError:
    """Answer an id that no conversation has."""
    return ApiError(404, f"Conversation with id '{conversation_id}' not found.")


def no_such_item(item_id: str) -> ApiError:
    """Answer an id that no item of the conversation has (wording not verified)."""
    return ApiError(404, f"Item with id '{item_id}' not found.")
