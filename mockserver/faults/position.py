"""Where in an answer a fault strikes: after so many bytes or pieces of the body, or events of a stream.

The answer goes out up to the very byte of the position, then the fault strikes, then what is left goes on, unless
the fault has ended the answer or the connection. An answer that never gets there is not harmed.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Self

from pydantic import Field, model_validator

from mockserver.faults.call import Call, Message
from mockserver.faults.heads import kind_of
from mockserver.scenario.parts import Section
from mockserver.scenario.problems import all_of, refuse

Count = Annotated[int, Field(ge=0)]
Cut = Callable[[bytes], int | None]
"""Takes the next piece of a body; returns how many of its bytes lie before the position, None while all do."""
Place = Callable[[Message], Cut | None]
"""Takes the head of an answer; returns how it is cut, None if it is to be spared."""
Strike = Callable[[], Awaitable[None]]
"""What the fault does when the position is reached."""


class Position(Section):
    """A place in the normal answer. At most one of the three is told; without one, it is before the head."""

    after_bytes: Count | None = None
    """The request is carried out, and the fault strikes after so many bytes of the answer's body."""
    after_chunks: Count | None = None
    """The same, after so many pieces of the body."""
    after_events: Count | None = None
    """The same, after so many events of a stream; an answer that is no stream is spared."""

    @model_validator(mode="after")
    def _at_most_one(self) -> Self:
        given = [name for name in Position.model_fields if getattr(self, name) is not None]
        all_of(((name,), refuse(f"'{name}' and '{given[0]}' exclude each other")) for name in given[1:])
        return self

    @property
    def told(self) -> bool:
        """Whether the place is in the answer, not before it."""
        return (self.after_bytes, self.after_chunks, self.after_events) != (None, None, None)

    def place(self, head: Message) -> Cut | None:
        """Return how an answer is cut; right behind its head, if no position is told."""
        if self.after_events is not None:
            return by_events(self.after_events) if is_stream(head) else None
        if self.after_chunks is not None:
            return by_chunks(self.after_chunks)
        return by_bytes(self.after_bytes or 0)


class StreamPosition(Section):
    """A place in a stream of events; an answer that is no stream is spared."""

    after_events: Count = 0
    """After how many events of the stream."""

    def place(self, head: Message) -> Cut | None:
        """Return how an answer is cut."""
        return by_events(self.after_events) if is_stream(head) else None


async def reach(call: Call, place: Place, strike: Strike) -> None:
    """Give the normal answer, and strike at a place in it."""
    cut: Cut | None = None

    async def send(message: Message) -> None:
        nonlocal cut
        is_head = message["type"] == "http.response.start"
        if is_head:
            cut = place(message)
        body: bytes = message.get("body", b"")
        end = cut(body) if cut else None
        if end is None:
            await call.send(message)
            return
        cut = None
        if is_head:
            await call.send(message)
            await strike()
        else:
            await call.write(body[:end])
            await strike()
            await call.send({**message, "body": body[end:]})

    await call.proceed(send)


def is_stream(head: Message) -> bool:
    """Whether an answer is a stream of events."""
    return kind_of(head) == b"text/event-stream"


def by_bytes(count: int) -> Cut:
    """Cut after so many bytes."""

    def cut(piece: bytes) -> int | None:
        nonlocal count
        if count <= len(piece):
            return count
        count -= len(piece)
        return None

    return cut


def by_chunks(count: int) -> Cut:
    """Cut after so many pieces that are not empty."""

    def cut(piece: bytes) -> int | None:
        nonlocal count
        count -= bool(piece)
        return len(piece) if count <= 0 else None

    return cut


def by_events(count: int) -> Cut:
    """Cut after so many server-sent events, however they lie in the pieces; comments are no events."""
    unfinished = b""

    def cut(piece: bytes) -> int | None:
        nonlocal count, unfinished
        place = 0
        while count > 0:
            text = unfinished + piece[place:]
            block, end, _ = text.partition(b"\n\n")
            if not end:
                unfinished = text
                return None
            place += len(block) + len(end) - len(unfinished)
            unfinished = b""
            count -= any(line.startswith(b"data") for line in block.split(b"\n"))
        return place

    return cut
