"""Stored chat completions: those that were created with `store`, with the messages they answer, until they are deleted.

What is kept is the completion as it was answered, and what the official example shows of its request.
"""

from collections.abc import Sequence
from typing import Any

from mockserver.domain.chat.messages import ChatCompletionRequestMessage, ImagePart, TextPart
from mockserver.domain.chat.request import CreateChatCompletionRequest
from mockserver.errors import chat as refusals
from mockserver.world import World

Stored = dict[str, Any]

KIND, MESSAGE = "chat.completion", "chat.completion.message"


def keep(world: World, body: CreateChatCompletionRequest, answered: Stored) -> None:
    """Keep a completion and the messages of its request."""
    told = body.model_dump(mode="json", by_alias=True, exclude_unset=True)
    row = answered | {
        "metadata": body.metadata or {},
        "seed": body.seed,
        "temperature": body.temperature,
        "top_p": body.top_p,
        "presence_penalty": body.presence_penalty,
        "frequency_penalty": body.frequency_penalty,
        "tools": told.get("tools"),
        "tool_choice": told.get("tool_choice"),
        "response_format": told.get("response_format"),
        "input_user": body.user,
    }
    with world.moment():
        world.store.put(KIND, row)
        for place, message in enumerate(body.messages):
            world.store.put(MESSAGE, _message(row["id"], place, message), parent=row["id"])


def find(world: World, completion_id: str) -> Stored:
    """Return a stored completion. Raises ApiError 404 for one that was not stored, or is deleted."""
    row: Stored | None = world.store.get(KIND, completion_id)
    if row is None:
        raise refusals.no_such_completion(completion_id)
    return row


def update(world: World, completion_id: str, metadata: dict[str, str]) -> Stored:
    """Give a stored completion other metadata. Raises ApiError 404 as `find` does."""
    row = find(world, completion_id) | {"metadata": metadata}
    with world.moment():
        world.store.put(KIND, row)
    return row


def delete(world: World, completion_id: str) -> None:
    """Forget a stored completion and its messages. Raises ApiError 404 as `find` does."""
    find(world, completion_id)
    with world.moment():
        for message in list(world.store.all(MESSAGE, parent=completion_id)):
            world.store.delete(MESSAGE, message["id"])
        world.store.delete(KIND, completion_id)


def _message(completion_id: str, place: int, message: ChatCompletionRequestMessage) -> Stored:
    """Return a message as it is stored: of its parts, the texts and the pictures (official document)."""
    told = message.model_dump(mode="json", exclude_unset=True)
    content: Any = message.content
    parts = None
    if isinstance(content, Sequence) and not isinstance(content, str):
        kept = [part for part in content if isinstance(part, TextPart | ImagePart)]
        parts = [part.model_dump(mode="json", exclude_unset=True) for part in kept]
        content = None
    return {
        "id": f"{completion_id}-{place}",
        "role": message.role,
        "content": content,
        "refusal": told.get("refusal"),
        "name": told.get("name"),
        **{name: told[name] for name in ("tool_calls", "tool_call_id", "function_call") if told.get(name)},
        "content_parts": parts,
    }
