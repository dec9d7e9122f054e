"""An error after the head has said that all is well."""

from typing import ClassVar

from pydantic_core import to_json

from mockserver.errors import server_error
from mockserver.faults.base import Fault
from mockserver.faults.call import Call
from mockserver.faults.position import StreamPosition, reach


class ErrorEvent(StreamPosition, Fault):
    """A stream ends with an error instead of what it had still to say."""

    shorthand: ClassVar[str | None] = "after_events"
    example: ClassVar[str] = (
        "{match: {endpoint: completions}, fault: {error_event: {after_events: 3, message: Too much.}}}"
    )

    message: str = server_error().message
    """What the error says."""
    type: str = server_error().type
    """The type of the error."""
    code: str | None = None
    """The machine-readable code of the error."""

    async def play(self, call: Call) -> None:
        """Say it at the position, and end."""
        error = {"message": self.message, "type": self.type, "param": None, "code": self.code}

        async def strike() -> None:
            await call.write(b"data: " + to_json({"error": error}) + b"\n\n", more=False)

        await reach(call, self.place, strike)
