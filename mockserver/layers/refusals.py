"""What is raised before the request reaches FastAPI leaves in the same words as all other refusals."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.errors import ApiError
from mockserver.rendering import refusal, response


class Refusals:
    """Renders an error raised by a layer further in; one that is no `ApiError` goes on to the server's log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and answer in the official shape if a layer raises before the answer has begun."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if not begun:
                await response(refusal(scope, error))(scope, receive, send)
            if begun or not isinstance(error, ApiError):
                raise
