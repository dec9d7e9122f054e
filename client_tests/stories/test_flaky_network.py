"""Every call gets through at the third try: the client's own three are enough, two are not."""

import openai
import pytest


def test_a_client_that_tries_three_times_notices_nothing(server, pairs):
    with server.client(max_retries=2) as client:
        file = client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")
        assert pairs == client.files.content(file.id).content
        assert client.completions.create(model="davinci-002", prompt="Hello?").choices[0].text

    tries = server.control("GET", "requests")["data"]
    assert ["0", "1", "2"] * 3 == [one["headers"]["x-stainless-retry-count"] for one in reversed(tries)]
    assert [None, 503, 200] * 3 == [one["status"] for one in reversed(tries)]


def test_what_was_cut_off_has_not_happened(server, pairs):
    with server.client(max_retries=2) as client:
        client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")

        assert 1 == len(client.files.list().data)


@pytest.mark.parametrize(
    ("retries", "error"), [(0, openai.APIConnectionError), (1, openai.InternalServerError)]
)
def test_a_client_that_tries_less_gets_nothing_done(server, retries, error):
    with server.client(max_retries=retries) as client, pytest.raises(error):
        client.models.list()
