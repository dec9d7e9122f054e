"""What a job trains with where the caller left it to the service: every null or "auto" becomes a value.

For batch sizes and epochs the rules are official. Where only the values of published jobs are known, they
are followed; what neither tells is marked "not verified".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Method = Literal["supervised", "dpo", "reinforcement"]

LARGEST_AUTO_BATCH = 256
EXAMPLES_PER_AUTO_BATCH_ELEMENT = 500
LARGE_BATCH = 32
"""From here on the legacy learning rate multiplier is 0.2: not verified."""

TARGET_EPOCHS = 3
FEWEST_TARGET_EXAMPLES = 100
MOST_TARGET_EXAMPLES = 25_000
FEWEST_AUTO_EPOCHS = 1
MOST_AUTO_EPOCHS = 25

OWN_DEFAULTS: dict[Method, dict[str, object]] = {
    "supervised": {},
    "dpo": {"beta": 0.1},
    "reinforcement": {
        "eval_interval": 5,
        "eval_samples": 1,
        "compute_multiplier": 1.0,
        "reasoning_effort": "default",
    },
}
"""What a method has beyond the three of all methods: not verified, except the documented "default" effort."""


@dataclass(frozen=True, slots=True)
class LegacyHyperparameters:
    """The `hyperparams` of a prepared legacy fine-tune, in the order of the wire."""

    n_epochs: int
    batch_size: int
    prompt_loss_weight: float
    learning_rate_multiplier: float


def resolve_legacy(
    n_examples: int,
    n_epochs: int | None = None,
    batch_size: int | None = None,
    learning_rate_multiplier: float | None = None,
    prompt_loss_weight: float | None = None,
) -> LegacyHyperparameters:
    """Return what a legacy fine-tune of so many examples (at least 1) trains with; None asks for the default.

    The reference of 2023 has 4 epochs, a weight of 0.01 and a learning rate multiplier of "0.05, 0.1, or 0.2
    depending on final `batch_size`". Published fine-tunes had 0.1 already at batch sizes of 1 and 4, which
    leaves no place for 0.05.
    """
    batch = _auto_batch_size(n_examples) if batch_size is None else batch_size
    rate = 0.2 if batch >= LARGE_BATCH else 0.1
    return LegacyHyperparameters(
        n_epochs=4 if n_epochs is None else n_epochs,
        batch_size=batch,
        prompt_loss_weight=0.01 if prompt_loss_weight is None else prompt_loss_weight,
        learning_rate_multiplier=rate if learning_rate_multiplier is None else learning_rate_multiplier,
    )


def resolve_modern(
    method: Method, n_examples: int, base_model: str, requested: Mapping[str, object]
) -> dict[str, object]:
    """Return every hyperparameter of a method for so many examples (at least 1): as requested, or automatic.

    A value that is missing, null or "auto" is automatic. Names the method does not know are left out.
    """
    automatic = {
        "n_epochs": _auto_epochs(n_examples),
        "batch_size": _auto_batch_size(n_examples),
        "learning_rate_multiplier": _auto_learning_rate(method, base_model),
        **OWN_DEFAULTS[method],
    }
    given = {name: value for name, value in requested.items() if value not in (None, "auto")}
    return {name: given.get(name, value) for name, value in automatic.items()}


def total_steps(n_examples: int, n_epochs: int, batch_size: int) -> int:
    """Return how many batches a job trains on; what remains at an epoch's end makes a batch of its own."""
    return n_epochs * -(-n_examples // batch_size)


def _auto_batch_size(n_examples: int) -> int:
    """Return about 0.2% of the examples, at most 256 (reference of 2023); for 1,444 a real job had 2."""
    return min(LARGEST_AUTO_BATCH, max(1, n_examples // EXAMPLES_PER_AUTO_BATCH_ELEMENT))


def _auto_epochs(n_examples: int) -> int:
    """Follow the cookbook's "Data preparation and analysis for chat model fine-tuning"."""
    if n_examples * TARGET_EPOCHS < FEWEST_TARGET_EXAMPLES:
        return min(MOST_AUTO_EPOCHS, FEWEST_TARGET_EXAMPLES // n_examples)
    if n_examples * TARGET_EPOCHS > MOST_TARGET_EXAMPLES:
        return max(FEWEST_AUTO_EPOCHS, MOST_TARGET_EXAMPLES // n_examples)
    return TARGET_EPOCHS


def _auto_learning_rate(method: Method, base_model: str) -> float:
    """Return what jobs of gpt-4o-mini (1.8), gpt-3.5-turbo and gpt-4.1-mini (2.0) had; else not verified."""
    if method != "supervised":
        return 1.0
    return 1.8 if base_model.removeprefix("ft:").startswith("gpt-4o-mini") else 2.0
