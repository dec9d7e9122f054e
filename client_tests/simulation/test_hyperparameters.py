"""What was left to the service is resolved as published jobs and the official rules say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.hyperparameters import (
    LegacyHyperparameters,
    resolve_legacy,
    resolve_modern,
    total_steps,
)

examples = st.integers(1, 1_000_000)


def test_the_guides_two_examples_train_one_by_one_for_four_epochs():
    assert resolve_legacy(2) == LegacyHyperparameters(
        n_epochs=4, batch_size=1, prompt_loss_weight=0.01, learning_rate_multiplier=0.1
    )
    assert 8 == total_steps(n_examples=2, n_epochs=4, batch_size=1)


@pytest.mark.parametrize(
    ("expected", "n_examples"), [(1, 1), (1, 999), (2, 1000), (2, 1444), (256, 128_000), (256, 10**7)]
)
def test_an_automatic_batch_is_a_five_hundredth_of_the_examples_from_1_to_256(expected, n_examples):
    assert expected == resolve_legacy(n_examples).batch_size
    assert expected == resolve_modern("supervised", n_examples, "gpt-4o-mini", {})["batch_size"]


@pytest.mark.parametrize(("expected", "batch_size"), [(0.1, 1), (0.1, 4), (0.2, 256)])
def test_large_legacy_batches_learn_faster(expected, batch_size):
    assert expected == resolve_legacy(10, batch_size=batch_size).learning_rate_multiplier


def test_legacy_requests_are_kept_even_when_they_are_zero():
    assert resolve_legacy(5000, 7, 3, 0.02, 0.0) == LegacyHyperparameters(
        n_epochs=7, batch_size=3, prompt_loss_weight=0.0, learning_rate_multiplier=0.02
    )


@pytest.mark.parametrize(
    ("expected", "n_examples"),
    [
        (25, 1),
        (25, 4),
        (20, 5),
        (10, 10),
        (3, 33),
        (3, 34),
        (3, 101),
        (3, 8333),
        (2, 8334),
        (1, 25_000),
        (1, 10**6),
    ],
)
def test_automatic_epochs_follow_the_cookbook(expected, n_examples):
    assert expected == resolve_modern("supervised", n_examples, "gpt-3.5-turbo", {})["n_epochs"]


@pytest.mark.parametrize(
    ("expected", "base_model"),
    [
        (1.8, "gpt-4o-mini-2024-07-18"),
        (1.8, "ft:gpt-4o-mini-2024-07-18:acme::9z5uyT9b"),
        (2.0, "gpt-3.5-turbo-0125"),
        (2.0, "gpt-4.1-mini-2025-04-14"),
    ],
)
def test_the_automatic_learning_rate_depends_on_the_model(expected, base_model):
    assert expected == resolve_modern("supervised", 10, base_model, {})["learning_rate_multiplier"]


COMMON = {"n_epochs", "batch_size", "learning_rate_multiplier"}


@pytest.mark.parametrize(
    ("expected", "method"),
    [
        (COMMON, "supervised"),
        (COMMON | {"beta"}, "dpo"),
        (
            COMMON | {"eval_interval", "eval_samples", "compute_multiplier", "reasoning_effort"},
            "reinforcement",
        ),
    ],
)
@pytest.mark.parametrize("left_open", ["auto", None])
def test_a_method_resolves_its_own_hyperparameters_and_no_others(expected, method, left_open):
    everything = dict.fromkeys([*COMMON, "beta", "eval_interval", "eval_samples", "nonsense"], left_open)

    resolved = resolve_modern(method, 10, "o4-mini", everything)

    assert expected == set(resolved)
    assert not {None, "auto"} & set(resolved.values())


@given(examples, st.integers(1, 50), st.floats(0, 2, exclude_min=True), st.sampled_from(["low", "high"]))
def test_what_is_requested_is_what_trains(n_examples, n_epochs, beta, effort):
    requested = {"n_epochs": n_epochs, "beta": beta, "batch_size": "auto", "reasoning_effort": effort}

    dpo = resolve_modern("dpo", n_examples, "gpt-4o", requested)
    reinforcement = resolve_modern("reinforcement", n_examples, "o4-mini", requested)

    assert (n_epochs, beta) == (dpo["n_epochs"], dpo["beta"])
    assert (n_epochs, effort) == (reinforcement["n_epochs"], reinforcement["reasoning_effort"])


@given(examples)
def test_automatic_values_stay_within_the_bounds_of_the_api(n_examples):
    resolved = resolve_modern("supervised", n_examples, "gpt-4o-mini", {})

    assert 1 <= resolved["n_epochs"] <= 25
    assert 1 <= resolved["batch_size"] <= 256


@given(examples, st.integers(1, 50), st.integers(1, 256))
def test_every_epoch_has_as_many_steps_as_it_needs_to_see_every_example(n_examples, n_epochs, batch_size):
    steps, rest = divmod(total_steps(n_examples, n_epochs, batch_size), n_epochs)

    assert 0 == rest
    assert (steps - 1) * batch_size < n_examples <= steps * batch_size
