"""Refusals of embeddings, in the official words; param and code are null in all but one of them.

Where a docstring does not say "not verified", the words were quoted from the API in public issue trackers and tests.
What is said of an `input` of the wrong size has changed twice: in 2023 it was the sentence of a JSON Schema, then one
that told nothing, and since 2026 it names the place. The dates of these changes are not verified.
"""

from collections.abc import Sequence
from typing import Literal

from mockserver.errors import ApiError

Words = Literal["2023", "2024", "2026"]


def no_embedding_model() -> ApiError:
    """Answer a model that makes no embeddings."""
    return ApiError(403, "You are not allowed to generate embeddings from this model")


def no_input(given: str | Sequence[object], words: Words) -> ApiError:
    """Answer an `input` that is empty as a whole.

    By the official page it "cannot be an empty string"; some saw a string that is no item of an array embedded though.
    """
    noun = "string" if isinstance(given, str) else "array"
    return _wrong_size(given, f"Invalid 'input': input cannot be an empty {noun}.", words)


def empty_item(given: Sequence[object], index: int, words: Words) -> ApiError:
    """Answer an empty input among others; the words for tokens are not verified."""
    noun = "string" if isinstance(given[index], str) else "array"
    return _wrong_size(given, f"Invalid 'input[{index}]': input cannot be an empty {noun}.", words)


def too_many_inputs(given: Sequence[object], limit: int, words: Words) -> ApiError:
    """Answer more inputs, or more tokens in an array, than one request may have."""
    return _wrong_size(given, f"Invalid 'input': array length must be {limit} or less.", words)


def too_long(index: int | None, room: int, asked: int, words: Words) -> ApiError:
    """Answer an input of more tokens than the model holds; `index` is its place, None if it is the only one."""
    if words != "2026":
        message = (
            f"This model's maximum context length is {room} tokens, however you requested {asked} tokens "
            f"({asked} in your prompt; 0 for the completion). Please reduce your prompt; or completion length."
        )
    elif index is None:
        message = f"Invalid 'input': maximum context length is {room} tokens."
    else:
        message = f"Invalid 'input[{index}]': maximum input length is {room} tokens."
    return ApiError(400, message)


def too_many_tokens(asked: int, limit: int) -> ApiError:
    """Answer inputs of more tokens than one request may have together."""
    return ApiError(
        400,
        f"Requested {asked} tokens, max {limit} tokens per request",
        type="max_tokens_per_request",
        code="max_tokens_per_request",
    )


def no_token(number: int) -> ApiError:
    """Answer a number that is no token of the model (not verified)."""
    return ApiError(400, f"Invalid token in 'input': {number}.")


def no_dimensions() -> ApiError:
    """Answer a model whose vectors have one length."""
    return ApiError(400, "This model does not support specifying dimensions.")


def too_many_dimensions(asked: int, most: int) -> ApiError:
    """Answer more dimensions than the model has."""
    return ApiError(400, f"Invalid value for 'dimensions' = {asked}. Must be less than or equal to {most}.")


def _wrong_size(given: str | Sequence[object], since_2026: str, words: Words) -> ApiError:
    match words:
        case "2023":
            message = f"{given!r} is not valid under any of the given schemas - 'input'"
        case "2024":
            message = (
                "'$.input' is invalid. Please check the API reference: "
                "https://platform.openai.com/docs/api-reference."
            )
        case "2026":
            message = since_2026
    return ApiError(400, message)
