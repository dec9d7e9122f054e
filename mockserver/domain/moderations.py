"""Moderations: what is asked about is judged, category by category, by its words or by the scenario.

A scenario's `value` is laid over the judgement: for all inputs, or a list with one for each. What it does not say
follows from what it says, so that a flag, its score and `flagged` never contradict each other unless they are told to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from mockserver import errors
from mockserver.domain import models, usage
from mockserver.domain.answers import RawAnswer, scripted, sent
from mockserver.domain.models import Model
from mockserver.errors import moderations as refusals
from mockserver.scenario.models import Reply
from mockserver.simulation import moderation, tokens
from mockserver.simulation.moderation import (
    CATEGORIES,
    CATEGORIES_OF_2022,
    OF_PICTURES,
    TEXT_CATEGORIES,
    THRESHOLD,
    Category,
)
from mockserver.world import World

OPERATION = "moderations.create"
#: who judges if nobody is named, the newest first
DEFAULTS = ("omni-moderation-latest", "text-moderation-latest")
#: how many pictures a request may have
MOST_IMAGES = 1
#: which text-moderation answered, and what it told apart, since when; seen in answers of the time (their ids tell it)
#: or in the documents, so that the days but the last are not verified
SNAPSHOTS: Sequence[tuple[int, str, Sequence[Category]]] = (
    (1706140800, "text-moderation-007", TEXT_CATEGORIES),  # 2024-01-25
    (1696118400, "text-moderation-006", TEXT_CATEGORIES),  # 2023-10-01
    (1690848000, "text-moderation-005", TEXT_CATEGORIES),  # 2023-08-01
    (1669852800, "text-moderation-004", CATEGORIES_OF_2022),  # 2022-12-01
    (0, "text-moderation-001", CATEGORIES_OF_2022),
)
#: the scores of a category that the scenario flags, or does not, without telling one
TOLD_SCORES = {True: 0.99, False: 0.01}

InputType = Literal["text", "image"]


@dataclass(frozen=True, slots=True)
class Subject:
    """One input: its text, if it has any, and how many pictures; `content` is it as a message would have it."""

    content: str | list[dict[str, Any]]
    text: str | None
    images: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is thought of one input; `input_types` only by a model that reads more than texts."""

    flagged: bool
    categories: Mapping[Category, bool]
    scores: Mapping[Category, float]
    input_types: Mapping[Category, Sequence[InputType]] | None


@dataclass(frozen=True, slots=True)
class Moderation:
    """A verdict for each input; `model` is who gave it, `headers` those the scenario adds."""

    id: str
    model: str
    verdicts: Sequence[Verdict]
    headers: Mapping[str, str] = field(default_factory=dict)


class Told(BaseModel):
    """What a scenario says of an input."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    flagged: bool | None = None
    categories: dict[Category, bool] = Field(default_factory=dict)
    category_scores: dict[Category, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    category_applied_input_types: dict[Category, list[InputType]] = Field(default_factory=dict)


_TOLD = TypeAdapter(list[Told])


def usable(world: World, model_id: str | None) -> Model:
    """Return the model that judges, today's usual one if none is named. Raises ApiError 400 for one that does not."""
    names = DEFAULTS if model_id is None else (model_id,)
    found = next(filter(None, (models.find(world, name) for name in names)), None)
    if found is None or "moderations" not in found.endpoints:
        raise refusals.wrong_model(names[0])
    return found


async def create(
    world: World, model: Model, subjects: Sequence[Subject], *, facts: dict[str, Any], key: str
) -> Moderation | RawAnswer:
    """Judge every input, or return the response that the scenario writes itself.

    `facts` are what the request says, for the scenario. Raises ApiError 400 for what the model cannot read, or as
    `scripted` does.
    """
    reads_images = model.id.startswith("omni-")
    if not reads_images and any(isinstance(subject.content, list) for subject in subjects):
        raise refusals.only_text()
    images = sum(subject.images for subject in subjects)
    if images > MOST_IMAGES:
        raise refusals.too_many_images(images, MOST_IMAGES)
    said = [{"role": "user", "content": subject.content} for subject in subjects]
    reply = await scripted(
        world, model, {**facts, "endpoint": OPERATION, "model": model.id, "messages": said}
    )
    if isinstance(reply, RawAnswer):
        return reply
    name, categories = _judge(world, model)
    verdicts = [
        _verdict(subject, categories, told, reads_images=reads_images)
        for subject, told in zip(subjects, _told(reply, len(subjects)), strict=True)
    ]
    read = sum(len(tokens.remembered(subject.text or "", model.base)) for subject in subjects)
    usage.note(world, model, operation=OPERATION, key=key, read=read)
    return Moderation(world.ids.new("modr"), name, verdicts, sent(reply))


def _judge(world: World, model: Model) -> tuple[str, Sequence[Category]]:
    """Return what a model calls itself in its answers, and what it tells apart."""
    if model.id.startswith("omni-"):
        return model.id, CATEGORIES
    today = SNAPSHOTS[0][0] if world.as_of is None else world.as_of
    return next((name, categories) for since, name, categories in SNAPSHOTS if since <= today)


def _verdict(subject: Subject, categories: Sequence[Category], told: Told, *, reads_images: bool) -> Verdict:
    scored = moderation.score(subject.text or "")
    scores = {each: _score(each, scored[each], told) for each in categories}
    flags = {each: told.categories.get(each, scores[each] >= THRESHOLD) for each in categories}
    is_flagged = any(flags.values()) if told.flagged is None else told.flagged
    types = {each: _types(each, subject, told) for each in categories} if reads_images else None
    return Verdict(is_flagged, flags, scores, types)


def _score(category: Category, found: float, told: Told) -> float:
    """Return the score that is told, else one that fits the flag that is told, else the one that was found."""
    if category in told.category_scores:
        return told.category_scores[category]
    flag = told.categories.get(category)
    return found if flag is None or flag == (found >= THRESHOLD) else TOLD_SCORES[flag]


def _types(category: Category, subject: Subject, told: Told) -> Sequence[InputType]:
    if category in told.category_applied_input_types:
        return told.category_applied_input_types[category]
    types: list[InputType] = [] if subject.text is None else ["text"]
    return [*types, "image"] if subject.images and category in OF_PICTURES else types


def _told(reply: Reply, inputs: int) -> list[Told]:
    """Return what a scenario says of each input."""
    if reply.value is None:
        return [Told()] * inputs
    each = reply.value if isinstance(reply.value, list) else [reply.value] * inputs
    if len(each) != inputs:
        raise errors.invalid(f"The scenario tells {len(each)} moderations; the request has {inputs} inputs.")
    try:
        return _TOLD.validate_python(each)
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(step) for step in first["loc"][1:] if step != "[key]"]
        said = ": ".join([*place, first["msg"]])
        raise errors.invalid(f"The scenario's value is no moderation: {said}.") from error
