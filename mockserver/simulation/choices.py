"""The choices of a completion: told or drawn, cut where a stop sequence begins, the best of many kept.

An answer that is told, or that chance has no part in, is the same for every choice: it is made once, and paid
for as often as it was asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING, Literal

from mockserver.simulation import tokens
from mockserver.simulation.sampling import Sampling, scores, speak
from mockserver.simulation.text import Context, after

if TYPE_CHECKING:
    from mockserver.chance import Random


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a model: to complete a prompt (tokens) `best_of` times and to give the `n` best.

    `limit` is in tokens, `best_of` at least `n`; the answer goes between the prompt and the suffix, and the
    prompt comes with it if `echo`. `logprobs` is how many likely tokens are shown in the place of each; None:
    no scores.
    """

    model: str
    prompt: Sequence[int]
    suffix: str = ""
    limit: int = 16
    stops: Sequence[str] = ()
    n: int = 1
    best_of: int = 1
    sampling: Sampling = field(default_factory=Sampling)
    echo: bool = False
    logprobs: int | None = None
    #: the prompt as it was written, if it did not come as tokens
    written: str | None = None
    #: whether the answer begins anew, instead of going on with the prompt
    anew: bool = False

    @property
    def text(self) -> str:
        """The prompt as text."""
        return tokens.decode(self.prompt, self.model) if self.written is None else self.written

    def context(self) -> Context:
        """Return the context in which the model answers."""
        return after(self.prompt, self.model, self.suffix, anew=self.anew)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its text, the tokens of that text, why it ends, and how many tokens it cost."""

    text: str
    tokens: Sequence[int]
    finish_reason: Literal["stop", "length"]
    cost: int


def complete(wish: Wish, rng: "Random", told: str | None = None) -> tuple[list[Choice], int]:
    """Return the choices, and what all candidates cost in tokens, those that were not chosen included."""
    script = None if told is None else tokens.encode(told, wish.model)
    alike = script is not None or wish.sampling.greedy
    candidates = [_candidate(wish, rng, script) for _ in range(1 if alike else wish.best_of)]
    if alike:
        return candidates * wish.n, candidates[0].cost * wish.best_of
    cost = sum(choice.cost for choice in candidates)
    if wish.best_of > wish.n:
        candidates.sort(key=lambda choice: _likelihood(wish, choice), reverse=True)
    return candidates[: wish.n], cost


def tell(wish: Wish, text: str) -> tuple[list[Choice], int]:
    """Return the choices of an answer that is told and no bias bends, as `complete` does: chance has no part in it."""
    script = tokens.remembered(text, wish.model)
    if len(script) < wish.limit and not wish.stops and text.isascii():
        choice = Choice(text, script, "stop", len(script))  # as `cut` says, without reading the tokens back
    else:
        choice = cut(script[: wish.limit], wish.model, wish.stops, ended=len(script) < wish.limit)
    return [choice] * wish.n, choice.cost * wish.best_of


def cut(said: Sequence[int], model: str, stops: Sequence[str], *, ended: bool) -> Choice:
    """Return tokens as an answer without its first stop sequence and what follows, which costs nothing.

    A character that the limit cuts in two is shown as U+FFFD (not verified).
    """
    text = tokens.decode(said, model)
    found = [place for stop in stops if (place := text.find(stop)) >= 0]
    if not found:
        return Choice(text, said, "stop" if ended else "length", len(said))
    text = text[: min(found)]
    kept = tokens.encode(text, model)
    return Choice(text, kept, "stop", min(len(kept), len(said)))


def _candidate(wish: Wish, rng: "Random", script: Sequence[int] | None) -> Choice:
    said, ended = speak(wish.context(), wish.limit, wish.sampling, rng, script)
    return cut(said, wish.model, wish.stops, ended=ended)


def _likelihood(wish: Wish, choice: Choice) -> float:
    """Measure the best: "the one with the highest log probability per token" (official page)."""
    found = scores(wish.context(), choice.tokens, 0, wish.sampling.logit_bias, taught=False)
    return fmean(score.logprob for score in found) if found else 0.0
