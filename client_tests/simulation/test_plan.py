"""Plans alone: what happens to a job, when, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.chance import Random
from mockserver.simulation import plan
from mockserver.simulation.plan import Failure, Training
from mockserver.store import Step, Store

ERROR = {"code": "oops", "message": "It broke.", "param": None}

takes = st.floats(0, 1e6)
epochs = st.integers(1, 12)


@st.composite
def trainings(draw):
    n_epochs, per_epoch = draw(epochs), draw(st.integers(1, 40))
    total = n_epochs * per_epoch
    reported = sorted(draw(st.sets(st.integers(1, total), max_size=20)))
    checkpoints = sorted(draw(st.sets(st.integers(1, total), max_size=3)))
    return Training(n_epochs, total, reported, checkpoints)


def kinds(steps):
    return [step.kind for step in steps]


def lasting(steps):
    return sum(step.after for step in steps)


def moments(steps):
    passed, told = 0.0, []
    for step in steps:
        passed += step.after
        told.append((passed, step))
    return told


# --- spread ----------------------------------------------------------------------------------------------------------


def test_an_unscripted_job_lives_through_every_stage_once():
    assert [
        "job.costs",
        "job.enqueued",
        "job.started",
        "job.epoch",
        "job.epoch",
        "job.model",
        "job.result_file",
        "job.succeeded",
    ] == kinds(plan.spread(20, 2))


@given(takes, epochs)
def test_a_job_takes_as_long_as_it_is_told_to(seconds, n_epochs):
    steps = plan.spread(seconds, n_epochs)

    assert seconds == pytest.approx(lasting(steps))
    assert all(step.after >= 0 for step in steps)
    assert list(range(1, n_epochs + 1)) == [step.data["epoch"] for step in steps if step.kind == "job.epoch"]


def test_the_queue_of_others_comes_between_entering_the_queue_and_the_start():
    queue = [Step(5, "job.queue", {"number": 1}), Step(7, "job.queue", {"number": 0})]
    steps = plan.spread(20, 1, queue)

    assert ["job.enqueued", "job.queue", "job.queue", "job.started"] == kinds(steps)[1:5]
    assert 32 == pytest.approx(lasting(steps))


# --- the queue of others ---------------------------------------------------------------------------------------------


@given(length=st.integers(1, 60), gap=st.floats(0, 1e4), seed=st.integers())
def test_the_queue_counts_down_to_zero_from_the_moment_it_is_entered(length, gap, seed):
    steps = plan.queue_of_others(length, gap, Random(seed))

    assert list(range(length, -1, -1)) == [step.data["number"] for step in steps]
    assert steps[0].after == 0
    assert all(step.after >= 0 for step in steps)
    assert steps == plan.queue_of_others(length, gap, Random(seed))


def test_an_empty_queue_says_nothing():
    assert [] == plan.queue_of_others(0, 64, Random(7))


def test_the_gap_is_the_mean_time_between_two_positions():
    steps = plan.queue_of_others(20_000, 64, Random(7))

    assert 64 == pytest.approx(lasting(steps) / 20_000, rel=0.05)


# --- training steps --------------------------------------------------------------------------------------------------


@given(takes, trainings())
def test_details_change_neither_the_coarse_steps_nor_their_moments(seconds, training):
    coarse = plan.spread(seconds, training.n_epochs)
    full = plan.detailed(coarse, training)

    told = [(pytest.approx(moment), step.kind, step.data) for moment, step in moments(coarse)]
    fine = {"job.metrics", "job.checkpoint"}
    assert told == [(moment, step.kind, step.data) for moment, step in moments(full) if step.kind not in fine]
    assert all(step.after >= 0 for step in full)


@given(takes, trainings())
def test_every_reported_step_and_every_checkpoint_comes_once_and_in_order(seconds, training):
    full = plan.detailed(plan.spread(seconds, training.n_epochs), training)

    assert training.reported == [step.data["step"] for step in full if step.kind == "job.metrics"]
    assert training.checkpoints == [step.data["step"] for step in full if step.kind == "job.checkpoint"]


@given(takes, trainings())
def test_a_training_step_comes_before_the_end_of_its_epoch_and_a_checkpoint_right_behind_it(
    seconds, training
):
    full = plan.detailed(plan.spread(seconds, training.n_epochs), training)
    per_epoch = training.total_steps // training.n_epochs
    epoch = 0

    for step in full:
        if step.kind == "job.epoch":
            epoch = step.data["epoch"]
        elif step.kind == "job.metrics":
            assert (step.data["step"] - 1) // per_epoch == epoch
        elif step.kind == "job.checkpoint":
            assert (step.data["step"] - 1) // per_epoch == epoch - 1
            assert step.after == 0


def test_training_steps_are_spread_evenly_over_their_epoch():
    coarse = [Step(10, "job.started"), Step(40, "job.epoch", {"epoch": 1})]

    full = plan.detailed(coarse, Training(1, 4, [1, 2, 3, 4], [4]))

    assert [
        (10, "job.started", {}),
        (20, "job.metrics", {"step": 1}),
        (30, "job.metrics", {"step": 2}),
        (40, "job.metrics", {"step": 3}),
        (50, "job.metrics", {"step": 4}),
        (50, "job.epoch", {"epoch": 1}),
        (50, "job.checkpoint", {"step": 4}),
    ] == [(moment, step.kind, step.data) for moment, step in moments(full)]


def test_an_epoch_that_a_script_skips_leaves_its_steps_to_the_next_one():
    coarse = [Step(10, "job.epoch", {"epoch": 1}), Step(10, "job.epoch", {"epoch": 3})]

    full = plan.detailed(coarse, Training(3, 6, [1, 2, 3, 4, 5, 6], []))

    assert [1, 2, "epoch", 3, 4, 5, 6, "epoch"] == [step.data.get("step", "epoch") for step in full]


@given(takes=st.integers(1, 10_000), training=trainings())
def test_whole_seconds_stay_whole_however_finely_they_are_divided(takes, training):
    """A job of 20 seconds is over 20 seconds after its creation, not one in the last bit before or behind it."""
    scripted = [Step(takes, "job.started"), Step(takes, "job.epoch", {"epoch": training.n_epochs})]

    for coarse, lasts in ((plan.spread(takes, training.n_epochs), takes), (scripted, 2 * takes)):
        store = Store()
        store.schedule("job", 1_678_865_268, plan.detailed(coarse, training))
        assert 1_678_865_268 + lasts == store.due_of("job")[-1].at
        store.close()


# --- failure ---------------------------------------------------------------------------------------------------------


@given(takes, trainings(), st.data())
def test_a_failure_takes_the_place_of_the_step_it_strikes_at_and_cuts_off_the_rest(seconds, training, data):
    full = plan.detailed(plan.spread(seconds, training.n_epochs), training)
    epoch = data.draw(st.integers(1, training.n_epochs))
    struck = next(n for n, step in enumerate(full) if step.data.get("epoch") == epoch)

    failed = plan.failing(full, Failure(("job.epoch", epoch), ERROR))

    assert full[:struck] == failed[:-1]
    assert Step(full[struck].after, "job.failed", ERROR) == failed[-1]


def test_a_failure_at_a_stage_strikes_at_the_first_such_step():
    failed = plan.failing(plan.spread(20, 2), Failure(("job.started", None), ERROR))

    assert ["job.costs", "job.enqueued", "job.failed"] == kinds(failed)


def test_a_failure_at_a_step_the_plan_does_not_have_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match=r"no step job\.epoch 3 to fail at"):
        plan.failing(plan.spread(20, 2), Failure(("job.epoch", 3), ERROR))


@given(takes, epochs, st.floats(0, 2e6))
def test_a_failure_at_a_moment_comes_then_and_the_job_never_succeeds(seconds, n_epochs, moment):
    full = plan.spread(seconds, n_epochs)

    failed = plan.failing_after(full, moment, ERROR)

    assert "job.failed" == failed[-1].kind
    assert full[: len(failed) - 1] == failed[:-1]
    assert "job.succeeded" not in kinds(failed)
    assert moment == pytest.approx(lasting(failed), abs=1e-6)
    assert all(step.after >= 0 for step in failed)
