"""How the messages of a chat are read: who answers whom, what they say, and what their pictures, sounds and files cost.

Nothing is fetched: a picture behind a URL counts with a usual size.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.domain.chat.messages import (
    AssistantMessage,
    AudioPart,
    ChatCompletionMessageToolCall,
    ChatCompletionRequestMessage,
    FilePart,
    ImagePart,
    RefusalPart,
    TextPart,
    ToolMessage,
)
from mockserver.errors import chat as refusals
from mockserver.errors import missing_parameter
from mockserver.simulation import abilities, media_tokens, pictures, sounds
from mockserver.simulation.messages import Call, Message
from mockserver.world import World

#: how much of a picture is looked at for its size, in characters of base64
PICTURE_HEAD = 2**18

Part = TextPart | ImagePart | AudioPart | FilePart | RefusalPart


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands in a request."""

    message: int
    part: int

    def __str__(self) -> str:
        """Return the place as the API names it."""
        return f"messages[{self.message}].content[{self.part}]"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said, and how many of its tokens were heard."""

    messages: list[Message]
    audio_tokens: int = 0


def read(world: World, model: str, sent: Sequence[ChatCompletionRequestMessage]) -> Conversation:
    """Return messages as a base model reads them. Raises ApiError 400 for what is out of order or beyond it."""
    check_order(sent)
    heard = 0
    messages: list[Message] = []
    for index, message in enumerate(sent):
        content, extra = message.content, 0
        if isinstance(content, list):
            for number, part in enumerate(content):
                cost = _cost(world, model, part, Place(index, number))
                extra += cost
                heard += cost if isinstance(part, AudioPart) else 0
            text = "".join(map(_text, content))
        else:
            text = content or ""
        messages.append(_message(message, text, extra))
    return Conversation(messages, heard)


def check_order(sent: Sequence[ChatCompletionRequestMessage]) -> None:
    """Raise ApiError 400 if a tool speaks that was not called, or a called one does not."""
    asked: set[str] = set()
    waiting: dict[str, None] = {}
    for index, message in enumerate(sent):
        if isinstance(message, ToolMessage):
            if not asked:
                raise refusals.unasked_tool(index)
            if message.tool_call_id not in asked:
                raise refusals.unknown_call(index, message.tool_call_id)
            waiting.pop(message.tool_call_id, None)
            continue
        if waiting:
            raise refusals.unanswered_calls(index, list(waiting))
        asked = set()
        if isinstance(message, AssistantMessage):
            if message.tool_calls:
                waiting = {call.id: None for call in message.tool_calls}
                asked = set(waiting)
            elif not (
                message.content is not None or message.refusal or message.function_call or message.audio
            ):
                raise refusals.no_content(index)
    if waiting:
        raise refusals.unanswered_calls(len(sent) - 1, list(waiting))


def _message(message: ChatCompletionRequestMessage, text: str, extra: int) -> Message:
    if isinstance(message, AssistantMessage):
        return Message("assistant", text or message.refusal or "", message.name, _calls(message), None, extra)
    if isinstance(message, ToolMessage):
        return Message("tool", text, answers=message.tool_call_id, extra=extra)
    return Message(message.role, text, message.name, extra=extra)


def _calls(message: AssistantMessage) -> tuple[Call, ...]:
    calls = tuple(
        Call(call.function.name, call.function.arguments, call.id)
        if isinstance(call, ChatCompletionMessageToolCall)
        else Call(call.custom.name, call.custom.input, call.id, custom=True)
        for call in message.tool_calls or ()
    )
    if message.function_call is not None:
        calls += (Call(message.function_call.name, message.function_call.arguments),)
    return calls


def _text(part: Part) -> str:
    if isinstance(part, TextPart):
        return part.text
    return part.refusal if isinstance(part, RefusalPart) else ""


def _cost(world: World, model: str, part: Part, place: Place) -> int:
    """Return what a part costs beside its text, in tokens."""
    if isinstance(part, ImagePart):
        if not abilities.sees(model):
            raise refusals.content_not_supported("image_url", place.message, place.part)
        size = _size(part.image_url.url, f"{place}.image_url.url")
        return pictures.cost(model, size, part.image_url.detail or "auto")
    if isinstance(part, AudioPart):
        if not abilities.speaks(model):
            raise refusals.content_not_supported("input_audio", place.message, place.part)
        return sounds.cost(_decoded(part.input_audio.data, "audio", f"{place}.input_audio.data"))
    if isinstance(part, FilePart):
        if not abilities.sees(model):
            raise refusals.content_not_supported("file", place.message, place.part)
        return media_tokens.file(_length(world, part, place))
    return 0


def _size(url: str, param: str) -> pictures.Size:
    if url.startswith(("http://", "https://")):
        return pictures.UNKNOWN
    if not url.startswith("data:"):
        raise refusals.bad_image_url(param)
    size = pictures.size_of(_decoded(url[:PICTURE_HEAD], "image_url", param))
    if size is None:
        raise refusals.bad_image(param)
    return size


def _length(world: World, part: FilePart, place: Place) -> int:
    if part.file.file_id is not None:
        row = world.store.get("file", part.file.file_id)
        if row is None:
            raise refusals.no_such_input_file(part.file.file_id, f"{place}.file.file_id")
        return int(row["bytes"])
    if part.file.file_data is None:
        raise missing_parameter(f"{place}.file.file_id")
    return len(_decoded(part.file.file_data, "file_data", f"{place}.file.file_data"))


def _decoded(data: str, what: str, param: str) -> bytes:
    """Return the bytes of base64, bare or in a `data:` URL; an unfinished end is left out."""
    if data.startswith("data:"):
        head, comma, data = data.partition(",")
        if not comma or not head.endswith(";base64"):
            raise refusals.bad_base64(what, param)
    data = data.rstrip("=")
    data = data[: len(data) // 4 * 4] if len(data) % 4 == 1 else data + "=" * (-len(data) % 4)
    try:
        return b64decode(data, validate=True)
    except (NotBase64, ValueError):
        raise refusals.bad_base64(what, param) from None
