"""Who answers: the scenario's reply, else what the model was taught, else the model makes something up.

This module knows what is to be said, not how it is asked for or sent: cutting, counting and streaming come
later and are the same for all three. A tuned model answers as it was taught at any temperature.
"""

import asyncio
import json
import re
from dataclasses import dataclass, field
from hashlib import blake2b

from mockserver import errors
from mockserver.domain.models import Model
from mockserver.domain.pacing import pause
from mockserver.scenario.endpoints import called
from mockserver.scenario.index import Index
from mockserver.scenario.keys import Facts
from mockserver.scenario.models import Pacing, Reply, ReplyRule
from mockserver.scenario.official import NAMED, Asker
from mockserver.scenario.replies import quoted
from mockserver.scenario.selection import ExhaustedError, counted_for, reply, verdicts
from mockserver.simulation.jsonl import split_lines
from mockserver.simulation.lessons import Lessons
from mockserver.simulation.training_file import read_examples
from mockserver.simulation.training_shape import Format
from mockserver.world import World

#: how many training files a world has in mind at once
REMEMBERED = 8
#: what says nothing but texts
COMPLETIONS = called("completions")
#: the reply of a scenario that has nothing to say
NOTHING = Reply()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be said (None: whatever the model makes up), and the reply that wants it labelled and paced."""

    text: str | None = None
    reply: Reply = field(default_factory=Reply)

    @property
    def headers(self) -> dict[str, str]:
        """What the response carries beside the usual headers."""
        return sent(self.reply)

    def pacing(self, world: World) -> Pacing:
        """How fast it is streamed."""
        return self.reply.stream.over(world.scenario.stream)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A response that the scenario writes itself."""

    status: int
    body: bytes
    headers: dict[str, str]
    media_type: str


async def answer(world: World, model: Model, asked: str, facts: Facts) -> Answer | RawAnswer:
    """Return the answer to what was `asked`; `facts` are for the scenario's rules.

    Raises ApiError as `scripted` does.
    """
    told = await scripted(world, model, facts)
    if isinstance(told, RawAnswer):
        return told
    text = spelled_out(told, asked)
    if text is None:
        text = await taught(world, model, asked, insist=bool(told.from_training_file))
    return Answer(text, told)


async def scripted(world: World, model: Model, facts: Facts) -> Reply | RawAnswer:
    """Return what the scenario replies, after its delay: an empty reply if it has nothing to say.

    Raises ApiError: the error the reply tells of, or 400 when the scenario has no answer and wants that to be known.
    """
    told = _chosen(world, {**facts, "job": model.job})
    await pause(world, told.delay)
    if told.error is not None:
        raise _refusal(world, model, facts, told)
    return _raw(told) if told.is_raw else told


def spelled_out(told: Reply, asked: str) -> str | None:
    """Return the text that a reply tells, if it tells one; `asked` is what an echo repeats."""
    if told.text is not None:
        return told.text
    if told.echo:
        return asked
    return None if told.value is None else json.dumps(told.value, ensure_ascii=False)


def _chosen(world: World, facts: Facts) -> Reply:
    if not world.scenario.replies and world.scenario.on_unmatched != "error":
        return NOTHING
    chosen = _index(world).choose(facts)
    if chosen.rule is None:
        if world.scenario.on_unmatched == "error":
            raise _unmatched(world, facts)
        return NOTHING
    try:
        said = reply(chosen.rule, _turn(world, chosen.rule, facts))
    except ExhaustedError as error:
        raise errors.invalid(f"The scenario has no answer left: replies[{chosen.index}]: {error}.") from error
    if facts.get("endpoint") in COMPLETIONS:
        for name in filter(said.says, ReplyRule.chat_only):
            raise errors.invalid(
                f"replies[{chosen.index}] cannot be given here: a completion has no '{name}'."
            )
    return said.filled(quoted(chosen.captures, facts))


def _index(world: World) -> Index[ReplyRule]:
    rules = world.scenario.replies
    index: Index[ReplyRule] | None = world.memory.get("replies")
    if index is None or index.rules is not rules:
        index = world.memory["replies"] = Index(rules)
    return index


def _turn(world: World, rule: ReplyRule, facts: Facts) -> int:
    """Return how often a rule has answered whom it counts for, and count.

    It is kept by what the rule says, so that a rule goes on where it was after a restart, or among other rules.
    """
    if len(rule.turns) == 1 and rule.then != "error":
        return 0
    name = blake2b(
        f"{rule.model_dump_json()}\0{counted_for(rule, facts)}".encode(), digest_size=16
    ).hexdigest()
    taken: int = (world.store.get("turn", name) or {"taken": 0})["taken"]
    world.store.put("turn", {"id": name, "taken": taken + 1})
    return taken


def _unmatched(world: World, facts: Facts) -> errors.ApiError:
    """Say which reply came nearest, and why it did not answer."""
    said = list(enumerate(verdicts(world.scenario.replies, facts)))
    place, nearest = max(said, key=lambda one: (one[1].held, -one[0]), default=(0, None))
    why = f"the nearest is replies[{place}], but {nearest.why}" if nearest else "it has none"
    return errors.invalid(
        f"No reply of the scenario matches this request (on_unmatched: error): {why}.",
        code="no_reply_matches",
    )


def _refusal(world: World, model: Model, facts: Facts, told: Reply) -> errors.ApiError:
    assert told.error is not None, "only replies with an error refuse"
    asker = Asker(
        model.id, world.scenario.account.organization, str(facts.get("key") or ""), world.legacy_shapes
    )
    refusal = NAMED[told.error.name](asker)
    refusal.message = told.error.message or refusal.message
    refusal.headers = {**refusal.headers, **sent(told)}
    return refusal


def _raw(told: Reply) -> RawAnswer:
    if told.body is None or isinstance(told.body, str):
        body, media_type = (told.body or "").encode(), "text/plain"
    else:
        body, media_type = json.dumps(told.body, ensure_ascii=False).encode(), "application/json"
    return RawAnswer(told.status or 200, body, sent(told), media_type)


def sent(told: Reply) -> dict[str, str]:
    """Return a reply's headers as they can be sent, whatever a request was quoted with."""
    return {
        name: re.sub(r"[\r\n\0]+", " ", value).encode("latin-1", "replace").decode("latin-1")
        for name, value in told.headers.items()
    }


async def taught(world: World, model: Model, asked: str, *, insist: bool) -> str | None:
    """Return what a tuned model was taught to say; None if nothing is like what was asked, or it was taught nothing."""
    if model.job is None or model.format is None:
        if insist:
            raise errors.invalid(
                f"The scenario wants an answer from the training file, and {model.id} has none."
            )
        return None
    return (await _lessons(world, model.job, model.format)).answer(asked)


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
