"""Checkpoints of fine-tuning jobs, and who may use them: https://platform.openai.com/docs/api-reference/fine-tuning."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field

from mockserver.deps import CurrentWorld
from mockserver.domain import jobs
from mockserver.errors import training as refusals
from mockserver.pages import page
from mockserver.wire import RequestModel, ResponseModel, resource
from mockserver.world import World

router = resource("fine-tuning")


class Checkpoint(ResponseModel):
    """A model as it was after some step of its training."""

    id: str
    created_at: int
    fine_tuned_model_checkpoint: str
    step_number: int
    metrics: dict[str, float]
    fine_tuning_job_id: str
    object: Literal["fine_tuning.job.checkpoint"] = "fine_tuning.job.checkpoint"


class CheckpointList(ResponseModel):
    """A page of checkpoints, the latest first."""

    data: list[Checkpoint]
    object: Literal["list"] = "list"
    first_id: str | None
    last_id: str | None
    has_more: bool


class CreatePermission(RequestModel):
    """The projects that may use a checkpoint."""

    project_ids: Annotated[list[str], Field(min_length=1)]


class Permission(ResponseModel):
    """One project's permission to use a checkpoint."""

    id: str
    created_at: int
    project_id: str
    object: Literal["checkpoint.permission"] = "checkpoint.permission"


class PermissionList(ResponseModel):
    """A page of permissions."""

    data: list[Permission]
    object: Literal["list"] = "list"
    first_id: str | None
    last_id: str | None
    has_more: bool


class PermissionDeleted(ResponseModel):
    """The confirmation of a deletion."""

    id: str
    object: Literal["checkpoint.permission"] = "checkpoint.permission"
    deleted: bool


@router.get(
    "/fine_tuning/jobs/{fine_tuning_job_id}/checkpoints", operation_id="fine_tuning.jobs.checkpoints.list"
)
async def list_(
    fine_tuning_job_id: str,
    world: CurrentWorld,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> CheckpointList:
    """List the checkpoints of a job."""
    if jobs.find(world, fine_tuning_job_id) is None:
        raise refusals.no_such_job(fine_tuning_job_id)
    rows, more = page(world.store, "checkpoint", parent=fine_tuning_job_id, limit=limit, after=after)
    return CheckpointList(
        data=[_shown(row) for row in rows],
        first_id=rows[0]["id"] if rows else None,
        last_id=rows[-1]["id"] if rows else None,
        has_more=more,
    )


@router.post(
    "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint:path}/permissions",
    operation_id="fine_tuning.checkpoints.permissions.create",
)
async def create_permissions(
    fine_tuned_model_checkpoint: str, body: CreatePermission, world: CurrentWorld
) -> PermissionList:
    """Let projects use a checkpoint."""
    _find(world, fine_tuned_model_checkpoint)
    rows = [
        {"id": world.ids.new("cp"), "created_at": world.clock.now, "project_id": project}
        for project in body.project_ids
    ]
    with world.store.transaction():
        for row in rows:
            world.store.put("permission", row, parent=fine_tuned_model_checkpoint)
    return _permissions(rows, more=False)


@router.get(
    "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint:path}/permissions",
    operation_id="fine_tuning.checkpoints.permissions.list",
)
async def list_permissions(
    fine_tuned_model_checkpoint: str,
    world: CurrentWorld,
    project_id: str | None = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    order: Literal["ascending", "descending"] = "descending",
) -> PermissionList:
    """List who may use a checkpoint."""
    _find(world, fine_tuned_model_checkpoint)
    rows, more = page(
        world.store,
        "permission",
        parent=fine_tuned_model_checkpoint,
        limit=limit,
        after=after,
        order="asc" if order == "ascending" else "desc",
        where=None if project_id is None else {"project_id": project_id},
    )
    return _permissions(rows, more=more)


@router.delete(
    "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint:path}/permissions/{permission_id}",
    operation_id="fine_tuning.checkpoints.permissions.delete",
)
async def delete_permission(
    fine_tuned_model_checkpoint: str, permission_id: str, world: CurrentWorld
) -> PermissionDeleted:
    """Take a permission back."""
    _find(world, fine_tuned_model_checkpoint)
    mine = world.store.all("permission", parent=fine_tuned_model_checkpoint, where={"id": permission_id})
    if next(mine, None) is None:
        raise refusals.no_such_permission(permission_id)
    world.store.delete("permission", permission_id)
    return PermissionDeleted(id=permission_id, deleted=True)


def _find(world: World, name: str) -> dict[str, Any]:
    """Return the tuned model or checkpoint of that name. Raises ApiError 404."""
    model = world.store.get("model", name)
    if model is None:
        raise refusals.no_such_checkpoint(name)
    return model


def _shown(row: dict[str, Any]) -> Checkpoint:
    return Checkpoint(
        id=row["id"],
        created_at=row["created_at"],
        fine_tuned_model_checkpoint=row["model"],
        step_number=row["step"],
        metrics={name: value for name, value in row["metrics"].items() if isinstance(value, int | float)},
        fine_tuning_job_id=row["job"],
    )


def _permissions(rows: list[dict[str, Any]], *, more: bool) -> PermissionList:
    return PermissionList(
        data=[
            Permission(
                **row,
            )
            for row in rows
        ],
        first_id=rows[0]["id"] if rows else None,
        last_id=rows[-1]["id"] if rows else None,
        has_more=more,
    )
