"""An answer that comes in crumbs."""

from typing import Annotated, ClassVar

from pydantic import Field

from mockserver.faults.base import Fault
from mockserver.faults.call import Call, Message
from mockserver.scenario.durations import Duration


class Drip(Fault):
    """The answer's body comes byte by byte, wherever that cuts an event or a character."""

    shorthand: ClassVar[str | None] = "size"
    example: ClassVar[str] = "{match: {stream: true}, fault: {drip: {size: 1, every: 5ms}}}"

    size: Annotated[int, Field(ge=1)] = 1
    """How many bytes come at once."""
    every: Duration = 0.0
    """How long it takes until the next come, in the world's time."""

    async def play(self, call: Call) -> None:
        """Cut every piece of the body into smaller ones."""

        async def send(message: Message) -> None:
            body: bytes = message.get("body", b"")
            crumbs = [body[start : start + self.size] for start in range(0, len(body), self.size)]
            for crumb in crumbs[:-1]:
                await call.write(crumb)
                await call.sleep(self.every)
            await call.send({**message, "body": crumbs[-1]} if crumbs else message)

        await call.proceed(send)
