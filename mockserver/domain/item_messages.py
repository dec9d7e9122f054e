"""Items as the model reads them: messages.

A call belongs to the assistant's words before it, as in chat completions. What a model thought is not read again, nor
what a tool of the API's own has found; the latter is not verified.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mockserver.simulation import media_tokens
from mockserver.simulation.messages import Call, Message
from mockserver.world import World

#: the model whose prices stand for those of all when nobody says which it is
USUAL_MODEL = "gpt-4o"

#: what is called, with its arguments, by the type of the item
_CALLS = {
    "function_call": "arguments",
    "custom_tool_call": "input",
    "mcp_call": "arguments",
    "tool_search_call": "arguments",
    "computer_call": "action",
    "local_shell_call": "action",
    "shell_call": "action",
    "apply_patch_call": "operation",
    "program": "code",
}
#: what a call has come to
_OUTPUTS = {
    "function_call_output": "output",
    "custom_tool_call_output": "output",
    "mcp_call": "output",
    "tool_search_output": "tools",
    "computer_call_output": "output",
    "local_shell_call_output": "output",
    "shell_call_output": "output",
    "apply_patch_call_output": "output",
    "program_output": "result",
}


def to_messages(
    items: Sequence[dict[str, Any]], *, model: str = USUAL_MODEL, world: World | None = None
) -> list[Message]:
    """Return what a base model reads of some items, in their order.

    An image, a sound or a file costs as much as it does that model. Files by their id are looked up in the world;
    what is behind a URL, or in a file that is gone, has an unknown size.
    """
    reader = _Reader(model, world)
    messages: list[Message] = []
    for item in items:
        kind = item["type"]
        if kind == "message":
            text, extra = reader.read(item["content"])
            messages.append(Message(item["role"], text, extra=extra))
        if kind in _CALLS:
            _add(messages, _call(item))
        if kind in _OUTPUTS and item.get(_OUTPUTS[kind]) is not None:
            text, extra = reader.read(item[_OUTPUTS[kind]])
            messages.append(Message("tool", text, answers=_call_id(item), extra=extra))
    return messages


def _call(item: Mapping[str, Any]) -> Call:
    kind = item["type"]
    arguments = item.get(_CALLS[kind], item.get("actions"))
    return Call(
        item.get("name", kind.removesuffix("_call")),
        arguments if isinstance(arguments, str) else _compact(arguments),
        id=_call_id(item),
        custom=kind == "custom_tool_call",
    )


def _call_id(item: Mapping[str, Any]) -> str:
    """Return what a call and its output share."""
    return item.get("call_id") or str(item["id"])


def _add(messages: list[Message], call: Call) -> None:
    if messages and messages[-1].role == "assistant":
        messages[-1] = replace(messages[-1], calls=(*messages[-1].calls, call))
    else:
        messages.append(Message("assistant", calls=(call,)))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads contents as a model does, with the files of a world."""

    model: str
    world: World | None

    def read(self, content: Any) -> tuple[str, int]:
        """Return the text of a content, and what else in it costs in tokens."""
        if isinstance(content, str):
            return content, 0
        text, extra = "", 0
        for part in content if isinstance(content, list) else [content]:
            match part:
                case {"type": "refusal", "refusal": str(said)} | {"text": str(said)}:
                    text += said
                case {"type": "input_image" | "computer_screenshot"}:
                    extra += media_tokens.image(self._head(part), part.get("detail"), self.model)
                case {"type": "input_audio", "input_audio": {"data": data}}:
                    extra += media_tokens.sound(media_tokens.decoded(data))
                case {"type": "input_file"}:
                    extra += media_tokens.file(self._size(part))
                case _:
                    text += _compact(part)
        return text, extra

    def _head(self, part: Mapping[str, Any]) -> bytes:
        """Return the first bytes of an image."""
        file = self._file(part)
        if file is None or self.world is None:
            return media_tokens.decoded(part.get("image_url", ""), media_tokens.HEAD)
        with self.world.blobs.open(file["id"]) as contents:
            return contents.read(media_tokens.HEAD)

    def _size(self, part: Mapping[str, Any]) -> int:
        """Return how many bytes a file has."""
        file = self._file(part)
        return len(media_tokens.decoded(part.get("file_data", ""))) if file is None else int(file["bytes"])

    def _file(self, part: Mapping[str, Any]) -> dict[str, Any] | None:
        if self.world is None or "file_id" not in part:
            return None
        return self.world.store.get("file", part["file_id"])


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
