"""Compaction: what went before, made small and sealed; the seal holds a few words of it.

A compaction item stands for everything before it. What others have sealed cannot be read and says nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence

from mockserver.domain.items import Item, to_messages
from mockserver.simulation import tokens

KIND = "compaction"
#: what a seal of ours begins with, and how much fits into it in tokens
SEAL, ROOM = "mock-compaction-", 64


def compacted(items: Sequence[Item], model: str, item_id: str) -> Item:
    """Return the compaction of some items: the beginning of what was said last by the model, else by anybody."""
    messages = [message for message in to_messages(unfolded(items)) if message.text]
    said = [message.text for message in messages if message.role == "assistant"] or [
        message.text for message in messages
    ]
    words = tokens.decode(tokens.encode(said[-1], model)[:ROOM], model) if said else ""
    sealed = SEAL + urlsafe_b64encode(words.encode("utf-8", "replace")).decode()
    return {"id": item_id, "type": KIND, "encrypted_content": sealed}


def unfolded(items: Sequence[Item]) -> list[Item]:
    """Return items with those that are compactions as the words they hold."""
    return [_unfolded(item) if item["type"] == KIND else item for item in items]


def _unfolded(item: Item) -> Item:
    part = {"type": "output_text", "text": _opened(item["encrypted_content"])}
    return {"type": "message", "role": "assistant", "content": [part]}


def _opened(sealed: str) -> str:
    if not sealed.startswith(SEAL):
        return ""
    try:
        return urlsafe_b64decode(sealed.removeprefix(SEAL)).decode()
    except (NotBase64, UnicodeDecodeError):
        return ""
