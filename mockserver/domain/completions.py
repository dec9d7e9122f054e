"""Completions: each prompt is answered by whoever has the answer, and what is answered is cut, counted and chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mockserver import errors
from mockserver.domain.answers import Answer, answer
from mockserver.domain.models import Model
from mockserver.simulation import catalogue, tokens
from mockserver.simulation.choices import Choice, Wish, complete
from mockserver.world import World


@dataclass(frozen=True, slots=True)
class Completed:
    """A wish, who answered it, the choices, and what all candidates cost in tokens."""

    wish: Wish
    answer: Answer
    choices: list[Choice]
    cost: int


@dataclass(frozen=True, slots=True)
class Completion:
    """All prompts of one request, completed."""

    id: str
    created: int
    parts: list[Completed]


async def create(
    world: World, model: Model, wishes: Sequence[Wish], given: dict[str, Any], key: str, seed: int | None
) -> Completion:
    """Complete every prompt. `given` is what else the request says, for the rules of the scenario.

    Chance is a stream named after the completion; with a seed, after the seed and the prompt.
    """
    completion_id, created = world.ids.new("cmpl"), world.clock.now
    parts = []
    for place, wish in enumerate(wishes):
        prompt = tokens.decode(wish.prompt, wish.model)
        facts = {"endpoint": "completions", "model": model.id, **given, "prompt": prompt}
        told = await answer(world, model, prompt, facts, key)
        name = f"{completion_id}:{place}" if seed is None else f"{seed}:{wish.model}:{prompt}\0{wish.suffix}"
        rng = world.chance.stream(f"completion:{name}")
        parts.append(Completed(wish, told, *complete(wish, rng, told.text)))
    chosen_id = next((part.answer.id for part in parts if part.answer.id), completion_id)
    return Completion(chosen_id, created, parts)


def read_prompts(prompt: str | list[str] | list[int] | list[list[int]], model: Model) -> list[list[int]]:
    """Return the prompts of a request as tokens, one of each kind or many. Raises ApiError 400 for what is no token."""
    match prompt:
        case str() | [int(), *_]:
            return [_read(prompt, model)]
        case _:
            return [_read(each, model) for each in prompt]


def read_bias(bias: dict[str, float], model: Model) -> dict[int, float]:
    """Return a bias by token. Raises ApiError 400 for keys that are no tokens of the model (second wording not verified)."""
    for key in bias:
        if not (key.isascii() and key.isdigit()):
            raise errors.invalid(
                f"Invalid key in 'logit_bias': {key}. You should only be submitting non-negative integers."
            )
        if not _is_token(int(key), model):
            highest = tokens.vocabulary_size(model.base) - 1
            raise errors.invalid(f"Invalid key in 'logit_bias': {key}. Maximum value is {highest}.")
    return {int(key): by for key, by in bias.items()}


def check_room(world: World, model: Model, wish: Wish) -> None:
    """Raise ApiError 400 if a prompt and the longest answer to it do not fit into the model's context together."""
    known = catalogue.all_models().get(model.base)
    asked = len(wish.prompt) + wish.limit
    if known and asked > known.context:
        raise errors.invalid(
            f"This model's maximum context length is {known.context} tokens, however you requested {asked} tokens "
            f"({len(wish.prompt)} in your prompt; {wish.limit} for the completion). "
            "Please reduce your prompt; or completion length.",
            code=None if world.legacy_shapes else "context_length_exceeded",
        )


def _read(prompt: str | list[int], model: Model) -> list[int]:
    if isinstance(prompt, str):
        return [tokens.end_of_text(model.base)] if prompt == tokens.END_OF_TEXT else tokens.encode(prompt, model.base)
    for token in prompt:
        if not _is_token(token, model):
            raise errors.invalid(f"Invalid token in 'prompt': {token}.", "prompt")
    return prompt


def _is_token(number: int, model: Model) -> bool:
    try:
        tokens.decode_bytes([number], model.base)
    except KeyError:
        return False
    return True
