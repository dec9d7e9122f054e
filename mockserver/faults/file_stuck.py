"""A file that nobody looks through."""

from typing import ClassVar

from pydantic_core import from_json, to_json

from mockserver.faults.base import Fault
from mockserver.faults.call import Call, World

STATUS = "uploaded"


class FileStuck(Fault):
    """An uploaded file is never processed: it stays `uploaded`."""

    endpoints: ClassVar[tuple[str, ...]] = ("files.create",)
    example: ClassVar[str] = "{times: 1, fault: file_stuck}"

    async def play(self, call: Call) -> None:
        """Let the upload happen, then take away what was to happen to the file."""
        await call.rewrite(lambda body: _stuck(call.world, body))


def _stuck(world: World, body: bytes) -> bytes:
    """Return what is said of a file that stays as it was uploaded."""
    told = from_json(body)
    with world.moment():
        file = world.store.get("file", told["id"])
        assert file is not None, "it was uploaded a moment ago"
        world.store.put("file", file | {"status": STATUS})
        for due in world.store.due_of(told["id"]):
            if due.kind == "file.processed":
                world.store.drop(due)
    return to_json(told | {"status": STATUS})
