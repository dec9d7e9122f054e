"""A fresh world begins with the files, tuned models and jobs its scenario tells of, made by the code of all others.

What happened before the clock's start is laid down in the past, and the world's first `settle()` plays it out.
"""

from mockserver.domain import files, training, tuned_models
from mockserver.domain.jobs import Order
from mockserver.scenario.models import FileSpec, JobSpec
from mockserver.simulation.jsonl import LineScanner
from mockserver.world import World


def populate(world: World) -> None:
    """Put a scenario's own files and jobs into its world."""
    for file in world.scenario.files:
        with world.clock.at(_moment(world, file.created_at)):
            _add_file(world, file)
    for model in world.scenario.tuned:
        with world.clock.at(_moment(world, model.created)):
            tuned_models.remember(world, model)
    for job in world.scenario.jobs:
        with world.clock.at(_moment(world, job.created_at)):
            training.create_at_once(world, _order(job))


def _moment(world: World, told: int | None) -> float:
    return world.clock.time if told is None else told


def _add_file(world: World, spec: FileSpec) -> None:
    scanner = LineScanner()
    blob = world.blobs.create()
    contents = spec.content(world.scenario.seed)
    blob.write(contents)
    scanner.feed(contents)
    files.create(
        world,
        blob,
        filename=spec.filename,
        purpose=spec.purpose,
        scan=scanner.finish() if spec.purpose in files.LINED else None,
        file_id=spec.id,
    )


def _order(spec: JobSpec) -> Order:
    return Order(
        api=spec.api,
        model=spec.model,
        training_file=spec.training_file,
        validation_file=spec.validation_file,
        suffix=spec.suffix,
        hyperparameters=spec.hyperparameters or {},
        job_id=spec.ids.job,
        script=spec,
    )
