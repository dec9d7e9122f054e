"""A server that does not speak HTTP."""

from typing import Annotated, ClassVar

from pydantic import Field

from mockserver.faults.base import Fault
from mockserver.faults.call import Call


class Garbage(Fault):
    """Random bytes come instead of an answer, then the connection is closed; the request is not carried out."""

    shorthand: ClassVar[str | None] = "length"
    example: ClassVar[str] = "{probability: 0.01, fault: garbage}"

    length: Annotated[int, Field(ge=1, le=2**20)] = 64
    """How many bytes."""

    async def play(self, call: Call) -> None:
        """Write what no parser knows, the same for the same seed."""
        call.wire.write(call.rng.randbytes(self.length))
        await call.hang_up()
