"""Refusals around models."""

from mockserver.errors import ApiError


def model_not_found(model_id: str) -> ApiError:
    """Answer the models endpoint about a model that does not exist in this world at this moment."""
    return ApiError(404, f"The model '{model_id}' does not exist", param="model", code="model_not_found")


def no_such_model(model_id: str) -> ApiError:
    """Answer a request that wants to run a model which does not exist at this moment."""
    return ApiError(
        404,
        f"The model `{model_id}` does not exist or you do not have access to it.",
        code="model_not_found",
    )


def retired_model(model_id: str) -> ApiError:
    """Answer a request that wants to run a model which was shut down (the words of 2024 and 2025)."""
    return ApiError(
        404,
        f"The model `{model_id}` has been deprecated, learn more here: "
        "https://platform.openai.com/docs/deprecations",
        code="model_not_found",
    )


def cannot_delete_model(model_id: str) -> ApiError:
    """Answer the deletion of a model that is not a fine-tuned one of this organisation."""
    return ApiError(
        403,
        f"The model '{model_id}' cannot be deleted: only fine-tuned models of your organization can be.",
        param="model",
        code="insufficient_permissions",
    )


def wrong_endpoint(model_id: str, *, chat: bool) -> ApiError:
    """Answer a model asked at an endpoint that does not serve it."""
    if chat:
        message = (
            "This is a chat model and not supported in the v1/completions endpoint. "
            "Did you mean to use v1/chat/completions?"
        )
    else:
        message = f"The model '{model_id}' is not supported in the v1/completions endpoint."
    return ApiError(404, message, param="model")
