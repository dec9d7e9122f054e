"""No new fine-tunes, but the old ones are still there: to be listed, read and used until their base goes."""

import openai
import pytest

TUNED = "ft:gpt-4o-mini-2024-07-18:acme:house:L4stOne1"


def test_nothing_new_can_be_trained(client):
    with pytest.raises(openai.PermissionDeniedError) as refused:
        client.fine_tuning.jobs.create(model="gpt-4o-mini-2024-07-18", training_file="file-house-rules")

    assert "training_not_available" == refused.value.code
    assert "your organization is no longer able to create new fine-tuning training jobs" in str(refused.value)


def test_what_was_trained_is_still_there(client):
    [job] = client.fine_tuning.jobs.list()

    assert ("ftjob-last", "succeeded", TUNED) == (job.id, job.status, job.fine_tuned_model)
    assert client.files.content(job.result_files[0]).text.startswith("step,train_loss,")
    assert TUNED == client.models.retrieve(TUNED).id


@pytest.mark.parametrize(("day", "is_there"), [("2027-01-13", True), ("2027-01-14", False)])
def test_it_goes_with_its_base(open_world, story, day, is_there):
    """The same story on another day, as a job in CI would rehearse it."""
    later = open_world(yaml=f"version: 1\ninclude: [{story}]\nas_of: {day}\n")

    with later.client() as client:
        assert is_there == (TUNED in [model.id for model in client.models.list()])
