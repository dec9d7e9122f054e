"""What is raised before the request reaches FastAPI leaves in the same words as all other refusals.

An error that is no refusal, a bug of ours or a full disk, is answered as the real API answers its own, and logged. Only
an answer that breaks off is left to uvicorn, which breaks the connection off too, so that the client knows.
"""

import logging

from fastapi.exceptions import RequestValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.errors import ApiError
from mockserver.rendering import refusal, response

log = logging.getLogger("mockserver")


class Refusals:
    """Renders an error raised by a layer further in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and answer in the official shape if a layer raises before the answer has begun."""
        begun = ended = False

        async def watched(message: Message) -> None:
            nonlocal begun, ended
            begun = True
            ended = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if begun and not ended:
                raise
            if not isinstance(error, ApiError | RequestValidationError):
                log.exception("the answer to %s %s failed", scope["method"], scope["path"])
            if not begun:
                await response(refusal(scope, error))(scope, receive, send)
