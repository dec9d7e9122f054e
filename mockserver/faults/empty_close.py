"""A server that hangs up."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call


class EmptyClose(Fault):
    """The connection is closed without a byte of an answer; the request is not carried out."""

    example: ClassVar[str] = "{match: {endpoint: models.list}, fault: empty_close}"

    async def play(self, call: Call) -> None:
        """Hang up."""
        await call.hang_up()
