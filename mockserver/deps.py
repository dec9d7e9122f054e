"""What a handler may ask for; nothing else reaches into the request's scope."""

from typing import Annotated

from fastapi import Depends, Request

from mockserver.world import World, Worlds


async def current_world(request: Request) -> World:
    """Return the world this request entered."""
    world: World = request.scope["world"]
    return world


async def current_key(request: Request) -> str:
    """Return the API key this request came with."""
    key: str = request.scope["key"]
    return key


async def all_worlds(request: Request) -> Worlds:
    """Return every world of the server."""
    worlds: Worlds = request.scope["worlds"]
    return worlds


CurrentWorld = Annotated[World, Depends(current_world)]
CurrentKey = Annotated[str, Depends(current_key)]
AllWorlds = Annotated[Worlds, Depends(all_worlds)]
