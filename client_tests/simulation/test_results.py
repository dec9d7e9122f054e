"""The result files have the columns, rows and number formats of published ones, and agree with the curve."""

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.chance import Chance
from mockserver.simulation.curve import ClassificationSpec, Curve, ExampleTokens
from mockserver.simulation.results import legacy_csv, modern_csv, padded_length

GUIDE = [ExampleTokens(47, 64), ExampleTokens(148, 63)]
BASE = [
    "step",
    "elapsed_tokens",
    "elapsed_examples",
    "training_loss",
    "training_sequence_accuracy",
    "training_token_accuracy",
]
VALIDATION = ["validation_loss", "validation_sequence_accuracy", "validation_token_accuracy"]
BINARY = ["accuracy", "precision", "recall", "auroc", "auprc"]


def make(**kwargs):
    usual = {
        "seed": "ft-1",
        "chance": Chance(7).stream,
        "total_steps": 8,
        "n_epochs": 4,
        "examples": GUIDE,
        "legacy": True,
    }
    return Curve(**usual | kwargs)


def read(chunks):
    return list(csv.DictReader(io.StringIO(b"".join(chunks).decode(), newline="")))


def header(chunks):
    return next(iter(chunks)).decode().removesuffix("\n").split(",")


def test_the_guides_file_has_its_header_and_eight_rows():
    first, *rows = legacy_csv(make())

    assert 102 == len(first)
    assert 8 == len(rows)
    # The real file had 510 bytes.
    assert 440 <= len(first) + sum(map(len, rows)) <= 510


def test_every_chunk_is_one_line_that_ends_like_unix():
    curve = make(has_validation=True)

    for chunk in [*legacy_csv(curve), *modern_csv(curve)]:
        assert chunk.endswith(b"\n")
        assert 1 == chunk.count(b"\n")
        assert b"\r" not in chunk


@pytest.mark.parametrize(
    ("expected", "settings"),
    [
        (BASE, {}),
        (BASE + VALIDATION, {"has_validation": True}),
        (
            BASE + VALIDATION + ["classification/accuracy", "classification/weighted_f1_score"],
            {"has_validation": True, "classification": ClassificationSpec(50, binary=False)},
        ),
        (
            BASE + VALIDATION + [f"classification/{name}" for name in [*BINARY, "f1.0"]],
            {"has_validation": True, "classification": ClassificationSpec(50, binary=True)},
        ),
        (
            BASE + VALIDATION + [f"classification/{name}" for name in [*BINARY, "f0.5", "f1.0", "f1.5"]],
            {
                "has_validation": True,
                "classification": ClassificationSpec(50, binary=True, betas=(0.5, 1, 1.5)),
            },
        ),
    ],
)
def test_legacy_columns_are_those_of_the_old_guide(expected, settings):
    assert expected == header(legacy_csv(make(**settings)))


@pytest.mark.parametrize(
    ("expected", "method"),
    [
        (["step", "train_loss", "train_accuracy", "valid_loss", "valid_mean_token_accuracy"], "supervised"),
        (["step", "train_loss", "train_reward_accuracy", "valid_loss", "valid_reward_accuracy"], "dpo"),
        (["step", "train_mean_reward", "full_valid_mean_reward"], "reinforcement"),
    ],
)
@pytest.mark.parametrize("has_validation", [True, False])
def test_modern_columns_are_those_of_the_method_with_or_without_validation(expected, method, has_validation):
    assert expected == header(modern_csv(make(method=method, has_validation=has_validation)))


@given(st.integers(4, 60), st.integers(1, 9), st.booleans())
def test_each_step_has_a_legacy_row_with_what_the_curve_says(total_steps, batch_size, has_validation):
    curve = make(total_steps=total_steps, batch_size=batch_size, has_validation=has_validation)
    rows = read(legacy_csv(curve))

    assert list(range(1, total_steps + 1)) == [int(row["step"]) for row in rows]
    for step, row in enumerate(rows, start=1):
        metrics = curve.at(step)
        assert step * batch_size == int(row["elapsed_examples"])
        assert repr(metrics.train_loss) == row["training_loss"]
        assert repr(metrics.train_sequence_accuracy) == row["training_sequence_accuracy"]
        assert repr(metrics.train_mean_token_accuracy) == row["training_token_accuracy"]
        if has_validation:
            assert ("" if metrics.valid_loss is None else repr(metrics.valid_loss)) == row["validation_loss"]


def test_legacy_validation_cells_are_filled_every_eighth_step_and_classification_after_each_epoch():
    spec = ClassificationSpec(50, binary=True)
    rows = read(legacy_csv(make(total_steps=20, has_validation=True, classification=spec)))

    for name in VALIDATION:
        assert ["1", "9", "17"] == [row["step"] for row in rows if row[name]]
    for name in spec.columns:
        assert ["5", "10", "15", "20"] == [row["step"] for row in rows if row[name]]


@pytest.mark.parametrize(
    ("expected", "lengths"),
    [
        (1, [(0, 1)]),
        (9, [(3, 3)]),
        (9, [(5, 4)]),
        (17, [(5, 5)]),
        # Examples of a published training file and the steps of its result file.
        (113, [(22, 91)]),
        (121, [(29, 87)]),
        (145, [(14, 129)]),
        (145, [(14, 129), (22, 91), (1, 1)]),
    ],
)
def test_a_batch_is_padded_to_its_longest_example_and_8k_plus_1(expected, lengths):
    assert expected == padded_length([ExampleTokens(*length) for length in lengths])


def test_the_guides_tokens_add_up_with_their_padding():
    elapsed = [int(row["elapsed_tokens"]) for row in read(legacy_csv(make()))]

    assert [113, 330, 443, 660, 773, 990, 1103, 1320] == elapsed


@given(
    st.lists(st.builds(ExampleTokens, st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=7),
    st.integers(1, 9),
)
def test_elapsed_tokens_grow_by_the_batch_of_the_step(examples, batch_size):
    curve = make(examples=examples, batch_size=batch_size, total_steps=12)
    elapsed = [0, *(int(row["elapsed_tokens"]) for row in read(legacy_csv(curve)))]

    for step, (before, after) in enumerate(pairwise(elapsed), start=1):
        longest = max(sum(example) for example in curve.batch(step))
        each, rest = divmod(after - before, batch_size)
        assert 0 == rest
        assert 1 == each % 8
        assert longest <= each < longest + 8


@pytest.mark.parametrize("method", ["supervised", "dpo", "reinforcement"])
def test_each_step_has_a_modern_row_with_what_the_curve_says(method):
    curve = make(legacy=False, method=method, total_steps=120, has_validation=True)
    shown = {
        "train_loss": "train_loss",
        "train_accuracy": "train_mean_token_accuracy",
        "train_reward_accuracy": "train_mean_token_accuracy",
        "train_mean_reward": "train_mean_token_accuracy",
        "valid_loss": "valid_loss",
        "valid_mean_token_accuracy": "valid_mean_token_accuracy",
        "valid_reward_accuracy": "valid_mean_token_accuracy",
        "full_valid_mean_reward": "full_valid_mean_token_accuracy",
    }
    rows = read(modern_csv(curve))

    assert 120 == len(rows)
    for step, row in enumerate(rows, start=1):
        assert str(step) == row.pop("step")
        for column, cell in row.items():
            value = getattr(curve.at(step), shown[column])
            assert ("" if value is None else repr(round(value, 5))) == cell


def test_modern_validation_cells_are_filled_at_round_steps():
    rows = read(modern_csv(make(legacy=False, total_steps=120, has_validation=True)))

    assert [str(step) for step in range(10, 121, 10)] == [row["step"] for row in rows if row["valid_loss"]]


def test_the_same_training_has_the_same_bytes():
    assert b"".join(legacy_csv(make())) == b"".join(legacy_csv(make()))
    assert b"".join(modern_csv(make())) != b"".join(modern_csv(make(seed="ft-2")))
