"""An error in the official shape."""

import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, ClassVar

from pydantic import Field

from mockserver import errors
from mockserver.config import MAX_JSON_BYTES
from mockserver.errors import ApiError
from mockserver.faults.base import Fault
from mockserver.faults.call import Call, Scope
from mockserver.faults.heads import HeaderName, HeaderValue, phrase
from mockserver.scenario.durations import Duration

#: what the real API says with a status, as far as it is evidenced: 403 and 429 by the page of error codes, 502 and
#: 503 by issues of 2023 (openai-python and others); the code of a real 502 is the number 502
OFFICIAL: dict[int, Callable[[Scope], ApiError]] = {
    401: lambda scope: errors.wrong_key(scope["key"]),
    403: lambda _: ApiError(
        403,
        "Country, region, or territory not supported",
        type="request_forbidden",
        code="unsupported_country_region_territory",
    ),
    404: lambda scope: errors.unknown_url(scope["method"], scope["path"]),
    413: lambda _: errors.body_too_large(MAX_JSON_BYTES),
    429: lambda _: ApiError(
        429, "Rate limit reached for requests", type="requests", code="rate_limit_exceeded"
    ),
    500: lambda _: errors.server_error(),
    502: lambda _: ApiError(502, "Bad gateway.", type="cf_bad_gateway"),
    503: lambda _: ApiError(
        503,
        "That model is currently overloaded with other requests. You can retry your request, or contact us "
        "through our help center at help.openai.com if the error persists.",
        type="server_error",
    ),
}


class Status(Fault):
    """The request is refused with an official error; it is not carried out."""

    shorthand: ClassVar[str | None] = "status"
    example: ClassVar[str] = "{times: 2, fault: {status: {status: 429, retry_after: 20s}}}"

    status: Annotated[int, Field(ge=400, le=599)]
    """The status; the body says what the real API says with it."""
    retry_after: Duration | None = None
    """The header retry-after, in whole seconds. Clients since 3.0 do not wait for more than 120."""
    retry_after_ms: Annotated[int, Field(ge=0)] | None = None
    """The header retry-after-ms, which the official clients prefer."""
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict)
    """More headers, such as x-should-retry."""

    async def play(self, call: Call) -> None:
        """Raise the error."""
        error = OFFICIAL.get(self.status, self._other)(call.scope)
        if self.retry_after is not None:
            error.headers["retry-after"] = str(math.ceil(self.retry_after))
        if self.retry_after_ms is not None:
            error.headers["retry-after-ms"] = str(self.retry_after_ms)
        error.headers |= self.headers
        raise error

    def _other(self, _scope: Scope) -> ApiError:
        """Return an error in the words of HTTP (what the real API says is not verified)."""
        server = self.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        kind = "server_error" if server else "invalid_request_error"
        return ApiError(self.status, phrase(self.status), type=kind)
