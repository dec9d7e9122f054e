"""Models: https://platform.openai.com/docs/api-reference/models."""

from typing import Any, Literal

from mockserver.deps import CurrentWorld
from mockserver.domain import models
from mockserver.errors import models as refusals
from mockserver.simulation import catalogue
from mockserver.wire import ResponseModel, resource
from mockserver.world import World

router = resource("models")


class ModelPermission(ResponseModel):
    """Who may do what with a model; part of every model until November 2023."""

    id: str
    object: Literal["model_permission"] = "model_permission"
    created: int
    allow_create_engine: bool
    allow_sampling: bool
    allow_logprobs: bool
    allow_search_indices: bool
    allow_view: bool
    allow_fine_tuning: bool
    organization: str
    group: str | None
    is_blocking: bool


class Model(ResponseModel):
    """A model as the API shows it; `permission`, `root` and `parent` belong to 2023's form only."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str
    shutdown_date: str | None = None
    permission: list[ModelPermission] | None = None
    root: str | None = None
    parent: str | None = None


class ModelList(ResponseModel):
    """Every model there is; this list has no pages."""

    object: Literal["list"] = "list"
    data: list[Model]


class ModelDeleted(ResponseModel):
    """The confirmation of a deletion."""

    id: str
    object: Literal["model"] = "model"
    deleted: bool


@router.get("/models", operation_id="models.list")
async def list_(world: CurrentWorld) -> ModelList:
    """List the models that exist now."""
    return ModelList(data=[*_standing(world), *(shown(world, model) for model in models.tuned(world))])


@router.get("/models/{model:path}", operation_id="models.retrieve")
async def retrieve(model: str, world: CurrentWorld) -> Model:
    """Return one model."""
    found = models.find(world, model)
    if found is None:
        raise refusals.model_not_found(model)
    return shown(world, found)


@router.delete("/models/{model:path}", operation_id="models.delete")
async def delete(model: str, world: CurrentWorld) -> ModelDeleted:
    """Delete a fine-tuned model."""
    models.delete(world, model)
    return ModelDeleted(id=model, deleted=True)


def _standing(world: World) -> list[Model]:
    """Return the models that no job has made; they never change within a world."""
    kept: list[Model] | None = world.memory.get("models")
    if kept is None:
        kept = world.memory["models"] = [shown(world, model) for model in models.standing(world)]
    return kept


def shown(world: World, model: models.Model) -> Model:
    """Return a model in the shape of the world's era."""
    fields: dict[str, Any] = {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.owned_by,
    }
    if not world.legacy_shapes and model.shutdown:
        fields["shutdown_date"] = model.shutdown
    if world.legacy_shapes:
        root = catalogue.legacy_root(model.base) if model.job else model.id
        fields |= {"permission": [_permission(world, model)], "root": root}
        fields["parent"] = root if model.job else None
    return Model.model_validate(fields)


def _permission(world: World, model: models.Model) -> dict[str, Any]:
    tuned = model.job is not None
    return {
        "id": model.permission or world.ids.of("modelperm", model.id),
        "object": "model_permission",
        "created": model.created,
        "allow_create_engine": tuned,
        "allow_sampling": True,
        "allow_logprobs": True,
        "allow_search_indices": False,
        "allow_view": True,
        "allow_fine_tuning": tuned,
        "organization": world.scenario.account.organization if tuned else "*",
        "group": None,
        "is_blocking": False,
    }
