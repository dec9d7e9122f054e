"""A training run as numbers: what each step measured, without any training.

The law: the numbers of a step follow from the seed and that step alone. Events, checkpoints and the result
file ask in any order, or again, and always agree. The loss falls exponentially towards a floor, with noise.
The share of tokens told right is exp(-steepness · loss), which comes close to published result files. Shares
of a batch are true fractions of its tokens and of its completions.
"""

import itertools
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from mockserver.chance import Random
from mockserver.simulation.hyperparameters import Method

LEGACY_VALIDATION_INTERVAL = 8
KEPT_CHECKPOINTS = 3

BATCH_NOISE, WHOLE_FILE_NOISE = 0.25, 0.03
"""How unevenly a loss comes out, over one batch and over the whole validation file: deviation of its log."""

FEWEST_STEPS_TO_LEARN = 20
"""However short the training, what it has not learned yet shrinks by e in no fewer steps."""

GENERALIZES = 0.75
"""How much of what is learned from the training file holds for the validation file."""


class ExampleTokens(NamedTuple):
    """How long a training example is, in tokens: what is given, and what is to be learned."""

    prompt: int
    completion: int


class Shape(NamedTuple):
    """Where a method's loss begins, what it cannot get below, and how steeply success answers to it."""

    first: float
    floor: float
    steepness: float


SHAPES: dict[Method, Shape] = {
    "supervised": Shape(first=1.5, floor=0.02, steepness=0.3),
    "dpo": Shape(first=math.log(2), floor=0.1, steepness=1),
    "reinforcement": Shape(first=0.9, floor=0.3, steepness=1),
}
"""An untrained preference is a coin: its loss is ln 2 and half of its guesses are right."""


@dataclass(frozen=True, slots=True)
class ClassificationSpec:
    """The classification metrics a legacy fine-tune asked for, taken on a validation file of `n_examples`."""

    n_examples: int
    binary: bool
    betas: Sequence[float] = (1.0,)

    @property
    def columns(self) -> list[str]:
        """The names of the metrics, in the order of the result file."""
        names = ["accuracy", "weighted_f1_score"]
        if self.binary:
            names = [
                "accuracy",
                "precision",
                "recall",
                "auroc",
                "auprc",
                *(f"f{float(b)}" for b in self.betas),
            ]
        return [f"classification/{name}" for name in names]


@dataclass(frozen=True, slots=True)
class Metrics:
    """What one step measured, named as in the API's events and checkpoints; None was not measured."""

    step: int
    train_loss: float
    train_sequence_accuracy: float
    train_mean_token_accuracy: float
    valid_loss: float | None = None
    valid_sequence_accuracy: float | None = None
    valid_mean_token_accuracy: float | None = None
    full_valid_loss: float | None = None
    full_valid_mean_token_accuracy: float | None = None
    classification: Mapping[str, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The course of one training.

    `chance` gives the stream of a name from its beginning; `examples`, at least one, are those of the
    training file in its order. `legacy` tells a job of /v1/fine-tunes. `eval_interval` is for reinforcement,
    `classification` for legacy jobs with a validation file.
    """

    seed: str
    chance: Callable[[str], Random]
    total_steps: int
    n_epochs: int
    examples: Sequence[ExampleTokens]
    batch_size: int = 1
    has_validation: bool = False
    method: Method = "supervised"
    legacy: bool = False
    eval_interval: int | None = None
    classification: ClassificationSpec | None = None

    def at(self, step: int) -> Metrics:
        """Return what a step measured. Raises ValueError for a step that is not in 1 to `total_steps`."""
        if not 1 <= step <= self.total_steps:
            raise ValueError(f"there is no step {step} of {self.total_steps}")
        rng = self.chance(f"{self.seed}:{step}")
        seen, unseen = self._trends(step)
        train_loss, train_sequences, train_tokens = self._measure_batch(step, seen, rng)
        valid_loss, valid_sequences, valid_tokens = (
            self._measure_batch(step, unseen, rng) if self.validates(step) else (None, None, None)
        )
        full_loss = _noisy(unseen, WHOLE_FILE_NOISE, rng) if self.validates_fully(step) else None
        full_tokens = None if full_loss is None else self._share_right(full_loss)
        spec = self.classification
        return Metrics(
            step=step,
            train_loss=self._as_shown(train_loss),
            train_sequence_accuracy=train_sequences,
            train_mean_token_accuracy=self._as_shown(train_tokens),
            valid_loss=valid_loss,
            valid_sequence_accuracy=valid_sequences,
            valid_mean_token_accuracy=valid_tokens,
            full_valid_loss=full_loss,
            full_valid_mean_token_accuracy=full_tokens,
            classification=None if spec is None or full_tokens is None else _classify(spec, full_tokens, rng),
        )

    def batch(self, step: int) -> list[ExampleTokens]:
        """Return the examples a step learns from: the file's in turn, where the real order is shuffled."""
        first = (step - 1) * self.batch_size
        return [self.examples[place % len(self.examples)] for place in range(first, first + self.batch_size)]

    def validates(self, step: int) -> bool:
        """Tell whether a step is tried on a batch of the validation file too.

        Modern jobs were at each step of 59, each 10th of 303 and each 100th of 1,665; legacy ones at steps 1,
        9, 17 and so on. Reinforcement knows only the whole file.
        """
        if not self.has_validation or self.method == "reinforcement":
            return False
        if self.legacy:
            return step % LEGACY_VALIDATION_INTERVAL == 1
        interval: int = 10 ** max(0, len(str(self.total_steps)) - 2)
        return step % interval == 0

    def validates_fully(self, step: int) -> bool:
        """Tell whether a step is followed by a trial on the whole validation file.

        That is at the end of each epoch, says the guide; reinforcement does it every `eval_interval` steps.
        """
        if not self.has_validation:
            return False
        return step % self.eval_interval == 0 if self.eval_interval else step in self._epoch_ends

    @cached_property
    def _epoch_ends(self) -> frozenset[int]:
        return frozenset(epoch_ends(self.total_steps, self.n_epochs))

    def _trends(self, step: int) -> tuple[float, float]:
        """Return the expected loss on the training file, and on the validation file, where it falls less."""
        shape = SHAPES[self.method]
        learned = 1 - math.exp((1 - step) / max(FEWEST_STEPS_TO_LEARN, self.total_steps / 6))
        drop = (shape.first - shape.floor) * learned
        return shape.first - drop, shape.first - GENERALIZES * drop

    def _measure_batch(self, step: int, trend: float, rng: Random) -> tuple[float, float, float]:
        """Return the loss and the shares told right, of the completions as a whole and of their tokens."""
        loss = _noisy(trend, BATCH_NOISE, rng)
        tokens = sum(example.completion for example in self.batch(step)) or 1
        right = round(tokens * self._share_right(loss))
        # The wrong tokens fall on the completions at random: this many are expected to be hit.
        spoiled = round(self.batch_size * (1 - (1 - 1 / self.batch_size) ** (tokens - right)))
        return loss, (self.batch_size - spoiled) / self.batch_size, right / tokens

    def _share_right(self, loss: float) -> float:
        return math.exp(-SHAPES[self.method].steepness * loss)

    def _as_shown(self, value: float) -> float:
        """Modern training numbers are single precision written out as doubles, legacy ones are doubles."""
        if self.legacy:
            return value
        (single,) = struct.unpack("f", struct.pack("f", value))
        return float(single)


def epoch_ends(total_steps: int, n_epochs: int) -> list[int]:
    """Return the last step of each epoch. Raises ValueError unless every epoch has a step."""
    if not 1 <= n_epochs <= total_steps:
        raise ValueError(f"{total_steps} steps cannot be divided into {n_epochs} epochs")
    return [round(total_steps * epoch / n_epochs) for epoch in range(1, n_epochs + 1)]


def checkpoint_steps(total_steps: int, n_epochs: int) -> list[int]:
    """Return the steps whose models are kept: the ends of the last three epochs, says the fine-tuning guide.

    The last of them is the fine-tuned model itself, named without the `:ckpt-step-` of the others.
    """
    return epoch_ends(total_steps, n_epochs)[-KEPT_CHECKPOINTS:]


def reported_steps(total_steps: int, n_epochs: int, at_most: int = 200) -> list[int]:
    """Return the steps that get an event: the first, each epoch's last and as many round numbers as fit.

    The API has an event for each step. Round strides (1, 2, 5, 10, …) keep the steps with a validation loss.
    """
    always = {1, *epoch_ends(total_steps, n_epochs)}
    strides = (digit * 10**power for power in itertools.count() for digit in (1, 2, 5))
    choices = (
        always.union(range(stride, total_steps + 1, stride))
        for stride in strides
        if total_steps // stride <= at_most
    )
    return sorted(next(steps for steps in choices if len(steps) <= max(at_most, len(always))))


def _noisy(trend: float, noise: float, rng: Random) -> float:
    return trend * math.exp(rng.gauss(0, noise))


def _classify(spec: ClassificationSpec, skill: float, rng: Random) -> dict[str, float]:
    """Return metrics that belong together: one table of hits and misses decides them all."""
    if not spec.binary:
        accuracy = _hits(spec.n_examples, skill, rng) / spec.n_examples
        return dict(zip(spec.columns, (accuracy, accuracy * rng.uniform(0.97, 1)), strict=True))
    positives = (spec.n_examples + 1) // 2
    negatives = spec.n_examples - positives
    found, rejected = _hits(positives, skill, rng), _hits(negatives, skill, rng)
    alarms = found + negatives - rejected
    precision, recall = found / alarms if alarms else 0.0, found / positives
    false_alarms = (negatives - rejected) / negatives if negatives else 0.0
    values = (
        (found + rejected) / spec.n_examples,
        precision,
        recall,
        1 - (1 - recall) * false_alarms,
        1 - (1 - recall) * (1 - precision),
        *(_f_score(precision, recall, beta) for beta in spec.betas),
    )
    return dict(zip(spec.columns, values, strict=True))


def _f_score(precision: float, recall: float, beta: float) -> float:
    """Return the F-beta score; 0 where nothing was found at all."""
    weight = beta * beta
    return (1 + weight) * precision * recall / (weight * precision + recall) if recall else 0.0


def _hits(tries: int, skill: float, rng: Random) -> int:
    return round(tries * min(1.0, skill * rng.uniform(0.97, 1.03)))
