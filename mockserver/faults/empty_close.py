"""A server that hangs up."""

from mockserver.faults.base import Fault
from mockserver.faults.call import Call


class EmptyClose(Fault):
    """The connection is closed without a byte of an answer; the request is not carried out."""

    async def play(self, call: Call) -> None:
        """Hang up."""
        await call.hang_up()
