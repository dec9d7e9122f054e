"""A curve is plausible, always the same, and true to itself."""

import statistics
import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.chance import Chance
from mockserver.simulation.curve import (
    ClassificationSpec,
    Curve,
    ExampleTokens,
    checkpoint_steps,
    epoch_ends,
    reported_steps,
)

METHODS = ["supervised", "dpo", "reinforcement"]


def make(**kwargs):
    given_up = {
        "seed": "ft-1",
        "chance": Chance(7).stream,
        "total_steps": 303,
        "n_epochs": 3,
        "examples": [ExampleTokens(47, 64), ExampleTokens(148, 63)],
    }
    return Curve(**given_up | kwargs)


def mean(curve, name, steps):
    return statistics.mean(getattr(curve.at(step), name) for step in steps)


lengths = st.integers(1, 400)
curves = st.builds(
    make,
    seed=st.text(max_size=5),
    total_steps=st.integers(50, 2000),
    n_epochs=st.integers(1, 50),
    examples=st.lists(st.builds(ExampleTokens, lengths, st.integers(0, 400)), min_size=1, max_size=9),
    batch_size=st.integers(1, 64),
    has_validation=st.booleans(),
    method=st.sampled_from(METHODS),
    legacy=st.booleans(),
    eval_interval=st.none() | st.integers(1, 9),
)
epochs_and_steps = st.integers(1, 50).flatmap(
    lambda n_epochs: st.tuples(st.integers(n_epochs, 100_000), st.just(n_epochs))
)


@given(curves, st.data())
def test_a_step_is_the_same_whatever_was_asked_before(curve, data):
    order = data.draw(st.lists(st.integers(1, curve.total_steps), max_size=5))
    fresh = [replace(curve).at(step) for step in order]

    assert fresh == [curve.at(step) for step in order]
    assert list(reversed(fresh)) == [curve.at(step) for step in reversed(order)]


def test_another_seed_is_another_training():
    assert make(seed="ft-1").at(5) != make(seed="ft-2").at(5)
    assert make().at(5) != make(chance=Chance(8).stream).at(5)


@given(curves, st.data())
def test_losses_are_positive_and_shares_are_shares(curve, data):
    step = data.draw(st.integers(1, curve.total_steps))
    metrics = curve.at(step)
    losses = [metrics.train_loss, metrics.valid_loss, metrics.full_valid_loss]
    shares = [
        metrics.train_sequence_accuracy,
        metrics.train_mean_token_accuracy,
        metrics.valid_sequence_accuracy,
        metrics.valid_mean_token_accuracy,
        metrics.full_valid_mean_token_accuracy,
    ]

    assert step == metrics.step
    assert all(loss > 0 for loss in losses if loss is not None)
    assert all(0 <= share <= 1 for share in shares if share is not None)


@given(curves, st.data())
def test_accuracies_are_fractions_of_the_batch(curve, data):
    curve = replace(curve, legacy=True)
    step = data.draw(st.integers(1, curve.total_steps))
    metrics = curve.at(step)
    tokens = sum(example.completion for example in curve.batch(step)) or 1

    right = round(metrics.train_mean_token_accuracy * tokens)
    whole = round(metrics.train_sequence_accuracy * curve.batch_size)

    assert right / tokens == metrics.train_mean_token_accuracy
    assert whole / curve.batch_size == metrics.train_sequence_accuracy
    assert (tokens == right) == (curve.batch_size == whole)
    assert curve.batch_size - whole <= tokens - right


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_training_gets_better(method, seed):
    curve = make(method=method, seed=seed)
    early, late = range(1, 61), range(244, 304)

    assert mean(curve, "train_loss", early) > 1.5 * mean(curve, "train_loss", late)
    assert mean(curve, "train_mean_token_accuracy", early) + 0.1 < mean(
        curve, "train_mean_token_accuracy", late
    )


def test_validation_ends_worse_than_training():
    curve = make(has_validation=True)

    assert curve.at(303).full_valid_loss > 3 * mean(curve, "train_loss", range(280, 304))
    assert curve.at(303).full_valid_loss < curve.at(101).full_valid_loss


def test_a_preference_begins_as_a_coin():
    starts = [make(method="dpo", seed=str(number)).at(1) for number in range(200)]

    assert 0.6931 == pytest.approx(statistics.median(start.train_loss for start in starts), rel=0.1)
    assert 0.5 == pytest.approx(
        statistics.median(start.train_mean_token_accuracy for start in starts), rel=0.1
    )


@pytest.mark.parametrize(("legacy", "single_precision"), [(True, False), (False, True)])
def test_modern_training_numbers_are_single_precision_and_legacy_ones_are_not(legacy, single_precision):
    loss = make(legacy=legacy).at(1).train_loss

    assert single_precision == (loss == struct.unpack("f", struct.pack("f", loss))[0])


def measured(curve, name):
    return [step for step in range(1, curve.total_steps + 1) if getattr(curve.at(step), name) is not None]


VALIDATION = ["valid_loss", "valid_sequence_accuracy", "valid_mean_token_accuracy"]
FULL_VALIDATION = ["full_valid_loss", "full_valid_mean_token_accuracy"]


@pytest.mark.parametrize(
    ("expected", "total_steps"),
    [(range(1, 10), 9), (range(1, 60), 59), (range(10, 304, 10), 303), (range(100, 1666, 100), 1665)],
)
@pytest.mark.parametrize("name", VALIDATION)
def test_modern_jobs_validate_at_round_steps(expected, total_steps, name):
    assert list(expected) == measured(make(has_validation=True, total_steps=total_steps), name)


@pytest.mark.parametrize("name", VALIDATION)
def test_legacy_jobs_validate_every_eighth_step_from_the_first(name):
    assert [1, 9, 17, 25] == measured(make(has_validation=True, legacy=True, total_steps=32), name)


@pytest.mark.parametrize("name", FULL_VALIDATION)
def test_the_whole_validation_file_is_tried_after_each_epoch(name):
    assert [101, 202, 303] == measured(make(has_validation=True), name)


@pytest.mark.parametrize(("expected", "name"), [([], "valid_loss"), ([5, 10, 15, 20], "full_valid_loss")])
def test_reinforcement_evaluates_at_its_interval(expected, name):
    curve = make(has_validation=True, method="reinforcement", total_steps=20, eval_interval=5)

    assert expected == measured(curve, name)


@pytest.mark.parametrize("name", [*VALIDATION, *FULL_VALIDATION, "classification"])
@pytest.mark.parametrize("legacy", [True, False])
def test_without_a_validation_file_nothing_is_validated(name, legacy):
    assert [] == measured(make(total_steps=100, legacy=legacy, eval_interval=5), name)


@given(st.integers(1, 300), st.lists(st.floats(0, 9), max_size=3, unique=True), st.text(max_size=5))
def test_binary_metrics_agree_with_each_other(n_examples, betas, seed):
    spec = ClassificationSpec(n_examples, binary=True, betas=betas)
    curve = make(has_validation=True, legacy=True, total_steps=12, classification=spec, seed=seed)

    for step in (4, 8, 12):
        values = dict(curve.at(step).classification)
        assert spec.columns == list(values)
        assert all(0 <= value <= 1 for value in values.values())
        precision, recall = values["classification/precision"], values["classification/recall"]
        assert values["classification/auroc"] >= recall
        assert values["classification/auprc"] >= max(precision, recall)
        for beta in betas:
            score = values[f"classification/f{beta}"]
            assert precision * recall * (1 + beta**2) == pytest.approx(score * (beta**2 * precision + recall))
        assert round(values["classification/accuracy"] * n_examples) / n_examples == pytest.approx(
            values["classification/accuracy"]
        )


def test_multiclass_metrics_are_an_accuracy_and_a_score_near_it():
    spec = ClassificationSpec(n_examples=119, binary=False)
    values = make(has_validation=True, legacy=True, classification=spec).at(303).classification

    assert ["classification/accuracy", "classification/weighted_f1_score"] == list(values) == spec.columns
    assert values["classification/accuracy"] == pytest.approx(
        values["classification/weighted_f1_score"], rel=0.03
    )


def test_the_metrics_of_a_checkpoint_are_those_of_its_event():
    curve = make(has_validation=True)

    assert set(checkpoint_steps(303, 3)) <= set(reported_steps(303, 3))
    assert all(curve.at(step).full_valid_loss for step in checkpoint_steps(303, 3))


@pytest.mark.parametrize("step", [0, -1, 304])
def test_there_is_no_step_outside_the_training(step):
    with pytest.raises(ValueError, match=f"no step {step} of 303"):
        make().at(step)


@pytest.mark.parametrize(
    ("expected", "total_steps", "n_epochs"),
    [
        ([143, 286, 429], 429, 3),
        ([101, 202, 303], 303, 3),
        ([30, 40, 50], 50, 5),
        ([4, 8], 8, 2),
        ([200], 200, 1),
    ],
)
def test_the_last_three_epochs_leave_checkpoints(expected, total_steps, n_epochs):
    assert expected == checkpoint_steps(total_steps, n_epochs)


@given(epochs_and_steps)
def test_epochs_end_one_after_another_and_the_last_with_the_training(numbers):
    total_steps, n_epochs = numbers
    ends = epoch_ends(*numbers)

    assert n_epochs == len(ends)
    assert sorted(set(ends)) == ends
    assert ends[0] >= 1
    assert total_steps == ends[-1]


@pytest.mark.parametrize(("total_steps", "n_epochs"), [(3, 4), (3, 0)])
def test_an_epoch_needs_a_step(total_steps, n_epochs):
    with pytest.raises(ValueError, match="cannot be divided"):
        epoch_ends(total_steps, n_epochs)


@given(epochs_and_steps, st.integers(0, 300))
def test_reported_steps_are_few_and_have_the_first_and_the_epochs_last(numbers, at_most):
    always = {1, *epoch_ends(*numbers)}
    steps = reported_steps(*numbers, at_most)

    assert sorted(set(steps)) == steps
    assert always <= set(steps)
    assert len(steps) <= max(at_most, len(always))
    assert 1 <= steps[0] <= steps[-1] == numbers[0]


@given(st.integers(50, 10_000), st.integers(1, 50))
def test_every_step_with_a_validation_loss_is_reported(total_steps, n_epochs):
    curve = make(total_steps=total_steps, n_epochs=n_epochs, has_validation=True)

    validated = {step for step in range(1, total_steps + 1) if curve.validates(step)}

    assert validated <= set(reported_steps(total_steps, n_epochs))


def test_a_short_training_reports_every_step():
    assert list(range(1, 9)) == reported_steps(8, 4)
    assert list(range(1, 201)) == reported_steps(200, 2)
