"""What a job leaves behind: its model's name and listing, its checkpoints, and the curve they all agree on."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from typing import Any

from mockserver.clock import utc
from mockserver.domain import models
from mockserver.domain.jobs import Job, emit
from mockserver.scenario.models import TunedModel
from mockserver.simulation import catalogue
from mockserver.simulation.curve import ClassificationSpec, Curve, ExampleTokens
from mockserver.simulation.hyperparameters import total_steps
from mockserver.simulation.results import LEGACY_FILENAME, MODERN_FILENAME, legacy_csv, modern_csv
from mockserver.simulation.training_file import file_format
from mockserver.world import World

#: the longest suffix in a legacy name (official page of POST /fine-tunes)
LEGACY_SUFFIX = 40
#: what events and checkpoints of `/v1/fine_tuning/jobs` tell (official specification)
METRICS = (
    "step",
    "train_loss",
    "train_mean_token_accuracy",
    "valid_loss",
    "valid_mean_token_accuracy",
    "full_valid_loss",
    "full_valid_mean_token_accuracy",
)


def steps_of(job: Job) -> int:
    """Return how many training steps a job has."""
    resolved = job["resolved"]
    return total_steps(max(1, job["examples"]), resolved["n_epochs"], resolved["batch_size"])


def keep_lengths(world: World, job_id: str, lengths: Sequence[tuple[int, int]]) -> None:
    """Remember how long each training example is, in tokens: the curve is made of them."""
    world.store.put("job.lengths", {"id": job_id, "lengths": lengths})


def curve_of(world: World, job: Job) -> Curve:
    """Return a job's training curve: events, checkpoints and the result file all read it."""
    name = f"curve:{job['id']}"
    if name not in world.memory:
        world.memory[name] = _curve(world, job)
    curve: Curve = world.memory[name]
    return curve


def _curve(world: World, job: Job) -> Curve:
    kept = world.store.get("job.lengths", job["id"]) or {"lengths": []}
    spec = job["classification"]
    return Curve(
        seed=f"curve:{job['id']}:{job['seed']}",
        chance=world.chance.stream,
        total_steps=steps_of(job),
        n_epochs=job["resolved"]["n_epochs"],
        batch_size=job["resolved"]["batch_size"],
        examples=[ExampleTokens(*pair) for pair in kept["lengths"]],
        has_validation=job["validation_file"] is not None,
        method=job["method"],
        legacy=job["api"] == "legacy",
        eval_interval=job["resolved"].get("eval_interval"),
        classification=ClassificationSpec(**spec) if spec else None,
    )


def measured_at(world: World, job: Job, step: int) -> dict[str, Any]:
    """Return what a training step measured, by the metrics' official names; what was not measured is left out."""
    measured = curve_of(world, job).at(step)
    values = {name: getattr(measured, name) for name in METRICS}
    return {name: value for name, value in values.items() if value is not None}


def result_file(world: World, job: Job) -> tuple[str, Iterator[bytes]]:
    """Return the name of a job's result file and its lines."""
    curve = curve_of(world, job)
    if job["api"] == "legacy":
        return LEGACY_FILENAME, legacy_csv(curve)
    return MODERN_FILENAME, modern_csv(curve)


def upload(world: World, job: Job) -> str:
    """List the job's model and return its name."""
    created = world.clock.now
    if job["api"] == "legacy":
        name, created = _free_legacy_name(world, job, created)
    else:
        tail = job["ids"]["model_suffix"] or world.ids.of("model", job["id"])
        name = f"{_modern_start(world, job)}:{tail}"
        note_checkpoint(world, job, steps_of(job), name, job["trained_at"] or created)
    _list(world, job, name, created)
    return name


def remember(world: World, told: TunedModel) -> None:
    """List a model that was tuned before the story begins, by a job that nobody remembers."""
    job_id = world.ids.of("ftjob", told.id)
    if told.training_file is not None:
        keep_copy(world, told.training_file, job_id)
    base = catalogue.find(told.base, None)
    legacy = told.base in catalogue.LEGACY_BASES
    models.add_tuned(
        world,
        {
            "id": told.id,
            "created": world.clock.now,
            "owned_by": world.scenario.account.user,
            "base": told.base,
            "endpoints": _endpoints(base),
            "job": job_id,
            "format": None if told.training_file is None else "legacy" if legacy else file_format(told.base),
            "permission": world.ids.of("snapperm", told.id),
        },
    )


def keep_copy(world: World, file_id: str, job_id: str) -> None:
    """Keep a training file for the job, so that its model still knows it when the user deletes the upload."""
    source, copy = world.blobs.path(file_id), world.blobs.path(f"job-{job_id}")
    try:
        os.link(source, copy)
    except OSError:
        shutil.copyfile(source, copy)


@contextlib.contextmanager
def copied(world: World, file_id: str, job_id: str) -> Iterator[None]:
    """Keep a training file for a job that is created meanwhile; if it is not, nothing is left."""
    keep_copy(world, file_id, job_id)
    try:
        yield
    except BaseException:
        world.blobs.delete(f"job-{job_id}")
        raise


def _endpoints(base: catalogue.CatalogueModel | None) -> list[str]:
    """Return where a model tuned from a base can be asked."""
    return [one for one in (base.endpoints if base else models.GENERAL) if one in models.GENERAL]


def add_checkpoint(world: World, job: Job, step: int) -> None:
    """Keep a checkpoint: a model of its own, usable like the final one."""
    tail = world.ids.of("model", f"{job['id']}:{step}")
    model = f"{_modern_start(world, job)}:{tail}:ckpt-step-{step}"
    _list(world, job, model, world.clock.now)
    note_checkpoint(world, job, step, model, world.clock.now)
    emit(world, job, "checkpoint", step=step, model=model)


def note_checkpoint(world: World, job: Job, step: int, model: str, created_at: int) -> None:
    """Remember which model a step has left; the last step's is the tuned model itself, told of once it is uploaded."""
    checkpoint_id = world.ids.new("ftckpt")
    measured = measured_at(world, job, step)
    world.store.put(
        "checkpoint",
        {
            "id": checkpoint_id,
            "created_at": created_at,
            "model": model,
            "job": job["id"],
            "step": step,
            "metrics": measured,
        },
        parent=job["id"],
    )


def _list(world: World, job: Job, name: str, created: int) -> None:
    models.add_tuned(
        world,
        {
            "id": name,
            "created": created,
            "owned_by": world.scenario.account.user,
            "base": job["base"],
            "endpoints": _endpoints(catalogue.find(job["base"], None)),
            "job": job["id"],
            "format": job["format"],
            "permission": job["ids"]["permission"] or world.ids.of("snapperm", name),
        },
    )


def _free_legacy_name(world: World, job: Job, moment: int) -> tuple[str, int]:
    """Return the name by the legacy rule, which carries the second of the upload; the next second if it is taken."""
    slug = world.scenario.account.slug
    suffix = re.sub(r"[^a-z0-9]+", "-", (job["suffix"] or "").lower()).strip("-")[:LEGACY_SUFFIX]
    start = f"{job['base']}:ft-{slug}:{suffix}" if suffix else f"{job['base']}:ft-{slug}"
    while world.store.known("model", name := f"{start}-{utc(moment):%Y-%m-%d-%H-%M-%S}"):
        moment += 1
    return name, moment


def _modern_start(world: World, job: Job) -> str:
    return f"ft:{job['base']}:{world.scenario.account.slug}:{job['suffix'] or ''}"
