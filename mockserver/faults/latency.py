"""A slow server."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call
from mockserver.scenario.durations import Duration


class Latency(Fault):
    """The request is carried out late."""

    shorthand: ClassVar[str | None] = "delay"
    example: ClassVar[str] = "{match: {endpoint: files.list}, fault: {latency: 2s}}"

    delay: Duration
    """How late, in the world's time."""

    async def play(self, call: Call) -> None:
        """Wait, then proceed; a world that has ended meanwhile has no answer."""
        if await call.sleep(self.delay):
            await call.proceed()
