"""A stream that is too short."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call
from mockserver.faults.position import StreamPosition, reach

DONE = b"data: [DONE]\n\n"


class StreamCut(StreamPosition, Fault):
    """A stream ends too soon, as if that were all: HTTP has nothing to complain of."""

    shorthand: ClassVar[str | None] = "after_events"
    example: ClassVar[str] = (
        "{match: {endpoint: completions}, fault: {stream_cut: {after_events: 3, done: true}}}"
    )

    done: bool = False
    """Whether `data: [DONE]` still comes."""

    async def play(self, call: Call) -> None:
        """End the answer at the position."""

        async def strike() -> None:
            await call.write(DONE if self.done else b"", more=False)

        await reach(call, self.place, strike)
