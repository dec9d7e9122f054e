"""A log that breaks off while it is followed."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call
from mockserver.faults.position import Count, StreamPosition, reach
from mockserver.scenario.keys import Facts


class FollowInterrupted(StreamPosition, Fault):
    """Somebody who follows a legacy fine-tune loses the connection; who follows it again hears all from the start."""

    shorthand: ClassVar[str | None] = "after_events"
    endpoints: ClassVar[tuple[str, ...]] = ("fine_tunes.list_events",)
    example: ClassVar[str] = "{times: 1, fault: {follow_interrupted: 5}}"

    after_events: Count = 1
    """After how many events of the stream."""

    def concerns(self, facts: Facts) -> bool:
        """Whether the log is followed, not just read."""
        return super().concerns(facts) and "stream=true" in str(facts["query"])

    async def play(self, call: Call) -> None:
        """Hang up at the position, without the last chunk of the body."""
        await reach(call, self.place, call.hang_up)
