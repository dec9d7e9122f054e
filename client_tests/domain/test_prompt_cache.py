"""A long prompt that comes again is read at a lower price; the usage says how much of it."""

import pytest

LONG = " ".join(f"word{number}" for number in range(900))


@pytest.fixture
def ask(open_world):
    server = open_world(yaml="version: 1\nclock: {rate: 0}\n")
    client = server.client()

    def ask(*said, model="gpt-4o-mini"):
        messages = [{"role": "user", "content": text} for text in said]
        answer = client.chat.completions.create(model=model, messages=messages, max_tokens=1)
        return answer.usage.prompt_tokens_details.cached_tokens

    ask.advance = server.advance
    with client:
        yield ask


def test_a_prompt_that_comes_again_is_cached_in_steps_of_128(ask):
    assert 0 == ask(LONG)

    cached = ask(LONG, "And then?")

    assert cached >= 1024
    assert 0 == cached % 128


def test_a_short_prompt_is_never_cached(ask):
    assert [0, 0] == [ask("Hi"), ask("Hi")]


def test_another_beginning_is_not_cached(ask):
    ask(LONG)

    assert 0 == ask(f"Another {LONG}")


def test_another_model_has_not_read_it(ask):
    ask(LONG)

    assert 0 == ask(LONG, model="gpt-4o")


def test_it_is_forgotten_when_nobody_asks_for_ten_minutes(ask):
    ask(LONG)
    ask.advance(600)
    kept = ask(LONG)
    ask.advance(601)

    assert kept > 0
    assert 0 == ask(LONG)


def test_a_common_beginning_counts_as_far_as_it_goes(ask):
    words = LONG.split()
    ask(" ".join(words))

    shared = ask(" ".join([*words[:700], "else", *words[701:]]))

    assert 1024 <= shared < ask(LONG)
