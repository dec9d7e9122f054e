"""What a request asks for is looked up once: the route it will reach, and the name of that operation."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.routing import Routes


class Address:
    """Puts the operation and its route into the scope."""

    def __init__(self, app: ASGIApp, routes: Routes) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            self.routes.look_up(scope)
        await self.app(scope, receive, send)
