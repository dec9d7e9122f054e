"""An answer that cannot be parsed."""

from typing import ClassVar

from mockserver.faults.base import Fault
from mockserver.faults.call import Call


class BadJson(Fault):
    """Half of the answer's JSON is missing, though HTTP has nothing to complain of. Streams are spared."""

    example: ClassVar[str] = "{match: {endpoint: completions}, times: 1, fault: bad_json}"

    async def play(self, call: Call) -> None:
        """Cut the text in half."""
        await call.rewrite(lambda body: body[: len(body) // 2])
