"""Refusals of what the API does not serve on a day."""

from mockserver.errors import ApiError


def removed_url(method: str, path: str) -> ApiError:
    """Answer an endpoint whose route is gone, as `/v1/fine-tunes` was after January 2024."""
    return ApiError(
        404,
        f"Unknown request URL: {method} {path}. Please check the URL for typos, or see the docs at "
        "https://platform.openai.com/docs/api-reference/.",
        code="unknown_url",
    )


def training_not_available() -> ApiError:
    """Answer a new fine-tuning job of an organization that can no longer have one."""
    return ApiError(
        403,
        "OpenAI is winding down the fine-tuning platform and your organization is no longer able to create new "
        "fine-tuning training jobs.",
        code="training_not_available",
    )
