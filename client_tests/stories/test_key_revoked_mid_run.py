"""A key stops working after three answers: no retry helps, and another key does."""

import openai
import pytest


def ask(client):
    return client.completions.create(model="davinci-002", prompt="Go on.").choices[0].text


def test_after_three_answers_the_key_is_refused_for_good(server):
    with server.client(api_key="sk-leaked-on-a-friday", max_retries=2) as client:
        assert all(ask(client) for _ in range(3))

        for _ in range(2):
            with pytest.raises(
                openai.AuthenticationError, match="Incorrect API key provided: sk-leake"
            ) as no:
                ask(client)
            assert "invalid_api_key" == no.value.code

    statuses = [one["status"] for one in reversed(server.control("GET", "requests")["data"])]
    assert [200, 200, 200, 401, 401] == statuses


def test_another_key_is_another_story(server):
    with server.client(api_key="sk-first") as first, server.client(api_key="sk-second") as second:
        for _ in range(3):
            ask(first)

        assert ask(second)
