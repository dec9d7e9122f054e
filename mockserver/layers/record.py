"""Every exchange with the API is written into its world's journal and carries the official headers."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.clock import stopwatch
from mockserver.journal import Exchange
from mockserver.world import World

#: the constant `openai-version` header of the real API
API_VERSION = "2020-10-01"


class Record:
    """Journals a request under `/v1` and its answer; the control API does not write about itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, noting what goes in and out."""
        if scope["type"] != "http" or scope["path"].startswith("/_mock"):
            await self.app(scope, receive, send)
            return
        world: World = scope["world"]
        began = stopwatch()
        exchange = _exchange(world, scope)
        world.journal.open(exchange)
        scope["exchange"] = exchange

        async def noted_receive() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                exchange.request.add(message.get("body", b""))
            return message

        async def noted_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["openai-organization"] = world.scenario.account.user
                headers["openai-processing-ms"] = str(round((stopwatch() - began) * 1000))
                headers["openai-version"] = API_VERSION
                headers["x-request-id"] = exchange.id
                exchange.status = message["status"]
                exchange.response_headers = headers.items()
                exchange.operation = operation(scope) or exchange.operation
            elif message["type"] == "http.response.body":
                exchange.response.add(message.get("body", b""))
                if not message.get("more_body"):
                    world.journal.close(exchange)
            await send(message)

        try:
            await self.app(scope, noted_receive, noted_send)
        finally:
            world.journal.close(exchange)


def operation(scope: Scope) -> str | None:
    """Return the official name of the operation this request reached, such as `fine_tunes.create`."""
    return getattr(scope.get("route"), "operation_id", None)


def _exchange(world: World, scope: Scope) -> Exchange:
    return Exchange(
        id=world.ids.new("req"),
        at=world.clock.time,
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
    )
