"""Refusals that are raised before the request reaches FastAPI leave in the same words as all others."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.errors import ApiError
from mockserver.rendering import response


class Refusals:
    """Renders an `ApiError` raised by a layer further in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and answer in the official shape if a layer refuses before the answer has begun."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ApiError as error:
            if begun:
                raise
            await response(error)(scope, receive, send)
