"""A world that is set on a day has that day's endpoints; which they are, `simulation/eras.py` knows."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver import errors
from mockserver.errors import ApiError
from mockserver.errors import eras as refusals
from mockserver.simulation import eras


class Era:
    """Refuses what the API did not serve on the day of `as_of`; without one, every era is served at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass or raise the ApiError that the API gave on that day."""
        if scope["type"] == "http":
            answer = eras.refusal(scope["method"], scope["path"], scope["world"].as_of)
            if answer is not None:
                raise _refusal(answer, scope["method"], scope["exchange"].path)
        await self.app(scope, receive, send)


def _refusal(answer: eras.Answer, method: str, path: str) -> ApiError:
    match answer:
        case "invalid_url":
            return errors.unknown_url(method, path)
        case "unknown_url":
            return refusals.removed_url(method, path)
        case "training_not_available":
            return refusals.training_not_available()
