"""An event that is no JSON."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call
from mockserver.faults.position import StreamPosition, reach

EVENT = b'data: {"object":\n\n'


class MalformedEvent(StreamPosition, Fault):
    """An event whose JSON breaks off comes over a stream, which then goes on."""

    shorthand: ClassVar[str | None] = "after_events"
    example: ClassVar[str] = "{match: {endpoint: completions}, fault: {malformed_event: 3}}"

    async def play(self, call: Call) -> None:
        """Slip the event in at the position."""

        async def strike() -> None:
            await call.write(EVENT)

        await reach(call, self.place, strike)
