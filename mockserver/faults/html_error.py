"""A page for people, from the proxy in front of the API."""

from typing import Annotated, ClassVar

from pydantic import Field

from mockserver.faults.base import Fault
from mockserver.faults.call import Call
from mockserver.faults.heads import phrase

#: as clients met it in 2024 (n3d1117/chatgpt-telegram-bot, issue 637)
PAGE = (
    "<html>\r\n<head><title>{error}</title></head>\r\n<body>\r\n<center><h1>{error}</h1></center>\r\n"
    "<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n"
)


class HtmlError(Fault):
    """A proxy answers with an HTML page instead of the API; the request is not carried out."""

    shorthand: ClassVar[str | None] = "status"
    example: ClassVar[str] = "{attempt: [1, 2], fault: {html_error: 504}}"

    status: Annotated[int, Field(ge=400, le=599)] = 502
    """The status of the page."""

    async def play(self, call: Call) -> None:
        """Answer with the page."""
        page = PAGE.format(error=f"{self.status} {phrase(self.status)}").encode()
        headers = [(b"content-type", b"text/html"), (b"content-length", str(len(page)).encode())]
        await call.send({"type": "http.response.start", "status": self.status, "headers": headers})
        await call.write(page, more=False)
