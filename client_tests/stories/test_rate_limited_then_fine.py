"""The fourth question of a minute has to wait, and whoever waits as long as it is told is answered."""

import openai
import pytest

MODEL = "gpt-3.5-turbo-instruct"


def ask(client):
    return client.completions.create(model=MODEL, prompt="And now?").choices[0].text


def test_a_client_that_waits_as_told_is_answered(server):
    with server.client(max_retries=1) as client:
        assert all(ask(client) for _ in range(10))

    statuses = [one["status"] for one in reversed(server.control("GET", "requests")["data"])]
    assert [200] * 3 == statuses[:3]
    assert [429, 200] * 7 == statuses[3:]


def test_a_client_that_does_not_is_told_how_long(server, client):
    for _ in range(3):
        ask(client)

    with pytest.raises(openai.RateLimitError) as refused:
        ask(client)

    assert "rate_limit_exceeded" == refused.value.code
    assert "on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s." in str(
        refused.value
    )
    headers = refused.value.response.headers
    assert ("3", "0") == (headers["x-ratelimit-limit-requests"], headers["x-ratelimit-remaining-requests"])
    assert int(headers["retry-after-ms"]) >= 1
    assert ask(client)
