"""The control API's clock: read, moved, refused; and it is the same time for every endpoint."""

import pytest

START = 1_678_865_268
STORY = """
version: 1
clock: {start: 2023-03-15T07:27:48Z, rate: 0}
training:
  - takes: 100s
"""


@pytest.fixture
def story(open_world):
    return open_world(yaml=STORY)


@pytest.fixture
def told(story, http):
    """Ask to move the clock; returns the answer, whatever it is."""

    def move(**body):
        return http.post(f"{story.control_url}/clock", json=body)

    return move


def create(story, pairs):
    with story.client() as client:
        file = client.files.create(file=pairs, purpose="fine-tune")
        return client.post("/fine-tunes", cast_to=object, body={"training_file": file.id, "model": "ada"})[
            "id"
        ]


def status(story, job):
    with story.client() as client:
        return client.get(f"/fine-tunes/{job}", cast_to=object)["status"]


def test_the_clock_tells_its_time_its_pace_and_what_comes_next(story, pairs):
    job = create(story, pairs)

    told = story.control("GET", "clock")

    assert (START, "2023-03-15T07:27:48+00:00", 0, False) == tuple(
        told[name] for name in ("now", "iso", "rate", "held")
    )
    assert {"at": START + 10, "owner": job, "kind": "job.costs", "data": {}} == told["due"][0]
    assert sorted(step["at"] for step in told["due"]) == [step["at"] for step in told["due"]]
    assert START + 100 == told["due"][-1]["at"]


@pytest.mark.parametrize(
    ("told", "seconds"), [(30, 30), (0, 0), (0.5, 0.5), ("1h 2m", 3720), ("1500ms", 1.5)]
)
def test_the_clock_is_advanced_by_seconds_or_a_duration(story, told, seconds):
    assert START + seconds == story.advance(told)["now"]


@pytest.mark.parametrize(
    "moment", ["2023-03-16", "2023-03-16T00:00:00Z", "2023-03-16T01:00:00+01:00", 1_678_924_800]
)
def test_the_clock_is_advanced_to_a_moment(story, moment):
    assert 1_678_924_800 == story.control("POST", "clock", json={"advance_to": moment})["now"]


def test_what_becomes_due_by_moving_the_clock_has_happened_when_the_answer_comes(story, pairs):
    job = create(story, pairs)

    assert [] == story.advance(100)["due"]

    assert "succeeded" == status(story, job)


@pytest.mark.parametrize(
    ("goal", "after"),
    [({}, 100), ({"status": "running"}, 25), ({"status": "queued"}, 15), ({"status": "succeeded"}, 100)],
)
def test_the_clock_runs_until_a_job_has_a_status(story, pairs, goal, after):
    job = create(story, pairs)

    told = story.control("POST", "clock", json={"run_until": {"job": job} | goal})

    assert START + after == told["now"]


def test_running_until_what_is_already_so_moves_nothing(story, pairs):
    job = create(story, pairs)
    story.finish(job)

    assert START + 100 == story.finish(job)["now"]


def test_running_until_what_never_comes_is_refused(story, pairs, told):
    job = create(story, pairs)

    for goal, wanted in (
        ({"status": "cancelled"}, "become cancelled"),
        ({"status": "paused"}, "become paused"),
    ):
        answer = told(run_until={"job": job} | goal)
        assert 400 == answer.status_code
        assert wanted in answer.json()["error"]["message"]


def test_running_until_a_job_ends_that_is_paused_is_refused_in_words(told, story, chats):
    with story.client() as client:
        file = client.files.create(file=chats, purpose="fine-tune")
        job = client.fine_tuning.jobs.create(training_file=file.id, model="gpt-4o-mini-2024-07-18")
        story.finish(job.id, "running")
        client.fine_tuning.jobs.pause(job.id)

    answer = told(run_until={"job": job.id})

    assert (
        400,
        f"Nothing is due any more, and {job.id} has not become cancelled or failed or succeeded.",
    ) == (
        answer.status_code,
        answer.json()["error"]["message"],
    )


def test_a_rate_is_changed_and_a_held_clock_released(open_world):
    world = open_world(yaml="version: 1\nclock: {start: 2023-03-15T07:27:48Z, hold_until: files.create}\n")
    assert world.control("GET", "clock")["held"]

    for rate in (60, 0, 0.5, "auto"):
        assert rate == world.control("POST", "clock", json={"rate": rate})["rate"]

    assert not world.control("POST", "clock", json={"release": True})["held"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"advance": None},
        {"advance": 1, "rate": 1},
        {"advance": -1},
        {"advance": "-5s"},
        {"advance": "soon"},
        {"advance": True},
        {"advance": 1e300},
        {"advance_to": "yesterday"},
        {"advance_to": "2023-03-15"},
        {"advance_to": 0},
        {"rate": -1},
        {"rate": "fast"},
        {"rate": "1e999"},
        {"release": False},
        {"run_until": {}},
        {"run_until": {"job": "ft-none", "status": "finished"}},
        {"go": 1},
    ],
)
def test_a_move_that_makes_no_sense_is_refused_and_moves_nothing(story, told, body):
    answer = told(**body)

    assert 400 == answer.status_code, answer.text
    assert answer.json()["error"]["message"]
    assert (START, 0) == tuple(story.control("GET", "clock")[name] for name in ("now", "rate"))


def test_a_status_nobody_has_is_refused_before_the_clock_moves(story, pairs, told):
    job = create(story, pairs)

    assert 400 == told(run_until={"job": job, "status": "suceeded"}).status_code

    assert START == story.control("GET", "clock")["now"]


def test_a_job_that_does_not_exist_cannot_be_run_to(told):
    answer = told(run_until={"job": "ft-none"})

    assert (404, "Could not find fine tune: ft-none") == (
        answer.status_code,
        answer.json()["error"]["message"],
    )


def test_time_can_be_moved_a_hundred_years_and_everything_still_answers(story):
    for _ in range(20):
        story.control("POST", "clock", json={"advance": "1000d"})
    story.control("POST", "clock", json={"advance_to": "9999-01-01"})

    with story.client() as client:
        assert list(client.models.list())
    assert story.control("GET", "clock")["iso"].startswith("9999")


def test_the_end_of_all_dates_is_refused_and_moves_nothing(story, told):
    story.control("POST", "clock", json={"advance_to": "9999-12-31"})

    assert 400 == told(advance="1000d").status_code

    assert story.control("GET", "clock")["iso"].startswith("9999-12-31")


def test_only_json_moves_the_clock(story, http):
    """A form of somebody else's web page sends no JSON without asking first."""
    answer = http.post(
        f"{story.control_url}/clock", content=b'{"advance": 1}', headers={"content-type": "text/plain"}
    )

    assert (415, START) == (answer.status_code, story.control("GET", "clock")["now"])


def test_what_cannot_happen_is_one_500_and_is_told_of_and_everything_else_goes_on(open_world, chats, caplog):
    world = open_world(yaml="version: 1\nclock: {rate: 0}\nrunners: 2\n")
    with world.client() as client:
        file = client.files.create(file=("a.jsonl", chats), purpose="fine-tune")
        order = {"model": "gpt-4o-mini-2024-07-18", "training_file": file.id}
        broken = client.fine_tuning.jobs.create(**order)
        folder = world.world.blobs.path(file.id).parent
        away = folder.rename(folder.with_name(f"{folder.name}-away"))
        with pytest.raises(AssertionError, match="The server had an error"):
            world.advance(60)
        away.rename(folder)

        assert [file.id] == [one.id for one in client.files.list()]
        [told] = world.control("GET", "clock")["failed"]
        assert (broken.id, "job.result_file") == (told["owner"], told["kind"])
        assert told["error"].startswith("FileNotFoundError: ")
        assert "FileNotFoundError" in caplog.text
        ended = client.fine_tuning.jobs.retrieve(broken.id)
        assert ("failed", "server_error", []) == (ended.status, ended.error.code, ended.result_files)
        other = client.fine_tuning.jobs.create(**order)
        world.advance(60)
        assert "succeeded" == client.fine_tuning.jobs.retrieve(other.id).status
