"""What every answer of the API carries, and that the journal tells of it."""

import openai
import pytest

ORGANIZATION = "user-mockserverlocalstandin00"


def journal(server, **params):
    return server.control("GET", "requests", params=params)["data"]


def test_every_answer_carries_the_official_headers(client):
    answer = client.models.with_raw_response.list()

    assert ("2020-10-01", ORGANIZATION) == (
        answer.headers["openai-version"],
        answer.headers["openai-organization"],
    )
    assert int(answer.headers["openai-processing-ms"]) >= 0
    assert answer.headers["x-request-id"].startswith("req_")


def test_a_refusal_carries_them_too(client, server, http):
    with pytest.raises(openai.NotFoundError) as refused:
        client.models.retrieve("no-such-model")
    no_route = http.get(f"{server.url}/no/such/path", headers={"authorization": "Bearer sk-x"})
    no_key = http.get(f"{server.url}/models")

    for answer in (refused.value.response, no_route, no_key):
        assert answer.headers["x-request-id"].startswith("req_")
        assert "2020-10-01" == answer.headers["openai-version"]
    assert refused.value.request_id == refused.value.response.headers["x-request-id"]


def test_no_two_answers_have_the_same_request_id(client):
    ids = [client.models.list()._request_id for _ in range(5)]

    assert 5 == len(set(ids))


def test_request_ids_are_the_same_in_every_run_of_a_scenario(open_world):
    told = []
    for _ in range(2):
        with open_world(yaml="version: 1\nseed: 7\nclock: {rate: 0}\n").client() as client:
            told.append([client.models.list()._request_id for _ in range(2)])

    assert told[0] == told[1]


def test_the_control_api_does_not_write_about_itself(server):
    server.control("GET", "clock")

    assert [] == journal(server)


def test_an_exchange_is_told_with_its_operation_status_and_bodies(server, client):
    with pytest.raises(openai.BadRequestError):
        client.post("/fine-tunes?x=1", cast_to=object, body={"training_file": "file-none"})

    (noted,) = journal(server)

    assert ("fine_tunes.create", "POST", "/v1/fine-tunes", "x=1", 400) == tuple(
        noted[name] for name in ("operation", "method", "path", "query", "status")
    )
    assert '{"training_file":"file-none"}' == noted["request"]["text"]
    assert "invalid training_file: file-none" in noted["response"]["text"]
    assert (len(noted["response"]["text"]), False) == (
        noted["response"]["size"],
        noted["response"]["truncated"],
    )
    assert ORGANIZATION == noted["response_headers"]["openai-organization"]
    assert server.control("GET", "clock")["now"] == noted["at"]


def test_an_operation_is_named_only_when_one_was_reached(server, http):
    http.get(f"{server.url}/no/such/path", headers={"authorization": "Bearer sk-x"})

    assert [(None, 404)] == [(noted["operation"], noted["status"]) for noted in journal(server)]


def test_the_path_is_told_as_the_client_sees_it_from_its_base_url(server, client):
    client.models.list()

    assert "/v1/models" == journal(server)[0]["path"]
