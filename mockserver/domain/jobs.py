"""Fine-tuning jobs as both APIs know them: what was ordered, how far it is, and what it has said so far.

A job is one document, whichever API made it; `resources/fine_tunes.py` and `resources/fine_tuning_jobs.py` are two
views of it. What happens to it over time is in `training.py`.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from mockserver.domain import files, models
from mockserver.errors import files as file_refusals
from mockserver.errors import training as training_refusals
from mockserver.scenario.models import Course
from mockserver.simulation import catalogue, eras
from mockserver.simulation.hyperparameters import Method
from mockserver.simulation.lifecycle import FINAL, JOB, IllegalMoveError, move
from mockserver.store import Due, Step
from mockserver.world import World

Job = dict[str, Any]
Api = Literal["legacy", "modern"]
#: the kind of a job that was deleted, which nobody sees any more, but which has to be paid for
FORGOTTEN = "job.forgotten"


@dataclass(frozen=True, slots=True)
class Order:
    """What a caller asks for when creating a job, in the same words for both APIs."""

    api: Api
    model: str
    training_file: str
    validation_file: str | None = None
    suffix: str | None = None
    method: Method = "supervised"
    hyperparameters: dict[str, Any] = field(default_factory=dict)
    classification: dict[str, Any] | None = None
    grader: dict[str, Any] | None = None
    seed: int | None = None
    metadata: dict[str, str] | None = None
    integrations: list[dict[str, Any]] = field(default_factory=list)
    job_id: str | None = None
    script: Course | None = None


def base_of(world: World, order: Order) -> str:
    """Return the base model a job would train. Raises ApiError 400 if the model cannot be fine-tuned.

    A job that the scenario begins with may train what could be trained on any day.
    """
    endpoint = "fine_tunes" if order.api == "legacy" else "fine_tuning.jobs"
    if order.script is not None and order.model in catalogue.tunable(endpoint, None):
        return order.model
    tunable = catalogue.tunable(endpoint, world.as_of)
    model = models.find(world, order.model)
    if model is not None and eras.is_closed_to_training(model.base, world.as_of):
        raise training_refusals.model_not_available(order.model)
    if model is not None and (model.base in tunable or _is_own(world, model, order.api)):
        return model.base
    if order.api == "legacy":
        raise training_refusals.invalid_base_model(
            order.model, catalogue.LEGACY_BASES, world.scenario.account.organization
        )
    raise training_refusals.model_not_available(order.model)


def _is_own(world: World, model: models.Model, api: Api) -> bool:
    return api == "modern" and any(spec.id == model.base for spec in world.scenario.models)


def check_file(world: World, param: str, file_id: str) -> files.File:
    """Return a file a job may use. Raises ApiError 400 if there is none, or if it was uploaded for something else."""
    file = world.store.get("file", file_id)
    if file is None:
        raise file_refusals.unknown_file_parameter(param, file_id)
    if file["purpose"] != "fine-tune":
        raise file_refusals.wrong_file_purpose(param, file_id, file["purpose"])
    return file


def find(world: World, job_id: str) -> Job | None:
    """Return a job, whichever API made it."""
    return world.store.get("job", job_id)


def look(world: World, job_id: str) -> None:
    """Let a poll of a job that has something to wait for move a clock whose rate is auto."""
    job = find(world, job_id)
    if job is not None and job["status"] not in FINAL and job["status"] != "paused":
        world.look(job_id)


def unless_taken(world: World, kind: str, told: str | None) -> str | None:
    """Return an id a scenario tells; only the first to ask for it gets it."""
    return told if told is not None and world.store.reserve(kind, told) else None


def total_tokens(job: Job) -> int:
    """Return the tokens a job trains on: those counted in its file, once per epoch."""
    return int(job["epoch_tokens"] * job["resolved"]["n_epochs"])


def emit(world: World, job: Job, kind: str, level: str = "info", **data: Any) -> None:
    """Add to what a job has said; each API tells it in its own words."""
    event = {
        "id": world.ids.new("ftevent"),
        "at": world.clock.now,
        "kind": kind,
        "level": level,
        "data": data,
    }
    world.store.put("job.event", event, parent=job["id"])


def step_on(world: World, job: Job, trigger: str) -> None:
    """Move a job's state. Raises ApiError 400 for a move its lifecycle does not have."""
    try:
        job["status"] = move(JOB, job["status"], trigger)
    except IllegalMoveError as error:
        raise training_refusals.illegal_move(trigger, job["id"], error.state) from error
    job["updated_at"] = world.clock.now
    if job["status"] in FINAL:
        job["finished_at"] = world.clock.now


def keep(world: World, job: Job) -> None:
    """Write a job back."""
    world.store.put("job", job)


def remaining(world: World, job: Job) -> list[Step]:
    """Return what a job still has before it, as a plan that begins now; also of a job whose time stands still."""
    waiting = world.store.due_of(job["id"])
    if not waiting:
        return [Step(after, kind, data) for after, kind, data in job["held"]]
    return as_plan(waiting, world.clock.time)


def as_plan(waiting: list[Due], now: float) -> list[Step]:
    """Return due rows as a plan counted from `now`."""
    plan, moment = [], now
    for due in waiting:
        plan.append(Step(due.at - moment, due.kind, due.data))
        moment = due.at
    return plan


def waiting_for_a_runner(world: World) -> list[Job]:
    """Return the jobs whose own queue is over but for whom no runner is free, first come first."""
    held = [job for job in world.store.all("job", where={"status": "queued"}) if job["held"]]
    return sorted(held, key=lambda job: float(job["enqueued_at"]))
