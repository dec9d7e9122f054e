"""Refusals of responses, in the official words.

Where a docstring does not say "not verified", the words were quoted from the API in public issue trackers and source
code, or recorded from it by public conformance tests, 2025 and 2026.
"""

from collections.abc import Sequence

from mockserver.errors import ApiError


def no_such_response(response_id: str) -> ApiError:
    """Answer an id that no stored response has."""
    return ApiError(404, f"Response with id '{response_id}' not found.")


def no_such_previous(response_id: str) -> ApiError:
    """Answer a response that should follow one which does not exist."""
    return ApiError(
        400,
        f"Previous response with id '{response_id}' not found.",
        param="previous_response_id",
        code="previous_response_not_found",
    )


def previous_unfinished(response_id: str) -> ApiError:
    """Answer a response that should follow one which has not ended yet (wording not verified)."""
    return ApiError(
        400,
        f"Previous response with id '{response_id}' has not completed yet.",
        param="previous_response_id",
    )


def no_such_prompt(prompt_id: str) -> ApiError:
    """Answer a prompt that nobody has written on the platform."""
    return ApiError(404, f"Prompt with id '{prompt_id}' not found.")


def two_pasts() -> ApiError:
    """Answer a request that follows both a response and a conversation; the API shortens long names."""
    return ApiError(
        400,
        "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
        code="mutually_exclusive_parameters",
    )


def moved_to_input() -> ApiError:
    """Answer the messages of a chat."""
    return ApiError(
        400,
        "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'. Try again with "
        "the new parameter. See the API documentation for more information: "
        "https://platform.openai.com/docs/api-reference/responses/create.",
        code="unsupported_parameter",
    )


def nothing_to_answer() -> ApiError:
    """Answer a request that says nothing and follows nothing."""
    return ApiError(
        400,
        "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided.",
        code="missing_required_parameter",
    )


def background_is_stored() -> ApiError:
    """Answer a background response that should not be stored (wording not verified)."""
    return ApiError(400, "Background mode requires 'store' to be true.", param="background")


def not_in_background() -> ApiError:
    """Answer a wish to watch a response that was made while its caller waited."""
    return ApiError(
        400,
        "This response cannot be streamed because it was not created with background=true.",
        param="stream",
        code="invalid_request_error",
    )


def cannot_cancel() -> ApiError:
    """Answer a wish to cancel a response that was made while its caller waited."""
    return ApiError(400, "Cannot cancel a synchronous response.")


def no_such_model(model: str) -> ApiError:
    """Answer a model that does not exist at this moment."""
    return ApiError(
        400, f"The requested model '{model}' does not exist.", param="model", code="model_not_found"
    )


def unsupported_model(model: str) -> ApiError:
    """Answer a model that does not speak here (wording not verified)."""
    return ApiError(
        400,
        f"The requested model '{model}' cannot be used with the Responses API.",
        param="model",
        code="unsupported_model",
    )


def unsupported_parameter(param: str, code: str | None = None) -> ApiError:
    """Answer a parameter that a model does not take."""
    return ApiError(
        400, f"Unsupported parameter: '{param}' is not supported with this model.", param=param, code=code
    )


def unsupported_value(param: str, value: str, model: str, supported: Sequence[str]) -> ApiError:
    """Answer a value that a model does not take."""
    *most, last = [f"'{each}'" for each in supported]
    listed = f"{', '.join(most)}{',' if len(most) > 1 else ''} and {last}" if most else last
    return ApiError(
        400,
        f"Unsupported value: '{value}' is not supported with the '{model}' model. "
        f"Supported values are: {listed}.",
        param=param,
        code="unsupported_value",
    )


def no_logprobs(param: str) -> ApiError:
    """Answer a wish for logprobs to a model that thinks."""
    return ApiError(
        400, "logprobs are not supported with reasoning models.", param=param, code="unsupported_parameter"
    )


def no_encrypted_content() -> ApiError:
    """Answer a wish for sealed thoughts to a model that does not think."""
    return ApiError(400, "Encrypted content is not supported with this model.", param="include")


def no_json_in_input() -> ApiError:
    """Answer a wish for JSON that no message speaks of."""
    return ApiError(
        400,
        "Response input messages must contain the word 'json' in some form to use 'text.format' of type "
        "'json_object'.",
        param="input",
    )


def unsupported_format(kind: str) -> ApiError:
    """Answer a format that a model cannot be held to (wording not verified)."""
    return ApiError(
        400,
        f"Invalid parameter: 'text.format' of type '{kind}' is not supported with model version.",
        param="text.format",
    )


def bad_format_schema(sentence: str) -> ApiError:
    """Answer a schema for the answer that strict mode does not take; `sentence` says why."""
    return ApiError(400, sentence, param="text.format.schema", code="invalid_json_schema")


def bad_function_schema(sentence: str, index: int) -> ApiError:
    """Answer a strict function with a schema that strict mode does not take."""
    return ApiError(400, sentence, param=f"tools[{index}].parameters", code="invalid_function_parameters")


def tool_not_offered(choice: str) -> ApiError:
    """Answer a choice of a tool that is not among the tools."""
    return ApiError(400, f"Tool choice '{choice}' not found in 'tools' parameter.", param="tool_choice")


def choice_without_tools() -> ApiError:
    """Answer a tool that has to be called where there is none."""
    return ApiError(
        400, "Tool choice 'required' must be specified with 'tools' parameter.", param="tool_choice"
    )


def duplicate_tool(name: str) -> ApiError:
    """Answer two tools of one name (wording not verified)."""
    return ApiError(400, f"Duplicate tool name '{name}' in 'tools'.", param="tools")
