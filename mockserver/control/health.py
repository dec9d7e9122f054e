"""Whether the server is ready, and which one it is."""

from typing import Literal

from mockserver import __version__
from mockserver.deps import AllWorlds
from mockserver.wire import ResponseModel, control

router = control()


class Health(ResponseModel):
    """A server that answers this is ready. `instance` differs at every start; `state` is a folder or "memory"."""

    status: Literal["ok"]
    version: str
    instance: str
    state: str
    worlds: int


@router.get("/health", operation_id="mock.health")
async def health(worlds: AllWorlds) -> Health:
    """Answer once the server is ready."""
    return Health(
        status="ok",
        version=__version__,
        instance=worlds.instance,
        state=str(worlds.state or "memory"),
        worlds=len(list(worlds)),
    )
