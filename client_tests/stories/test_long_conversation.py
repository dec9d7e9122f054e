"""A conversation grows until it does not fit; who drops the oldest messages goes on, and has forgotten them."""

import openai
import pytest


def ask(client, messages):
    answer = client.chat.completions.create(model="gpt-4o", messages=messages).choices[0].message
    return [*messages, {"role": "assistant", "content": answer.content}], answer.content


def test_the_fifth_turn_is_one_too_many_until_the_oldest_are_dropped(client):
    messages, said = ask(client, [{"role": "user", "content": "Hello, my name is Zoë."}])
    assert "Pleased to meet you, Zoë." == said
    for _ in range(3):
        messages, said = ask(client, [*messages, {"role": "user", "content": "And what is my name?"}])
        assert "Your name is Zoë." == said
    messages.append({"role": "user", "content": "What is my name, again?"})

    with pytest.raises(openai.BadRequestError) as refused:
        ask(client, messages)
    assert "context_length_exceeded" == refused.value.code

    _, said = ask(client, messages[-3:])
    assert "You have not told me, or it was too long ago." == said


def test_what_is_no_part_of_the_story_is_answered_too(client):
    _, said = ask(client, [{"role": "user", "content": "Good morning."}])

    assert said
