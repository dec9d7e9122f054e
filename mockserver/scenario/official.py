"""The official errors by their code, for stories that make them happen.

The numbers in their sentences are examples; who wants other ones writes the sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mockserver import errors
from mockserver.errors import ApiError
from mockserver.errors import limits as limit_refusals
from mockserver.errors import models as model_refusals


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is refused: the model they asked for, their organization and API key, and whether the year is 2023."""

    model: str
    organization: str
    key: str
    legacy: bool = False


def _rate_limit(asker: Asker) -> ApiError:
    return limit_refusals.rate_limited(
        asker.model,
        asker.organization,
        kind="requests",
        per="min",
        limit=3,
        used=3,
        requested=1,
        wait="20s",
        legacy=asker.legacy,
    )


def _context_length(_asker: Asker) -> ApiError:
    """Speak of messages, as chat does (openai issues of 2023 and 2024)."""
    return errors.invalid(
        "This model's maximum context length is 4097 tokens. However, your messages resulted in 4294 tokens. "
        "Please reduce the length of the messages.",
        "messages",
        "context_length_exceeded",
    )


def _country(_asker: Asker) -> ApiError:
    return ApiError(
        403,
        "Country, region, or territory not supported",
        type="request_forbidden",
        code="unsupported_country_region_territory",
    )


def _deactivated(_asker: Asker) -> ApiError:
    """Speak of an account that was closed (wording not verified)."""
    return ApiError(
        401,
        "The OpenAI account associated with this API key has been deactivated.",
        code="account_deactivated",
    )


def _hard_limit(_asker: Asker) -> ApiError:
    """Speak of a budget that was used up (status and wording not verified)."""
    return errors.invalid("Billing hard limit has been reached", code="billing_hard_limit_reached")


def _overloaded(_asker: Asker) -> ApiError:
    """Speak of a busy service in the words of 2026 (its type is not verified)."""
    return ApiError(
        503,
        "Our servers are currently overloaded. Please try again later.",
        type="service_unavailable_error",
        code="server_is_overloaded",
    )


def _policy(_asker: Asker) -> ApiError:
    """Speak of a prompt that was not let through (wording not verified)."""
    return errors.invalid(
        "Your request was rejected as a result of our safety system.", code="content_policy_violation"
    )


NAMED: dict[str, Callable[[Asker], ApiError]] = {
    "rate_limit_exceeded": _rate_limit,
    "insufficient_quota": lambda asker: limit_refusals.insufficient_quota(
        code="insufficient_quota", legacy=asker.legacy
    ),
    "billing_hard_limit_reached": _hard_limit,
    "invalid_api_key": lambda asker: errors.wrong_key(asker.key),
    "account_deactivated": _deactivated,
    "unsupported_country_region_territory": _country,
    "model_not_found": lambda asker: model_refusals.no_such_model(asker.model),
    "context_length_exceeded": _context_length,
    "content_policy_violation": _policy,
    "server_error": lambda _: errors.server_error(),
    "server_is_overloaded": _overloaded,
}
"""What is said, by the code a client sees; `server_error` is a type, its code is null."""
