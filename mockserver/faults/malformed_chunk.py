"""A body in pieces, one of which cannot be read."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call, Message
from mockserver.faults.heads import header
from mockserver.faults.position import Cut, Position, reach

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
CHUNK = b"this is no length\r\n"


class MalformedChunk(Position, Fault):
    """Something that is no piece comes where the next piece of a chunked body should, and the connection is closed.

    Without a position the request is not carried out, and this is all there is behind the head. With one, an answer
    that is not sent in pieces is spared; streams are.
    """

    example: ClassVar[str] = "{match: {stream: true}, fault: {malformed_chunk: {after_chunks: 2}}}"

    async def play(self, call: Call) -> None:
        """Write what no parser of chunks knows, here or in the answer."""

        async def strike() -> None:
            call.wire.write(CHUNK)
            await call.hang_up()

        if self.told:
            await reach(call, self.place, strike)
        else:
            call.wire.write(HEAD)
            await strike()

    def place(self, head: Message) -> Cut | None:
        """Return how an answer is cut; None unless it is sent in pieces."""
        return super().place(head) if header(head, b"content-length") is None else None
