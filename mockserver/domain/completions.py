"""Completions: each prompt is answered by whoever has the answer; the answer is cut, counted and chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from mockserver import errors
from mockserver.domain import usage
from mockserver.domain.answers import Answer, RawAnswer, answer
from mockserver.domain.models import Model, context
from mockserver.scenario.models import Pacing
from mockserver.simulation import tokens
from mockserver.simulation.choices import Choice, Wish, complete, tell
from mockserver.simulation.logprobs import Token, pieces, read_out
from mockserver.world import World

#: the document separator, which is also the prompt of a request without one (official page)
SEPARATOR = "<|endoftext|>"
#: no token has a number of more digits
LONGEST_NUMBER = 10

Prompt = str | list[str] | list[int] | list[list[int]]


@dataclass(frozen=True, slots=True)
class Completed:
    """One choice of one prompt; `told` if it was not made up."""

    wish: Wish
    choice: Choice
    finish_reason: Literal["stop", "length", "content_filter"]
    told: bool

    @property
    def text(self) -> str:
        """The answer, behind its prompt if that is echoed."""
        echoed = tokens.decode(self.wish.prompt, self.wish.model) if self.wish.echo else ""
        return echoed + self.choice.text

    def tokens(self) -> list[Token]:
        """Return the text token by token."""
        return read_out(self.wish, self.choice, taught=self.told)

    def pieces(self) -> Iterator[str]:
        """Yield the text as it is streamed, without scores: token by token, those that make one character together."""
        said = self.choice.tokens
        return pieces([*self.wish.prompt, *said] if self.wish.echo else said, self.wish.model)


@dataclass(frozen=True, slots=True)
class Completion:
    """The choices of all prompts of a request, prompt by prompt, and what they cost in tokens.

    `headers` are those the scenario adds, `pacing` is how fast it is streamed.
    """

    id: str
    created: int
    choices: list[Completed]
    prompt_tokens: int
    completion_tokens: int
    pacing: Pacing = field(default_factory=Pacing)
    headers: dict[str, str] = field(default_factory=dict)


async def create(
    world: World, model: Model, wishes: Sequence[Wish], *, given: dict[str, Any], seed: int | None
) -> Completion | RawAnswer:
    """Complete every prompt, or return the response that the scenario writes itself.

    `given` is what the request says beside model and prompt, for the scenario.

    Chance is a stream named after the completion; with a seed, after the seed and the prompt. Raises ApiError
    400 if a prompt and the longest answer to it do not fit into the model's context together.
    """
    for wish in wishes:
        _check_room(world, model, wish)
    own_id, created, cost = world.ids.new("cmpl"), world.clock.now, 0
    told: list[Answer] = []
    choices: list[Completed] = []
    for place, wish in enumerate(wishes):
        prompt = wish.text
        said = await answer(world, model, prompt, {**given, "model": model.id, "prompt": prompt})
        if isinstance(said, RawAnswer):
            return said
        if said.text is not None and not wish.sampling.logit_bias:
            found, spent = tell(wish, said.text)
        else:
            name = f"{own_id}:{place}" if seed is None else f"{seed}:{wish.model}:{prompt}\0{wish.suffix}"
            found, spent = complete(wish, world.chance.stream(f"completion:{name}"), said.text)
        choices += [
            Completed(wish, each, said.reply.finish_reason or each.finish_reason, said.text is not None)
            for each in found
        ]
        cost += spent
        told.append(said)
    done = _labelled(world, own_id, created, choices, sum(len(wish.prompt) for wish in wishes), cost, told)
    usage.note(
        world,
        model,
        operation="completions.create",
        key=given["key"],
        read=done.prompt_tokens,
        said=done.completion_tokens,
    )
    return done


def _labelled(
    world: World,
    own_id: str,
    created: int,
    choices: list[Completed],
    read: int,
    cost: int,
    told: Sequence[Answer],
) -> Completion:
    """Return a completion as the scenario wants it labelled, counted and paced; the first prompt's reply decides."""
    first = told[0]
    usage = first.reply.usage
    return Completion(
        next((said.reply.id for said in told if said.reply.id), own_id),
        created,
        choices,
        read if usage.prompt_tokens is None else usage.prompt_tokens,
        cost if usage.completion_tokens is None else usage.completion_tokens,
        first.pacing(world),
        first.headers,
    )


def read_prompts(prompt: Prompt, model: Model) -> list[tuple[str | list[int], Sequence[int]]]:
    """Return the prompts of a request, one or many, as they came and as tokens.

    Raises ApiError 400 for what is no token.
    """
    is_one = isinstance(prompt, str) or isinstance(prompt[0], int)
    each: list[Any] = [prompt] if is_one else list(prompt)
    return [(one, _read(one, model)) for one in each]


def read_bias(bias: dict[str, float], model: Model) -> dict[int, float]:
    """Return a bias by token. Raises ApiError 400 for keys that are not (numbers too high: not verified)."""
    for key in bias:
        if not (key.isascii() and key.isdigit()):
            raise errors.invalid(
                f"Invalid key in 'logit_bias': {key}. You should only be submitting non-negative integers."
            )
        if len(key) > LONGEST_NUMBER or not tokens.is_token(int(key), model.base):
            highest = tokens.vocabulary_size(model.base) - 1
            raise errors.invalid(f"Invalid key in 'logit_bias': {key}. Maximum value is {highest}.")
    return {int(key): by for key, by in bias.items()}


def _check_room(world: World, model: Model, wish: Wish) -> None:
    room, asked = context(model), len(wish.prompt) + wish.limit
    if asked > room:
        raise errors.invalid(
            f"This model's maximum context length is {room} tokens, however you requested {asked} "
            f"tokens ({len(wish.prompt)} in your prompt; {wish.limit} for the completion). "
            "Please reduce your prompt; or completion length.",
            code=None if world.legacy_shapes else "context_length_exceeded",
        )


def _read(prompt: str | list[int], model: Model) -> Sequence[int]:
    if prompt == SEPARATOR:
        return [tokens.end_of_text(model.base)]
    if isinstance(prompt, str):
        return tokens.remembered(prompt, model.base)
    for token in prompt:
        if not tokens.is_token(token, model.base):
            raise errors.invalid(f"Invalid token in 'prompt': {token}.", "prompt")
    return prompt
