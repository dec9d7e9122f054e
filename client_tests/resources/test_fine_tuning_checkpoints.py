"""Checkpoints of fine-tuning jobs and who may use them, through the real client over a real socket."""

import openai
import pytest

#: the metrics of a checkpoint in the official document
METRICS = {
    "step",
    "train_loss",
    "train_mean_token_accuracy",
    "valid_loss",
    "valid_mean_token_accuracy",
    "full_valid_loss",
    "full_valid_mean_token_accuracy",
}


@pytest.fixture
def done(server, jobs, train):
    """Train to the end: on the twelve chats, for five epochs of three batches, unless told."""

    def run(**asked):
        job = train(**{"hyperparameters": {"n_epochs": 5, "batch_size": 4}} | asked)
        server.finish(job.id)
        return jobs.retrieve(job.id)

    return run


@pytest.fixture
def permissions(client):
    return client.fine_tuning.checkpoints.permissions


def projects(page):
    return [permission.project_id for permission in page]


# --- checkpoints -------------------------------------------------------------------------------------------


def test_the_last_three_epochs_leave_a_checkpoint_each_the_latest_first(jobs, done):
    job = done()

    kept = jobs.checkpoints.list(job.id)

    assert [15, 12, 9] == [checkpoint.step_number for checkpoint in kept.data]
    assert {job.id} == {checkpoint.fine_tuning_job_id for checkpoint in kept.data}
    assert (kept.data[0].id, kept.data[-1].id, False) == (kept.first_id, kept.last_id, kept.has_more)
    assert all(checkpoint.id.startswith("ftckpt_") for checkpoint in kept.data)


def test_the_last_checkpoint_is_the_tuned_model_itself(jobs, done):
    """So in the checkpoints of published jobs of 2024; only the others carry their step in their names."""
    job = done(suffix="numbers")
    base = "ft:gpt-4o-mini-2024-07-18:personal:numbers:"

    last, *others = [kept.fine_tuned_model_checkpoint for kept in jobs.checkpoints.list(job.id)]

    assert job.fine_tuned_model == last
    assert [True, True] == [name.startswith(base) for name in others]
    assert ["ckpt-step-12", "ckpt-step-9"] == [name.split(":")[-1] for name in others]


def test_a_checkpoint_measures_what_the_event_of_its_step_did(client, jobs, chats, done):
    job = done(validation_file=client.files.create(file=chats, purpose="fine-tune").id)
    told = {event.data.get("step"): event.data for event in jobs.list_events(job.id)}

    for checkpoint in jobs.checkpoints.list(job.id):
        metrics = checkpoint.metrics.to_dict()
        assert metrics == {name: told[checkpoint.step_number][name] for name in METRICS}


def test_a_checkpoint_is_made_when_its_epoch_ends_and_the_last_is_told_of_with_the_model(open_world, chats):
    """Training goes from 5 to 17 s in epochs of 3 s; the model is there at 18.4, and no checkpoint says so before."""
    world = open_world(yaml="version: 1\nclock: {start: 2025-06-01, rate: 0}\n")
    client = world.client()
    file = client.files.create(file=chats, purpose="fine-tune")
    job = client.fine_tuning.jobs.create(
        model="gpt-4o-mini-2024-07-18", training_file=file.id, hyperparameters={"n_epochs": 4}
    )

    def made() -> list[int]:
        return [kept.created_at - job.created_at for kept in client.fine_tuning.jobs.checkpoints.list(job.id)]

    world.advance(18)
    assert [14, 11] == made()
    world.advance(1)
    assert [17, 14, 11] == made()


def test_checkpoints_page_by_cursor(jobs, done):
    job = done()
    everything = jobs.checkpoints.list(job.id).data

    assert everything == list(jobs.checkpoints.list(job.id, limit=1))
    assert everything[1:] == jobs.checkpoints.list(job.id, after=everything[0].id).data
    assert jobs.checkpoints.list(job.id, limit=2).has_more


def test_a_job_of_one_epoch_has_one_checkpoint_and_a_young_one_none(jobs, train, done):
    job, young = done(hyperparameters={"n_epochs": 1}), train()

    assert 1 == len(jobs.checkpoints.list(job.id).data)
    none = jobs.checkpoints.list(young.id)
    assert ([], None, None, False) == (none.data, none.first_id, none.last_id, none.has_more)


def test_every_checkpoint_is_a_model_that_can_be_listed_and_deleted(client, jobs, done):
    job = done()
    names = {kept.fine_tuned_model_checkpoint for kept in jobs.checkpoints.list(job.id)}
    assert names <= {model.id for model in client.models.list()}

    for name in names - {job.fine_tuned_model}:
        assert name == client.models.retrieve(name).id
        assert client.models.delete(name).deleted
        with pytest.raises(openai.NotFoundError, match="does not exist"):
            client.models.retrieve(name)

    assert job.fine_tuned_model == client.models.retrieve(job.fine_tuned_model).id


def test_checkpoints_of_an_unknown_job_are_a_404(jobs):
    with pytest.raises(openai.NotFoundError, match="Could not find fine tune: ftjob-nope"):
        jobs.checkpoints.list("ftjob-nope")


# --- permissions -------------------------------------------------------------------------------------------


@pytest.fixture
def name(jobs, done):
    """The earliest checkpoint of a finished job."""
    return jobs.checkpoints.list(done().id).data[-1].fine_tuned_model_checkpoint


def test_permissions_are_answered_with_the_page_of_those_made(permissions, name):
    made = permissions.create(name, project_ids=["proj_a", "proj_b"])

    assert ["proj_a", "proj_b"] == projects(made.data)
    assert all(permission.id.startswith("cp_") for permission in made.data)
    assert {"checkpoint.permission"} == {permission.object for permission in made.data}
    page = made.to_dict()
    assert (made.data[0].id, made.data[1].id, False) == (page["first_id"], page["last_id"], page["has_more"])


def test_permissions_are_listed_newest_first_or_in_the_order_asked_for(permissions, server, name):
    permissions.create(name, project_ids=["proj_a"])
    server.advance(1)
    permissions.create(name, project_ids=["proj_b"])
    server.advance(1)
    permissions.create(name, project_ids=["proj_c"])

    assert ["proj_c", "proj_b", "proj_a"] == projects(permissions.list(name))
    assert ["proj_a", "proj_b", "proj_c"] == projects(permissions.list(name, order="ascending"))
    assert ["proj_b"] == projects(permissions.list(name, project_id="proj_b"))


def test_permissions_page_by_cursor_in_both_orders(permissions, name):
    permissions.create(name, project_ids=[f"proj_{n}" for n in range(5)])
    names = [f"proj_{n}" for n in range(5)]

    assert names == projects(permissions.list(name, order="ascending", limit=2))
    assert names[::-1] == projects(permissions.list(name, limit=2))
    first = permissions.list(name, limit=2)
    assert (2, True, first.data[-1].id) == (len(first.data), first.has_more, first.last_id)


def test_a_permission_is_taken_back_once(permissions, name):
    kept, gone = permissions.create(name, project_ids=["proj_a", "proj_b"]).data

    answer = permissions.delete(gone.id, fine_tuned_model_checkpoint=name)

    assert (gone.id, True, "checkpoint.permission") == (answer.id, answer.deleted, answer.object)
    assert [kept.id] == [permission.id for permission in permissions.list(name)]
    with pytest.raises(openai.NotFoundError, match=gone.id):
        permissions.delete(gone.id, fine_tuned_model_checkpoint=name)


def test_a_permission_belongs_to_its_checkpoint_alone(permissions, jobs, name):
    (job,) = jobs.list()
    (permission,) = permissions.create(name, project_ids=["proj_a"]).data

    assert [] == permissions.list(job.fine_tuned_model).data
    with pytest.raises(openai.NotFoundError, match=permission.id):
        permissions.delete(permission.id, fine_tuned_model_checkpoint=job.fine_tuned_model)
    assert ["proj_a"] == projects(permissions.list(name))


def test_nobody_may_use_a_checkpoint_that_does_not_exist(permissions):
    for ask in (
        lambda: permissions.create("ft:nope", project_ids=["proj_a"]),
        lambda: permissions.list("ft:nope"),
        lambda: permissions.delete("cp_x", fine_tuned_model_checkpoint="ft:nope"),
    ):
        with pytest.raises(openai.NotFoundError, match="ft:nope"):
            ask()


def test_a_permission_for_no_project_is_refused(permissions, name):
    with pytest.raises(openai.BadRequestError, match="project_ids") as caught:
        permissions.create(name, project_ids=[])

    assert ("project_ids", "empty_array") == (caught.value.param, caught.value.code)
