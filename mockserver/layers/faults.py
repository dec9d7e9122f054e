"""Some requests meet a fault instead of their answer, or on their way to it."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.domain import faults
from mockserver.facts import read_facts
from mockserver.faults.call import Call


class Faults:
    """Lets the first rule that strikes play its fault; a world without rules pays nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or play a fault to its end. Raises ApiError for a fault that is a refusal."""
        if scope["type"] != "http" or scope["path"].startswith("/_mock"):
            await self.app(scope, receive, send)
            return
        world = scope["world"]
        rules = faults.of(world)
        if not rules.rules:
            await self.app(scope, receive, send)
            return
        facts, receive = await read_facts(scope, receive)
        facts["query"] = scope["query_string"].decode("latin-1")
        struck = rules.strike(facts)
        if struck is None:
            await self.app(scope, receive, send)
            return
        rule, rng = struck
        scope["piecewise"] = True
        call = Call(self.app, scope, receive, send, world=world, rng=rng)
        await rule.fault.only.play(call)
        if not call.answered:
            await call.gone()
