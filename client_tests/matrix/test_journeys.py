"""The way from a file to an answer and back, walked by every client: each test is one stretch of it."""

import pytest
from matrix.cases import BASES, LEGACY_CLIENTS
from matrix.remote import RefusedError
from matrix.views import view

#: what a job of two epochs says while it runs, oldest first
LOGS = {
    "legacy": [
        "Created fine-tune: {job}",
        "Fine-tune costs $0.00",
        "Fine-tune enqueued",
        "Fine-tune is in the queue. Queue number: 0",
        "Fine-tune started",
        "Completed epoch 1/2",
        "Completed epoch 2/2",
        "Uploaded model: {model}",
        "Uploaded result file: {result}",
        "Fine-tune succeeded",
    ],
    "modern": [
        "Created fine-tuning job: {job}",
        "Validating training file: {file}",
        "Files validated, moving job to queued state",
        "Fine-tuning job started",
        "Checkpoint created at step 12 with Snapshot ID: {snapshot}",
        "New fine-tuned model created: {model}",
        "The job has successfully completed",
    ],
}


@pytest.fixture
def done(server, speaker, lessons):
    """A job that has succeeded."""
    file = speaker.upload(lessons)
    job = speaker.tune(BASES[speaker.seat["api"]], file["id"], n_epochs=2)
    server.finish(job["id"])
    return speaker.job(job["id"])


def test_a_file_goes_up_comes_back_and_is_gone_when_deleted(speaker, lessons):
    file = speaker.upload(lessons, "lessons.jsonl")

    assert ("lessons.jsonl", len(lessons), "fine-tune") == (file["filename"], file["bytes"], file["purpose"])
    assert [file] == speaker.files()
    assert file == speaker.file(file["id"])
    assert lessons == speaker.content(file["id"])
    assert {"object": "file", "id": file["id"], "deleted": True} == speaker.delete_file(file["id"])
    assert [] == speaker.files()


def test_a_job_begins_in_the_queue_and_ends_with_a_model_and_its_results(server, speaker, lessons):
    file = speaker.upload(lessons)
    base = BASES[speaker.seat["api"]]
    job = speaker.tune(base, file["id"], n_epochs=2)
    asked = view(job)
    assert ("waiting", base, file["id"], 2) == (asked.phase, asked.model, asked.training_file, asked.n_epochs)

    server.finish(job["id"])

    told = view(speaker.job(job["id"]))
    [result] = told.result_files
    header, *rows = speaker.content(result).splitlines()
    assert "succeeded" == told.phase
    assert header.startswith("step,")
    assert [str(step) for step in range(1, 25)] == [row.split(",")[0] for row in rows]
    assert told.fine_tuned_model == speaker.model(told.fine_tuned_model)["id"]
    assert told.fine_tuned_model in [model["id"] for model in speaker.models()]
    assert [told] == [view(listed) for listed in speaker.jobs()]


def test_a_job_tells_what_happens_to_it_in_order(speaker, done):
    """What it names is what the other endpoints list: also the checkpoint of its first epoch, a model of its own."""
    told = view(done)
    snapshots = [model["id"] for model in speaker.models() if model["id"].endswith(":ckpt-step-12")]
    names = {
        "job": told.id,
        "file": told.training_file,
        "model": told.fine_tuned_model,
        "result": told.result_files[0],
        "snapshot": "".join(snapshots),
    }
    api = speaker.seat["api"]
    events = speaker.events(told.id)
    oldest_first = events if api == "legacy" else events[::-1]

    assert [line.format(**names) for line in LOGS[api]] == [
        event["message"] for event in oldest_first if event.get("type") != "metrics"
    ]
    assert sorted(event["created_at"] for event in events) == [event["created_at"] for event in oldest_first]


def test_events_page_by_page_are_the_same_events(speaker, done):
    assert speaker.events(done["id"]) == speaker.events(done["id"], limit=7)


@pytest.mark.parametrize("who", LEGACY_CLIENTS)
def test_following_a_fine_tune_tells_its_whole_log(open_world, connect, who, lessons):
    """The clock jumps to whatever the follower waits for."""
    speaker = connect(open_world(yaml="version: 1\nclock: {rate: auto}\n"), *who)
    job = speaker.tune("davinci", speaker.upload(lessons)["id"], n_epochs=2)

    followed = speaker.follow(job["id"])

    assert "Fine-tune succeeded" == followed[-1]["message"]
    assert speaker.events(job["id"]) == followed


def test_the_tuned_model_says_what_it_was_taught(speaker, done):
    told = speaker.complete(model=done["fine_tuned_model"], prompt="Say 3 ->", stop="\n", temperature=0)

    [choice] = told["choices"]
    usage = told["usage"]
    assert (" number 3", "stop") == (choice["text"], choice["finish_reason"])
    assert done["fine_tuned_model"] == told["model"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_a_streamed_completion_is_the_whole_one_in_pieces(speaker, done):
    asked = {"model": done["fine_tuned_model"], "prompt": "Say 3 ->", "stop": "\n", "temperature": 0}

    chunks = speaker.stream(**asked)

    pieces = [chunk["choices"][0] for chunk in chunks]
    assert speaker.complete(**asked)["choices"][0]["text"] == "".join(piece["text"] for piece in pieces)
    assert [*[None] * (len(pieces) - 1), "stop"] == [piece["finish_reason"] for piece in pieces]
    assert 1 == len({chunk["id"] for chunk in chunks})


def test_two_choices_are_paid_for_both(speaker, done):
    asked = {"model": done["fine_tuned_model"], "prompt": "Say 3 ->", "max_tokens": 2, "temperature": 0}

    one, two = speaker.complete(**asked), speaker.complete(**asked, n=2)

    assert [0, 1] == [choice["index"] for choice in two["choices"]]
    assert one["usage"]["prompt_tokens"] == two["usage"]["prompt_tokens"]
    assert 2 * one["usage"]["completion_tokens"] == two["usage"]["completion_tokens"]


def test_the_logprobs_are_those_of_the_text(speaker, done):
    told = speaker.complete(
        model=done["fine_tuned_model"], prompt="Say 3 ->", stop="\n", temperature=0, logprobs=2
    )

    [choice] = told["choices"]
    logprobs = choice["logprobs"]
    assert choice["text"] == "".join(logprobs["tokens"])
    assert told["usage"]["completion_tokens"] == len(logprobs["token_logprobs"])
    assert all(number <= 0 for number in logprobs["token_logprobs"])


def test_a_deleted_model_is_gone_everywhere(speaker, done):
    model = done["fine_tuned_model"]

    assert {"object": "model", "id": model, "deleted": True} == speaker.delete_model(model)

    assert model not in [other["id"] for other in speaker.models()]
    for look in (
        speaker.model,
        speaker.delete_model,
        lambda name: speaker.complete(model=name, prompt="Say 3 ->"),
    ):
        with pytest.raises(RefusedError, match="does not exist"):
            look(model)
    assert done == speaker.job(done["id"])


def test_a_cancelled_job_says_so_and_leaves_no_model(server, speaker, lessons):
    job = speaker.tune(BASES[speaker.seat["api"]], speaker.upload(lessons)["id"])
    server.advance(10)

    assert "cancelled" == speaker.cancel(job["id"])["status"]

    server.advance(3600)
    told = view(speaker.job(job["id"]))
    assert ("cancelled", None, ()) == (told.phase, told.fine_tuned_model, told.result_files)
    assert any("cancelled" in event["message"] for event in speaker.events(job["id"]))


def test_a_model_is_unknown_until_its_job_has_uploaded_it(open_world, connect, who, lessons):
    """Two worlds of one scenario, in which the same things happen: what the first has called its model, the
    second will.
    """
    story = "version: 1\nclock: {start: 2024-05-01T12:00:00Z, rate: 0}\n"
    first, second = open_world(yaml=story), open_world(yaml=story)
    speakers = [connect(world, *who) for world in (first, second)]
    jobs = [one.tune(BASES[who[2]], one.upload(lessons)["id"]) for one in speakers]
    first.finish(jobs[0]["id"])
    model = speakers[0].job(jobs[0]["id"])["fine_tuned_model"]

    with pytest.raises(RefusedError, match=f"The model `{model}` does not exist"):
        speakers[1].complete(model=model, prompt="Say 3 ->")
    assert model not in [other["id"] for other in speakers[1].models()]
    second.finish(jobs[1]["id"])

    assert (
        " number 3" == speakers[1].complete(model=model, prompt="Say 3 ->", stop="\n")["choices"][0]["text"]
    )
