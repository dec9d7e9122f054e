"""Engines, what models were called until 2022: https://beta.openai.com/docs/api-reference/engines (2022).

What was asked of an engine at `/v1/engines/{engine}/completions` is asked of a model today: `layers/paths.py`.
"""

from typing import Any, Literal

from mockserver.deps import CurrentWorld
from mockserver.domain import models
from mockserver.errors import engines
from mockserver.wire import ResponseModel, resource

router = resource("engines")


class Engine(ResponseModel):
    """An engine as the wire showed it in 2022; it was always ready, and the last two always null."""

    object: Literal["engine"] = "engine"
    id: str
    ready: bool
    owner: str
    permissions: list[Any] | None
    created: int | None


class EngineList(ResponseModel):
    """Every engine there is; this list has no pages."""

    object: Literal["list"] = "list"
    data: list[Engine]


@router.get("/engines", operation_id="engines.list")
async def list_(world: CurrentWorld) -> EngineList:
    """List the models that exist now, as engines; tuned ones too (not verified)."""
    return EngineList(data=[_shown(model) for model in (*models.standing(world), *models.tuned(world))])


@router.get("/engines/{engine_id}", operation_id="engines.retrieve")
async def retrieve(engine_id: str, world: CurrentWorld) -> Engine:
    """Return one model as an engine."""
    found = models.find(world, engine_id)
    if found is None:
        raise engines.no_such_engine()
    return _shown(found)


def _shown(model: models.Model) -> Engine:
    return Engine(id=model.id, ready=True, owner=model.owned_by, permissions=None, created=None)
