"""What the API says when it does not edit."""

from mockserver.errors import ApiError


def not_an_editor(model_id: str) -> ApiError:
    """Answer a model that cannot edit (wording not verified)."""
    return ApiError(404, f"The model '{model_id}' is not supported in the v1/edits endpoint.", param="model")


def too_long(room: int, asked: int) -> ApiError:
    """Answer an input and an instruction that do not fit into the model's context (wording not verified)."""
    return ApiError(
        400,
        f"This model's maximum context length is {room} tokens, however your input and instruction have {asked} "
        "tokens. Please reduce their length.",
    )
