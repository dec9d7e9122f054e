"""A list that begins again."""

from typing import ClassVar
from urllib.parse import parse_qsl, urlencode

from mockserver.faults.base import Fault
from mockserver.faults.call import Call
from mockserver.scenario.keys import Facts

CURSOR = "after"


class DuplicatePage(Fault):
    """A list overlooks the cursor and gives its first page again, so its objects and its last cursor come twice.

    Happens only to requests with a cursor. With `times: 1` a reader meets some objects twice and comes to the end;
    without a limit, one that trusts the cursor never does.
    """

    example: ClassVar[str] = "{match: {endpoint: files.list}, times: 1, fault: duplicate_page}"

    def concerns(self, facts: Facts) -> bool:
        """Whether a list is asked to go on."""
        return any(name == CURSOR for name, _ in parse_qsl(str(facts["query"])))

    async def play(self, call: Call) -> None:
        """Forget the cursor."""
        asked = parse_qsl(call.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        kept = [(name, value) for name, value in asked if name != CURSOR]
        call.scope["query_string"] = urlencode(kept).encode()
        await call.proceed()
