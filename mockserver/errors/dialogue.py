"""Refusals of conversations that a model has no room for."""

from mockserver.errors import ApiError


def too_long(endpoint: str, room: int, read: int, limit: int | None, *, legacy: bool) -> ApiError:
    """Answer messages of `read` tokens, with an answer of up to `limit`, to a model that holds `room`."""
    if endpoint.startswith("responses"):
        return ApiError(
            400,
            "Your input exceeds the context window of this model. Please adjust your input and try again.",
            param="input",
            code="context_length_exceeded",
        )
    told = f"This model's maximum context length is {room} tokens. However, "
    if read > room or limit is None:
        told += f"your messages resulted in {read} tokens. Please reduce the length of the messages."
    else:
        told += (
            f"you requested {read + limit} tokens ({read} in the messages, {limit} in the completion). "
            "Please reduce the length of the messages or completion."
        )
    return ApiError(400, told, param="messages", code=None if legacy else "context_length_exceeded")


def too_large(param: str, asked: int, most: int, *, legacy: bool) -> ApiError:
    """Answer a limit of tokens beyond what the model can say."""
    return ApiError(
        400,
        f"{param} is too large: {asked}. This model supports at most {most} completion tokens, "
        f"whereas you provided {asked}.",
        param=param,
        code=None if legacy else "invalid_value",
    )
