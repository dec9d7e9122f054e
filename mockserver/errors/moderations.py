"""Refusals of moderations, in the official words.

Where a docstring does not say "not verified", the words were quoted from the API in public issue trackers and tests of
2025 and 2026.
"""

from mockserver.errors import ApiError


def wrong_model(model_id: str) -> ApiError:
    """Answer a model that does not exist, is gone, or judges nothing: they are refused alike."""
    return ApiError(
        400,
        f"Invalid value for 'model' = {model_id}. Please check the OpenAI documentation and try again.",
        param="model",
    )


def too_many_images(images: int, most: int) -> ApiError:
    """Answer more pictures than one request may have."""
    return ApiError(
        400, f"Number of images ({images}) exceeds maximum of {most}", param="input", code="too_many_images"
    )


def only_text() -> ApiError:
    """Answer parts that are sent to a model which reads nothing but texts (not verified)."""
    return ApiError(
        400,
        "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
    )
