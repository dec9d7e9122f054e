"""An answer that cannot be parsed."""

from mockserver.faults.base import Fault
from mockserver.faults.call import Call


class BadJson(Fault):
    """Half of the answer's JSON is missing, though HTTP has nothing to complain of. Streams are spared."""

    async def play(self, call: Call) -> None:
        """Cut the text in half."""
        await call.rewrite(lambda body: body[: len(body) // 2])
