"""What a handler may ask for; nothing else reaches into the request's scope."""

from typing import Annotated

from fastapi import Depends

from mockserver.wire import FromScope
from mockserver.world import World
from mockserver.worlds import Worlds

#: the world this request entered
CurrentWorld = Annotated[World, Depends(FromScope("world"))]
#: the API key this request came with
CurrentKey = Annotated[str, Depends(FromScope("key"))]
#: every world of the server
AllWorlds = Annotated[Worlds, Depends(FromScope("worlds"))]
