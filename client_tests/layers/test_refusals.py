"""Errors that are raised outside of FastAPI, called directly."""

import json

import pytest

from mockserver.errors import no_such_world
from mockserver.layers.refusals import Refusals

SCOPE = {"type": "http", "method": "GET", "path": "/v1/models", "headers": []}
START = {"type": "http.response.start", "status": 200, "headers": []}
PIECE = {"type": "http.response.body", "body": b"{", "more_body": True}
END = {"type": "http.response.body", "body": b"}"}


def raising(error, *, after=()):
    async def app(_scope, _receive, send):
        for message in after:
            await send(message)
        raise error

    return app


async def ask(app, sent):
    async def send(message):
        sent.append(message)

    await Refusals(app)(SCOPE, None, send)


@pytest.mark.anyio
async def test_a_refusal_is_answered_in_the_official_shape():
    sent = []

    await ask(raising(no_such_world("w")), sent)

    assert 404 == sent[0]["status"]
    assert "No such world: w" == json.loads(sent[1]["body"])["error"]["message"]


@pytest.mark.anyio
async def test_a_bug_is_answered_as_the_real_api_answers_one_and_logged(caplog):
    sent = []

    await ask(raising(LookupError("of ours")), sent)

    assert "the answer to GET /v1/models failed" in caplog.text
    assert "LookupError: of ours" in caplog.text
    assert 500 == sent[0]["status"]
    assert {
        "message": "The server had an error while processing your request. Sorry about that!",
        "type": "server_error",
        "param": None,
        "code": None,
    } == json.loads(sent[1]["body"])["error"]


@pytest.mark.anyio
@pytest.mark.parametrize("error", [no_such_world("w"), LookupError("of ours")])
@pytest.mark.parametrize("after", [[START], [START, PIECE]])
async def test_an_answer_that_breaks_off_is_not_begun_again_but_seen_by_the_server(error, after):
    sent = []

    with pytest.raises(type(error)):
        await ask(raising(error, after=after), sent)

    assert after == sent


@pytest.mark.anyio
async def test_a_bug_that_shows_after_the_answer_is_logged_and_the_answer_stands(caplog):
    """FastAPI answers a bug in a handler itself, and raises it again."""
    sent = []

    await ask(raising(LookupError("of ours"), after=[START, END]), sent)

    assert [START, END] == sent
    assert "LookupError: of ours" in caplog.text


@pytest.mark.anyio
async def test_an_answer_passes_as_it_is():
    sent = []

    async def app(_scope, _receive, send):
        await send(START)

    await ask(app, sent)

    assert [START] == sent
