"""A stream that falls silent."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call
from mockserver.faults.position import StreamPosition, reach
from mockserver.scenario.durations import Duration


class StreamStall(StreamPosition, Fault):
    """Nothing more comes over a stream, though it stays open."""

    shorthand: ClassVar[str | None] = "after_events"
    example: ClassVar[str] = (
        "{match: {endpoint: completions}, fault: {stream_stall: {after_events: 3, lasts: 30s}}}"
    )

    lasts: Duration | None = None
    """How long, in the world's time, until it goes on; left out: until the client leaves."""

    async def play(self, call: Call) -> None:
        """Fall silent at the position."""

        async def strike() -> None:
            if self.lasts is None:
                await call.gone()
            else:
                await call.sleep(self.lasts)

        await reach(call, self.place, strike)
