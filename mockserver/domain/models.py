"""Models: the catalogue of the world's era, the scenario's own, and those its jobs have trained.

A tuned model is listed from the moment its job has uploaded it until it is deleted, and usable for exactly as long;
in a world that is set on a day, no longer than OpenAI serves models tuned from that base.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

from mockserver.errors import models as refusals
from mockserver.simulation import catalogue, eras
from mockserver.simulation.lifecycle import FINAL
from mockserver.simulation.training_shape import Format
from mockserver.world import World

#: endpoints that a model of the scenario's own serves, since nothing else is known of it
GENERAL = ("completions", "chat.completions", "responses")
#: the context of such a model, in tokens
UNKNOWN_CONTEXT = 128_000
#: who owns such a model, when the scenario does not say
OWNER = "system"


@dataclass(frozen=True, slots=True)
class Model:
    """A model of this world. `base` is what it was tuned from, or itself; `job` made it, of a file of that `format`."""

    id: str
    created: int
    owned_by: str
    base: str
    endpoints: tuple[str, ...]
    job: str | None = None
    permission: str | None = None
    format: Format | None = None
    shutdown: str | None = None


def standing(world: World) -> list[Model]:
    """Return the models that no job has made: the catalogue's of the world's era, then the scenario's own."""
    base = [_from_catalogue(entry) for entry in catalogue.existing(world.as_of)]
    taken = {model.id for model in base}
    return [*base, *(model for model in _own(world) if model.id not in taken)]


def tuned(world: World) -> list[Model]:
    """Return the models that jobs have uploaded and nobody has deleted or shut down, oldest first."""
    rows = world.store.all("model")
    return [_tuned(row) for row in rows if not eras.is_retired(row["id"], world.as_of)]


def find(world: World, model_id: str) -> Model | None:
    """Return the model if it exists now."""
    if entry := catalogue.find(model_id, world.as_of):
        return _known(entry.id)
    row = world.store.get("model", model_id)
    if row is not None and not eras.is_retired(model_id, world.as_of):
        return _tuned(row)
    return next((model for model in _own(world) if model.id == model_id), None)


def usable(world: World, model_id: str, endpoint: str) -> Model:
    """Return a model an endpoint may run. Raises ApiError 404 for one that is unknown, gone, or another endpoint's."""
    model = find(world, model_id)
    if model is None:
        was_there = model_id in catalogue.all_models() or world.store.get("model", model_id) is not None
        if was_there and eras.is_retired(model_id, world.as_of):
            raise refusals.retired_model(model_id)
        raise refusals.no_such_model(model_id)
    if endpoint not in model.endpoints:
        raise refusals.wrong_endpoint(model_id, chat="chat.completions" in model.endpoints)
    return model


def context(model: Model) -> int:
    """Return how many tokens a model holds; of one that only the scenario knows, nobody has said."""
    known = catalogue.all_models().get(model.base)
    return known.context if known else UNKNOWN_CONTEXT


@cache
def fingerprint(base: str) -> str:
    """Return the fingerprint of the system that a base model runs on."""
    return f"fp_{blake2b(base.encode(), digest_size=5).hexdigest()}"


def add_tuned(world: World, row: dict[str, Any]) -> None:
    """List a model that a job has uploaded."""
    world.store.put("model", row)


def delete(world: World, model_id: str) -> None:
    """Delete a tuned model. Raises ApiError 404 for an unknown one, 403 for one that is not the caller's."""
    model = find(world, model_id)
    if model is None:
        raise refusals.model_not_found(model_id)
    if model.job is None:
        raise refusals.cannot_delete_model(model_id)
    world.store.delete("model", model_id)
    drop_lessons(world, model.job)


def drop_lessons(world: World, job_id: str) -> None:
    """Remove a job's own copy of its training file, unless it is still to be trained on or a model answers from it."""
    job = world.store.get("job", job_id)
    ended = job is None or job["status"] in FINAL
    if ended and not any(world.store.all("model", where={"job": job_id})):
        world.blobs.delete(f"job-{job_id}")


def _from_catalogue(entry: catalogue.CatalogueModel) -> Model:
    return Model(
        entry.id, entry.created, entry.owned_by, entry.id, tuple(entry.endpoints), shutdown=entry.shutdown
    )


@cache
def _known(model_id: str) -> Model:
    return _from_catalogue(catalogue.all_models()[model_id])


def _own(world: World) -> list[Model]:
    return [
        Model(spec.id, spec.created or world.as_of or world.began, spec.owned_by or OWNER, spec.id, GENERAL)
        for spec in world.scenario.models
    ]


def _tuned(row: dict[str, Any]) -> Model:
    return Model(
        row["id"],
        row["created"],
        row["owned_by"],
        row["base"],
        tuple(row["endpoints"]),
        row["job"],
        row["permission"],
        row["format"],
    )
