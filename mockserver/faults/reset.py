"""A connection that breaks."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call
from mockserver.faults.position import Position, reach


class Reset(Position, Fault):
    """The connection is reset. Without a position the request is not carried out, and nothing is answered."""

    example: ClassVar[str] = "{match: {stream: true}, fault: {reset: {after_events: 3}}}"

    async def play(self, call: Call) -> None:
        """Break the connection, here or in the answer."""
        if self.told:
            await reach(call, self.place, call.reset)
        else:
            await call.reset()
