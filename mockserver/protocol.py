"""The connection itself: uvicorn's protocol, with a deadline for heads and a handle for those who break things.

uvicorn waits for ever for a request's head, and answers what is no HTTP in plain text; this protocol does neither.
Whatever a fault does to a connection, it does through the `Wire` in the request's scope, so that it is real.
"""

import asyncio
import contextlib
import socket
import struct

from pydantic_core import to_json
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: how long a client may take to send a request's head, in real seconds
HEAD_SECONDS = 10.0
#: how long an idle connection is kept, in real seconds; longer than the pools of the clients keep theirs
KEEP_ALIVE_SECONDS = 75


class Wire:
    """What can be done to a connection behind HTTP's back."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._transport.write(data)

    def close(self) -> None:
        """End the connection after what was written has been sent."""
        self._transport.close()

    def reset(self) -> None:
        """Break the connection: the client sees a reset, not an end."""
        connection = self._transport.get_extra_info("socket")
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


class Protocol(HttpToolsProtocol):
    """One connection."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._head_is_there()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Put the handle into the scope of a request that begins."""
        super().on_message_begin()
        self.scope["wire"] = Wire(self.transport)  # type: ignore[typeddict-unknown-key] # a key of ours
        self._expect_head()

    def on_headers_complete(self) -> None:
        """Hand the request over."""
        self._head_is_there()
        super().on_headers_complete()

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
        self._head_is_there()
        self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _head_is_there(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
