"""The control API's worlds: opened, listed, reset, deleted; none sees another."""

import openai
import pytest

STILL = "version: 1\ntitle: A still world\nclock: {rate: 0}\n"


@pytest.fixture
def create(mock, http):
    """Ask for a world; returns the answer, whatever it is, and takes the worlds away again."""
    opened = []

    def ask(**body):
        answer = http.post(f"{mock.url}/_mock/worlds", json=body)
        if answer.is_success:
            opened.append(answer.json()["id"])
        return answer

    yield ask
    for world_id in opened:
        http.delete(f"{mock.url}/_mock/worlds/{world_id}")


def listed(mock, http):
    return [world["id"] for world in http.get(f"{mock.url}/_mock/worlds").json()["data"]]


def test_a_world_tells_where_a_client_and_its_control_api_find_it(mock, create):
    told = create(yaml=STILL).json()

    assert {
        "id": told["id"],
        "object": "world",
        "title": "A still world",
        "base_url": f"{mock.url}/w/{told['id']}/v1",
        "control_url": f"{mock.url}/w/{told['id']}/_mock",
    } == told


def test_a_world_can_be_of_the_servers_scenario_a_shipped_one_or_one_of_its_own(mock, create):
    assert mock.worlds.scenario.title == create().json()["title"]
    assert "The guide of March 2023" == create(scenario="guide-2023").json()["title"]
    assert "A still world" == create(yaml=STILL).json()["title"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"scenario": "guide-2032"}, "did you mean 'guide-2023'"),
        ({"scenario": "/etc/passwd"}, "no such scenario"),
        ({"scenario": "/tmp/somebody-elses.yaml"}, "no such scenario"),
        ({"scenario": "../scenarios/guide-2023"}, "no such scenario"),
        ({"yaml": "version: 1\nclok: {rate: 0}\n"}, "scenario:2:1"),
        ({"yaml": ""}, "the scenario is empty"),
        (
            {"yaml": "version: 1\nfiles:\n  - {filename: x, path: /etc/passwd}\n"},
            "'path' needs a scenario that is a file",
        ),
        ({"scenario": 7}, "scenario"),
        ({"scenaro": "guide-2023"}, "scenaro"),
    ],
)
def test_a_scenario_that_cannot_be_used_is_refused_and_nothing_changes(mock, http, create, body, said):
    before = listed(mock, http)

    answer = create(**body)

    assert 400 == answer.status_code
    assert said in answer.json()["error"]["message"]
    assert before == listed(mock, http)


def test_a_world_whose_jobs_cannot_be_made_is_refused_and_nothing_changes(mock, http, create):
    before = listed(mock, http)

    answer = create(
        yaml="version: 1\nfiles:\n  - {id: file-abc, filename: x, text: ''}\n"
        "jobs:\n  - {model: no-such-model, training_file: file-abc, created_at: 2023-03-15}\n"
    )

    assert 400 == answer.status_code
    assert "no-such-model" in answer.json()["error"]["message"]
    assert before == listed(mock, http)


def test_worlds_are_listed_beside_the_default_one(mock, http, create):
    made = create(yaml=STILL).json()["id"]

    assert "default" == listed(mock, http)[0]
    assert made in listed(mock, http)


def test_nothing_done_in_one_world_can_be_seen_in_another(open_world, pairs):
    one, other = open_world(yaml=STILL), open_world(yaml=STILL)
    with one.client() as client, other.client() as stranger:
        file = client.files.create(file=pairs, purpose="fine-tune")
        job = client.post("/fine-tunes", cast_to=object, body={"training_file": file.id, "model": "ada"})
        model = (
            one.finish(job["id"])
            and client.get(f"/fine-tunes/{job['id']}", cast_to=object)["fine_tuned_model"]
        )

        assert [] == list(stranger.files.list())
        assert [] == stranger.get("/fine-tunes", cast_to=object)["data"]
        assert model not in {one.id for one in stranger.models.list()}
        with pytest.raises(openai.NotFoundError):
            stranger.models.retrieve(model)
    assert one.control("GET", "clock")["now"] > other.control("GET", "clock")["now"]
    assert {noted["operation"] for noted in other.control("GET", "requests")["data"]}.isdisjoint(
        {"files.create"}
    )


def test_a_deleted_world_is_gone(mock, http, create):
    told = create(yaml=STILL).json()

    assert {"id": told["id"], "object": "world", "deleted": True} == http.delete(
        f"{mock.url}/_mock/worlds/{told['id']}"
    ).json()

    assert told["id"] not in listed(mock, http)
    for answer in (
        http.get(f"{told['base_url']}/models"),
        http.get(f"{told['control_url']}/clock"),
        http.delete(f"{mock.url}/_mock/worlds/{told['id']}"),
    ):
        assert (404, f"No such world: {told['id']}") == (
            answer.status_code,
            answer.json()["error"]["message"],
        )


def test_the_default_world_cannot_be_deleted(mock, http):
    answer = http.delete(f"{mock.url}/_mock/worlds/default")

    assert (400, "The default world cannot be deleted, only reset.") == (
        answer.status_code,
        answer.json()["error"]["message"],
    )
    assert "default" in listed(mock, http)


def story(world, pairs):
    """Do the same things in a world, and return everything it says."""
    with world.client() as client:
        file = client.files.create(file=pairs, purpose="fine-tune")
        job = client.post("/fine-tunes", cast_to=object, body={"training_file": file.id, "model": "ada"})
        world.finish(job["id"])
        job = client.get(f"/fine-tunes/{job['id']}", cast_to=object)
        answer = client.completions.create(model=job["fine_tuned_model"], prompt="Hello", max_tokens=5)
        return file, job, answer


def test_a_reset_world_begins_anew_and_tells_the_same_story_again(open_world, pairs):
    world = open_world(yaml="version: 1\nseed: 7\nclock: {start: 2023-03-15, rate: 0}\n")
    first = story(world, pairs)

    assert world.id == world.control("POST", "reset")["id"]

    assert [] == world.control("GET", "requests")["data"]
    with world.client() as client:
        assert [] == list(client.files.list())
    world.control("POST", "reset")
    assert first == story(world, pairs)


def test_a_stream_ends_when_its_world_is_reset(open_world, http, pairs):
    world = open_world(yaml=STILL)
    with world.client() as client:
        file = client.files.create(file=pairs, purpose="fine-tune")
        job = client.post("/fine-tunes", cast_to=object, body={"training_file": file.id, "model": "ada"})
    url = f"{world.url}/fine-tunes/{job['id']}/events?stream=true"
    with http.stream("GET", url, headers={"authorization": "Bearer x"}) as stream:
        lines = stream.iter_lines()
        assert "Created fine-tune" in next(lines)

        world.control("POST", "reset")

        assert "[DONE]" not in "".join(lines)
