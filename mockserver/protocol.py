"""The connection itself: uvicorn's protocol, with a deadline for heads and a handle for those who break things.

uvicorn waits for ever for a request's head, and answers what is no HTTP in plain text; this protocol does neither.
Whatever a fault does to a connection, it does through the `Wire` in the request's scope, so that it is real.
"""

import asyncio
import contextlib
import socket
import struct
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

if TYPE_CHECKING:
    from uvicorn._types import ASGISendCallable, ASGISendEvent

#: how long a client may take to send a request's head, in real seconds
HEAD_SECONDS = 10.0
#: how long an idle connection is kept, in real seconds; longer than the pools of the clients keep theirs
KEEP_ALIVE_SECONDS = 75


class Gathered:
    """A transport that sends what is written in one turn of the event loop in one piece, head and body of an answer.

    Everything else about it is the transport's own.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._call_soon = loop.call_soon
        self._written: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send bytes, soon."""
        if not self._written:
            self._call_soon(self.flush)
        self._written.append(data)

    def flush(self) -> None:
        """Send what was written, now."""
        if self._written:
            written, self._written = self._written, []
            self._transport.write(b"".join(written))

    def close(self) -> None:
        """End the connection after what was written has been sent."""
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        """Break the connection, after what was written has been handed to it."""
        self.flush()
        self._transport.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Wire:
    """What can be done to a connection behind HTTP's back."""

    def __init__(self, transport: Gathered) -> None:
        self._transport = transport

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._transport.write(data)

    def close(self) -> None:
        """End the connection after what was written has been sent."""
        self._transport.close()

    def reset(self) -> None:
        """Break the connection: the client sees a reset, not an end."""
        self._transport.flush()
        connection = self._transport.get_extra_info("socket")
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


class Protocol(HttpToolsProtocol):
    """One connection."""

    _deadline: asyncio.TimerHandle | None = None
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Begin to wait for a head."""
        super().connection_made(Gathered(transport, self.loop))  # type: ignore[arg-type] # stands in for one
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._head_is_there()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Put the handle into the scope of a request that begins."""
        super().on_message_begin()
        self._in_head = True
        self.scope["wire"] = Wire(self.transport)  # type: ignore[typeddict-unknown-key,arg-type] # ours, both

    def on_headers_complete(self) -> None:
        """Hand the request over."""
        self._head_is_there()
        super().on_headers_complete()
        self.cycle.send = partial(_send, self.cycle, self.cycle.send)  # type: ignore[method-assign] # the same, sooner

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is not all there is waited for."""
        super().data_received(data)
        if self._in_head and self._deadline is None:
            self._expect_head()

    def on_response_complete(self) -> None:
        """Send the answer without waiting for the turn to end."""
        transport: Gathered = self.transport  # type: ignore[assignment] # since `connection_made`
        transport.flush()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP in the shape of every other error."""
        error = {"message": msg, "type": "invalid_request_error", "param": None, "code": None}
        body = to_json({"error": error})
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _head_is_there(self) -> None:
        self._in_head = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


async def _send(cycle: RequestResponseCycle, send: "ASGISendCallable", message: "ASGISendEvent") -> None:
    """Send a part of an answer as uvicorn does, but look at a head as a whole, not at each of its dozen headers."""
    if message["type"] != "http.response.start" or cycle.response_started or cycle.disconnected:
        await send(message)
        return
    headers = [*cycle.default_headers, *message.get("headers", ())]
    length = next((value for name, value in headers if name == b"content-length"), None)
    head = b"".join([b"%b: %b\r\n" % header for header in headers])
    is_framed = b"connection: " in head or b"transfer-encoding: " in head or not cycle.keep_alive
    is_clean = len(headers) == head.count(b"\r") == head.count(b"\n") and b"\0" not in head
    if length is None or is_framed or not is_clean:
        await send(message)
        return
    cycle.response_started = True
    cycle.waiting_for_100_continue = False
    cycle.chunked_encoding = False
    cycle.expected_content_length = int(length)
    cycle.transport.write(STATUS_LINE[message["status"]] + head + b"\r\n")
