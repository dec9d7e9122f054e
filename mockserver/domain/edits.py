"""Edits: a text and an instruction make a new text, if the scenario knows one.

Nothing here understands an instruction, so without a reply of the scenario an edit is the input as it was, with the
line break at its end that the edit models never left out.
"""

from dataclasses import dataclass, field

from mockserver.domain import models, usage
from mockserver.domain.answers import RawAnswer, answer
from mockserver.domain.models import Model
from mockserver.errors import edits
from mockserver.facts import Facts
from mockserver.simulation import catalogue, tokens
from mockserver.world import World

#: what a prompt counts beside its input, with a line break, and its instruction: so in the official example of 2023
#: (25 tokens) and in two answers recorded by client libraries that year (18 and 35)
FRAME = 11


@dataclass(frozen=True, slots=True)
class Edit:
    """An edited text and what it cost in tokens; `headers` are those the scenario adds."""

    created: int
    text: str
    prompt_tokens: int
    completion_tokens: int
    headers: dict[str, str] = field(default_factory=dict)


def editor(world: World, model_id: str) -> Model:
    """Return a model that edits. Raises ApiError 404 for one that does not, is unknown, or is gone."""
    found = models.find(world, model_id)
    if found is not None and "edits" not in found.endpoints:
        raise edits.not_an_editor(model_id)
    return models.usable(world, model_id, "edits")


async def create(
    world: World, model: Model, text: str, instruction: str, *, n: int, given: Facts
) -> Edit | RawAnswer:
    """Edit a text `n` times, or return the response that the scenario writes itself.

    `given` are the facts of the request, for the scenario. An answer counts the tokens of its texts (the real one
    counted some more: not verified). Raises ApiError 400 if the prompt does not fit into the model's context.
    """
    read = FRAME + tokens.count(text and f"{text}\n", model.base) + tokens.count(instruction, model.base)
    if read > (room := catalogue.context_length(model.base)):
        raise edits.too_long(room, read)
    created = world.clock.now
    said = await answer(world, model, text, given)
    if isinstance(said, RawAnswer):
        return said
    edited = _unchanged(text) if said.text is None else said.text
    told = said.reply.usage
    cost = n * tokens.count(edited, model.base)
    done = Edit(
        created,
        edited,
        read if told.prompt_tokens is None else told.prompt_tokens,
        cost if told.completion_tokens is None else told.completion_tokens,
        said.headers,
    )
    usage.note(
        world,
        model,
        operation="edits.create",
        key=given["key"],
        read=done.prompt_tokens,
        said=done.completion_tokens,
    )
    return done


def _unchanged(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
