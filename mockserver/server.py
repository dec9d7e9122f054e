"""A server around the application: one socket, one uvicorn, streams that end when the server does."""

import gc
import socket

import uvicorn

from mockserver.app import create_app
from mockserver.config import Settings
from mockserver.protocol import KEEP_ALIVE_SECONDS, Protocol
from mockserver.worlds import Worlds

#: seconds that requests under way may still take when the server is told to stop
GRACE = 1


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises OSError when the address is taken or not ours.

    The protocol is named, because a socket that says `proto=0` keeps Nagle's delay on and costs 40 ms a request.
    """
    family, kind, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    listener.set_inheritable(False)
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the base URL that reaches a listening socket."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - where a server on every interface is reached from here
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """uvicorn, whose open streams end when it is told to stop."""

    def __init__(self, settings: Settings, worlds: Worlds) -> None:
        self._worlds = worlds
        super().__init__(
            uvicorn.Config(
                create_app(worlds, settings.allowed_hosts),
                http=Protocol,
                ws="none",
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve; what is there by now stays, so the garbage collector need not look at it again."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End every stream, then close the connections and the worlds."""
        for world in self._worlds:
            world.end_streams()
        await super().shutdown(sockets)
        self._worlds.close()
