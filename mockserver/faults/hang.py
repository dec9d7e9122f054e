"""A server that never answers."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call


class Hang(Fault):
    """No answer comes, ever; the request is not carried out."""

    example: ClassVar[str] = "{match: {endpoint: completions}, attempt: 1, fault: hang}"

    async def play(self, call: Call) -> None:
        """Wait for the client to lose patience."""
        await call.gone()
