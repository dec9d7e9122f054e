"""The budget of the month is used up: no retry helps, but the next month does."""

import openai
import pytest


def ask(client):
    asked = {"model": "davinci-002", "prompt": "Tell me a long story.", "max_tokens": 1000}
    return client.completions.create(**asked).usage


def spend(client):
    """Ask until the money is gone, and return the refusal and the tokens that were paid for."""
    read = said = 0
    with pytest.raises(openai.RateLimitError) as refused:
        while True:
            usage = ask(client)
            read, said = read + usage.prompt_tokens, said + usage.completion_tokens
    return refused.value, read, said


def test_a_cent_is_as_many_tokens_as_the_price_says(still, client):
    refused, read, said = spend(client)

    assert ("insufficient_quota", "insufficient_quota") == (refused.code, refused.type)
    assert refused.body["message"].startswith("You exceeded your current quota, please check your plan")
    dollars = (read + said) * 2 / 1_000_000
    assert 0.01 <= dollars < 0.01 + 1100 * 2 / 1_000_000


def test_no_retry_helps_but_april(still):
    with still.client(max_retries=2) as client:
        spend(client)
        tries = still.control("GET", "requests")["data"][:3]
        assert [429, 429, 429] == [one["status"] for one in tries]
        still.advance("1d")
        with pytest.raises(openai.RateLimitError):
            ask(client)

        still.advance("15h")

        assert ask(client).completion_tokens
