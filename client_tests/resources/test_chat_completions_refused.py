"""What chat completions refuse, and in which words."""

import openai
import pytest

ASKED = [{"role": "user", "content": "Hello!"}]
TOOL = {"type": "function", "function": {"name": "look"}}
STRICT = {
    "type": "function",
    "function": {"name": "look", "strict": True, "parameters": {"type": "object", "properties": {}}},
}
CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
CALLING = {"role": "assistant", "content": None, "tool_calls": [CALL]}
SCHEMA = {
    "type": "json_schema",
    "json_schema": {"name": "song", "schema": {"type": "object", "properties": {}}, "strict": True},
}


def user(*parts):
    return {"messages": [{"role": "user", "content": list(parts)}]}


def refusal(client, **asked):
    told = {"model": "gpt-4o", "messages": ASKED} | asked
    unknown = {"extra_body": told.pop("extra")} if "extra" in told else {}
    with pytest.raises(openai.APIStatusError) as refused:
        client.chat.completions.create(**told, **unknown)
    error = refused.value
    assert "invalid_request_error" == error.type
    return error.status_code, error.message.partition(" - ")[2] or error.message, error.param, error.code


REFUSED = {
    "no messages": (
        {"messages": []},
        "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        "messages",
        "empty_array",
    ),
    "a user who says nothing": (
        {"messages": [{"role": "user", "content": None}]},
        "Invalid value for 'content': expected a string, got null.",
        "messages[0].content",
        None,
    ),
    "an assistant who says nothing": (
        {"messages": [*ASKED, {"role": "assistant", "content": None}]},
        "Invalid value for 'content': expected a string, got null.",
        "messages.[1].content",
        None,
    ),
    "an unknown role": (
        {"messages": [{"role": "narrator", "content": "x"}]},
        (
            "Invalid value: 'narrator'. Supported values are: 'developer', 'system', 'user', 'assistant', 'tool', and "
            "'function'."
        ),
        "messages[0].role",
        "invalid_value",
    ),
    "an unknown part": (
        user({"type": "video", "video": "x"}),
        "Invalid value: 'video'. Supported values are: 'text', 'image_url', 'input_audio', and 'file'.",
        "messages[0].content[0].type",
        "invalid_value",
    ),
    "a tool that was not called": (
        {"messages": [*ASKED, {"role": "tool", "tool_call_id": "call_1", "content": "x"}]},
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        "messages.[1].role",
        None,
    ),
    "a tool that answers another call": (
        {"messages": [*ASKED, CALLING, {"role": "tool", "tool_call_id": "call_2", "content": "x"}]},
        "Invalid parameter: 'tool_call_id' of 'call_2' not found in 'tool_calls' of previous message.",
        "messages.[2].tool_call_id",
        None,
    ),
    "a call that nobody has answered": (
        {"messages": [*ASKED, CALLING, *ASKED]},
        (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            "'tool_call_id'. The following tool_call_ids did not have response messages: call_1"
        ),
        "messages.[2].role",
        None,
    ),
    "a choice without tools": (
        {"tool_choice": "auto"},
        "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
        "tool_choice",
        None,
    ),
    "parallel calls without tools": (
        {"parallel_tool_calls": True},
        "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
        "parallel_tool_calls",
        None,
    ),
    "a tool that is not there": (
        {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "hear"}}},
        "Invalid value for 'tool_choice': no function named hear was specified in the 'tools' parameter.",
        "tool_choice",
        None,
    ),
    "a tool with a bad name": (
        {"tools": [{"type": "function", "function": {"name": "look around"}}]},
        (
            "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the "
            "pattern '^[a-zA-Z0-9_-]+$'."
        ),
        "tools[0].function.name",
        "invalid_value",
    ),
    "a choice without functions": (
        {"function_call": "auto"},
        "Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are specified.",
        "function_call",
        None,
    ),
    "JSON that nobody speaks of": (
        {"response_format": {"type": "json_object"}},
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        "messages",
        None,
    ),
    "too many stops": (
        {"stop": list("abcde")},
        (
            "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 "
            "instead."
        ),
        "stop",
        "array_above_max_length",
    ),
    "metadata that are not kept": (
        {"metadata": {"a": "b"}},
        "The 'metadata' parameter is only allowed when 'store' is enabled.",
        "metadata",
        None,
    ),
    "options of a stream that is none": (
        {"stream_options": {"include_usage": True}},
        "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
        "stream_options",
        None,
    ),
    "both limits": (
        {"max_tokens": 5, "max_completion_tokens": 5},
        "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
        "max_tokens",
        "invalid_parameter_combination",
    ),
    "a limit that is too large": (
        {"max_tokens": 20_000},
        (
            "max_tokens is too large: 20000. This model supports at most 16384 completion tokens, whereas you provided "
            "20000."
        ),
        "max_tokens",
        "invalid_value",
    ),
    "an unknown parameter": (
        {"extra": {"thinking": True}},
        "Unknown parameter: 'thinking'.",
        "thinking",
        "unknown_parameter",
    ),
    "a picture that is none": (
        user({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}),
        (
            "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
            "['png', 'jpeg', 'gif', 'webp']."
        ),
        "messages[0].content[0].image_url.url",
        "invalid_image_format",
    ),
    "a file that does not exist": (
        user({"type": "file", "file": {"file_id": "file-nowhere"}}),
        "File 'file-nowhere' not found.",
        "messages[0].content[0].file.file_id",
        "invalid_value",
    ),
}


@pytest.mark.parametrize(("asked", "message", "param", "code"), REFUSED.values(), ids=REFUSED)
def test_the_api_says_what_is_wrong(client, asked, message, param, code):
    assert (400, message, param, code) == refusal(client, **asked)


@pytest.mark.parametrize(
    ("asked", "param", "code"),
    [
        ({"response_format": SCHEMA}, "response_format", None),
        ({"tools": [STRICT]}, "tools[0].function.parameters", "invalid_function_parameters"),
    ],
    ids=["format", "function"],
)
def test_a_schema_that_is_not_strict_is_refused(client, asked, param, code):
    status, message, *rest = refusal(client, **asked)

    assert (400, [param, code]) == (status, rest)
    assert "'additionalProperties' is required to be supplied and to be false" in message


@pytest.mark.parametrize(
    ("metadata", "message", "code"),
    [
        (
            {str(n): "x" for n in range(17)},
            (
                "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an "
                "object with 17 properties instead."
            ),
            "object_above_max_properties",
        ),
        (
            {"k" * 65: "x"},
            (
                "Invalid property name in 'metadata': 'kkk...kkk' is too long. Expected a string with maximum length "
                "64, but got a string with length 65 instead."
            ),
            "property_name_above_max_length",
        ),
    ],
    ids=["pairs", "key"],
)
def test_metadata_have_limits(client, metadata, message, code):
    status, told, _, given = refusal(client, store=True, metadata=metadata)

    assert (400, message, code) == (status, told, given)


def test_a_conversation_that_is_too_long_is_refused(client):
    status, message, param, code = refusal(
        client, model="gpt-4", messages=[{"role": "user", "content": "word " * 9000}]
    )

    assert (400, "messages", "context_length_exceeded") == (status, param, code)
    assert message.startswith(
        "This model's maximum context length is 8192 tokens. However, your messages resulted in "
    )


def test_a_judge_that_does_not_judge_is_refused_before_anything_is_said(client):
    status, message, *_ = refusal(client, moderation={"model": "gpt-4o"})

    assert 400 == status
    assert "gpt-4o" in message


def test_data_that_are_no_base64_are_refused(client):
    file = {"filename": "x.pdf", "file_data": "data:application/pdf;base64,%%%"}

    status, message, param, _ = refusal(client, **user({"type": "file", "file": file}))

    assert (400, "messages[0].content[0].file.file_data") == (status, param)
    assert "base64" in message


def test_a_request_of_2023_is_refused_in_the_words_of_2023(open_world):
    client = open_world(yaml="version: 1\nas_of: 2023-06-20\nclock: {rate: 0}").client()

    status, message, param, code = refusal(client, model="gpt-3.5-turbo", messages=[])

    assert (400, "[] is too short - 'messages'", None, None) == (status, message, param, code)
