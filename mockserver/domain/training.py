"""The training engine: a job is laid down as a plan when it is created, and each step of the plan is applied here.

One world has as many runners as its scenario says. A job whose queue is over but for whom no runner is free keeps
the rest of its plan to itself; the job that leaves a runner next hands it on. A job with a scripted timeline runs
when its script says so, whoever else is running.
"""

import asyncio
import os
import shutil
from dataclasses import asdict
from typing import Any

from mockserver import errors
from mockserver.domain import files, jobs, tuned_models
from mockserver.domain.jobs import Job, Order, emit
from mockserver.domain.scripts import plan_of, rule_for
from mockserver.simulation import catalogue, tokens
from mockserver.simulation.hyperparameters import resolve_legacy, resolve_modern
from mockserver.simulation.jsonl import split_lines
from mockserver.simulation.lifecycle import FINAL
from mockserver.simulation.training_file import Examination, Format, examine, file_format
from mockserver.store import Due, Step
from mockserver.world import World, on_step


async def create(world: World, order: Order) -> Job:
    """Create a job. Raises ApiError 400 for a model that cannot be tuned or a file that cannot be used."""
    base = _check(world, order)
    job_id = order.job_id or _new_id(world, order)
    _keep_copies(world, order, job_id)
    examined = await asyncio.to_thread(_examine, world, order, base, job_id)
    with world.moment():
        job = _admit(world, order, base, job_id, examined)
    world.touch()
    return job


def create_at_once(world: World, order: Order) -> Job:
    """Create a job without leaving the event loop: for the jobs a scenario begins with."""
    base = _check(world, order)
    job_id = order.job_id or _new_id(world, order)
    _keep_copies(world, order, job_id)
    with world.moment():
        return _admit(world, order, base, job_id, _examine(world, order, base, job_id))


def cancel(world: World, job: Job) -> Job:
    """End a job now. Raises ApiError 400 if it has ended already."""
    with world.moment():
        _leave(world, job, "cancel")
        emit(world, job, "cancelled")
    world.touch()
    return job


def pause(world: World, job: Job) -> Job:
    """Stop a job's time. Raises ApiError 400 unless it is queued or running."""
    with world.moment():
        rest = jobs.remaining(world, job)
        if job["status"] == "running":
            rest = [Step(0, "job.started", {"again": True}), *rest]
        _leave(world, job, "pause")
        job["held"] = [[step.after, step.kind, step.data] for step in rest]
        jobs.keep(world, job)
        emit(world, job, "paused")
    world.touch()
    return job


def resume(world: World, job: Job) -> Job:
    """Let a paused job's time go on, from the queue. Raises ApiError 400 unless it is paused."""
    with world.moment():
        rest = jobs.remaining(world, job)
        jobs.step_on(world, job, "resume")
        job["held"] = []
        jobs.keep(world, job)
        emit(world, job, "resumed")
        world.store.schedule(job["id"], world.clock.time, rest)
    world.touch()
    world.settle()
    return jobs.find(world, job["id"]) or job


def forget(world: World, job: Job) -> None:
    """Remove a job that has ended. Raises ApiError 400 for one that has not (not verified)."""
    if job["status"] not in FINAL:
        raise errors.illegal_move("delete", job["id"], job["status"])
    world.store.delete("job", job["id"])


# --- creation ------------------------------------------------------------------------------------------------------


def _check(world: World, order: Order) -> str:
    base = jobs.base_of(world, order)
    jobs.check_file(world, "training_file", order.training_file)
    if order.validation_file:
        jobs.check_file(world, "validation_file", order.validation_file)
    return base


def _new_id(world: World, order: Order) -> str:
    rule = rule_for(world, order)
    return _unless_taken(world, "job", rule.ids.job) or world.ids.new(
        "ft" if order.api == "legacy" else "ftjob"
    )


def _unless_taken(world: World, kind: str, told: str | None) -> str | None:
    """Return an id a scenario tells; only the first to ask for it gets it."""
    return told if told is not None and world.store.reserve(kind, told) else None


def _keep_copies(world: World, order: Order, job_id: str) -> None:
    """Keep the training file for the job, so that its model still knows it when the user deletes the upload."""
    source, copy = world.blobs.path(order.training_file), world.blobs.path(f"job-{job_id}")
    try:
        os.link(source, copy)
    except OSError:
        shutil.copyfile(source, copy)


def _format(order: Order, base: str) -> Format:
    return "legacy" if order.api == "legacy" else file_format(base, order.method)  # type: ignore[arg-type] # checked by the resource


def _examine(world: World, order: Order, base: str, job_id: str) -> dict[str, Examination]:
    def of(blob: str, file_id: str, param: Any) -> Examination:
        lines = split_lines(world.blobs.chunks(blob))
        return examine(
            lines,
            _format(order, base),
            lambda text: tokens.count(text, base),
            file_id=file_id,
            param=param,
        )

    examined = {"training_file": of(f"job-{job_id}", order.training_file, "training_file")}
    if order.validation_file:
        examined["validation_file"] = of(order.validation_file, order.validation_file, "validation_file")
    return examined


def _admit(world: World, order: Order, base: str, job_id: str, examined: dict[str, Examination]) -> Job:
    training = examined["training_file"]
    now = world.clock.now
    resolved = _resolve(order, base, max(1, training.examples))
    problem = next((found.problem for found in examined.values() if found.problem), None)
    rule = rule_for(world, order)
    job: Job = {
        "id": job_id,
        "api": order.api,
        "created_at": now,
        "updated_at": now,
        "enqueued_at": None,
        "finished_at": None,
        "status": "validating",
        "prepared": False,
        "model": order.model,
        "base": base,
        "format": _format(order, base),
        "suffix": order.suffix,
        "training_file": order.training_file,
        "validation_file": order.validation_file,
        "result_file": None,
        "fine_tuned_model": None,
        "trained_tokens": None,
        "error": None,
        "seed": order.seed
        if order.seed is not None
        else world.chance.stream(f"seed:{job_id}").randrange(2**31),
        "method": order.method,
        "asked_classification": order.classification,
        "requested": order.hyperparameters,
        "resolved": resolved,
        "classification": _classification(order, examined),
        "grader": order.grader,
        "metadata": order.metadata,
        "integrations": order.integrations,
        "examples": training.examples,
        "epoch_tokens": training.tokens,
        "problem": None
        if problem is None
        else {"code": problem.code, "message": problem.message, "param": problem.param},
        "scripted": rule.timeline is not None,
        "ids": rule.ids.model_dump(),
        "snapshots": {
            file_id: world.store.get("file", file_id)
            for file_id in (order.training_file, order.validation_file)
            if file_id
        },
        "held": [],
    }
    tuned_models.keep_lengths(world, job_id, training.lengths)
    jobs.keep(world, job)
    emit(world, job, "created")
    emit(world, job, "validating", training=order.training_file, validation=order.validation_file)
    world.store.schedule(job_id, world.clock.time, plan_of(world, rule, job))
    return job


def _resolve(order: Order, base: str, examples: int) -> dict[str, Any]:
    """Return every hyperparameter as a number, whatever was left to the service."""
    asked = {name: value for name, value in order.hyperparameters.items() if value != "auto"}
    if order.api == "legacy":
        return asdict(resolve_legacy(examples, **asked))
    return resolve_modern(order.method, examples, base, asked)


def _classification(order: Order, examined: dict[str, Examination]) -> dict[str, Any] | None:
    if order.classification is None:
        return None
    return {
        "n_examples": examined["validation_file"].examples,
        "binary": order.classification["positive_class"] is not None,
        "betas": order.classification["betas"] or [1.0],
    }


# --- what each step does -------------------------------------------------------------------------------------------


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
    total = total_tokens(job)
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
    emit(world, job, "enqueued")
    if not job["scripted"] and not _queue_of_others(world, job):
        emit(world, job, "queue", number=len(_ahead(world, job)))


@on_step("job.queue")
def _queue(world: World, step: Due) -> None:
    job = _job(world, step)
    own = 0 if job["scripted"] else len(_ahead(world, job))
    emit(world, job, "queue", number=step.data["number"] + own)


@on_step("job.started")
def _started(world: World, step: Due) -> None:
    job = _job(world, step)
    if not job["scripted"] and _running(world) >= world.scenario.runners:
        rest = [Step(0, step.kind, step.data), *jobs.as_plan(world.store.due_of(job["id"]), step.at)]
        job["held"] = [[one.after, one.kind, one.data] for one in rest]
        world.store.drop_all(job["id"])
        jobs.keep(world, job)
        return
    jobs.step_on(world, job, "start")
    jobs.keep(world, job)
    if not step.data.get("again"):
        emit(world, job, "started")


@on_step("job.metrics")
def _metrics(world: World, step: Due) -> None:
    job = _job(world, step)
    number = step.data["step"]
    emit(world, job, "metrics", step=number, metrics=tuned_models.measured_at(world, job, number))


@on_step("job.epoch")
def _epoch(world: World, step: Due) -> None:
    job = _job(world, step)
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
    file_id = _unless_taken(world, "file", job["ids"]["result_file"]) or world.ids.new("file")
    name, lines = tuned_models.result_file(world, job)
    blob = world.blobs.create()
    blob.write(b"".join(lines))
    model = world.store.get("model", job["fine_tuned_model"] or "")
    created_at = model["created"] if model else world.clock.now
    files.add_result(world, blob, name, file_id=file_id, created_at=created_at)
    job["result_file"] = file_id
    jobs.keep(world, job)
    emit(world, job, "result_file", file=file_id)


@on_step("job.succeeded")
def _succeeded(world: World, step: Due) -> None:
    job = _job(world, step)
    job["trained_tokens"] = total_tokens(job)
    _leave(world, job, "succeed")
    emit(world, job, "succeeded")


@on_step("job.failed")
def _failed(world: World, step: Due) -> None:
    _fail(world, _job(world, step), step.data)


def _fail(world: World, job: Job, error: dict[str, Any]) -> None:
    job["error"] = {name: error.get(name) for name in ("code", "message", "param")}
    _leave(world, job, "fail")
    emit(world, job, "failed", level="error", message=error["message"])


# --- the runners ---------------------------------------------------------------------------------------------------


def total_tokens(job: Job) -> int:
    """Return the tokens a job trains on: those counted in its file, once per epoch."""
    return int(job["epoch_tokens"] * job["resolved"]["n_epochs"])


def _leave(world: World, job: Job, trigger: str) -> None:
    """Move a job out of wherever it is; what was still planned for it is dropped, the next one may start."""
    before = job["status"]
    jobs.step_on(world, job, trigger)
    job["held"] = []
    world.store.drop_all(job["id"])
    jobs.keep(world, job)
    if not job["scripted"] and before in {"running", "queued"}:
        _hand_on(world)


def _hand_on(world: World) -> None:
    """Give a free runner to whoever waits longest, and tell the others how far the queue has moved."""
    waiting = jobs.waiting_for_a_runner(world)
    if waiting and _running(world) < world.scenario.runners:
        first = waiting.pop(0)
        rest = [Step(after, kind, data) for after, kind, data in first["held"]]
        first["held"] = []
        jobs.keep(world, first)
        world.store.schedule(first["id"], world.clock.time, rest)
    for job in waiting:
        emit(world, job, "queue", number=len(_ahead(world, job)))


def _running(world: World) -> int:
    running = world.store.all("job", where={"status": "running"})
    return sum(not job["scripted"] for job in running)


def _ahead(world: World, job: Job) -> list[Job]:
    """Return the jobs of this world that will have a runner before this one gets it."""
    others = [
        other
        for status in ("running", "queued")
        for other in world.store.all("job", where={"status": status})
        if not other["scripted"] and other["id"] != job["id"]
    ]
    ahead = [other for other in others if other["enqueued_at"] <= job["enqueued_at"]]
    free = world.scenario.runners - 1
    return ahead[: max(0, len(ahead) - free)]


def _queue_of_others(world: World, job: Job) -> bool:
    return any(due.kind == "job.queue" for due in world.store.due_of(job["id"]))


def _vanished(world: World, job: Job) -> dict[str, Any] | None:
    for param in ("training_file", "validation_file"):
        if job[param] and world.store.get("file", job[param]) is None:
            message = f"The job failed because its {param.replace('_', ' ')} {job[param]} was deleted."
            return {"code": f"invalid_{param}", "message": message, "param": param}
    return None
