"""What a model says in a conversation, whichever endpoint it is held on, and what that costs.

There must be room for it before anybody answers. Who answers is `speaker.py`'s to tell; how the answer looks on the
wire, and in how many pieces it is sent, is the resource's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mockserver.domain import prompt_cache
from mockserver.domain.answers import RawAnswer, scripted, sent
from mockserver.domain.models import Model, context
from mockserver.domain.speaker import Said, Speaker
from mockserver.errors import dialogue as refusals
from mockserver.scenario.keys import Facts
from mockserver.scenario.models import Pacing, Reply
from mockserver.simulation import catalogue, transcript
from mockserver.simulation.messages import Ask
from mockserver.world import World


@dataclass(frozen=True, slots=True)
class Spoken:
    """Every answer to one request, and what it cost in tokens: those of thoughts are among those of the completion.

    `reply` is what the scenario wants said of it; its usage is in the numbers already.
    """

    said: Sequence[Said]
    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int
    cached_tokens: int
    reply: Reply
    pacing: Pacing
    headers: Mapping[str, str]


async def speak(world: World, model: Model, ask: Ask, facts: Facts, *, name: str) -> Spoken | RawAnswer:
    """Return what a model says, or the response that the scenario writes itself.

    `facts` are what the scenario's rules can ask about (`endpoint`, `key`, `headers`, `body` and its fields), `name`
    is the id of the answer, after which its chance is named. Raises ApiError 400 when there is no room for it.
    """
    prompt, read = transcript.read(ask, model.base)
    room = _room(world, model, ask, read, str(facts["endpoint"]))
    told = await scripted(world, model, facts)
    if isinstance(told, RawAnswer):
        return told
    speaker = Speaker(world, model, ask, told, prompt, room, name)
    said, spent = await speaker.answers()
    thinking, usage = speaker.thinking * ask.n, told.usage
    return Spoken(
        said,
        prompt_tokens=read if usage.prompt_tokens is None else usage.prompt_tokens,
        completion_tokens=spent + thinking if usage.completion_tokens is None else usage.completion_tokens,
        reasoning_tokens=thinking,
        cached_tokens=prompt_cache.cached(world, model.base, prompt),
        reply=told,
        pacing=told.stream.over(world.scenario.stream),
        headers=sent(told),
    )


def _room(world: World, model: Model, ask: Ask, read: int, endpoint: str) -> int:
    """Return how many tokens an answer can have. Raises ApiError 400 if it cannot have as many as were asked for."""
    room = context(model)
    if read + (ask.limit or 0) > room:
        raise refusals.too_long(endpoint, room, read, ask.limit, legacy=world.legacy_shapes)
    if ask.limit is not None:
        return ask.limit
    known = catalogue.all_models().get(model.base)
    most = known.max_output if known else None
    return room - read if most is None else min(room - read, most)
