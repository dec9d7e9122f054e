"""Only requests that name a host of ours get in, so that no web page can reach the mock by DNS rebinding.

The control API looks at `Origin` as well: a page of somebody else's may not reset a world.
"""

from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.errors import ApiError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class HostGuard:
    """Refuses requests whose `Host` is not on the list, is missing or comes twice; `*` allows all."""

    def __init__(self, app: ASGIApp, allowed: Iterable[str] = ()) -> None:
        self.app = app
        self.allowed = frozenset(name.lower() for name in (*LOOPBACK, *allowed))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass or raise ApiError 403."""
        if scope["type"] == "http" and "*" not in self.allowed:
            hosts = _values(scope, b"host")
            if len(hosts) != 1 or not self._knows(hosts[0]):
                raise _refused("Host", hosts)
            if "/_mock/" in scope["path"]:
                origins = [origin.partition("://")[2] for origin in _values(scope, b"origin")]
                if not all(map(self._knows, origins)):
                    raise _refused("Origin", origins)
        await self.app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        return _without_port(host.lower()) in self.allowed


def _values(scope: Scope, wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]


def _refused(header: str, values: list[str]) -> ApiError:
    shown = ", ".join(values) or "none"
    message = f"{header} not allowed: {shown}. (HINT: start the server with --allow-host NAME)"
    return ApiError(403, message, code="host_not_allowed")


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host
