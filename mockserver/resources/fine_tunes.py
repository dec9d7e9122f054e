"""Legacy fine-tunes: the `/v1/fine-tunes` of 2021 to January 2024, as clients 0.x and 1.0 to 1.7.1 call them.

Source: the official reference of March 2023. DELETE was never in it; Azure had it, and the 0.28 CLI sends it.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from mockserver import errors
from mockserver.deps import CurrentWorld
from mockserver.domain import jobs, training
from mockserver.domain.file_object import FileObject, shown
from mockserver.domain.jobs import Job, Order
from mockserver.errors import training as refusals
from mockserver.simulation.lifecycle import FINAL
from mockserver.wire import DONE, PING, RequestModel, ResponseModel, event, resource
from mockserver.world import World

router = resource("fine-tunes")

#: a comment keeps a quiet stream alive, in real seconds; the 0.x client gives up after 600 without a byte
KEEP_ALIVE = 15.0

#: internal state -> the word on the wire
STATUS = {"validating_files": "pending", "queued": "pending", "paused": "pending"}

#: what has happened -> the words of the log, as in 2023 (that of a failure is not verified)
MESSAGES = {
    "created": "Created fine-tune: {id}",
    "costs": "Fine-tune costs ${cost:.2f}",
    "enqueued": "Fine-tune enqueued",
    "enqueued_at": "Fine-tune enqueued. Queue number: {number}",
    "queue": "Fine-tune is in the queue. Queue number: {number}",
    "started": "Fine-tune started",
    "epoch": "Completed epoch {epoch}/{epochs}",
    "model": "Uploaded model: {model}",
    "result_file": "Uploaded result file: {file}",
    "succeeded": "Fine-tune succeeded",
    "cancelled": "Fine-tune cancelled",
    "failed": "Fine-tune failed. {message}",
}


class Hyperparams(RequestModel):
    """The `hyperparameters` object that clients 1.0 to 1.7.1 send."""

    n_epochs: Annotated[int, Field(ge=1, le=50)] | Literal["auto"] = "auto"


class CreateFineTune(RequestModel):
    """The body of POST /v1/fine-tunes."""

    training_file: str
    validation_file: str | None = None
    model: str = "curie"
    n_epochs: Annotated[int, Field(ge=1, le=50)] | None = None
    batch_size: Annotated[int, Field(ge=1, le=256)] | None = None
    learning_rate_multiplier: Annotated[float, Field(gt=0)] | None = None
    prompt_loss_weight: Annotated[float, Field(ge=0)] | None = None
    compute_classification_metrics: bool = False
    classification_n_classes: Annotated[int, Field(ge=2)] | None = None
    classification_positive_class: str | None = None
    classification_betas: list[float] | None = None
    suffix: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    hyperparameters: Hyperparams | None = None


class FineTuneEvent(ResponseModel):
    """One line of a fine-tune's log."""

    object: Literal["fine-tune-event"] = "fine-tune-event"
    level: str
    message: str
    created_at: int


class FineTune(ResponseModel):
    """A fine-tune; items of a list carry no events."""

    object: Literal["fine-tune"] = "fine-tune"
    id: str
    hyperparams: dict[str, Any]
    organization_id: str
    model: str
    training_files: list[FileObject]
    validation_files: list[FileObject]
    result_files: list[FileObject]
    created_at: int
    updated_at: int
    status: Literal["pending", "running", "succeeded", "failed", "cancelled"]
    fine_tuned_model: str | None
    events: list[FineTuneEvent] | None = None


class FineTuneList(ResponseModel):
    """Every fine-tune of the organisation; legacy lists have no pages."""

    object: Literal["list"] = "list"
    data: list[FineTune]


class FineTuneEventList(ResponseModel):
    """The log of a fine-tune, oldest line first."""

    object: Literal["list"] = "list"
    data: list[FineTuneEvent]


class FineTuneDeleted(ResponseModel):
    """The confirmation of a deletion (not verified)."""

    id: str
    object: Literal["fine-tune"] = "fine-tune"
    deleted: bool


@router.post("/fine-tunes", operation_id="fine_tunes.create")
async def create(body: CreateFineTune, world: CurrentWorld) -> FineTune:
    """Create a fine-tune from an uploaded file."""
    job = await training.create(world, _order(body))
    return _whole(world, job)


@router.get("/fine-tunes", operation_id="fine_tunes.list")
async def list_(world: CurrentWorld) -> FineTuneList:
    """List the fine-tunes of the organisation, oldest first."""
    return FineTuneList(data=[_item(world, job) for job in world.store.all("job")])


@router.get("/fine-tunes/{fine_tune_id}", operation_id="fine_tunes.retrieve")
async def retrieve(fine_tune_id: str, world: CurrentWorld) -> FineTune:
    """Return a fine-tune with its log."""
    jobs.look(world, fine_tune_id)
    return _whole(world, _find(world, fine_tune_id))


@router.post("/fine-tunes/{fine_tune_id}/cancel", operation_id="fine_tunes.cancel")
async def cancel(fine_tune_id: str, world: CurrentWorld) -> FineTune:
    """End a fine-tune now."""
    job = _find(world, fine_tune_id)
    return _whole(world, training.cancel(world, job))


@router.get(
    "/fine-tunes/{fine_tune_id}/events",
    operation_id="fine_tunes.list_events",
    response_model=FineTuneEventList,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def list_events(
    fine_tune_id: str, world: CurrentWorld, stream: Annotated[bool, Query()] = False
) -> FineTuneEventList | StreamingResponse:
    """Return a fine-tune's log, or with `stream=true` tell it from the start and on until the job ends."""
    job = _find(world, fine_tune_id)
    if stream:
        return StreamingResponse(_follow(world, fine_tune_id), media_type="text/event-stream")
    return FineTuneEventList(data=_events(world, job))


@router.delete("/fine-tunes/{fine_tune_id}", operation_id="fine_tunes.delete")
async def delete(fine_tune_id: str, world: CurrentWorld) -> FineTuneDeleted:
    """Forget a fine-tune that has ended; its model stays until it is deleted itself."""
    training.forget(world, _find(world, fine_tune_id))
    return FineTuneDeleted(id=fine_tune_id, deleted=True)


def _order(body: CreateFineTune) -> Order:
    asked = {
        name: getattr(body, name)
        for name in ("n_epochs", "batch_size", "learning_rate_multiplier", "prompt_loss_weight")
    }
    if body.hyperparameters and body.hyperparameters.n_epochs != "auto":
        asked["n_epochs"] = asked["n_epochs"] or body.hyperparameters.n_epochs
    return Order(
        api="legacy",
        model=body.model,
        training_file=body.training_file,
        validation_file=body.validation_file,
        suffix=body.suffix,
        hyperparameters={name: value for name, value in asked.items() if value is not None},
        classification=_classification(body),
    )


def _classification(body: CreateFineTune) -> dict[str, Any] | None:
    if not body.compute_classification_metrics:
        return None
    if body.validation_file is None:
        raise errors.invalid("compute_classification_metrics requires a validation_file.")
    if body.classification_n_classes is None and body.classification_positive_class is None:
        raise errors.invalid(
            "compute_classification_metrics requires classification_n_classes for multiclass or "
            "classification_positive_class for binary classification."
        )
    return {
        "n_classes": body.classification_n_classes,
        "positive_class": body.classification_positive_class,
        "betas": body.classification_betas,
    }


def _find(world: World, fine_tune_id: str) -> Job:
    job = jobs.find(world, fine_tune_id)
    if job is None:
        raise refusals.no_such_fine_tune(fine_tune_id)
    return job


async def _follow(world: World, job_id: str) -> AsyncIterator[bytes]:
    told: str | None = None
    while not world.closing:
        news = list(world.store.all("job.event", parent=job_id, after=told))
        for row in news:
            told = row["id"]
            if line := _event(job_id, row):
                yield event(line)
        job = jobs.find(world, job_id)
        if job is None or job["status"] in FINAL:
            yield DONE
            return
        if not news:
            yield PING
        await world.wait(at_most=KEEP_ALIVE)


def _events(world: World, job: Job) -> list[FineTuneEvent]:
    rows = world.store.all("job.event", parent=job["id"])
    return [line for row in rows if (line := _event(job["id"], row))]


def _event(job_id: str, row: dict[str, Any]) -> FineTuneEvent | None:
    """Return an event in legacy words; None for what only the modern API tells, such as metrics."""
    kind = "enqueued_at" if row["kind"] == "enqueued" and row["data"] else row["kind"]
    words = MESSAGES.get(kind)
    if words is None:
        return None
    message = words.format(id=job_id, **row["data"])
    return FineTuneEvent(level=row["level"], message=message, created_at=row["at"])


def _whole(world: World, job: Job) -> FineTune:
    """Return a fine-tune with its log."""
    fine_tune = _item(world, job)
    fine_tune.events = _events(world, job)
    return fine_tune


def _item(world: World, job: Job) -> FineTune:
    return FineTune(
        id=job["id"],
        hyperparams=_hyperparams(job),
        organization_id=world.scenario.account.organization,
        model=job["model"],
        training_files=_files(world, job, job["training_file"]),
        validation_files=_files(world, job, job["validation_file"]),
        result_files=_files(world, job, job["result_file"]),
        created_at=job["created_at"],
        updated_at=job["updated_at"],
        status=STATUS.get(job["status"], job["status"]),
        fine_tuned_model=job["fine_tuned_model"],
    )


def _hyperparams(job: Job) -> dict[str, Any]:
    """Return the hyperparameters; batch size and learning rate are null until the job is prepared."""
    resolved, prepared = job["resolved"], job["prepared"]
    shown_now = {
        "n_epochs": resolved["n_epochs"],
        "batch_size": resolved["batch_size"] if prepared else job["requested"].get("batch_size"),
        "prompt_loss_weight": resolved.get("prompt_loss_weight", 0.01),
        "learning_rate_multiplier": resolved["learning_rate_multiplier"]
        if prepared
        else job["requested"].get("learning_rate_multiplier"),
    }
    if spec := job["asked_classification"]:
        named = {f"classification_{name}": value for name, value in spec.items() if value is not None}
        shown_now |= {"compute_classification_metrics": True} | named
    return shown_now


def _files(world: World, job: Job, file_id: str | None) -> list[FileObject]:
    """Return a file in a list of at most one; a deleted one is still shown, as deleted."""
    if file_id is None:
        return []
    file = world.store.get("file", file_id)
    if file is None:
        remembered = job["snapshots"].get(file_id)
        return [shown(world, remembered | {"status": "deleted"})] if remembered else []
    return [shown(world, file)]
