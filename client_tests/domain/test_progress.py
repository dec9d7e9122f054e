"""What moves files and fine-tunes on: the clock, whoever looks, nobody, or the control API."""

import openai
import pytest

from mockserver.scenario.progress import Progress

STILL = "clock: {rate: 0}\n"
#: what a job of three epochs is seen to be, look by look
COURSE = ["validating_files", "queued", *["running"] * 6]


@pytest.fixture
def moved(open_world):
    """Open a world, on a clock that stands still, whose objects are moved like this."""
    return lambda how, more="": open_world(yaml=f"{STILL}progress: {how}\n{more}")


def train(world, chats):
    with world.client() as client:
        file = client.files.create(file=chats, purpose="fine-tune")
        return client.fine_tuning.jobs.create(
            model="gpt-4o-mini-2024-07-18", training_file=file.id, hyperparameters={"n_epochs": 3}
        ).id


def status(world, job):
    with world.client() as client:
        return client.fine_tuning.jobs.retrieve(job).status


def looks(world, job, most=100):
    """Look at a job until it is over; return what it was each time."""
    seen = []
    while len(seen) < most and seen[-1:] not in (["succeeded"], ["failed"]):
        seen.append(status(world, job))
    return seen


def test_each_look_takes_a_job_one_step_further(moved, chats):
    world = moved("{fine_tuning: polls}")

    seen = looks(world, train(world, chats))

    assert [*COURSE, "succeeded"] == seen


def test_time_alone_moves_nothing_that_polls_move(moved, chats):
    world = moved("{fine_tuning: polls}")
    job = train(world, chats)

    world.advance("10d")

    assert "validating_files" == status(world, job)


def test_a_job_that_polls_move_tells_the_same_story_as_any_other(moved, open_world, chats):
    polled, timed = moved("{fine_tuning: polls}"), open_world(yaml=STILL)

    def story(world, job):
        with world.client() as client:
            events = client.fine_tuning.jobs.list_events(job, limit=100).data
            return [event.message for event in reversed(events)]

    one, other = train(polled, chats), train(timed, chats)
    looks(polled, one)
    timed.finish(other)

    assert story(timed, other) == story(polled, one)


def test_whoever_waits_for_a_runner_is_helped_by_being_looked_at(moved, chats):
    world = moved("{fine_tuning: polls}")
    train(world, chats)

    assert "succeeded" == looks(world, train(world, chats))[-1]


def test_a_look_at_a_finished_job_moves_nobody_else(moved, chats):
    world = moved("{fine_tuning: polls}")
    first = train(world, chats)
    looks(world, first)
    second = train(world, chats)

    for _ in range(20):
        status(world, first)

    assert "validating_files" == status(world, second)


def test_a_stream_that_follows_is_somebody_who_looks(moved, pairs, http):
    world = moved("{fine_tuning: polls}")
    headers = {"authorization": "Bearer sk-a"}
    with world.client() as client:
        file = client.files.create(file=pairs, purpose="fine-tune")
    asked = {"training_file": file.id, "model": "ada"}
    job = http.post(f"{world.url}/fine-tunes", json=asked, headers=headers).json()["id"]

    told = http.get(f"{world.url}/fine-tunes/{job}/events?stream=true", headers=headers).text

    assert told.rstrip().endswith("[DONE]")
    assert "Fine-tune succeeded" in told


def test_an_instant_job_is_over_when_somebody_asks(moved, chats):
    world = moved("{fine_tuning: instant}", "training: [{takes: 100d}]")

    assert ["succeeded"] == looks(world, train(world, chats))


def test_nothing_moves_by_itself_what_is_moved_by_hand(moved, chats):
    world = moved("{fine_tuning: manual}")
    job = train(world, chats)
    world.advance("10d")

    assert ["validating_files"] * 5 == looks(world, job, 5)


def test_the_control_api_moves_it_step_by_step(moved, chats):
    world = moved("{fine_tuning: manual}")
    job = train(world, chats)
    seen = []
    for _ in range(9):
        world.control("POST", "clock", json={"step": job})
        seen.append(status(world, job))

    assert [*COURSE, "succeeded"] == seen


def test_the_control_api_runs_it_to_its_end(moved, chats):
    world = moved("{fine_tuning: manual}")
    job = train(world, chats)
    began = world.control("GET", "clock")["now"]

    told = world.finish(job)

    assert ("succeeded", began) == (status(world, job), told["now"])


def test_a_step_that_is_not_there_is_refused(moved, http):
    world = moved("{fine_tuning: manual}")
    answer = http.post(f"{world.control_url}/clock", json={"step": "ftjob-x"})

    assert (400, "Nothing is planned for ftjob-x.") == (answer.status_code, answer.json()["error"]["message"])


def test_a_step_of_what_the_clock_moves_moves_the_clock(open_world, chats):
    world = open_world(yaml=f"{STILL}training: [{{takes: 100s}}]")
    job = train(world, chats)
    began = world.control("GET", "clock")["now"]

    told = world.control("POST", "clock", json={"step": job})

    assert 10 == told["now"] - began


@pytest.mark.parametrize(
    ("how", "seen"),
    [
        ("polls", ["uploaded", "processed", "processed"]),
        ("instant", ["processed", "processed", "processed"]),
        ("manual", ["uploaded", "uploaded", "uploaded"]),
        ("clock", ["processed", "processed", "processed"]),
    ],
)
def test_files_are_moved_in_the_same_ways(moved, chats, how, seen):
    world = moved(f"{{files: {how}}}")
    with world.client() as client:
        file = client.files.create(file=chats, purpose="fine-tune")

        assert seen == [file.status, *(client.files.retrieve(file.id).status for _ in range(2))]


def test_the_control_api_processes_a_file(moved, chats):
    world = moved("{files: manual}")
    with world.client() as client:
        file = client.files.create(file=chats, purpose="fine-tune")
        with pytest.raises(openai.ConflictError):
            client.files.delete(file.id)
        world.control("POST", "clock", json={"step": file.id})

        assert "processed" == client.files.retrieve(file.id).status


def test_a_file_still_expires_by_the_clock(moved, chats):
    world = moved("{files: manual}")
    with world.client() as client:
        file = client.files.create(
            file=chats, purpose="fine-tune", expires_after={"anchor": "created_at", "seconds": 3600}
        )
        world.advance(3600)
        with pytest.raises(openai.NotFoundError):
            client.files.retrieve(file.id)


@pytest.mark.parametrize("how", ["clock", "polls", "instant", "manual"])
def test_what_lies_before_the_story_has_happened(open_world, how):
    world = open_world(
        yaml=f"clock: {{start: 2023-03-15T12:00:00Z, rate: 0}}\nprogress: {{files: {how}, fine_tuning: {how}}}\n"
        "files: [{id: file-a, filename: a, created_at: 2023-03-14, rows: [{prompt: a, completion: b}]}]\n"
        "jobs: [{api: legacy, model: ada, training_file: file-a, created_at: 2023-03-15T08:00:00Z, ids: {job: ft-a}}]\n"
    )
    with world.client() as client:
        [model] = [one.id for one in client.models.list() if one.id.startswith("ada:ft-")]

    assert "ada:ft-personal-2023-03-15-08-00-18" == model


def test_nobody_knows_when_a_job_will_be_done_that_is_not_moved_by_the_clock(moved, chats):
    world = moved("{fine_tuning: polls}")
    with world.client() as client:
        assert client.fine_tuning.jobs.retrieve(train(world, chats)).estimated_finish is None


def test_what_moves_a_step_is_decided_by_what_it_belongs_to():
    progress = Progress(files="polls", fine_tuning="manual")

    assert ["polls", "clock", "manual", "clock"] == [
        progress.driver(kind) for kind in ("file.processed", "file.expired", "job.started", "other")
    ]
    assert (False, True) == (progress.by_clock, Progress().by_clock)
