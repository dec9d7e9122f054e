"""Timelines that leave something open, or do not fit the job they are played for: every job comes to its end."""

import pytest

ALL = [
    "costs",
    "enqueued",
    "started",
    "epoch 1",
    "epoch 2",
    "epoch 3",
    "epoch 4",
    "model",
    "result",
    "succeeded",
]
START = 1_678_838_400


@pytest.fixture
def play(open_world, pairs):
    """Play a timeline to its end; returns what the log says and when, from the creation on."""

    def played(timeline, *, n_epochs=4, outcome="succeeded"):
        rule = f"  - timeline: [{timeline}]\n    outcome: {outcome}\n"
        world = open_world(yaml=f"version: 1\nclock: {{start: 2023-03-15, rate: 0}}\ntraining:\n{rule}")
        with world.client() as client:
            file = client.files.create(file=pairs, purpose="fine-tune")
            order = {"training_file": file.id, "model": "ada", "n_epochs": n_epochs}
            job = client.post("/fine-tunes", cast_to=object, body=order)["id"]
            world.finish(job)
            log = client.get(f"/fine-tunes/{job}/events", cast_to=object)["data"]
        return [(event["created_at"] - START, short(event["message"])) for event in log][1:]

    return played


def short(message):
    words = {"costs": "costs", "enqueued": "enqueued", "started": "started", "Uploaded model": "model"}
    words |= {"Uploaded result file": "result", "succeeded": "succeeded", "failed": "failed"}
    if ". Queue number: " in message:
        return f"{'enqueued' if 'enqueued' in message else 'queue'} at {message.split()[-1]}"
    if message.startswith("Completed epoch"):
        return f"epoch {message.split()[-1].split('/')[0]}"
    return next((short for text, short in words.items() if text in message), message)


def said(log):
    return [words for _, words in log]


@pytest.mark.parametrize(
    "timeline",
    [
        "{after: 5s, cost: auto}",
        "{after: 5s, enqueued: true}",
        "{after: 5s, started: true}",
        "{after: 5s, epoch: 4}",
        "{after: 5s, model: true}",
        "{after: 5s, result_file: true}",
        "{after: 5s, succeeded: true}",
    ],
)
def test_what_a_timeline_leaves_open_follows_at_once(play, timeline):
    log = play(timeline)

    epochs = ["epoch 4"] if "epoch" in timeline else ALL[3:7]
    assert [*ALL[:3], *epochs, *ALL[7:]] == said(log)
    assert {0, 5} >= {at for at, _ in log}
    assert 5 == log[-1][0]


def test_a_job_of_more_epochs_than_told_goes_on_at_the_last_pace(play):
    log = play("{after: 5s, started: true}, {after: 10s, epoch: 1}, {after: 20s, epoch: 2}")

    assert [(15, "epoch 1"), (35, "epoch 2"), (55, "epoch 3"), (75, "epoch 4")] == log[3:7]


def test_a_job_of_fewer_epochs_than_told_has_its_own_number_of_them(play):
    log = play("{after: 10s, epoch: 1}, {after: 20s, epoch: 2}, {after: 30s, epoch: 3}", n_epochs=2)

    assert ["epoch 1", "epoch 2", "model"] == said(log)[3:6]


def test_epochs_that_are_skipped_are_not_made_up(play):
    log = play("{after: 10s, epoch: 1}, {after: 20s, epoch: 4}")

    assert ["epoch 1", "epoch 4", "model"] == said(log)[3:6]


@pytest.mark.parametrize(
    ("at", "before"), [("validation", []), ("queue", ALL[:2]), ("epoch 3", ALL[:5]), ("2s", ALL[:2])]
)
def test_a_job_can_fail_at_a_stage_its_timeline_leaves_open(play, at, before):
    log = play("{after: 1s, enqueued: true}, {after: 4s, started: true}", outcome=f"{{failed: {{at: {at}}}}}")

    assert [*before, "failed"] == said(log)


def test_a_failure_at_an_epoch_the_job_does_not_have_strikes_at_its_last_one(play):
    log = play("{after: 1s, epoch: 1}, {after: 1s, epoch: 4}", n_epochs=2, outcome="{failed: {at: epoch 4}}")

    assert ["started", "epoch 1", "failed"] == said(log)[2:]


def test_ids_that_a_rule_tells_are_for_its_first_job_alone(open_world, chats):
    told = "{job: ftjob-told, result_file: file-told, model_suffix: ToldName}"
    world = open_world(yaml=f"version: 1\nclock: {{rate: 0}}\nrunners: 2\ntraining:\n  - ids: {told}\n")
    with world.client() as client:
        file = client.files.create(file=chats, purpose="fine-tune")
        order = {"training_file": file.id, "model": "gpt-4o-mini-2024-07-18"}
        ids = [client.fine_tuning.jobs.create(**order).id for _ in range(2)]
        world.finish(ids[1])
        first, second = [client.fine_tuning.jobs.retrieve(job_id) for job_id in ids]

    assert ("ftjob-told", ["file-told"]) == (first.id, first.result_files)
    assert first.fine_tuned_model.endswith(":ToldName")
    assert "told" not in f"{second.id} {second.result_files} {second.fine_tuned_model}".lower()


def test_a_number_beside_the_word_enqueued_is_said_in_the_same_line(play):
    log = play("{after: 5s, enqueued: 1}, {after: 4s, queue: 0}, {after: 1s, started: true}")

    assert [(5, "enqueued at 1"), (9, "queue at 0"), (10, "started")] == log[1:4]


RULES = """\
version: 1
clock: {rate: 0}
training:
  - {match: {file_name: {ends_with: .broken.jsonl}}, takes: 1m, outcome: {failed: {at: validation}}}
  - {match: {metadata: {team: red}}, takes: 7m}
  - {match: {metadata: {team: {absent: false}}, suffix: {glob: "*-long"}}, takes: 1h}
  - {takes: 20s}
"""


@pytest.mark.parametrize(
    ("seconds", "file_name", "asked"),
    [
        (420, "a.jsonl", {"metadata": {"team": "red", "run": "3"}}),
        (3600, "a.jsonl", {"metadata": {"team": "blue"}, "suffix": "b-long"}),
        (20, "a.jsonl", {"metadata": {"team": "blue"}}),
        (20, "a.jsonl", {"metadata": {"Team": "red"}}),
        (20, "a.jsonl", {}),
        (None, "a.broken.jsonl", {}),
    ],
)
def test_a_rule_may_ask_for_the_training_files_name_and_for_metadata(
    open_world, chats, seconds, file_name, asked
):
    world = open_world(yaml=RULES)
    with world.client() as client:
        file = client.files.create(file=(file_name, chats), purpose="fine-tune")
        order = {"training_file": file.id, "model": "gpt-4o-mini-2024-07-18"} | asked
        job = client.fine_tuning.jobs.create(**order)
        world.finish(job.id)
        done = client.fine_tuning.jobs.retrieve(job.id)

    assert ("failed" if seconds is None else "succeeded") == done.status
    assert seconds is None or seconds == done.finished_at - done.created_at


def test_the_legacy_api_trains_on_named_files_too(open_world, pairs):
    world = open_world(yaml=RULES)
    with world.client() as client:
        file = client.files.create(file=("pairs.broken.jsonl", pairs), purpose="fine-tune")
        job = client.post("/fine-tunes", cast_to=object, body={"training_file": file.id})["id"]
        world.finish(job)

        assert "failed" == client.get(f"/fine-tunes/{job}", cast_to=object)["status"]
