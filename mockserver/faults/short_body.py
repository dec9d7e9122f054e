"""An answer that is shorter than it says."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call, Message
from mockserver.faults.heads import header
from mockserver.faults.position import Count, Cut, by_bytes, reach


class ShortBody(Fault):
    """The connection is closed when less was sent than content-length says. Streams, which do not say, are spared."""

    shorthand: ClassVar[str | None] = "after_bytes"
    example: ClassVar[str] = "{match: {endpoint: files.content}, fault: {short_body: 100}}"

    after_bytes: Count | None = None
    """After how many bytes of the body; left out: half of them."""

    async def play(self, call: Call) -> None:
        """Hang up amid the body."""
        await reach(call, self._place, call.hang_up)

    def _place(self, head: Message) -> Cut | None:
        length = int(header(head, b"content-length") or 0)
        end = length // 2 if self.after_bytes is None else self.after_bytes
        return by_bytes(end) if end < length else None
