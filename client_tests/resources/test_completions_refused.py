"""Completions that cannot be, refused in the official words."""

import openai
import pytest

BASE = "davinci-002"


def refused(call, **asked):
    with pytest.raises(openai.APIStatusError) as caught:
        call(**{"model": BASE, "prompt": "Say this is a test"} | asked)
    error = caught.value
    return error.status_code, error.body["message"], error.param, error.code


def test_a_prompt_and_an_answer_that_do_not_fit_together_are_refused_in_the_words_of_the_era(
    client, open_world
):
    message = (
        "This model's maximum context length is 2049 tokens, however you requested 2054 tokens (2049 in your "
        "prompt; 5 for the completion). Please reduce your prompt; or completion length."
    )
    asked = {"model": "davinci", "prompt": [262] * 2049, "max_tokens": 5}

    assert (400, message, None, "context_length_exceeded") == refused(client.completions.create, **asked)
    legacy = open_world(yaml="version: 1\nas_of: 2023-03-15").client()
    assert (400, message, None, None) == refused(legacy.completions.create, **asked)
    assert 0 == client.completions.create(**asked | {"max_tokens": 0}).usage.completion_tokens


def test_more_choices_than_candidates_are_refused(client):
    message = (
        "You requested that the server return more choices than it will generate (HINT: you must set 'n' "
        "(currently 3) to be at most 'best_of' (currently 2), or omit either parameter if you don't "
        "specifically want to use them.)"
    )

    assert (400, message, None, None) == refused(client.completions.create, n=3, best_of=2)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"stream": True, "best_of": 2}, "Cannot stream with 'best_of'"),
        (
            {"stream_options": {"include_usage": True}},
            "'stream_options' parameter is only allowed when 'stream'",
        ),
        (
            {"logit_bias": {"foo": 0}},
            "Invalid key in 'logit_bias': foo. You should only be submitting non-negative",
        ),
        ({"logit_bias": {"100300": 0}}, "Invalid key in 'logit_bias': 100300. Maximum value is 100276."),
        ({"logit_bias": {"9" * 5000: 0}}, "Invalid key in 'logit_bias': 999"),
        ({"logit_bias": {"5": 101}}, "Expected a value <= 100, but got 101"),
        ({"prompt": [-1]}, "Invalid token in 'prompt': -1"),
        ({"prompt": []}, "Invalid 'prompt': empty array"),
        ({"stop": list("abcde")}, "Invalid 'stop': array too long"),
        ({"n": 129}, "Invalid 'n': integer above maximum value"),
        ({"best_of": 21}, "Invalid 'best_of': integer above maximum value"),
        ({"logprobs": 6}, "Invalid 'logprobs': integer above maximum value"),
        ({"max_tokens": -1}, "Invalid 'max_tokens': integer below minimum value"),
        ({"temperature": 2.5}, "Invalid 'temperature': decimal above maximum value"),
        ({"presence_penalty": -3}, "Invalid 'presence_penalty': decimal below minimum value"),
        (
            {"model": "gpt-3.5-turbo-instruct", "echo": True, "logprobs": 1},
            "Setting 'echo' and 'logprobs' at the same time is not supported for this model.",
        ),
    ],
)
def test_what_cannot_be_is_refused(client, asked, words):
    status, message, _, _ = refused(client.completions.create, **asked)

    assert (400, words) == (status, words if words in message else message)


def test_a_model_of_another_endpoint_or_of_none_is_refused(client):
    chat = (
        "This is a chat model and not supported in the v1/completions endpoint. "
        "Did you mean to use v1/chat/completions?"
    )

    assert (404, chat, "model", None) == refused(client.completions.create, model="gpt-4o")
    assert 404 == refused(client.completions.create, model="nope")[0]


def test_a_refused_request_uses_up_no_reply(open_world):
    yaml = 'version: 1\nreplies: [{replies: [{text: " One."}, {text: " Two."}]}]'
    client = open_world(yaml=yaml).client()

    refused(client.completions.create, max_tokens=10**6)

    assert " One." == client.completions.create(model=BASE, prompt="Count").choices[0].text
