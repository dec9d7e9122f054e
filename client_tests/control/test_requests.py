"""The journal as the control API shows it: what was asked and answered, without anybody's keys."""

import contextlib
import json

import openai
import pytest

CANARY = "sk-canary-8f3b1c7d9e5a4f60"


def journal(world, **params):
    return world.control("GET", "requests", params=params)


@pytest.fixture
def canary(server):
    with server.client(api_key=CANARY) as client:
        yield client


def test_exchanges_are_told_newest_first(server, client):
    client.models.list()
    client.files.list()

    told = journal(server)

    assert ["files.list", "models.list"] == [noted["operation"] for noted in told["data"]]
    assert (2, 0) == (told["total"], told["dropped"])


def test_exchanges_can_be_asked_for_by_operation_and_number(server, client):
    for _ in range(3):
        client.models.list()
    client.files.list()

    told = journal(server, operation="models.list", limit=2)

    assert ["models.list"] * 2 == [noted["operation"] for noted in told["data"]]
    assert 3 == told["total"]
    assert [] == journal(server, operation="files.create")["data"]


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "many"])
def test_a_number_that_makes_no_sense_is_refused(server, http, limit):
    assert 400 == http.get(f"{server.control_url}/requests", params={"limit": limit}).status_code


def test_the_journal_can_be_cleared(server, client):
    client.models.list()
    client.models.list()

    assert {"cleared": 2} == server.control("DELETE", "requests")

    told = journal(server)
    assert ([], 0, 0) == (told["data"], told["total"], told["dropped"])


def test_nobodys_key_is_in_the_journal_wherever_it_was_sent(server, canary, http):
    """In headers by name and by value, in the path, in the query, in bodies of both directions."""
    canary.models.with_raw_response.list(
        extra_headers={"x-trace": f"of {CANARY}"}, extra_query={"key": CANARY}
    )
    for call in (
        lambda: canary.models.retrieve(CANARY),
        lambda: canary.completions.create(model=CANARY, prompt=f"my key is {CANARY}"),
        lambda: canary.files.create(
            file=(f"{CANARY}.jsonl", f'{{"prompt": "{CANARY}"}}'.encode()), purpose="batch"
        ),
        lambda: canary.post("/fine-tunes", cast_to=object, body={CANARY: CANARY}),
    ):
        with contextlib.suppress(openai.APIStatusError):
            call()
    http.get(f"{server.url}/models", headers={"api-key": CANARY, "cookie": f"session={CANARY}"})

    told = http.get(f"{server.control_url}/requests").text

    assert 6 == len(json.loads(told)["data"])
    assert CANARY not in told
    assert "[redacted]" in told


def test_headers_are_told_but_credentials_are_not(server, client):
    client.models.list(extra_headers={"x-trace": "7", "x-api-key": "sk-another-secret"})

    headers = journal(server)["data"][0]["headers"]

    assert ("[redacted]", "[redacted]", "7") == tuple(
        headers[name] for name in ("authorization", "x-api-key", "x-trace")
    )


def test_a_long_body_is_cut_and_says_so(server, client):
    content = b'{"prompt": "a", "completion": "b"}\n' * 10_000
    client.files.create(file=content, purpose="fine-tune")

    (noted,) = journal(server)["data"]

    assert noted["request"]["truncated"]
    assert 64 * 1024 == len(noted["request"]["text"])
    assert noted["request"]["size"] > len(content)
    assert not noted["response"]["truncated"]


def test_a_request_can_be_seen_while_its_answer_is_still_being_made(server, client, http, pairs):
    file = client.files.create(file=pairs, purpose="fine-tune")
    job = client.post("/fine-tunes", cast_to=object, body={"training_file": file.id, "model": "ada"})
    url = f"{server.url}/fine-tunes/{job['id']}/events?stream=true"
    with http.stream("GET", url, headers={"authorization": "Bearer x"}) as stream:
        lines = stream.iter_lines()
        next(lines)

        noted = journal(server, operation="fine_tunes.list_events")["data"][0]

        assert 200 == noted["status"]
        assert "Created fine-tune" in noted["response"]["text"]
        server.finish(job["id"])
        assert "data: [DONE]" in list(lines)
    assert "[DONE]" in journal(server, operation="fine_tunes.list_events")["data"][0]["response"]["text"]
