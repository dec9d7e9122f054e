"""A job's own copy of its training file is there for as long as somebody may need it, and no longer."""

import openai
import pytest

MODEL = "gpt-4o-mini-2024-07-18"
TWO_AT_ONCE = "version: 1\nclock: {rate: 0}\nrunners: 9\n"


@pytest.fixture
def server(open_world):
    return open_world(yaml=TWO_AT_ONCE)


@pytest.fixture
def create(client, chats):
    """Create a job."""

    def create_(**asked):
        file = client.files.create(file=("a.jsonl", chats), purpose="fine-tune")
        return client.fine_tuning.jobs.create(model=MODEL, training_file=file.id, **asked).id

    return create_


def copies(server):
    return sorted(path.name for path in server.world.blobs.path("x").parent.glob("job-*"))


def test_it_is_there_until_the_last_model_of_the_job_is_deleted(server, client, create):
    job = create(hyperparameters={"n_epochs": 3})
    assert [f"job-{job}"] == copies(server)
    server.finish(job)
    models = [model.id for model in client.models.list() if model.id.startswith("ft:")]
    assert 3 == len(models)

    for model in models:
        assert [f"job-{job}"] == copies(server)
        client.models.delete(model)

    assert [] == copies(server)


def test_a_job_that_ends_without_a_model_leaves_none(server, client, create):
    client.fine_tuning.jobs.cancel(create())

    assert [] == copies(server)


def test_a_job_that_fails_leaves_none(server, client, pairs):
    bad = client.files.create(file=("a.jsonl", pairs), purpose="fine-tune")
    job = client.fine_tuning.jobs.create(model=MODEL, training_file=bad.id)
    server.finish(job.id)

    assert "failed" == client.fine_tuning.jobs.retrieve(job.id).status
    assert [] == copies(server)


def test_a_forgotten_job_leaves_it_to_its_model(server, client, create):
    job = create()
    server.finish(job)
    tuned = client.fine_tuning.jobs.retrieve(job).fine_tuned_model
    client.delete(f"/fine-tunes/{job}", cast_to=object)
    assert [f"job-{job}"] == copies(server)

    for model in client.models.list():
        if model.id.startswith(tuned.rpartition(":")[0]):
            client.models.delete(model.id)

    assert [] == copies(server)


def test_an_order_that_is_refused_leaves_none(server, client, create):
    with pytest.raises(openai.BadRequestError):
        create(hyperparameters={"n_epochs": 0})

    assert [] == copies(server)
