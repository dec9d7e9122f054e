"""Ten fine-tunes share one machine: everybody's turn comes, in order, and when the estimates said."""

from itertools import pairwise

import pytest

RATES = [n / 10 for n in range(1, 11)]


@pytest.fixture
def jobs(still, client):
    """A sweep over ten learning rates, handed in at once."""
    return [
        client.fine_tuning.jobs.create(
            model="davinci-002",
            training_file="file-greetings",
            hyperparameters={"learning_rate_multiplier": rate},
        )
        for rate in RATES
    ]


def test_each_is_done_when_it_was_told_it_would_be(still, client, jobs):
    told = [client.fine_tuning.jobs.retrieve(job.id).estimated_finish for job in jobs]

    still.finish(jobs[-1].id)
    done = [client.fine_tuning.jobs.retrieve(job.id) for job in jobs]

    assert {"succeeded"} == {job.status for job in done}
    assert RATES == [job.hyperparameters.learning_rate_multiplier for job in done]
    assert told == [job.finished_at for job in done]
    assert 300 == done[0].finished_at - done[0].created_at
    assert {225} == {later.finished_at - earlier.finished_at for earlier, later in pairwise(done)}


def test_the_last_ones_queue_number_counts_down(still, client, jobs):
    still.finish(jobs[-1].id)

    log = client.get(f"/fine-tunes/{jobs[-1].id}/events", cast_to=object)["data"]

    numbers = [event["message"].rpartition(" ")[2] for event in log if "Queue number" in event["message"]]
    assert ["9", "8", "7", "6", "5", "4", "3", "2", "1"] == numbers
