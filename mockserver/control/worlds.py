"""Worlds beside the default one: each with its own clock, files, jobs, models and journal.

A request names a shipped scenario or brings its own text; files of this machine are for the command line alone.
"""

from typing import Any, Literal

from fastapi import Request

from mockserver import errors
from mockserver.deps import AllWorlds, CurrentWorld
from mockserver.scenario.loader import load_shipped, load_text
from mockserver.scenario.problems import ScenarioError
from mockserver.wire import RequestModel, ResponseModel, control
from mockserver.world import World
from mockserver.worlds import DEFAULT

router = control()


class CreateWorld(RequestModel):
    """A shipped scenario's name, or a whole scenario as YAML text; neither is the server's own scenario."""

    scenario: str | None = None
    yaml: str | None = None


class WorldObject(ResponseModel):
    """A world; point a client's base URL at `base_url`."""

    id: str
    object: Literal["world"] = "world"
    title: str
    base_url: str
    control_url: str


class WorldList(ResponseModel):
    """Every world of the server."""

    object: Literal["list"] = "list"
    data: list[WorldObject]


class WorldDeleted(ResponseModel):
    """The confirmation of a deletion."""

    id: str
    object: Literal["world"] = "world"
    deleted: bool


@router.post("/worlds", operation_id="mock.worlds.create")
async def create(body: CreateWorld, request: Request, worlds: AllWorlds) -> WorldObject:
    """Open a world. A scenario with faults is refused and nothing changes."""
    try:
        if body.yaml is not None:
            scenario = load_text(body.yaml, "scenario")
        else:
            scenario = worlds.scenario if body.scenario is None else load_shipped(body.scenario)
    except ScenarioError as error:
        raise errors.invalid(str(error), "scenario", "invalid_scenario") from error
    return _shown(request, worlds.create(scenario))


@router.get("/worlds", operation_id="mock.worlds.list")
async def list_(request: Request, worlds: AllWorlds) -> WorldList:
    """List the worlds."""
    return WorldList(data=[_shown(request, world) for world in worlds])


@router.delete("/worlds/{world_id}", operation_id="mock.worlds.delete")
async def delete(world_id: str, worlds: AllWorlds) -> WorldDeleted:
    """End a world. The default one stays; reset it instead."""
    if world_id == DEFAULT:
        raise errors.invalid("The default world cannot be deleted, only reset.", "world_id")
    worlds.remove(world_id)
    return WorldDeleted(id=world_id, deleted=True)


@router.post("/reset", operation_id="mock.reset")
async def reset(request: Request, world: CurrentWorld, worlds: AllWorlds) -> WorldObject:
    """Begin this world anew, from its scenario."""
    return _shown(request, worlds.reset(world.id))


def _shown(request: Request, world: World) -> WorldObject:
    root = str(request.base_url).rstrip("/")
    if world.id != DEFAULT:
        root += f"/w/{world.id}"
    fields: dict[str, Any] = {"id": world.id, "object": "world", "title": world.scenario.title}
    return WorldObject(**fields, base_url=f"{root}/v1", control_url=f"{root}/_mock")
