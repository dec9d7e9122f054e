"""Who answers: the scenario's reply, else what the model was taught, else the model makes something up.

This module knows what is to be said, not how it is asked for or sent: cutting, counting and streaming come
later and are the same for all three. A tuned model answers as it was taught at any temperature.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from mockserver import errors
from mockserver.domain.models import Model
from mockserver.scenario.keys import Facts
from mockserver.scenario.selection import ExhaustedError, choose, reply
from mockserver.simulation.jsonl import split_lines
from mockserver.simulation.lessons import Lessons
from mockserver.simulation.training_file import read_examples
from mockserver.simulation.training_shape import Format
from mockserver.world import World

#: how many training files a world has in mind at once
REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be said, and how the scenario wants it labelled; None leaves it to the model, or to us."""

    text: str | None = None
    id: str | None = None
    finish_reason: Literal["stop", "length", "content_filter"] | None = None


async def answer(world: World, model: Model, asked: str, facts: Facts, key: str) -> Answer:
    """Return the answer to what was `asked`; `facts` are for the scenario's rules, whose turns count per key.

    Raises ApiError 400 when the rule that matches has given all its replies and says that this is an error.
    """
    scripted = _scripted(world, facts, key)
    if scripted.text is not None or model.job is None or model.format is None:
        return scripted
    lessons = await _lessons(world, model.job, model.format)
    return Answer(lessons.answer(asked), scripted.id, scripted.finish_reason)


def _scripted(world: World, facts: Facts, key: str) -> Answer:
    chosen = choose(world.scenario.replies, facts)
    if chosen.rule is None:
        return Answer()
    turns: Counter[tuple[int | None, str]] = world.memory.setdefault("turns", Counter())
    turn = turns[chosen.index, key]
    try:
        said = reply(chosen.rule, turn)
    except ExhaustedError as error:
        raise errors.invalid(f"The scenario has no answer left: replies[{chosen.index}]: {error}.") from error
    turns[chosen.index, key] += 1
    return Answer(said.text, said.id, said.finish_reason)


async def _lessons(world: World, job_id: str, fmt: Format) -> Lessons:
    """Return what a job's model has learned, from memory or from the job's own copy of its training file."""
    remembered: dict[str, Lessons] = world.memory.setdefault("lessons", {})
    if job_id not in remembered:
        lines = split_lines(world.blobs.chunks(f"job-{job_id}"))
        lessons = await asyncio.to_thread(Lessons, read_examples(lines, fmt))
        if len(remembered) >= REMEMBERED:
            del remembered[next(iter(remembered))]
        remembered[job_id] = lessons
    return remembered[job_id]
