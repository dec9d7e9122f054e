"""What some models refuse in chat, though others do not, and in which words."""

import openai
import pytest

ASKED = [{"role": "user", "content": "Hello!"}]
TOOL = {"type": "function", "function": {"name": "look"}}
PICTURE = {"type": "image_url", "image_url": {"url": "https://example.com/sea.png"}}
SOUND = {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}
ALOUD = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "song", "schema": {"type": "object"}}}


def user(*parts):
    return {"messages": [{"role": "user", "content": list(parts)}]}


def refusal(client, **asked):
    told = {"model": "gpt-4o", "messages": ASKED} | asked
    with pytest.raises(openai.APIStatusError) as refused:
        client.chat.completions.create(**told)
    error = refused.value
    assert "invalid_request_error" == error.type
    return error.status_code, error.message.partition(" - ")[2] or error.message, error.param, error.code


REFUSED = {
    "effort of a model that does not think": (
        {"reasoning_effort": "low"},
        "Unrecognized request argument supplied: reasoning_effort",
        None,
        None,
    ),
    "a search with a model that does not search": (
        {"web_search_options": {}},
        "Unknown parameter: 'web_search_options'.",
        "web_search_options",
        "unknown_parameter",
    ),
    "sampling of a search": (
        {"model": "gpt-4o-search-preview", "temperature": 1, "top_p": 1},
        "Model incompatible request arguments supplied: temperature, top_p",
        None,
        None,
    ),
    "a picture for a model that does not see": (
        {"model": "gpt-3.5-turbo"} | user({"type": "text", "text": "x"}, PICTURE),
        "Invalid content type. image_url is only supported by certain models.",
        "messages.[0].content.[1].type",
        None,
    ),
    "a sound for a model that does not hear": (
        user(SOUND),
        "Invalid content type. input_audio is only supported by certain models.",
        "messages.[0].content.[0].type",
        None,
    ),
    "a model that speaks, in writing": (
        {"model": "gpt-4o-audio-preview"},
        "This model requires that either input content or output modality contain audio.",
        "model",
        "invalid_value",
    ),
    "a model that cannot speak, aloud": (
        ALOUD,
        "Unsupported value: 'modalities' does not support 'audio' with this model. Supported values are: 'text'.",
        "modalities",
        "unsupported_value",
    ),
    "a streamed sound that is not raw": (
        {"model": "gpt-4o-audio-preview", "stream": True} | ALOUD,
        "Unsupported value: 'audio.format' does not support 'wav' with this model. Supported values are: 'pcm16'.",
        "audio.format",
        "unsupported_value",
    ),
    "a schema for a model that is too old": (
        {"model": "gpt-4o-2024-05-13", "response_format": SCHEMA},
        (
            "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model. Learn more "
            "about supported models at the Structured Outputs guide: "
            "https://platform.openai.com/docs/guides/structured-outputs"
        ),
        "response_format",
        None,
    ),
    "the old limit of a model that thinks": (
        {"model": "o3", "max_tokens": 5},
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "max_tokens",
        "unsupported_parameter",
    ),
    "a temperature of a model that thinks": (
        {"model": "gpt-5", "temperature": 0.2},
        (
            "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is "
            "supported."
        ),
        "temperature",
        "unsupported_value",
    ),
    "a nucleus of a model that thinks": (
        {"model": "gpt-5.1", "reasoning_effort": "low", "top_p": 0.5},
        "Unsupported parameter: 'top_p' is not supported with this model.",
        "top_p",
        "unsupported_parameter",
    ),
    "an effort a model cannot make": (
        {"model": "o3", "reasoning_effort": "minimal"},
        (
            "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. Supported values are: "
            "'low', 'medium', and 'high'."
        ),
        "reasoning_effort",
        "unsupported_value",
    ),
    "a stop for a model that thinks": (
        {"model": "gpt-5-mini", "stop": "x"},
        "Unsupported parameter: 'stop' is not supported with this model.",
        "stop",
        "unsupported_parameter",
    ),
    "a system for one of the first models that think": (
        {"model": "o1-mini", "messages": [{"role": "system", "content": "Be brief."}, *ASKED]},
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        "messages[0].role",
        "unsupported_value",
    ),
    "functions for a model that thinks now": (
        {"model": "gpt-5.4", "reasoning_effort": "low", "tools": [TOOL]},
        (
            "Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions. "
            "Please use /v1/responses instead."
        ),
        "reasoning_effort",
        None,
    ),
}


@pytest.mark.parametrize(("asked", "message", "param", "code"), REFUSED.values(), ids=REFUSED)
def test_a_model_says_what_it_does_not_do(client, asked, message, param, code):
    assert (400, message, param, code) == refusal(client, **asked)


@pytest.mark.parametrize(
    ("model", "message", "code"),
    [
        (
            "davinci-002",
            (
                "This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
                "Did you mean to use v1/completions?"
            ),
            None,
        ),
        ("o1-pro", "This model is only supported in v1/responses and not in v1/chat/completions.", None),
        (
            "gpt-nowhere",
            "The model `gpt-nowhere` does not exist or you do not have access to it.",
            "model_not_found",
        ),
    ],
)
def test_a_model_that_does_not_chat_is_told_so(client, model, message, code):
    status, told, _, given = refusal(client, model=model)

    assert (404, message, code) == (status, told, given)


def test_a_model_that_keeps_its_logprobs_says_so(client):
    assert (403, "You are not allowed to request logprobs from this model.", None, None) == refusal(
        client, model="o3", logprobs=True
    )


def test_a_thinking_model_that_does_not_think_takes_sampling(client):
    answer = client.chat.completions.create(
        model="gpt-5.1", messages=ASKED, reasoning_effort="none", temperature=0.2, top_p=0.9
    )

    assert 0 == answer.usage.completion_tokens_details.reasoning_tokens
