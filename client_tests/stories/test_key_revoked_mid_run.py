"""A key stops working in the middle of a run, at every endpoint: no retry helps, but the new key does."""

import openai
import pytest


def ask(client):
    return client.completions.create(model="davinci-002", prompt="Go on.").choices[0].text


def test_after_three_calls_the_key_is_refused_everywhere(server, pairs):
    with server.client(api_key="sk-leaked-on-a-friday", max_retries=2) as client:
        file = client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")
        assert all(ask(client) for _ in range(2))

        for call in lambda: ask(client), client.models.list, lambda: client.files.retrieve(file.id):
            with pytest.raises(openai.AuthenticationError) as refused:
                call()
            assert "invalid_api_key" == refused.value.code
            assert "Incorrect API key provided: sk-leake*********iday." in str(refused.value)

    statuses = [one["status"] for one in reversed(server.control("GET", "requests")["data"])]
    assert [200, 200, 200, 401, 401, 401] == statuses


def test_the_new_key_goes_on_where_the_old_one_stopped(server, pairs):
    with server.client(api_key="sk-leaked") as client:
        file = client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")
        assert all(ask(client) for _ in range(2))
        with pytest.raises(openai.AuthenticationError):
            ask(client)

    with server.client(api_key="sk-rotated") as client:
        assert all(ask(client) for _ in range(5))
        assert file.id == client.files.retrieve(file.id).id
