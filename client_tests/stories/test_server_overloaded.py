"""The servers are overloaded for a while: who asks once more than it takes gets an answer."""

import openai
import pytest


def ask(client):
    return client.completions.create(model="davinci-002", prompt="Anybody there?").choices[0].text


def test_the_first_call_gives_up_and_the_second_gets_through(server):
    with server.client(max_retries=2) as client:
        with pytest.raises(openai.InternalServerError, match="currently overloaded with other requests"):
            ask(client)
        assert ask(client)

    statuses = [one["status"] for one in reversed(server.control("GET", "requests")["data"])]
    assert [503, 503, 503, 503, 503, 200] == statuses


def test_a_client_that_is_more_patient_notices_nothing(server):
    with server.client(max_retries=5) as client:
        assert ask(client)
