"""Fine-tuning jobs beside each other: who runs, who waits and for how long. Through the real client.

Alone a job starts after 5 s and ends after 20. One job runs at a time unless the scenario has more `runners`.
"""

import pytest


@pytest.fixture
def scenario():
    """What a test's scenario says beside the clock; a test that needs more parametrizes it."""
    return ""


@pytest.fixture
def server(open_world, scenario):
    """A world whose clock stands still on a whole second."""
    return open_world(yaml="version: 1\nclock: {start: 2025-06-01T12:00:00Z, rate: 0}\n" + scenario)


def test_the_second_job_waits_and_starts_when_the_first_ends(server, train, statuses, lasted):
    first, second = train(), train()

    server.advance(19.5)
    assert ["running", "queued"] == statuses(first, second)
    server.advance(0.5)
    assert ["succeeded", "running"] == statuses(first, second)
    server.advance(15)
    assert [20, 35] == lasted(first, second)


@pytest.mark.parametrize("leave", ["cancel", "pause"])
def test_the_second_job_starts_when_the_first_leaves_its_runner(server, jobs, train, statuses, lasted, leave):
    first, second = train(), train()
    server.advance(10)

    getattr(jobs, leave)(first.id)

    assert ["running"] == statuses(second)
    server.advance(15)
    assert [25] == lasted(second)


@pytest.mark.parametrize("scenario", ["training: [{match: {suffix: bad}, outcome: {failed: {at: 12s}}}]\n"])
def test_the_second_job_starts_when_the_first_fails(server, train, statuses):
    first, second = train(suffix="bad"), train()

    server.advance(11.5)
    assert ["running", "queued"] == statuses(first, second)
    server.advance(0.5)
    assert ["failed", "running"] == statuses(first, second)


def test_a_job_that_fails_its_validation_holds_up_nobody(server, chats, train, statuses, lasted):
    bad, good = train(chats[: len(chats) // 2]), train()

    server.advance(20)

    assert ["failed", "succeeded"] == statuses(bad, good)
    assert [2, 20] == lasted(bad, good)


def test_a_job_that_is_cancelled_in_the_queue_holds_up_nobody(server, jobs, train, lasted):
    first, second, third = train(), train(), train()
    server.advance(10)

    jobs.cancel(second.id)
    server.advance(25)

    assert [20, 10, 35] == lasted(first, second, third)


def test_a_resumed_job_waits_for_the_runner_it_gave_away(server, jobs, train, statuses, lasted):
    first, second = train(), train()
    server.advance(10)
    jobs.pause(first.id)
    server.advance(5)
    jobs.resume(first.id)

    assert ["queued", "running"] == statuses(first, second)
    server.advance(20)
    assert [35, 25] == lasted(first, second)


def test_whoever_was_first_in_the_queue_is_first_at_the_runner(server, train, statuses):
    """The third job could start at the very second the first one ends; the second one has waited for that."""
    first = train()
    server.advance(1)
    second = train()
    server.advance(14)
    third = train()

    server.advance(5)

    assert ["succeeded", "running", "queued"] == statuses(first, second, third)


@pytest.mark.parametrize("scenario", ["runners: 2\n"])
def test_two_runners_run_two_jobs_at_once(server, train, statuses, lasted):
    four = [train() for _ in range(4)]

    server.advance(19.5)
    assert ["running", "running", "queued", "queued"] == statuses(*four)
    server.advance(0.5)
    assert ["succeeded", "succeeded", "running", "running"] == statuses(*four)
    server.advance(15)
    assert [20, 20, 35, 35] == lasted(*four)


@pytest.mark.parametrize("scenario", ["runners: 2\n"])
def test_of_two_runners_one_that_is_free_takes_one_job(server, jobs, train, statuses):
    four = [train() for _ in range(4)]
    server.advance(10)

    jobs.cancel(four[0].id)

    assert ["cancelled", "running", "running", "queued"] == statuses(*four)


@pytest.mark.parametrize("scenario", ["training: [{queue: 3, queue_gap: 10s}]\n"])
def test_the_jobs_of_others_in_the_queue_come_on_top_of_the_time_a_job_takes(server, train, lasted):
    job = train()

    server.finish(job.id)

    (seconds,) = lasted(job)
    assert 20 < seconds < 200


@pytest.mark.parametrize("scenario", ["runners: 1\n", "runners: 2\n"])
def test_what_is_estimated_is_what_happens(server, jobs, train):
    """A running job has an estimate; one that waits may have none, but never another than it keeps."""
    four = [train() for _ in range(4)]
    estimates = {job.id: set() for job in four}

    for _ in range(35):
        for job in jobs.list():
            estimates[job.id] |= {job.estimated_finish} - {None}
            assert job.estimated_finish or job.status != "running"
        server.advance(2)

    assert {job.id: {job.finished_at} for job in jobs.list()} == estimates
