r"""A chat completion as it is streamed, choice by choice, in the order recorded from the API.

The role comes first, then the text or the refusal token by token, then each call (its name, then its arguments), then
an empty delta that tells why the answer ends. A lone call comes with the role. What is said before the API knew of
refusals is content. How a custom tool's input is streamed is not verified.

An event is the same but for its one choice: so the rest of it is written once.
"""

from collections.abc import Iterator
from typing import Any

from pydantic_core import to_json

from mockserver.domain.chat import answers
from mockserver.domain.chat.answers import SOUND_KEPT, Manner
from mockserver.domain.speaker import Said

KIND = "chat.completion.chunk"


class Chunks:
    """The events of one stream; with usage, every one but the last says that it does not tell it."""

    def __init__(self, how: Manner, *, with_usage: bool) -> None:
        self._head = b"data: " + to_json({**how.envelope(KIND), **how.service()})[:-1] + b',"choices":['
        self._tail = b'],"usage":null}\n\n' if with_usage else b"]}\n\n"

    def event(self, choice: bytes) -> bytes:
        """Return the event of a choice."""
        return self._head + choice + self._tail

    def moderation(self, judged: dict[str, Any]) -> bytes:
        """Return the event that tells of the moderation, and no choice."""
        return self._head + b'],"moderation":' + to_json(judged) + self._tail[1:]

    def last(self, usage: dict[str, Any]) -> bytes:
        """Return the event that tells the usage, and no choice."""
        return self._head + b'],"usage":' + to_json(usage) + b"}\n\n"


def chunks(index: int, said: Said, how: Manner) -> Iterator[bytes]:
    """Yield an answer as choices of chunks, written out already: there may be thousands of them a second."""
    scores = "logprobs" in how.fields

    def chunk(delta: dict[str, Any], logprobs: Any = None, finish_reason: str | None = None) -> bytes:
        told: dict[str, Any] = {"index": index, "delta": delta}
        if scores:
            told["logprobs"] = logprobs
        told["finish_reason"] = finish_reason
        return to_json(told)

    if said.calls and said.text is None:
        yield from map(chunk, _calls(said, how))
    elif how.form is not None and not said.refused:
        yield from map(chunk, _aloud(index, said, how))
        yield from map(chunk, _further_calls(said, how))
    else:
        declines = said.refused and "refusal" in how.fields
        yield chunk(_first(said, how, declines=declines), answers.logprobs((), said, how))
        word = "refusal" if declines else "content"
        if how.with_logprobs:
            for piece in said.pieces():
                text = "".join(token.text for token in piece)
                yield chunk({word: text}, answers.logprobs(piece, said, how))
        else:
            before, after = chunk({word: "|"}).split(b'"|"')
            for text in said.texts():
                yield before + to_json(text) + after
        yield from map(chunk, _further_calls(said, how))
    yield chunk({}, finish_reason=answers.finish_reason(said, how))


def _first(said: Said, how: Manner, *, declines: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"role": "assistant"}
    if declines:
        return told | {"content": None, "refusal": ""}
    if "first_content" in how.fields:
        told["content"] = None if said.text is None else ""
    if "refusal" in how.fields:
        told["refusal"] = None
    return told


def _calls(said: Said, how: Manner) -> Iterator[dict[str, Any]]:
    """Yield the deltas of an answer that only makes calls: a lone one begins together with the role."""
    role: dict[str, Any] = {"role": "assistant", "content": None}
    if len(said.calls) == 1 or how.in_functions:
        deltas = _further_calls(said, how)
        yield role | next(deltas) | ({"refusal": None} if "refusal" in how.fields else {})
        yield from deltas
    else:
        yield role
        yield from _further_calls(said, how)


def _further_calls(said: Said, how: Manner) -> Iterator[dict[str, Any]]:
    """Yield the deltas of calls, one after the other; of functions in the words of 2023, of the first alone."""
    if how.in_functions:
        for call in said.calls[:1]:
            yield {"function_call": {"name": call.name, "arguments": ""}}
            for piece in said.call_pieces(call):
                yield {"function_call": {"arguments": piece}}
        return
    for place, call in enumerate(said.calls):
        whole = answers.tool_call(call, "", how)
        yield {"tool_calls": [{"index": place, **whole}]}
        kind, word = ("custom", "input") if whole["type"] == "custom" else ("function", "arguments")
        for piece in said.call_pieces(call):
            yield {"tool_calls": [{"index": place, kind: {word: piece}}]}


def _aloud(index: int, said: Said, how: Manner) -> Iterator[dict[str, Any]]:
    """Yield the deltas of a spoken answer: its words, then its sound, then how long it is kept (not verified)."""
    own = answers.audio_id(index, how)
    yield {"role": "assistant", "refusal": None, "audio": {"id": own, "transcript": ""}}
    for piece in said.texts():
        yield {"audio": {"transcript": piece}}
    yield {"audio": {"data": answers.sound(how)}}
    yield {"audio": {"expires_at": how.created + SOUND_KEPT}}
