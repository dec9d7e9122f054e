"""How a model's likelihoods become tokens, drawn one by one, and what their log probabilities are.

What a model was told to say (a scripted reply, the completion of a training example) it says as told,
whatever the temperature; only `logit_bias` bends it, as a ban or a force would. What it makes up is bent by
everything: bias, then penalties, then temperature, then `top_p`. An answer ends with its end token, which
needs room like any other: one of exactly `limit` tokens was cut off, for all anybody knows.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mockserver.simulation.text import Context

if TYPE_CHECKING:
    from mockserver.chance import Random

#: the bias that bans a token: "values like -100 or 100 should result in a ban or exclusive selection"
#: (official page of POST /v1/completions)
_BAN = -100
#: the likelihood, before its bias, of a token that nothing but the bias speaks for
_UNHEARD_OF = 1e-7
#: the least likelihood that is shown, so that every logarithm is a number
_LEAST = 1e-44
#: how far penalties can bend, as an exponent of e, so that no number overflows
_BEND = 300


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are to be chosen, in the official ranges.

    Temperature 0..2, `top_p` 0..1, penalties -2..2, biases -100..100 by token.
    """

    temperature: float = 1
    top_p: float = 1
    presence_penalty: float = 0
    frequency_penalty: float = 0
    logit_bias: Mapping[int, float] = field(default_factory=dict)

    @property
    def greedy(self) -> bool:
        """Whether the likeliest token is always taken, so that chance has no part in the answer."""
        return self.temperature == 0 or self.top_p == 0

    @property
    def endless(self) -> bool:
        """Whether a text may go on for very long, since what was said becomes likelier or its end is banned."""
        return self.presence_penalty < 0 or self.frequency_penalty < 0 or bool(self.logit_bias)


@dataclass(frozen=True, slots=True)
class Score:
    """The log probability of a token; `top` has those of the likeliest in its place and its own, in order."""

    logprob: float
    top: dict[int, float]


def speak(
    context: Context, limit: int, sampling: Sampling, rng: "Random", told: Sequence[int] | None = None
) -> tuple[list[int], bool]:
    """Return up to `limit` tokens and whether the answer came to its end; told or greedy draws nothing."""
    if told is not None and not sampling.logit_bias:
        return list(told[:limit]), len(told) < limit
    end = context.language.end
    script = [] if told is None else [*told, end]
    said: list[int] = []
    counts: Counter[int] = Counter()
    while len(said) < limit:
        if len(said) < len(script):
            likely = biased(context.expecting(script[len(said)], taught=True), sampling.logit_bias)
            token = _likeliest(likely) if likely else end
        else:
            likely = biased(context.expected(), sampling.logit_bias)
            token = _draw(_penalised(likely, counts, sampling), sampling, rng) if likely else end
        if token == end:
            return said, True
        said.append(token)
        counts[token] += 1
        context.read(token)
    return said, False


def scores(
    context: Context, said: Sequence[int], top: int, bias: Mapping[int, float], *, taught: bool
) -> list[Score]:
    """Return the score of each token, with the `top` likeliest in its place; temperature plays no part."""
    scored = []
    for token in said:
        likely = biased(context.expecting(token, taught=taught), bias)
        best = sorted(likely.items(), key=_by_likelihood)[:top]
        ranking = sorted({token: likely.get(token, 0.0), **dict(best)}.items(), key=_by_likelihood)
        logs = {each: _log(value) for each, value in ranking}
        scored.append(Score(logs[token], logs))
        context.read(token)
    return scored


def biased(likely: dict[int, float], bias: Mapping[int, float]) -> dict[int, float]:
    """Return likelihoods (together 1) after a bias on some of them; empty when every token is banned."""
    if not bias:
        return likely
    unheard = {token: _UNHEARD_OF for token in bias if token not in likely}
    bent = {
        token: value * math.exp(bias.get(token, 0))
        for token, value in (likely | unheard).items()
        if bias.get(token, 0) > _BAN
    }
    whole = sum(bent.values())
    return {token: value / whole for token, value in bent.items()}


def _penalised(likely: dict[int, float], counts: Counter[int], sampling: Sampling) -> dict[int, float]:
    once, each = sampling.presence_penalty, sampling.frequency_penalty
    if not (once or each):
        return likely
    return {
        token: value * math.exp(max(-_BEND, min(_BEND, -(once + each * counts[token]))))
        if counts[token]
        else value
        for token, value in likely.items()
    }


def _draw(likely: dict[int, float], sampling: Sampling, rng: "Random") -> int:
    favourite = _likeliest(likely)
    if sampling.greedy:
        return favourite
    if sampling.temperature != 1:
        highest, power = likely[favourite], 1 / sampling.temperature
        likely = {token: (value / highest) ** power for token, value in likely.items()}
    if sampling.top_p < 1:
        likely = _nucleus(likely, sampling.top_p)
    return rng.choices(list(likely), list(likely.values()))[0]


def _nucleus(likely: dict[int, float], share: float) -> dict[int, float]:
    """Return the likeliest tokens that together make up a share of the whole."""
    wanted, kept = share * sum(likely.values()), {}
    for token, value in sorted(likely.items(), key=_by_likelihood):
        kept[token] = value
        wanted -= value
        if wanted <= 0:
            break
    return kept


def _likeliest(likely: dict[int, float]) -> int:
    return max(likely, key=likely.__getitem__)


def _by_likelihood(item: tuple[int, float]) -> float:
    return -item[1]


def _log(likelihood: float) -> float:
    """Return the logarithm, rounded so that a machine's last bit does not show; never minus zero."""
    return round(math.log(max(likelihood, _LEAST)), 7) + 0.0
