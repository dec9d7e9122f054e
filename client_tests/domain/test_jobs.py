"""Jobs on a clock whose rate is auto: time passes for those who wait, and for nobody else."""

import openai
import pytest


@pytest.fixture
def auto(open_world):
    return open_world(yaml="version: 1\nclock: {start: 2023-11-15, rate: auto}\n")


def now(world):
    return world.control("GET", "clock")["now"]


def create(client, chats):
    file = client.files.create(file=chats, purpose="fine-tune")
    return client.fine_tuning.jobs.create(training_file=file.id, model="gpt-4o-mini-2024-07-18").id


def poll(client, job):
    """Look at a job until it has ended; return what its status was, each once."""
    seen = {}
    while "succeeded" not in seen:
        seen[client.fine_tuning.jobs.retrieve(job).status] = True
        assert "failed" not in seen
    return list(seen)


def test_whoever_polls_a_job_sees_it_end(auto, chats):
    with auto.client() as client:
        assert ["queued", "running", "succeeded"] == poll(client, create(client, chats))[-3:]


def test_a_job_that_waits_for_a_runner_is_waited_for_too(auto, chats):
    with auto.client() as client:
        first, second = create(client, chats), create(client, chats)
        poll(client, second)

        assert "succeeded" == client.fine_tuning.jobs.retrieve(first).status


@pytest.mark.parametrize("other", ["unknown", "finished", "paused"])
def test_looking_at_a_job_that_waits_for_nothing_moves_no_time(auto, chats, other):
    with auto.client() as client:
        job = "ftjob-unknown" if other == "unknown" else create(client, chats)
        if other == "finished":
            auto.finish(job)
        if other == "paused":
            auto.finish(job, "running")
            client.fine_tuning.jobs.pause(job)
        create(client, chats)
        before = now(auto)

        for _ in range(3):
            try:
                client.fine_tuning.jobs.retrieve(job)
            except openai.NotFoundError:
                assert "unknown" == other

    assert before == now(auto)


def test_lists_and_other_calls_move_no_time(auto, chats):
    with auto.client() as client:
        job = create(client, chats)
        before = now(auto)
        client.fine_tuning.jobs.list()
        client.fine_tuning.jobs.list_events(job)
        client.models.list()

    assert before == now(auto)
