"""How a fine-tuning job runs: statuses at their seconds, pauses, ends. Through the real client.

A job without a script takes 20 s: validated after 3, started after 5, done at 20 if nobody stands before it.
"""

import openai
import pytest


@pytest.fixture
def scenario():
    """What a test's scenario says beside the clock; a test that needs more parametrizes it."""
    return ""


@pytest.fixture
def server(open_world, scenario):
    """A world whose clock stands still on a whole second."""
    return open_world(yaml="version: 1\nclock: {start: 2025-06-01T12:00:00Z, rate: 0}\n" + scenario)


@pytest.mark.parametrize(
    ("second", "status"),
    [
        (0, "validating_files"),
        (2.5, "validating_files"),
        (3, "queued"),
        (4.5, "queued"),
        (5, "running"),
        (19.5, "running"),
        (20, "succeeded"),
    ],
)
def test_a_job_of_20_seconds_has_each_status_from_its_second_on(server, train, statuses, second, status):
    job = train()

    server.advance(second)

    assert [status] == statuses(job)


@pytest.mark.parametrize("n_epochs", [1, 3, 5, 7, 25, 50])
def test_a_job_of_20_seconds_ends_on_the_twentieth_however_many_epochs_it_has(
    server, train, statuses, lasted, n_epochs
):
    job = train(hyperparameters={"n_epochs": n_epochs})

    server.advance(19.5)
    assert ["running"] == statuses(job)
    server.advance(0.5)
    assert ["succeeded"] == statuses(job)
    assert [20] == lasted(job)


def test_a_jump_over_the_end_finds_the_job_ended_at_its_own_second(server, jobs, train, lasted):
    job = train()

    server.advance("3d")

    assert [20] == lasted(job)
    assert job.created_at + 20 == jobs.list_events(job.id).data[0].created_at


@pytest.mark.parametrize("scenario", ["training: [{match: {suffix: slow}, takes: 1h}, {takes: 0s}]\n"])
def test_the_scenario_says_how_long_the_jobs_take_that_match(server, train, lasted):
    quick, slow = train(), train(suffix="slow")

    server.finish(slow.id)

    assert [0, 3600] == lasted(quick, slow)


# --- pausing -----------------------------------------------------------------------------------------------


def test_a_paused_job_has_no_time_and_goes_on_where_it_was(server, jobs, train, statuses, lasted, said):
    job = train()
    server.advance(10)

    assert "paused" == jobs.pause(job.id).status
    assert jobs.retrieve(job.id).estimated_finish is None
    server.advance(1000)
    assert ["paused"] == statuses(job)
    jobs.resume(job.id)
    assert ["running"] == statuses(job)
    assert job.created_at + 1020 == jobs.retrieve(job.id).estimated_finish
    server.advance(10)

    assert [1020] == lasted(job)
    assert ["Fine-tuning job started", "Fine-tuning job paused", "Fine-tuning job resumed"] == said(job)[3:6]


def test_no_training_step_is_lost_or_told_twice_by_a_pause(server, jobs, train):
    job = train(hyperparameters={"n_epochs": 2})
    server.advance(10)
    jobs.pause(job.id)
    server.advance(10)
    jobs.resume(job.id)
    server.finish(job.id)

    told = [event.data["step"] for event in jobs.list_events(job.id, limit=100) if event.type == "metrics"]

    assert [*range(24, 0, -1)] == told


def test_a_resumed_job_is_queued_first(server, jobs, train, statuses):
    """As in the example of the official document; a free runner takes it from there."""
    job = train()
    server.advance(10)
    jobs.pause(job.id)

    assert "queued" == jobs.resume(job.id).status
    assert ["running"] == statuses(job)


def test_a_job_can_be_paused_in_the_queue(server, jobs, train, statuses, lasted):
    job = train()
    server.advance(4)

    jobs.pause(job.id)
    server.advance(100)
    assert ["paused"] == statuses(job)
    jobs.resume(job.id)
    assert ["queued"] == statuses(job)
    server.advance(16)
    assert [120] == lasted(job)


@pytest.mark.parametrize(
    ("scenario", "word"), [("paused_status: queued\n", "queued"), ("paused_status: running\n", "running")]
)
def test_the_scenario_chooses_the_word_for_paused(server, jobs, train, statuses, word):
    """The status `paused` of the official examples is not among those the official schema knows."""
    job = train()
    server.advance(10)

    assert word == jobs.pause(job.id).status
    server.advance(1000)
    assert [word] == statuses(job)


@pytest.mark.parametrize(
    ("second", "move", "status"),
    [
        (0, "pause", "validating_files"),
        (0, "resume", "validating_files"),
        (4, "resume", "queued"),
        (10, "resume", "running"),
        (20, "pause", "succeeded"),
        (20, "resume", "succeeded"),
        (20, "cancel", "succeeded"),
    ],
)
def test_an_illegal_move_is_refused_and_changes_nothing(server, jobs, train, said, second, move, status):
    job = train()
    server.advance(second)
    before = jobs.retrieve(job.id), said(job)

    with pytest.raises(openai.BadRequestError, match=rf"{job.id}.*{status}") as caught:
        getattr(jobs, move)(job.id)

    assert "invalid_job_state" == caught.value.code
    assert before == (jobs.retrieve(job.id), said(job))


# --- cancelling --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("second", [0, 1, 4, 10, 18])
def test_a_job_can_be_cancelled_until_it_ends_and_then_nothing_happens_to_it(
    server, jobs, train, lasted, said, second
):
    job = train()
    server.advance(second)

    cancelled = jobs.cancel(job.id)
    messages = said(job)
    server.advance("1d")

    assert "cancelled" == cancelled.status
    assert cancelled == jobs.retrieve(job.id)
    assert [second] == lasted(job)
    assert cancelled.error is None
    assert (None, None, []) == (cancelled.fine_tuned_model, cancelled.trained_tokens, cancelled.result_files)
    assert "Fine-tuning job cancelled" == messages[-1]
    assert messages == said(job)
    with pytest.raises(openai.BadRequestError, match="already completed"):
        jobs.cancel(job.id)


def test_a_paused_job_can_be_cancelled(server, jobs, train, lasted):
    job = train()
    server.advance(10)
    jobs.pause(job.id)
    server.advance(10)

    assert "cancelled" == jobs.cancel(job.id).status
    assert [20] == lasted(job)


# --- failing -----------------------------------------------------------------------------------------------

FIRE = "code: server_error, message: The data center is on fire."


@pytest.mark.parametrize(
    ("scenario", "second", "checkpoints"),
    [
        (f"training: [outcome: {{failed: {{at: {at}, {FIRE}}}}}]\n", second, checkpoints)
        for at, second, checkpoints in [
            ("validation", 2, []),
            ("queue", 5, []),
            ("epoch 1", 8, []),
            ("epoch 3", 14, [24]),
            ("epoch 9", 17, [36, 24]),
            ("13s", 13, [24]),
        ]
    ],
)
def test_a_scripted_failure_strikes_where_the_scenario_says(jobs, server, train, lasted, second, checkpoints):
    """Four epochs of twelve steps would end at 8, 11, 14 and 17 s; the last three leave a checkpoint each."""
    job = train(hyperparameters={"n_epochs": 4})

    server.finish(job.id)

    failed = jobs.retrieve(job.id)
    error = {"code": "server_error", "message": "The data center is on fire.", "param": None}
    assert ("failed", error) == (failed.status, failed.error.to_dict())
    assert [second] == lasted(job)
    assert (None, None, []) == (failed.fine_tuned_model, failed.trained_tokens, failed.result_files)
    assert checkpoints == [kept.step_number for kept in jobs.checkpoints.list(job.id)]
    last = jobs.list_events(job.id).data[0]
    assert ("error", "The data center is on fire.") == (last.level, last.message)
