"""A request enters its world: `/w/<id>/…` is the world of that id, everything else the default one."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.worlds import DEFAULT, Worlds


class Entrance:
    """Puts the world into the scope, lets its time pass, and takes `/w/<id>` off the path."""

    def __init__(self, app: ASGIApp, worlds: Worlds) -> None:
        self.app = app
        self.worlds = worlds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Enter the world and settle it. Raises ApiError 404 for a world that does not exist."""
        if scope["type"] == "http":
            scope["worlds"] = self.worlds
            path: str = scope["path"]
            if path.startswith("/w/"):
                world_id, slash, rest = path[3:].partition("/")
                scope["world"] = self.worlds[world_id]
                scope["path"] = slash + rest
            else:
                scope["world"] = self.worlds[DEFAULT]
            scope["world"].settle()
        await self.app(scope, receive, send)
