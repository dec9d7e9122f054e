"""Reasoning models: which they are, and how many tokens they think before they answer.

Thoughts cost tokens like words, in blocks of 64 as the API reports them; how many for which effort is made up.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.chance import Random

_REASONING = re.compile(r"o\d.*|gpt-[5-9](?!.*chat).*|gpt-oss-.*|codex-mini-.*|computer-use-.*")
#: those that do not think unless they are told to, and take sampling parameters as long as they do not
_OPTIONAL = re.compile(r"gpt-5\.[1-9].*|gpt-[6-9].*")

BLOCK = 64
"""The API reports thoughts in multiples of so many tokens."""
BLOCKS = {
    "none": (0, 0),
    "minimal": (0, 0),
    "low": (1, 3),
    "medium": (2, 8),
    "high": (8, 24),
    "xhigh": (16, 48),
    "max": (32, 64),
}
"""For each `reasoning_effort`: the fewest and the most blocks."""


def is_reasoning(model: str) -> bool:
    """Whether a base model thinks before it answers."""
    return _REASONING.fullmatch(model) is not None


def effort_of(model: str, effort: str | None) -> str:
    """Return how hard a model thinks: as it is told, else as hard as it is used to."""
    if not is_reasoning(model):
        return "none"
    return effort or ("none" if _OPTIONAL.fullmatch(model) else "medium")


def takes_sampling(model: str, effort: str | None) -> bool:
    """Whether a model takes `temperature`, `top_p` and `logprobs` (the guide to gpt-5.2: only without effort)."""
    if not is_reasoning(model):
        return True
    return _OPTIONAL.fullmatch(model) is not None and effort_of(model, effort) == "none"


def thoughts(model: str, effort: str | None, rng: "Random") -> int:
    """Return how many tokens a model thinks, a multiple of `BLOCK`; draws only if it thinks at all."""
    fewest, most = BLOCKS[effort_of(model, effort)]
    return BLOCK * rng.randint(fewest, most) if most else 0
