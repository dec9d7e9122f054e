"""Refusals of chat completions, in the official words.

Where a docstring does not say "not verified", the words were quoted from the API in public issue trackers, 2023 to
2026.
"""

from mockserver.errors import ApiError


def no_chat_model() -> ApiError:
    """Answer a model that only completes prompts."""
    return ApiError(
        404,
        "This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
        "Did you mean to use v1/completions?",
        param="model",
    )


def only_responses() -> ApiError:
    """Answer a model that only the responses endpoint serves."""
    return ApiError(
        404,
        "This model is only supported in v1/responses and not in v1/chat/completions.",
        param="model",
    )


# --- messages --------------------------------------------------------------------------------------------------------


def no_content(index: int) -> ApiError:
    """Answer an assistant's message that neither says nor calls anything."""
    return _invalid(
        "Invalid value for 'content': expected a string, got null.", f"messages.[{index}].content"
    )


def unasked_tool(index: int) -> ApiError:
    """Answer a tool's message that no call stands before."""
    return _invalid(
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        f"messages.[{index}].role",
    )


def unknown_call(index: int, call_id: str) -> ApiError:
    """Answer a tool's message that names another call than those before it."""
    return _invalid(
        f"Invalid parameter: 'tool_call_id' of '{call_id}' not found in 'tool_calls' of previous message.",
        f"messages.[{index}].tool_call_id",
    )


def unanswered_calls(index: int, call_ids: list[str]) -> ApiError:
    """Answer calls whose tools have not answered before the message at `index`, or the end."""
    return _invalid(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
        f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(call_ids)}",
        f"messages.[{index}].role",
    )


def content_not_supported(kind: str, index: int, part: int) -> ApiError:
    """Answer a picture to a model that cannot see (of sounds and files not verified)."""
    return _invalid(
        f"Invalid content type. {kind} is only supported by certain models.",
        f"messages.[{index}].content.[{part}].type",
    )


def bad_image_url(param: str) -> ApiError:
    """Answer a picture that is neither behind a URL nor in one (wording not verified)."""
    return _invalid(
        f"Invalid '{param}'. Expected a valid URL, but got a value with an invalid format.",
        param,
        "invalid_value",
    )


def bad_image(param: str) -> ApiError:
    """Answer a picture that is none (its param is not verified)."""
    return _invalid(
        "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
        "['png', 'jpeg', 'gif', 'webp'].",
        param,
        "invalid_image_format",
    )


def bad_base64(what: str, param: str) -> ApiError:
    """Answer data that is not base64 (wording not verified)."""
    return _invalid(f"Invalid base64-encoded {what}.", param, "invalid_value")


def no_such_input_file(file_id: str, param: str) -> ApiError:
    """Answer a part that names a file which does not exist (wording not verified)."""
    return _invalid(f"File '{file_id}' not found.", param, "invalid_value")


def no_json_in_messages() -> ApiError:
    """Answer a wish for JSON that no message speaks of."""
    return _invalid(
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        "messages",
    )


# --- parameters ------------------------------------------------------------------------------------------------------


def only_with(param: str, other: str, state: str) -> ApiError:
    """Answer a parameter that makes no sense without another one, which has to be `enabled`."""
    return _invalid(f"The '{param}' parameter is only allowed when '{other}' is {state}.", param)


def only_when_specified(param: str, others: str) -> ApiError:
    """Answer a parameter about tools or functions without any of them (of functions not verified)."""
    return _invalid(
        f"Invalid value for '{param}': '{param}' is only allowed when '{others}' are specified.", param
    )


def not_among(param: str, kind: str, name: str, others: str) -> ApiError:
    """Answer a choice of a function or a custom tool that is not offered (of custom tools not verified)."""
    return _invalid(
        f"Invalid value for '{param}': no {kind} named {name} was specified in the '{others}' parameter.",
        param,
    )


def two_limits() -> ApiError:
    """Answer both names of the limit at once."""
    return _invalid(
        "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
        "max_tokens",
        "invalid_parameter_combination",
    )


def bad_schema(sentence: str, param: str) -> ApiError:
    """Answer a schema that strict mode does not take; `sentence` says why."""
    code = None if param == "response_format" else "invalid_function_parameters"
    return _invalid(sentence, param, code)


# --- what a model does not do ----------------------------------------------------------------------------------------


def unsupported_parameter(param: str, instead: str | None = None) -> ApiError:
    """Answer a parameter that a model does not take."""
    hint = f" Use '{instead}' instead." if instead else ""
    return _invalid(
        f"Unsupported parameter: '{param}' is not supported with this model.{hint}",
        param,
        "unsupported_parameter",
    )


def unsupported_value(param: str, value: object, remedy: str = "") -> ApiError:
    """Answer a value that a model does not take; `remedy` says which ones it does."""
    shown = f"'{value}'" if isinstance(value, str) else value
    return _invalid(
        f"Unsupported value: '{param}' does not support {shown} with this model.{remedy and f' {remedy}'}",
        param,
        "unsupported_value",
    )


def not_with_prediction(param: str) -> ApiError:
    """Answer a parameter that excludes a prediction (wording not verified)."""
    return _invalid(
        f"Unsupported parameter: '{param}' is not supported with 'prediction'.",
        param,
        "unsupported_parameter",
    )


def unrecognized(param: str) -> ApiError:
    """Answer `reasoning_effort` to a model that does not reason."""
    return ApiError(400, f"Unrecognized request argument supplied: {param}")


def incompatible(params: list[str]) -> ApiError:
    """Answer parameters that a search model does not take."""
    several = "arguments" if len(params) > 1 else "argument"
    return ApiError(400, f"Model incompatible request {several} supplied: {', '.join(params)}")


def unknown_parameter(param: str) -> ApiError:
    """Answer search options to a model that does not search."""
    return _invalid(f"Unknown parameter: '{param}'.", param, "unknown_parameter")


def no_logprobs() -> ApiError:
    """Answer a wish for logprobs to a model that keeps them to itself."""
    return ApiError(403, "You are not allowed to request logprobs from this model.")


def tools_while_thinking(model: str) -> ApiError:
    """Answer functions to a model that, at this endpoint, only calls them without thinking."""
    return _invalid(
        f"Function tools with reasoning_effort are not supported for {model} in /v1/chat/completions. "
        "Please use /v1/responses instead.",
        "reasoning_effort",
    )


def format_not_supported(kind: str) -> ApiError:
    """Answer a format that a model cannot be held to."""
    more = (
        " Learn more about supported models at the Structured Outputs guide: "
        "https://platform.openai.com/docs/guides/structured-outputs"
    )
    return _invalid(
        f"Invalid parameter: 'response_format' of type '{kind}' is not supported with this model."
        + (more if kind == "json_schema" else ""),
        "response_format",
    )


def needs_sound() -> ApiError:
    """Answer a chat in writing with a model that speaks."""
    return _invalid(
        "This model requires that either input content or output modality contain audio.",
        "model",
        "invalid_value",
    )


def cannot_speak() -> ApiError:
    """Answer a wish to hear a model that cannot speak (wording not verified)."""
    return unsupported_value("modalities", "audio", "Supported values are: 'text'.")


def unspoken_form(form: str) -> ApiError:
    """Answer a form of sound that the mock cannot make (ours)."""
    return _invalid(
        f"The mock server speaks wav, mp3 and pcm16 only, not {form}.", "audio.format", "not_simulated"
    )


def only_raw_sound(form: str) -> ApiError:
    """Answer a streamed sound that is not raw."""
    return unsupported_value("audio.format", form, "Supported values are: 'pcm16'.")


# --- stored completions ----------------------------------------------------------------------------------------------


def no_such_completion(completion_id: str) -> ApiError:
    """Answer an id that no stored completion has (wording not verified)."""
    return ApiError(404, f"Chat completion with id '{completion_id}' not found.", param="completion_id")


def _invalid(message: str, param: str, code: str | None = None) -> ApiError:
    return ApiError(400, message, param=param, code=code)
