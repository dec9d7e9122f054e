"""What the Responses API says no to, in the official words."""

import openai
import pytest

MODEL, THINKER = "gpt-4o-mini", "o4-mini"
CALL = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "done"}
OPEN = {"type": "object", "properties": {"a": {"type": "string"}}}

#: what is asked, the status, and how the message begins, the param and the code
REFUSALS = [
    ({"model": None}, 400, "Missing required parameter: 'model'.", "model", "missing_required_parameter"),
    ({"input": None}, 400, "Missing required parameter: 'input'.", "input", "missing_required_parameter"),
    (
        {"input": []},
        400,
        "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided.",
        None,
        "missing_required_parameter",
    ),
    ({"input": ""}, 400, 'One of "input"', None, "missing_required_parameter"),
    ({"model": "gpt-0"}, 400, "The requested model 'gpt-0' does not exist.", "model", "model_not_found"),
    (
        {"model": "davinci-002"},
        400,
        "The requested model 'davinci-002' cannot be used with the Responses API.",
        "model",
        "unsupported_model",
    ),
    (
        {"previous_response_id": "resp_x"},
        400,
        "Previous response with id 'resp_x' not found.",
        "previous_response_id",
        "previous_response_not_found",
    ),
    (
        {"previous_response_id": "resp_x", "conversation": "conv_x"},
        400,
        "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
        None,
        "mutually_exclusive_parameters",
    ),
    ({"conversation": "conv_x"}, 404, "Conversation with id 'conv_x' not found.", None, None),
    ({"prompt": {"id": "pmpt_x"}}, 404, "Prompt with id 'pmpt_x' not found.", None, None),
    ({"background": True, "store": False}, 400, "Background mode requires", "background", None),
    (
        {"max_output_tokens": 5},
        400,
        "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead.",
        "max_output_tokens",
        "integer_below_min_value",
    ),
    (
        {"input": [OUTPUT]},
        400,
        "No tool call found for function call output with call_id call_1.",
        "input",
        None,
    ),
    ({"input": [CALL]}, 400, "No tool output found for function call call_1.", "input", None),
    (
        {"input": [{"type": "item_reference", "id": "msg_x"}]},
        404,
        "Item with id 'msg_x' not found.",
        "input",
        None,
    ),
    (
        {"model": THINKER, "temperature": 0.5},
        400,
        "Unsupported parameter: 'temperature' is not supported with this model.",
        "temperature",
        None,
    ),
    (
        {"reasoning": {"effort": "low"}},
        400,
        "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
        "reasoning.effort",
        "unsupported_parameter",
    ),
    (
        {"model": "gpt-5", "reasoning": {"effort": "none"}},
        400,
        (
            "Unsupported value: 'none' is not supported with the 'gpt-5' model. Supported values are: 'minimal', "
            "'low', 'medium', and 'high'."
        ),
        "reasoning.effort",
        "unsupported_value",
    ),
    (
        {"text": {"verbosity": "low"}},
        400,
        "Unsupported value: 'low' is not supported with the 'gpt-4o-mini' model. Supported values are: 'medium'.",
        "text.verbosity",
        "unsupported_value",
    ),
    (
        {"include": ["reasoning.encrypted_content"]},
        400,
        "Encrypted content is not supported with this model.",
        "include",
        None,
    ),
    (
        {"model": THINKER, "include": ["message.output_text.logprobs"]},
        400,
        "logprobs are not supported with reasoning models.",
        "include",
        "unsupported_parameter",
    ),
    (
        {"model": THINKER, "top_logprobs": 1},
        400,
        "logprobs are not supported with reasoning models.",
        "top_logprobs",
        "unsupported_parameter",
    ),
    ({"max_tool_calls": 0}, 400, "Invalid 'max_tool_calls': ", "max_tool_calls", "integer_below_min_value"),
    (
        {"model": THINKER, "temperature": 0.5, "previous_response_id": "resp_x"},
        400,
        "Previous response with id 'resp_x' not found.",
        "previous_response_id",
        "previous_response_not_found",
    ),
    (
        {"text": {"format": {"type": "json_object"}}},
        400,
        (
            "Response input messages must contain the word 'json' in some form to use 'text.format' of type "
            "'json_object'."
        ),
        "input",
        None,
    ),
    (
        {"text": {"format": {"type": "json_schema", "name": "a", "strict": True, "schema": OPEN}}},
        400,
        "Invalid schema for response_format 'a': ",
        "text.format.schema",
        "invalid_json_schema",
    ),
    (
        {"tools": [{"type": "function", "name": "f", "strict": True, "parameters": OPEN}]},
        400,
        "Invalid schema for function 'f': ",
        "tools[0].parameters",
        "invalid_function_parameters",
    ),
    (
        {"tools": [{"type": "function", "name": "f"}], "tool_choice": {"type": "web_search_preview"}},
        400,
        "Tool choice 'web_search_preview' not found in 'tools' parameter.",
        "tool_choice",
        None,
    ),
    (
        {"tool_choice": "required"},
        400,
        "Tool choice 'required' must be specified with 'tools' parameter.",
        "tool_choice",
        None,
    ),
    ({"tools": [{"type": "function"}]}, 400, "Missing required parameter: 'tools[0]", "tools[0].name", None),
    (
        {"messages": [{"role": "user", "content": "Hi."}]},
        400,
        "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'.",
        None,
        "unsupported_parameter",
    ),
    (
        {"input": "word " * 130_000},
        400,
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
        "input",
        "context_length_exceeded",
    ),
]


@pytest.mark.parametrize(
    ("asked", "status", "message", "param", "code"), REFUSALS, ids=lambda each: str(each)[:50]
)
def test_what_cannot_be_is_refused_in_the_official_words(client, asked, status, message, param, code):
    body = {"model": MODEL, "input": "Hello."} | asked
    sent = {name: value for name, value in body.items() if value is not None}

    with pytest.raises(openai.APIStatusError) as refused:
        client.post("/responses", body=sent, cast_to=object)

    error = refused.value
    assert (status, param) == (error.status_code, error.param)
    assert error.body["message"].startswith(message)
    assert "invalid_request_error" == error.type
    if code is not None:
        assert code == error.code


def test_truncation_makes_room_by_forgetting_the_oldest(client):
    said = [{"role": "user", "content": "word " * 30_000} for _ in range(6)]
    made = client.responses.create(
        model=MODEL, input=said, truncation="auto", instructions="Be brief.", max_output_tokens=16
    )

    assert 90_000 < made.usage.input_tokens < 128_000
    assert 6 == len(client.responses.input_items.list(made.id).data)


@pytest.mark.parametrize("ask", ["retrieve", "delete", "cancel"])
def test_an_unknown_response_is_not_found(client, ask):
    with pytest.raises(openai.NotFoundError, match="Response with id 'resp_x' not found"):
        getattr(client.responses, ask)("resp_x")


def test_stream_options_are_for_streams(client):
    with pytest.raises(openai.BadRequestError, match="only allowed when 'stream' is enabled"):
        client.responses.create(model=MODEL, input="Hi.", stream_options={"include_obfuscation": False})
    *_, last = client.responses.create(
        model=MODEL, input="Hi.", stream=True, stream_options={"include_obfuscation": False}
    )
    assert "response.completed" == last.type
