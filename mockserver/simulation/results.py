"""The result file of a training: `compiled_results.csv` of legacy fine-tunes, `step_metrics.csv` of jobs.

There is one row per step, made from the same curve as the events. A cell is empty where nothing was measured.
Numbers are written as Python writes them; published files show that the real ones were.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence

from mockserver.simulation.curve import Curve, ExampleTokens
from mockserver.simulation.hyperparameters import Method

LEGACY_FILENAME = "compiled_results.csv"
MODERN_FILENAME = "step_metrics.csv"

LEGACY_COLUMNS = (
    "step",
    "elapsed_tokens",
    "elapsed_examples",
    "training_loss",
    "training_sequence_accuracy",
    "training_token_accuracy",
)
LEGACY_VALIDATION_COLUMNS = ("validation_loss", "validation_sequence_accuracy", "validation_token_accuracy")

MODERN_COLUMNS: dict[Method, dict[str, str]] = {
    "supervised": {
        "step": "step",
        "train_loss": "train_loss",
        "train_accuracy": "train_mean_token_accuracy",
        "valid_loss": "valid_loss",
        "valid_mean_token_accuracy": "valid_mean_token_accuracy",
    },
    "dpo": {
        "step": "step",
        "train_loss": "train_loss",
        "train_reward_accuracy": "train_mean_token_accuracy",
        "valid_loss": "valid_loss",
        "valid_reward_accuracy": "valid_mean_token_accuracy",
    },
    "reinforcement": {
        "step": "step",
        "train_mean_reward": "train_mean_token_accuracy",
        "full_valid_mean_reward": "full_valid_mean_token_accuracy",
    },
}
"""Each column with the metric it shows. Those of `dpo` and `reinforcement` are not verified; the names of the
rewards are the ones that reinforcement's events have in the official guide."""

MODERN_DIGITS = 5


def legacy_csv(curve: Curve) -> Iterator[bytes]:
    """Yield `compiled_results.csv` line by line.

    `elapsed_tokens` counts the padding too: each example of a batch is as long as the longest, brought to the
    next 8k + 1 tokens, as in the published files seen. One of these has a row more than there were batches
    (2,001 for 4 epochs of 500 examples, one at a time), which is not imitated.
    """
    names = curve.classification.columns if curve.classification else []
    validation = LEGACY_VALIDATION_COLUMNS if curve.has_validation else ()
    return _lines((*LEGACY_COLUMNS, *validation, *names), _legacy_rows(curve, names))


def modern_csv(curve: Curve) -> Iterator[bytes]:
    """Yield `step_metrics.csv` line by line, rounded to five digits; the columns are those of the method."""
    columns = MODERN_COLUMNS[curve.method]
    measured = (curve.at(step) for step in range(1, curve.total_steps + 1))
    rows = ([_rounded(getattr(metrics, name)) for name in columns.values()] for metrics in measured)
    return _lines(columns, rows)


def _legacy_rows(curve: Curve, classification_columns: Sequence[str]) -> Iterator[list[object]]:
    elapsed_tokens = 0
    for step in range(1, curve.total_steps + 1):
        metrics = curve.at(step)
        elapsed_tokens += curve.batch_size * padded_length(curve.batch(step))
        row: list[object] = [
            step,
            elapsed_tokens,
            step * curve.batch_size,
            metrics.train_loss,
            metrics.train_sequence_accuracy,
            metrics.train_mean_token_accuracy,
        ]
        if curve.has_validation:
            row += [metrics.valid_loss, metrics.valid_sequence_accuracy, metrics.valid_mean_token_accuracy]
        measured = metrics.classification or {}
        yield row + [measured.get(name) for name in classification_columns]


def padded_length(batch: Iterable[ExampleTokens]) -> int:
    """Return the length in tokens that all examples of a batch are padded to: the next 8k + 1."""
    return -(-(max(map(sum, batch)) - 1) // 8) * 8 + 1


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, MODERN_DIGITS)


class _Encoder:
    """A file for the csv module that hands back what it is given."""

    def write(self, line: str) -> bytes:
        return line.encode()


def _lines(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    writer = csv.writer(_Encoder(), lineterminator="\n")
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow(row)
