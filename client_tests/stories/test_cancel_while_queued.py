"""A fine-tune is cancelled before its turn comes: nothing of it is left, and the one behind it moves up."""

import openai
import pytest


@pytest.fixture
def train(client):
    """Create a fine-tune of the haiku."""
    return lambda suffix: client.fine_tuning.jobs.create(
        model="davinci-002", training_file="file-haiku", suffix=suffix
    )


def test_the_queue_moves_up_as_if_it_had_never_been_there(still, client, train):
    jobs = client.fine_tuning.jobs
    typo, right = train("hiaku"), train("haiku")
    still.advance("5m")
    assert ["running", "queued", "queued"] == [
        jobs.retrieve(job).status for job in ("ftjob-colleague", typo.id, right.id)
    ]

    cancelled = jobs.cancel(typo.id)

    assert ("cancelled", None, None, []) == (
        cancelled.status,
        cancelled.fine_tuned_model,
        cancelled.trained_tokens,
        cancelled.result_files,
    )
    still.finish(right.id)
    first, mine = jobs.retrieve("ftjob-colleague"), jobs.retrieve(right.id)
    started = next(
        event.created_at for event in jobs.list_events(mine.id) if event.message == "Fine-tuning job started"
    )
    assert ["succeeded", "succeeded"] == [first.status, mine.status]
    assert first.finished_at == started
    log = client.get(f"/fine-tunes/{mine.id}/events", cast_to=object)["data"]
    assert ["2", "1"] == [line["message"][-1] for line in log if "Queue number" in line["message"]]
    assert not [model.id for model in client.models.list() if "hiaku" in model.id]


def test_what_is_cancelled_cannot_be_cancelled_again(still, client, train):
    typo = train("hiaku")
    client.fine_tuning.jobs.cancel(typo.id)

    with pytest.raises(openai.BadRequestError, match="its status is cancelled"):
        client.fine_tuning.jobs.cancel(typo.id)
