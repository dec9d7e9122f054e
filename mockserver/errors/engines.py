"""What the API says about engines, as models were called until 2022."""

from mockserver.errors import ApiError


def no_such_engine() -> ApiError:
    """Answer a question about an engine that does not exist (the words of 2021; jameshiew/nvim-magic issue 36)."""
    return ApiError(404, "Engine not found")


def engine_and_model() -> ApiError:
    """Answer a request that names a model in its body although an engine is in its path."""
    return ApiError(400, "Cannot specify both model and engine")
