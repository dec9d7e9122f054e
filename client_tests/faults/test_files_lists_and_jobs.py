"""Faults of what has a state: files that stay uploaded, lists that begin again, fine-tunes that fail or fall silent."""

import contextlib
import json

import httpx2
import openai
import pytest

STILL = "clock: {start: 2023-03-15T00:00:00Z, rate: 0}"
START = 1_678_838_400
MODERN = {"model": "gpt-4o-mini-2024-07-18", "hyperparameters": {"n_epochs": 4}}


@pytest.fixture
def modern(chats):
    """`modern(world)`: create a job of today's API."""

    def create(world, **asked):
        with world.client() as client:
            file = client.files.create(file=chats, purpose="fine-tune")
            return client.fine_tuning.jobs.create(training_file=file.id, **MODERN, **asked)

    return create


@pytest.fixture
def legacy(pairs):
    """`legacy(world)`: create a fine-tune of the API of 2023."""

    def create(world):
        with world.client() as client:
            file = client.files.create(file=pairs, purpose="fine-tune")
            return client.post(
                "/fine-tunes", cast_to=object, body={"training_file": file.id, "model": "ada"}
            )["id"]

    return create


def seen(world, job):
    with world.client() as client:
        return client.fine_tuning.jobs.retrieve(job)


# --- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("processing", [0, "1m"])
def test_a_stuck_file_stays_uploaded_whatever_the_clock_says(broken, pairs, processing):
    world = broken("file_stuck", more=f"{STILL}\nuploads: {{processing: {processing}}}")
    with world.client() as client:
        file = client.files.create(file=pairs, purpose="fine-tune")
        world.advance("10d")

        assert ["uploaded"] * 3 == [
            file.status,
            client.files.retrieve(file.id).status,
            client.files.list().data[0].status,
        ]
        with pytest.raises(RuntimeError, match="Giving up"):
            client.files.wait_for_processing(file.id, poll_interval=0, max_wait_seconds=0)


def test_a_file_after_it_is_processed(broken, pairs):
    world = broken("file_stuck", times=1, more=STILL)
    with world.client() as client:
        statuses = [client.files.create(file=pairs, purpose="fine-tune").status for _ in range(2)]

    assert ["uploaded", "processed"] == statuses


def test_a_stuck_file_still_expires(broken, pairs):
    world = broken("file_stuck", more=STILL)
    with world.client() as client:
        client.files.create(
            file=pairs, purpose="fine-tune", expires_after={"anchor": "created_at", "seconds": 3600}
        )
        world.advance("1h")

        assert [] == client.files.list().data


def test_a_refused_upload_is_refused(broken):
    with broken("file_stuck").client() as client, pytest.raises(openai.BadRequestError):
        client.files.create(file=b"x", purpose="nothing")


# --- lists ---------------------------------------------------------------------------------------------------------


def names(client, count=7):
    """Read a list page by page; no more than `count` objects."""
    told = []
    for file in client.files.list(limit=2, order="asc"):
        told.append(file.filename)
        if len(told) == count:
            break
    return told


@pytest.fixture
def five_files(open_world):
    def open_(**rule):
        files = [{"filename": name, "text": "{}", "purpose": "assistants"} for name in "abcde"]
        return open_world(yaml=json.dumps({"files": files, "faults": [rule | {"fault": "duplicate_page"}]}))

    return open_


def test_a_duplicate_page_gives_its_objects_and_its_cursor_twice(five_files):
    with five_files(times=1).client() as client:
        assert list("ababcde") == names(client)


def test_a_list_that_always_begins_again_never_ends(five_files):
    with five_files().client() as client:
        assert list("abababab") == names(client, 8)


def test_a_first_page_does_not_use_the_rule_up(five_files):
    world = five_files(times=1)
    with world.client() as client:
        client.files.list(limit=2)

    assert [0] == [rule["asked"] for rule in world.control("GET", "faults")["data"]]


# --- fine-tunes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "epochs", "after"),
    [
        ("validation", 0, 10),
        ("queue", 0, 25),
        ("epoch 1", 0, 40),
        ("epoch 3", 2, 70),
        ("epoch 9", 3, 85),  # it has four: the last one
        ("30s", 0, 30),
        ("2h", 4, 7200),  # in time to succeed, it waits for its failure
    ],
)
def test_a_job_fails_where_it_says(broken, modern, at, epochs, after):
    fault = {"at": at, "code": "out_of_luck", "message": "Bad luck.", "param": "training_file"}
    world = broken({"job_fails": fault}, more=f"{STILL}\ntraining: [{{takes: 100s}}]")
    job = modern(world).id

    world.finish(job)

    told = seen(world, job)
    assert ("failed", START + after, None) == (told.status, told.finished_at, told.fine_tuned_model)
    assert ("out_of_luck", "Bad luck.", "training_file") == (
        told.error.code,
        told.error.message,
        told.error.param,
    )
    with world.client() as client:
        log = client.get(f"/fine-tunes/{job}/events", cast_to=object)["data"]
        tuned = [model.id for model in client.models.list() if model.id.startswith("ft:")]
    assert all("ckpt-step" in model for model in tuned)
    assert epochs == sum(line["message"].startswith("Completed epoch") for line in log)
    assert "Fine-tune failed. Bad luck." == log[-1]["message"]


def test_a_legacy_fine_tune_fails_too(broken, legacy):
    world = broken({"job_fails": "epoch 2"}, more=STILL)
    job = legacy(world)

    world.finish(job)

    with world.client() as client:
        told = client.get(f"/fine-tunes/{job}", cast_to=object)
    assert "failed" == told["status"]
    assert ["Completed epoch 1/4"] == [
        event["message"] for event in told["events"] if event["message"].startswith("Completed")
    ]


def test_a_job_after_it_succeeds(broken, modern):
    world = broken({"job_fails": "validation"}, times=1, more=STILL)
    jobs = [modern(world).id for _ in range(2)]

    assert ["failed", "succeeded"] == [world.finish(job) and seen(world, job).status for job in jobs]


def test_a_job_whose_script_fails_earlier_fails_as_it_says(broken, modern):
    world = broken(
        {"job_fails": "epoch 3"},
        more=f"{STILL}\ntraining: [{{outcome: {{failed: {{code: of_the_script, at: epoch 1}}}}}}]",
    )
    job = modern(world).id

    world.finish(job)

    assert "of_the_script" == seen(world, job).error.code


def test_a_job_that_is_refused_is_refused(broken):
    with broken("job_fails").client() as client, pytest.raises(openai.BadRequestError):
        client.fine_tuning.jobs.create(training_file="file-none", **MODERN)


# --- following -----------------------------------------------------------------------------------------------------


def followed(http, world, job):
    """Follow a fine-tune to whatever end; returns the messages, the last one "[DONE]" if that was all."""
    told = []
    url = f"{world.url}/fine-tunes/{job}/events?stream=true"
    headers = {"authorization": "Bearer sk-test-key"}
    with contextlib.suppress(httpx2.RemoteProtocolError), http.stream("GET", url, headers=headers) as answer:
        for line in answer.iter_lines():
            told += [line.removeprefix("data: ")] if line.startswith("data: ") else []
    return [line if line == "[DONE]" else json.loads(line)["message"] for line in told]


def test_a_follower_is_interrupted_and_hears_all_from_the_start_when_it_follows_again(
    open_world, legacy, http
):
    rules = [{"times": 1, "fault": {"follow_interrupted": count}} for count in (2, 5)]
    world = open_world(yaml=f"clock: {{rate: auto}}\nfaults: {json.dumps(rules)}")
    job = legacy(world)

    first, second, third = (followed(http, world, job) for _ in range(3))

    assert (2, 5) == (len(first), len(second))
    assert first == third[:2]
    assert second == third[:5]
    assert ["Fine-tune succeeded", "[DONE]"] == third[-2:]


def test_who_only_reads_the_log_is_not_interrupted(broken, legacy):
    world = broken("follow_interrupted", times=1)
    job = legacy(world)
    with world.client() as client:
        assert client.get(f"/fine-tunes/{job}/events", cast_to=object)["data"]

    assert [0] == [rule["asked"] for rule in world.control("GET", "faults")["data"]]
