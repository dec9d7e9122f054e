"""Every request to a model is weighed against the limits, and its answer tells how much room is left."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.domain import limits, models
from mockserver.scenario import endpoints
from mockserver.wire import read_json

#: the operations that run a model
INFERENCE = frozenset(f"{endpoint}.create" for endpoint in endpoints.INFERENCE)


class Limits:
    """Counts a request before it reaches its handler; one of a model that does not exist is not counted."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers of the limits on the way back. Raises ApiError 429 if there is no room."""
        if scope.get("operation") in INFERENCE:
            body = await read_json(scope, receive)
            name = body.get("model") if isinstance(body, dict) else None
            model = models.find(scope["world"], name) if isinstance(name, str) else None
            if model is not None:
                weight = limits.weigh(scope["operation"], body)
                scope["told"] += limits.admit(scope["world"], model, weight)
        await self.app(scope, receive, send)
