"""Refusals of requests for which there is no room, or no money left."""

from mockserver.errors import ApiError


def rate_limited(
    model: str,
    organization: str,
    *,
    kind: str,
    per: str,
    limit: int,
    used: int,
    requested: int,
    wait: str,
    legacy: bool,
) -> ApiError:
    """Answer a request for which there is no room now, among the requests or tokens (`kind`) per min or day.

    The legacy words are those of March to September 2023.
    """
    place = f"in organization {organization} on {kind} per {per}"
    if legacy:
        message = (
            f"Rate limit reached for default-{model} {place}. Limit: {limit} / {per}. Please try again in {wait}. "
            "Contact support@openai.com if you continue to have issues."
        )
        return ApiError(429, message, type=kind)
    short = f"{kind[0]}p{per[0]}".upper()
    message = (
        f"Rate limit reached for {model} {place} ({short}): Limit {limit}, Used {used}, Requested {requested}. "
        f"Please try again in {wait}. Visit https://platform.openai.com/account/rate-limits to learn more."
    )
    return ApiError(429, message, type=kind, code="rate_limit_exceeded")


def request_too_large(model: str, organization: str, *, per: str, limit: int, requested: int) -> ApiError:
    """Answer a request with more tokens than ever fit into a `per` min or day."""
    return ApiError(
        429,
        f"Request too large for {model} in organization {organization} on tokens per {per} (TP{per[0].upper()}): "
        f"Limit {limit}, Requested {requested}. The input or output tokens must be reduced in order to run "
        "successfully. Visit https://platform.openai.com/account/rate-limits to learn more.",
        type="tokens",
        code="rate_limit_exceeded",
    )


def insufficient_quota(*, code: str | None, legacy: bool) -> ApiError:
    """Answer a request of an organization that has spent what it may; the code has changed over the years.

    That the words of 2023 stayed when the code became `organization_spend_limit_exceeded` is not verified.
    """
    more = (
        " For more information on this error, read the docs: "
        "https://platform.openai.com/docs/guides/error-codes/api-errors."
    )
    return ApiError(
        429,
        "You exceeded your current quota, please check your plan and billing details."
        + ("" if legacy else more),
        type="insufficient_quota",
        code=code,
    )
