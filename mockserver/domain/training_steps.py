"""What each step of a job's plan does, at its own moment; the names are those of `simulation/plan.py`."""

from typing import Any

from mockserver.domain import files, jobs, models, runners, tuned_models
from mockserver.domain.jobs import Job, emit
from mockserver.scenario.models import Failure
from mockserver.simulation import catalogue
from mockserver.store import Due, Step
from mockserver.world import World, on_step


def _job(world: World, step: Due) -> Job:
    job = jobs.find(world, step.owner)
    assert job is not None, "a job's steps are dropped when it is deleted"
    return job


@on_step("job.costs")
def _costs(world: World, step: Due) -> None:
    job = _job(world, step)
    problem = job["problem"] or _vanished(world, job)
    if problem:
        _fail(world, job, problem)
        return
    job["prepared"] = True
    total = jobs.total_tokens(job)
    known = catalogue.find(job["base"], None) is not None
    price = catalogue.training_price(job["base"], world.as_of) if known else 0
    jobs.keep(world, job)
    emit(world, job, "costs", cost=step.data.get("cost", float(total * price / 1000)))


@on_step("job.enqueued")
def _enqueued(world: World, step: Due) -> None:
    job = _job(world, step)
    jobs.step_on(world, job, "validated")
    job["enqueued_at"] = world.clock.time
    jobs.keep(world, job)
    emit(world, job, "enqueued", **step.data)
    if not job["scripted"] and not _has_others_ahead(world, job):
        runners.tell_place(world, job)


@on_step("job.queue")
def _queue(world: World, step: Due) -> None:
    job = _job(world, step)
    if job["scripted"]:
        emit(world, job, "queue", number=step.data["number"])
        return
    job["others_ahead"] = step.data["number"]
    runners.tell_place(world, job)


@on_step("job.started")
def _started(world: World, step: Due) -> None:
    job = _job(world, step)
    if not runners.is_free(world, job):
        runners.wait(
            world, job, [Step(0, step.kind, step.data), *jobs.as_plan(world.store.due_of(job["id"]), step.at)]
        )
        return
    runners.start(world, job, again=bool(step.data.get("again")))


@on_step("job.metrics")
def _metrics(world: World, step: Due) -> None:
    job = _job(world, step)
    number = step.data["step"]
    emit(world, job, "metrics", step=number, metrics=tuned_models.measured_at(world, job, number))


@on_step("job.epoch")
def _epoch(world: World, step: Due) -> None:
    job = _job(world, step)
    job["trained_at"] = world.clock.now
    jobs.keep(world, job)
    emit(world, job, "epoch", epoch=step.data["epoch"], epochs=job["resolved"]["n_epochs"])


@on_step("job.checkpoint")
def _checkpoint(world: World, step: Due) -> None:
    tuned_models.add_checkpoint(world, _job(world, step), step.data["step"])


@on_step("job.model")
def _model(world: World, step: Due) -> None:
    job = _job(world, step)
    job["fine_tuned_model"] = tuned_models.upload(world, job)
    jobs.keep(world, job)
    emit(world, job, "model", model=job["fine_tuned_model"])


@on_step("job.result_file")
def _result_file(world: World, step: Due) -> None:
    job = _job(world, step)
    file_id = jobs.unless_taken(world, "file", job["ids"]["result_file"]) or world.ids.new("file")
    name, lines = tuned_models.result_file(world, job)
    blob = world.blobs.create()
    blob.write(b"".join(lines))
    model = world.store.get("model", job["fine_tuned_model"] or "")
    created_at = model["created"] if model else world.clock.now
    files.add_result(world, blob, name, file_id=file_id, created_at=created_at)
    job["result_file"] = file_id
    job["snapshots"][file_id] = world.store.get("file", file_id)
    jobs.keep(world, job)
    emit(world, job, "result_file", file=file_id)


@on_step("job.succeeded")
def _succeeded(world: World, step: Due) -> None:
    job = _job(world, step)
    job["trained_tokens"] = jobs.total_tokens(job)
    runners.leave(world, job, "succeed")
    emit(world, job, "succeeded")


@on_step("job.failed")
def _failed(world: World, step: Due) -> None:
    _fail(world, _job(world, step), step.data)


@on_step("job.abandoned")
def _abandoned(world: World, step: Due) -> None:
    """End a job of whom a step could not be applied."""
    _fail(world, _job(world, step), Failure().model_dump())


def _fail(world: World, job: Job, error: dict[str, Any]) -> None:
    job["error"] = {name: error.get(name) for name in ("code", "message", "param")}
    runners.leave(world, job, "fail")
    models.drop_lessons(world, job["id"])
    emit(world, job, "failed", level="error", message=error["message"])


def _has_others_ahead(world: World, job: Job) -> bool:
    return any(due.kind == "job.queue" for due in world.store.due_of(job["id"]))


def _vanished(world: World, job: Job) -> dict[str, Any] | None:
    for param in ("training_file", "validation_file"):
        if job[param] and world.store.get("file", job[param]) is None:
            message = f"The job failed because its {param.replace('_', ' ')} {job[param]} was deleted."
            return {"code": f"invalid_{param}", "message": message, "param": param}
    return None
