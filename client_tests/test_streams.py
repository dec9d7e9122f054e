"""Streams of events: many at once when they are ready, one by one when somebody paces them, none for who has gone."""

import httpx2
import pytest

TALE = " ".join(["fox"] * 2000)
READY = f"version: 1\nclock: {{rate: 0}}\nreplies: [{{reply: {{text: {TALE}}}}}]\n"
SLOW = f"version: 1\nclock: {{rate: 1}}\nstream: {{tokens_per_second: 1}}\nreplies: [{{reply: {{text: {TALE}}}}}]\n"
ASKED = {
    "/completions": {"model": "davinci-002", "prompt": "?", "max_tokens": 5000},
    "/chat/completions": {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "?"}]},
    "/responses": {"model": "gpt-4o-mini", "input": "?"},
}
HEADERS = {"authorization": "Bearer sk-test"}

every_endpoint = pytest.mark.parametrize("path", ASKED)


def pieces(world, path):
    """Return the pieces in which a stream came over the wire."""
    with httpx2.stream(
        "POST", world.url + path, json={**ASKED[path], "stream": True}, headers=HEADERS, timeout=30
    ) as answer:
        assert 200 == answer.status_code
        return list(answer.iter_raw())


@every_endpoint
def test_ready_events_come_in_few_pieces(open_world, path):
    found = pieces(open_world(yaml=READY), path)

    assert b"".join(found).count(b"data: ") > 2000
    assert len(found) < 200


@every_endpoint
def test_who_goes_away_leaves_nothing_behind(open_world, http, path):
    server = open_world(yaml=SLOW)
    with httpx2.stream(
        "POST", server.url + path, json={**ASKED[path], "stream": True}, headers=HEADERS, timeout=30
    ) as answer:
        assert 200 == answer.status_code
        coming = answer.iter_raw()  # one that nobody holds is closed, and the connection with it
        assert next(coming)
        turns_until(server, http, waiting=1)

    turns_until(server, http, waiting=0)


def turns_until(server, http, *, waiting):
    """Give the server turns until so many wait for the time of a world."""
    for _ in range(500):
        if waiting == len(server.world.clock._waiters):
            return
        http.get(f"{server.url}/models/gpt-4o", headers=HEADERS).raise_for_status()
    pytest.fail(f"{len(server.world.clock._waiters)} wait, not {waiting}")


@every_endpoint
def test_others_are_answered_in_the_midst_of_many_events(open_world, http, path):
    """A stream that nobody reads stops at its first full buffer, and holds up nobody."""
    server = open_world(yaml=READY)
    with httpx2.stream(
        "POST", server.url + path, json={**ASKED[path], "stream": True}, headers=HEADERS, timeout=30
    ):
        assert http.get(f"{server.url}/models", headers=HEADERS).is_success
