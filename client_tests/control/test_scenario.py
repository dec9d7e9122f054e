"""A running world goes on with another scenario, or keeps its own when the other one is wrong."""

import openai
import pytest

from mockserver.scenario.loader import load, load_text, shipped
from mockserver.testing.server import MockServer

STORY = "version: 1\nseed: 7\nclock: {start: 2023-03-15, rate: 0}\n"
ONE, TWO = "replies: [{reply: {text: one}}]\n", "replies: [{reply: {text: two}}]\n"


@pytest.fixture
def story(open_world):
    return open_world(yaml=STORY + ONE)


@pytest.fixture
def play(story, http):
    """Ask a world to go on with another scenario; returns the answer, whatever it is."""

    def ask(**body):
        return http.post(f"{story.control_url}/scenario", json=body)

    return ask


def said(story):
    with story.client() as client:
        return client.completions.create(model="davinci-002", prompt="Hello").choices[0].text


def shown(story):
    return story.control("GET", "scenario")


# --- another scenario ------------------------------------------------------------------------------------------------


def test_the_next_request_is_answered_by_the_new_scenario(story, play):
    assert "one" == said(story)

    told = play(yaml=STORY + TWO).json()

    assert (["replies"], []) == (told["new"], told["waiting"])
    assert "two" == said(story)


def test_models_and_limits_of_the_new_scenario_count_at_once(story, play):
    play(yaml=f"{STORY}models: [mine]\nuploads: {{processing: 5s}}\n")

    with story.client() as client:
        assert "mine" in {model.id for model in client.models.list()}
        assert "uploaded" == client.files.create(file=b"{}", purpose="user_data").status


def test_jobs_created_from_now_on_run_as_the_new_scenario_says(story, play, pairs):
    with story.client() as client:
        file = client.files.create(file=pairs, purpose="fine-tune").id

        def create():
            return client.post("/fine-tunes", cast_to=object, body={"training_file": file, "model": "ada"})[
                "id"
            ]

        old = create()
        play(yaml=f"{STORY}runners: 9\ntraining: [{{takes: 1h}}]\n")
        new = create()
        story.advance(20)

        assert ["succeeded", "pending"] == [
            client.get(f"/fine-tunes/{job}", cast_to=object)["status"] for job in (old, new)
        ]


def test_what_the_world_began_with_stays_until_it_is_reset(story, play, pairs):
    with story.client() as client:
        client.files.create(file=pairs, purpose="fine-tune")
        told = play(
            yaml="version: 1\nclock: {start: 2024-03-15, rate: 0}\naccount: {slug: acme, api_keys: [sk-mine]}\n"
            "files: [{id: file-mine, filename: mine, text: x}]\n"
        ).json()

        assert ["account", "clock", "files", "seed"] == told["waiting"]
        assert ["account", "clock", "files", "replies", "seed"] == told["new"]
        assert "2023-03-15T00:00:00+00:00" == story.control("GET", "clock")["iso"]
        assert 1 == len(list(client.files.list()))

    story.control("POST", "reset")

    assert [] == shown(story)["waiting"]
    assert "2024-03-15T00:00:00+00:00" == story.control("GET", "clock")["iso"]
    with story.client(api_key="sk-mine") as client:
        assert ["file-mine"] == [file.id for file in client.files.list()]
    with story.client() as client, pytest.raises(openai.AuthenticationError):
        client.files.list()


def test_a_shipped_scenario_is_played_by_its_name(story, play):
    told = play(scenario="guide-2023").json()

    assert "The guide of March 2023" == told["title"]
    story.control("POST", "reset")
    assert story.control("GET", "clock")["held"]


def test_another_world_does_not_notice(story, play, open_world):
    other = open_world(yaml=STORY + ONE)

    play(yaml=STORY + TWO)

    assert ("two", "one") == (said(story), said(other))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            {"yaml": "version: 1\nclok: {rate: 0}\n"},
            "scenario:2:1: unknown key 'clok' (did you mean 'clock'?)",
        ),
        ({"yaml": ""}, "scenario:1:1: the scenario is empty; `version: 1` is the least it can say"),
        ({"yaml": "files: [{filename: x, path: /etc/passwd}]"}, "'path' needs a scenario that is a file"),
        ({"yaml": "include: [/etc/passwd.yaml]"}, "scenario:1:11: "),
        ({"scenario": "guide-2032"}, "did you mean 'guide-2023'"),
        ({"scenario": "/etc/passwd"}, "no such scenario"),
        (
            {
                "yaml": "files: [{id: file-a, filename: x, text: ''}]\n"
                "jobs: [{model: no-such-model, training_file: file-a, created_at: 2023-03-15}]\n"
            },
            "no-such-model",
        ),
        ({}, "exactly one of scenario, yaml is needed"),
        ({"scenario": "default", "yaml": "version: 1"}, "exactly one of scenario, yaml is needed"),
        ({"yaml": 7}, "yaml"),
        ({"yml": "version: 1"}, "yml"),
    ],
)
def test_a_scenario_that_cannot_be_used_is_refused_and_the_old_one_goes_on(story, play, body, sentence):
    before = shown(story)

    answer = play(**body)

    assert 400 == answer.status_code
    assert sentence in answer.json()["error"]["message"]
    assert before == shown(story)
    story.control("POST", "reset")
    assert before == shown(story)


def test_a_kept_world_goes_on_with_its_new_scenario_after_a_restart(tmp_path, http):
    with MockServer(state=tmp_path) as server:
        url = http.post(f"{server.url}/_mock/worlds", json={"yaml": STORY + ONE}).json()["control_url"]
        http.post(f"{url}/scenario", json={"yaml": STORY + TWO})
        kept = url.removeprefix(server.url)

    with MockServer(state=tmp_path) as server:
        assert load_text(STORY + TWO) == load_text(http.get(f"{server.url}{kept}/scenario?as=yaml").text)


# --- the scenario that counts ----------------------------------------------------------------------------------------


def test_it_is_shown_without_what_is_as_it_always_is(story):
    assert {
        "object": "scenario",
        "title": "",
        "new": [],
        "waiting": [],
        "scenario": {
            "version": 1,
            "seed": 7,
            "clock": {"start": "2023-03-15T00:00:00Z", "rate": 0.0},
            "replies": [{"reply": {"text": "one"}}],
        },
    } == shown(story)


@pytest.mark.parametrize("name", shipped())
def test_as_yaml_it_is_a_scenario_file_that_says_the_same(open_world, http, name, tmp_path):
    answer = http.get(f"{open_world(name).control_url}/scenario?as=yaml")
    (tmp_path / "shown.yaml").write_text(answer.text, encoding="utf-8")

    assert "application/yaml" == answer.headers["content-type"].partition(";")[0]
    assert _said(load(name)) == _said(load(tmp_path / "shown.yaml"))


def _said(scenario):
    return scenario.model_dump(exclude={"include"})


def test_what_is_shown_can_be_played(story, play, http):
    text = http.get(f"{story.control_url}/scenario?as=yaml").text

    assert load_text(STORY + ONE) == load_text(text)
    assert [] == play(yaml=text).json()["new"]


def test_it_is_shown_in_no_other_form(story, http):
    assert 400 == http.get(f"{story.control_url}/scenario?as=toml").status_code
