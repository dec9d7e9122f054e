"""Every exchange with the API is written into its world's journal and carries the official headers."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.clock import stopwatch
from mockserver.journal import Exchange
from mockserver.world import World

#: the constant `openai-version` header of the real API
API_VERSION = b"2020-10-01"


class Record:
    """Journals a request under `/v1` and its answer; the control API does not write about itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, noting what goes in and out; `told` are headers that layers further in want sent."""
        if scope["type"] != "http" or scope["path"].startswith("/_mock"):
            await self.app(scope, receive, send)
            return
        world: World = scope["world"]
        began = stopwatch()
        exchange = Exchange(
            world.ids.new("req"),
            world.clock.time,
            scope["method"],
            scope["path"],
            scope["query_string"].decode("latin-1"),
            scope["headers"],
            operation=scope["operation"],
        )
        world.journal.open(exchange)
        scope["exchange"] = exchange
        told: list[tuple[bytes, bytes]] = []
        scope["told"] = told

        async def noted_receive() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                exchange.request.add(message.get("body", b""))
            return message

        async def noted_send(message: Message) -> None:
            if message["type"] == "http.response.body":
                exchange.response.add(message.get("body", b""))
                if not message.get("more_body"):
                    world.journal.close(exchange)
            elif message["type"] == "http.response.start":
                ours = (
                    *told,
                    (b"openai-organization", world.scenario.account.user.encode()),
                    (b"openai-processing-ms", b"%d" % round((stopwatch() - began) * 1000)),
                    (b"openai-version", API_VERSION),
                    (b"x-request-id", exchange.id.encode()),
                )
                brought = message["headers"]
                if len(brought) > 2:  # noqa: PLR2004 - its length and its type are never among ours
                    names = {name for name, _ in ours}
                    brought = [each for each in brought if each[0] not in names]
                message["headers"] = [*brought, *ours]
                exchange.status = message["status"]
                exchange.response_headers = message["headers"]
            await send(message)

        try:
            await self.app(scope, noted_receive, noted_send)
        finally:
            world.journal.close(exchange)
