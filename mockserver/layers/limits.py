"""Every request to a model is weighed against the limits, and its answer tells how much room is left."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.domain import limits, models
from mockserver.facts import operation_of, read_facts

#: the operations that run a model
INFERENCE = frozenset({"completions.create"})


class Limits:
    """Counts a request before it reaches its handler; one of a model that does not exist is not counted."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers of the limits on the way back. Raises ApiError 429 if there is no room."""
        if scope["type"] != "http" or operation_of(self.routes, scope) not in INFERENCE:
            await self.app(scope, receive, send)
            return
        facts, receive = await read_facts(scope, receive, self.routes)
        name = facts.get("model")
        model = models.find(scope["world"], name) if isinstance(name, str) else None
        if model is None:
            await self.app(scope, receive, send)
            return
        scope["exchange"].operation = facts["endpoint"]  # also if it never gets there
        told = limits.admit(scope["world"], model, limits.weigh(facts["endpoint"], facts["body"]))

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        await self.app(scope, receive, telling)
