"""An answer that says it is something else."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call, Message
from mockserver.faults.heads import HeaderValue, with_header


class WrongContentType(Fault):
    """The normal answer comes under another content type."""

    shorthand: ClassVar[str | None] = "content_type"
    example: ClassVar[str] = "{match: {stream: true}, fault: {wrong_content_type: application/json}}"

    content_type: HeaderValue = "text/html"
    """What the answer says it is."""

    async def play(self, call: Call) -> None:
        """Change the head, leave the body."""
        wrong = self.content_type.encode("latin-1")

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": with_header(message, b"content-type", wrong)}
            await call.send(message)

        await call.proceed(send)
