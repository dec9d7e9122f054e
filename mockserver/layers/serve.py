"""The last step: the handler itself, or FastAPI where a handler needs what only FastAPI can find out."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.wire import Route


class Serve:
    """Calls the handler of the route that was found; who found none is told so by FastAPI."""

    def __init__(self, api: ASGIApp) -> None:
        self.api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        found = scope.get("found")
        app = found.lean if isinstance(found, Route) else None
        await (app or self.api)(scope, receive, send)
