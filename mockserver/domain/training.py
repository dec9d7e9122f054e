"""The training engine: a job is laid down as a plan when it is created, and may be cancelled, paused and resumed.

What the plan's steps do is in `training_steps.py`; who runs and who waits, in `runners.py`.
"""

import asyncio
from dataclasses import asdict
from typing import Any

from mockserver.domain import jobs, models, runners, tuned_models
from mockserver.domain import training_steps as _registered  # noqa: F401 - importing it registers the steps
from mockserver.domain.jobs import Job, Order, emit
from mockserver.domain.scripts import plan_of, rule_for
from mockserver.errors import training as refusals
from mockserver.scenario.models import Course
from mockserver.simulation import tokens
from mockserver.simulation.hyperparameters import resolve_legacy, resolve_modern
from mockserver.simulation.jsonl import split_lines
from mockserver.simulation.lifecycle import FINAL
from mockserver.simulation.training_file import Examination, examine, file_format
from mockserver.simulation.training_shape import Format
from mockserver.store import Step
from mockserver.world import World


async def create(world: World, order: Order) -> Job:
    """Create a job. Raises ApiError 400 for a model that cannot be tuned or a file that cannot be used."""
    base, rule = _check(world, order), rule_for(world, order)
    job_id = _new_id(world, order, rule)
    with tuned_models.copied(world, order.training_file, job_id):
        examined = await asyncio.to_thread(_examine, world, order, base, job_id)
        with world.moment():
            job = _admit(world, order, base, rule, job_id, examined)
    world.touch()
    return job


def create_at_once(world: World, order: Order) -> Job:
    """Create a job without leaving the event loop: for the jobs a scenario begins with."""
    base, rule = _check(world, order), rule_for(world, order)
    job_id = _new_id(world, order, rule)
    with tuned_models.copied(world, order.training_file, job_id), world.moment():
        return _admit(world, order, base, rule, job_id, _examine(world, order, base, job_id))


def cancel(world: World, job: Job) -> Job:
    """End a job now. Raises ApiError 400 if it has ended already."""
    with world.moment():
        runners.leave(world, job, "cancel")
        emit(world, job, "cancelled")
    models.drop_lessons(world, job["id"])
    world.touch()
    return job


def pause(world: World, job: Job) -> Job:
    """Stop a job's time. Raises ApiError 400 unless it is queued or running."""
    with world.moment():
        rest = jobs.remaining(world, job)
        if job["status"] == "running":
            rest = [Step(0, "job.started", {"again": True}), *rest]
        runners.leave(world, job, "pause")
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
    return job


def forget(world: World, job: Job) -> None:
    """Remove a job that has ended. Raises ApiError 400 for one that has not (not verified)."""
    if job["status"] not in FINAL:
        raise refusals.illegal_move("delete", job["id"], job["status"])
    with world.moment():
        world.store.put(jobs.FORGOTTEN, job)
        world.store.delete("job", job["id"])
    models.drop_lessons(world, job["id"])


def _check(world: World, order: Order) -> str:
    base = jobs.base_of(world, order)
    jobs.check_file(world, "training_file", order.training_file)
    if order.validation_file:
        jobs.check_file(world, "validation_file", order.validation_file)
    return base


def _new_id(world: World, order: Order, rule: Course) -> str:
    if order.job_id:
        return order.job_id
    return jobs.unless_taken(world, "job", rule.ids.job) or world.ids.new(
        "ft" if order.api == "legacy" else "ftjob"
    )


def _format(order: Order, base: str) -> Format:
    return "legacy" if order.api == "legacy" else file_format(base, order.method)


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


def _admit(
    world: World, order: Order, base: str, rule: Course, job_id: str, examined: dict[str, Examination]
) -> Job:
    training = examined["training_file"]
    now = world.clock.now
    resolved = _resolve(order, base, max(1, training.examples))
    problem = next((found.problem for found in examined.values() if found.problem), None)
    job: Job = {
        "id": job_id,
        "api": order.api,
        "created_at": now,
        "updated_at": now,
        "enqueued_at": None,
        "others_ahead": 0,
        "place": None,
        "trained_at": None,
        "finished_at": None,
        "status": "validating_files",
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
        "ids": rule.ids.model_dump()
        | {
            name: jobs.unless_taken(world, name, getattr(rule.ids, name))
            for name in ("permission", "model_suffix")
        },
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
