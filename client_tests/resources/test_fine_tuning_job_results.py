"""What a fine-tuning job tells and leaves behind, and that all of it agrees. Through the real client."""

import csv
import io

import pytest


@pytest.fixture
def server(open_world):
    """A world whose clock stands still on a whole second."""
    return open_world(yaml="version: 1\nclock: {start: 2025-06-01T12:00:00Z, rate: 0}\n")


@pytest.fixture
def done(server, jobs, train):
    """Train to the end: on the twelve chats, for two epochs of three batches, unless told."""

    def run(*data, **asked):
        job = train(*data, **{"hyperparameters": {"n_epochs": 2, "batch_size": 4}} | asked)
        server.finish(job.id)
        return jobs.retrieve(job.id)

    return run


# --- events ------------------------------------------------------------------------------------------------


def test_a_job_tells_its_life_in_the_words_of_published_jobs(jobs, done, said):
    """The words and their order are those of published jobs of 2024; the last checkpoint is the model itself."""
    job = done()
    earlier = jobs.checkpoints.list(job.id).data[1].fine_tuned_model_checkpoint

    assert [
        f"Created fine-tuning job: {job.id}",
        f"Validating training file: {job.training_file}",
        "Files validated, moving job to queued state",
        "Fine-tuning job started",
        f"Checkpoint created at step 3 with Snapshot ID: {earlier}",
        f"New fine-tuned model created: {job.fine_tuned_model}",
        "The job has successfully completed",
    ] == said(job)


def test_a_validation_file_is_told_of_too(client, chats, done, said):
    validation = client.files.create(file=chats, purpose="fine-tune").id

    job = done(validation_file=validation)

    assert f"Validating training file: {job.training_file} and validation file: {validation}" == said(job)[1]
    assert validation == job.validation_file


def test_every_training_step_is_an_event_with_its_metrics(jobs, done):
    job = done()

    metrics = [event for event in jobs.list_events(job.id) if event.type == "metrics"]

    assert [*range(6, 0, -1)] == [event.data["step"] for event in metrics]
    for event in metrics:
        assert {"step", "train_loss", "train_mean_token_accuracy", "total_steps"} == set(event.data)
        step, loss = event.data["step"], event.data["train_loss"]
        assert (f"Step {step}/6: training loss={loss:.2f}", 6) == (event.message, event.data["total_steps"])


def test_with_a_validation_file_a_step_tells_how_it_did_there(client, jobs, chats, done):
    job = done(validation_file=client.files.create(file=chats, purpose="fine-tune").id)
    told = {e.data["step"]: e for e in jobs.list_events(job.id) if e.type == "metrics"}

    for step, event in told.items():
        data = event.data
        words = f"Step {step}/6: training loss={data['train_loss']:.2f}"
        words += f", validation loss={data['valid_loss']:.2f}"
        if step in {3, 6}:  # an epoch ends
            words += f", full validation loss={data['full_valid_loss']:.2f}"
        assert words == event.message
        assert (step in {3, 6}) == ("full_valid_mean_token_accuracy" in data)


def test_events_are_newest_first_and_page_by_cursor(jobs, done):
    job = done()

    everything = jobs.list_events(job.id, limit=100)
    first = jobs.list_events(job.id, limit=5)

    assert sorted((e.created_at for e in everything), reverse=True) == [e.created_at for e in everything]
    assert (5, True, False) == (len(first.data), first.has_more, everything.has_more)
    assert everything.data == list(first)
    assert everything.data[5:8] == jobs.list_events(job.id, limit=3, after=first.data[-1].id).data


def test_events_can_be_asked_for_by_the_hundreds(jobs, done):
    """The official document has no upper limit, and published scripts ask for 300."""
    job = done(hyperparameters={"n_epochs": 10})

    assert 100 < len(jobs.list_events(job.id, limit=300).data)


def test_a_job_tells_nothing_that_has_not_happened_yet(server, jobs, train):
    job = train()
    for _ in range(20):
        now = server.advance(1)["now"]

        assert jobs.list_events(job.id).data[0].created_at <= now


# --- what is left ------------------------------------------------------------------------------------------


def test_the_result_file_agrees_with_the_events_digit_by_digit(client, jobs, chats, done):
    job = done(validation_file=client.files.create(file=chats, purpose="fine-tune").id)
    (result,) = job.result_files
    file = client.files.retrieve(result)
    rows = list(csv.DictReader(io.StringIO(client.files.content(result).text)))
    metrics = [event.data for event in reversed(list(jobs.list_events(job.id))) if event.type == "metrics"]

    assert ("step_metrics.csv", "fine-tune-results", "processed") == (
        file.filename,
        file.purpose,
        file.status,
    )
    assert [
        {
            "step": str(told["step"]),
            "train_loss": str(round(told["train_loss"], 5)),
            "train_accuracy": str(round(told["train_mean_token_accuracy"], 5)),
            "valid_loss": str(round(told["valid_loss"], 5)),
            "valid_mean_token_accuracy": str(round(told["valid_mean_token_accuracy"], 5)),
        }
        for told in metrics
    ] == rows


def test_trained_tokens_are_those_of_the_file_once_per_epoch(done):
    """Each chat has 17: 3, and 3 with a role of 1 for each of two messages, "Say", " ", "7", "Number", " ", "7"."""
    assert [12 * 17 * epochs for epochs in (1, 2, 5)] == [
        done(hyperparameters={"n_epochs": epochs}).trained_tokens for epochs in (1, 2, 5)
    ]


def test_tokens_results_and_model_are_there_with_the_success_and_not_before(server, jobs, train):
    job = train()

    server.advance(19.5)
    running = jobs.retrieve(job.id)
    server.advance(0.5)
    succeeded = jobs.retrieve(job.id)

    assert (None, None, None) == (running.fine_tuned_model, running.trained_tokens, running.finished_at)
    assert None not in (succeeded.fine_tuned_model, succeeded.trained_tokens, succeeded.finished_at)
    assert 1 == len(succeeded.result_files)


@pytest.mark.parametrize(("suffix", "named"), [(None, ""), ("recipe-ner", "recipe-ner")])
def test_the_model_is_named_for_its_base_its_organization_and_its_suffix(done, suffix, named):
    job = done(**{"suffix": suffix} if suffix else {})

    assert ["ft", "gpt-4o-mini-2024-07-18", "personal", named] == job.fine_tuned_model.split(":")[:-1]


# --- files that cannot be trained on -----------------------------------------------------------------------


def bad_at(line, text, chats):
    lines = chats.splitlines()
    lines[line - 1] = text
    return b"\n".join(lines)


def test_nine_examples_are_too_few(chats, done):
    job = done(b"\n".join(chats.splitlines()[:9]))

    error = {
        "code": "invalid_n_examples",
        "message": "Training file has 9 example(s), but must have at least 10 examples",
        "param": "training_file",
    }
    assert ("failed", error) == (job.status, job.error.to_dict())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            b'{"messages":[{"role":"user","content":"Hi"}]}',
            "At least one message must be from the assistant.",
        ),
        (b'{"prompt":"Hi","completion":"Hello"}', "missing key 'messages'"),
        (b'{"messages":', "invalid json"),
    ],
)
def test_a_bad_line_fails_the_job_by_its_number(chats, done, text, reason):
    job = done(bad_at(7, text, chats))

    assert ("failed", "invalid_file_format", "training_file") == (
        job.status,
        job.error.code,
        job.error.param,
    )
    assert "Example 7" in job.error.message
    assert reason in job.error.message


def test_a_bad_validation_file_is_blamed_by_its_own_name(client, chats, done):
    bad = client.files.create(file=bad_at(7, b"{}", chats), purpose="fine-tune").id

    job = done(validation_file=bad)

    assert ("failed", "validation_file") == (job.status, job.error.param)


def test_a_training_file_that_is_deleted_before_its_validation_fails_the_job(client, server, jobs, train):
    job = train()
    client.files.delete(job.training_file)
    server.finish(job.id)

    failed = jobs.retrieve(job.id)

    assert ("failed", "training_file") == (failed.status, failed.error.param)
    assert job.training_file in failed.error.message


def test_once_validated_a_job_does_without_its_file(client, server, jobs, train):
    job = train()
    server.finish(job.id, "queued")
    client.files.delete(job.training_file)
    server.finish(job.id)

    assert "succeeded" == jobs.retrieve(job.id).status


def test_a_job_with_a_bad_file_tells_why_and_has_nothing_to_show(client, jobs, chats, done):
    job = done(bad_at(7, b"{}", chats))
    last = jobs.list_events(job.id).data[0]

    assert ("error", job.error.message) == (last.level, last.message)
    assert (None, None, []) == (job.fine_tuned_model, job.trained_tokens, job.result_files)
    assert [] == [model.id for model in client.models.list() if model.id.startswith("ft:")]
    assert "auto" == job.hyperparameters.learning_rate_multiplier
