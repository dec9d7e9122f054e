"""Engines: models by their old name, and requests that name theirs in the path."""

import openai
import pytest


@pytest.fixture
def engines(client):
    """The world's engines by id."""
    return {engine["id"]: engine for engine in client.get("/engines", cast_to=object)["data"]}


def refused(call, *args, **kwargs):
    with pytest.raises(openai.APIStatusError) as caught:
        call(*args, **kwargs)
    error = caught.value
    return error.status_code, error.body["message"], error.type, error.param, error.code


def ask(client, path, **body):
    return client.post(path, cast_to=object, body={"prompt": "Sky", "temperature": 0} | body)


def test_every_model_is_an_engine(client, engines):
    assert [model.id for model in client.models.list()] == list(engines)


def test_an_engine_looks_as_it_did_on_the_wire(client, engines):
    shown = {
        "object": "engine",
        "id": "davinci",
        "ready": True,
        "owner": "openai",
        "permissions": None,
        "created": None,
    }

    assert shown == engines["davinci"] == client.get("/engines/davinci", cast_to=object)
    assert list(shown) == list(engines["davinci"])


def test_a_tuned_model_is_an_engine_for_as_long_as_it_exists(open_world):
    story = "version: 1\ntuned: [{id: 'davinci:ft-personal-2023-03-15-09-11-14', base: davinci}]\n"
    with open_world(yaml=story).client() as client:
        name = "davinci:ft-personal-2023-03-15-09-11-14"
        assert name == client.get(f"/engines/{name}", cast_to=object)["id"]

        client.models.delete(name)

        assert (404, "Engine not found") == refused(client.get, f"/engines/{name}", cast_to=object)[:2]


def test_an_unknown_engine_is_refused_in_the_words_of_its_time(client):
    assert (404, "Engine not found", "invalid_request_error", None, None) == refused(
        client.get, "/engines/davinci-codex-2", cast_to=object
    )


def test_an_engine_completes_as_its_model_does(client):
    asked = {"prompt": "Sky", "temperature": 0}
    said = client.completions.create(model="davinci", **asked)

    told = ask(client, "/engines/davinci/completions")

    assert ("davinci", said.choices[0].text) == (told["model"], told["choices"][0]["text"])


def test_a_model_that_is_null_is_the_same_as_none(client):
    """The command line of the clients 0.x sends it with every `-e ENGINE`."""
    assert "davinci" == ask(client, "/engines/davinci/completions", model=None)["model"]


@pytest.mark.parametrize("model", ["davinci", "curie", "", 7])
def test_an_engine_and_a_model_are_one_too_many(client, model):
    assert (400, "Cannot specify both model and engine", "invalid_request_error", None, None) == refused(
        ask, client, "/engines/davinci/completions", model=model
    )


def test_an_engine_that_does_not_exist_cannot_be_asked(client):
    status, message, _, _, code = refused(ask, client, "/engines/davinci-9/completions")

    assert (404, "model_not_found") == (status, code)
    assert "`davinci-9`" in message


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/engines/davinci/completions"),
        ("POST", "/engines/davinci/search"),
        ("POST", "/engines/davinci/generate"),
        ("POST", "/engines/davinci/completions/x"),
        ("POST", "/engines//completions"),
    ],
)
def test_what_an_engine_cannot_do_is_an_invalid_url(server, http, method, path):
    answer = http.request(method, server.url + path, json={}, headers={"authorization": "Bearer sk-test"})

    assert 404 == answer.status_code
    assert f"Invalid URL ({method} /v1{path})" == answer.json()["error"]["message"]


def test_an_engine_edits_until_edits_are_gone(open_world):
    path, body = "/engines/text-davinci-edit-001/edits", {"input": "Ski", "instruction": "Mend it"}
    story = "version: 1\nas_of: {day}\nclock: {{start: {day}T12:00:00Z, rate: 0}}\n"
    before = open_world(yaml=story.format(day="2024-01-03")).client()
    after = open_world(yaml=story.format(day="2024-01-04")).client()

    assert "Ski\n" == before.post(path, cast_to=object, body=body)["choices"][0]["text"]
    assert 404 == refused(after.post, path, cast_to=object, body=body)[0]
