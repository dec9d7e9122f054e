"""Embeddings: every input is read, counted and held against the limits, then becomes a vector.

A scenario's `value` takes the place of what would be calculated: one vector for all inputs, or one for each of them.
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver import errors
from mockserver.domain import models, usage
from mockserver.domain.answers import RawAnswer, scripted, sent
from mockserver.domain.models import Model
from mockserver.errors import embeddings as refusals
from mockserver.errors.embeddings import Words
from mockserver.scenario.models import Reply
from mockserver.simulation import catalogue, tokens
from mockserver.simulation.embeddings import embed, pack, shortens, size
from mockserver.world import World

OPERATION = "embeddings.create"
#: how many inputs a request may have, or tokens if it has one input in tokens (official page)
MOST_INPUTS = 2048
#: how many tokens a request may have (official page, since 2025)
MOST_TOKENS = 300_000
#: how many tokens text-embedding-ada-002 held in 2023
ROOM_OF_2023 = 8191
#: since when a refusal names the input that is of the wrong size (the day is not verified)
PLACES_SINCE = 1767225600  # 2026-01-01
#: what a model calls itself in its answers, where that is not its id
SIGNATURES = {"text-embedding-ada-002": "text-embedding-ada-002-v2"}
#: from how many tokens on a request is worked on beside the others
LONG = 4096

Input = str | list[str] | list[int] | list[list[int]]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A vector for each input, packed as `simulation.embeddings.embed` does it, and what they cost in tokens.

    `headers` are those the scenario adds.
    """

    vectors: Sequence[bytes]
    prompt_tokens: int
    headers: Mapping[str, str] = field(default_factory=dict)


def usable(world: World, model_id: str) -> Model:
    """Return a model that makes embeddings. Raises ApiError 404 for an unknown one, 403 for one that makes none."""
    model = models.find(world, model_id)
    if model is not None and "embeddings" not in model.endpoints:
        raise refusals.no_embedding_model()
    return models.usable(world, model_id, "embeddings")


async def create(
    world: World, model: Model, given: Input, *, dimensions: int | None, facts: dict[str, Any], key: str
) -> Embedded | RawAnswer:
    """Embed every input, or return the response that the scenario writes itself.

    `facts` are what the request says, for the scenario. Raises ApiError 400 for inputs that are empty, too many or too
    long, and for dimensions the model does not have; or as `scripted` does.
    """
    texts, counts = _read(world, model, given)
    _check_dimensions(model, dimensions)
    said = [{"role": "user", "content": text} for text in texts] if facts else []
    told = await scripted(world, model, {**facts, "endpoint": OPERATION, "model": model.id, "messages": said})
    if isinstance(told, RawAnswer):
        return told
    vectors = _told(told, len(texts))
    if vectors is None and sum(counts) < LONG:
        vectors = _made(model, texts, dimensions)
    elif vectors is None:
        vectors = await asyncio.to_thread(_made, model, texts, dimensions)
    cost = sum(counts) if told.usage.prompt_tokens is None else told.usage.prompt_tokens
    usage.note(world, model, operation=OPERATION, key=key, read=cost)
    return Embedded(vectors, cost, sent(told))


def _made(model: Model, texts: Sequence[str], dimensions: int | None) -> list[bytes]:
    return [embed(text, model.base, dimensions) for text in texts]


def _told(told: Reply, inputs: int) -> list[bytes] | None:
    """Return the vectors that a scenario tells, as they are; None if it tells none."""
    if told.value is None:
        return None
    several = isinstance(told.value, list) and any(isinstance(item, list) for item in told.value)
    each = told.value if several else [told.value] * inputs
    if len(each) != inputs:
        raise errors.invalid(f"The scenario tells {len(each)} vectors; the request has {inputs} inputs.")
    if not all(map(_is_vector, each)):
        raise errors.invalid("The scenario's value is no vector: an embedding is a list of numbers.")
    return [pack(vector) for vector in each]


def _is_vector(value: object) -> bool:
    return isinstance(value, list) and value != [] and all(map(_is_number, value))


def _is_number(value: object) -> bool:
    """Whether it is a number that 32 bits can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value) and bool(pack([value]))
    except OverflowError:
        return False


def _read(world: World, model: Model, given: Input) -> tuple[list[str], list[int]]:
    """Return the text of every input, and how many tokens it has. Raises ApiError 400 for what cannot be embedded."""
    words = _words(world)
    if not given:
        raise refusals.no_input(given, words)
    if not isinstance(given, str) and len(given) > MOST_INPUTS:
        raise refusals.too_many_inputs(given, MOST_INPUTS, words)
    is_one = isinstance(given, str) or isinstance(given[0], int)
    inputs: list[Any] = [given] if is_one else list(given)
    for index, each in enumerate(inputs):
        if not each:
            raise refusals.empty_item(inputs, index, words)
    counts = [len(tokens.remembered(each, model.base) if isinstance(each, str) else each) for each in inputs]
    room = _room(world, model)
    for index, count in enumerate(counts):
        if count > room:
            raise refusals.too_long(None if is_one else index, room, count, words)
    if sum(counts) > MOST_TOKENS and not world.legacy_shapes:
        raise refusals.too_many_tokens(sum(counts), MOST_TOKENS)
    return [each if isinstance(each, str) else _decoded(each, model) for each in inputs], counts


def _decoded(numbers: list[int], model: Model) -> str:
    try:
        return tokens.decode(numbers, model.base)
    except KeyError:
        raise refusals.no_token(
            next(filter(lambda number: not tokens.is_token(number, model.base), numbers))
        ) from None


def _room(world: World, model: Model) -> int:
    room = catalogue.context_length(model.base)
    return min(room, ROOM_OF_2023) if world.legacy_shapes else room


def _check_dimensions(model: Model, dimensions: int | None) -> None:
    if dimensions is None:
        return
    if not shortens(model.base):
        raise refusals.no_dimensions()
    if dimensions > size(model.base):
        raise refusals.too_many_dimensions(dimensions, size(model.base))


def _words(world: World) -> Words:
    if world.legacy_shapes:
        return "2023"
    return "2024" if world.as_of is not None and world.as_of < PLACES_SINCE else "2026"
