"""A clock that is held until some endpoint is called begins to run as soon as the first such call is answered."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.routing import operation
from mockserver.world import World


class Hold:
    """Releases a held clock when the call it waits for has succeeded, so the call itself happens at the exact start."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; release the clock when the awaited answer begins."""
        if scope["type"] != "http" or not scope["world"].clock.held:
            await self.app(scope, receive, send)
            return
        world: World = scope["world"]

        async def releasing(message: Message) -> None:
            if (
                message["type"] == "http.response.start"
                and message["status"] < 400  # noqa: PLR2004 - refused or not
                and operation(scope) == world.scenario.clock.hold_until
            ):
                world.clock.release()
                world.touch()
            await send(message)

        await self.app(scope, receive, releasing)
