"""What the API says when it says no: one exception and the catalogue of official refusals.

Handlers and domain functions raise these; `rendering.py` alone turns them into responses. Wording, type, param and
code are the official API's; where the real answer is not evidenced the docstring says "not verified".
"""

from collections.abc import Sequence


class ApiError(Exception):
    """A refusal in the official shape `{"error": {"message", "type", "param", "code"}}`."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",  # noqa: A002 - the wire's word
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.type = type
        self.param = param
        self.code = code
        self.headers = headers or {}


def missing_key() -> ApiError:
    """No API key came with the request."""
    return ApiError(
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer "
        "auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're "
        "accessing the API from your browser and are prompted for a username and password. You can obtain an API "
        "key from https://platform.openai.com/account/api-keys.",
        headers={"www-authenticate": 'Basic realm="OpenAI API"'},
    )


def wrong_key(key: str) -> ApiError:
    """Answer a key this world does not know; the key is masked as the real API masks it."""
    return ApiError(
        401,
        f"Incorrect API key provided: {mask(key)}. "
        "You can find your API key at https://platform.openai.com/account/api-keys.",
        code="invalid_api_key",
    )


def mask(key: str) -> str:
    """Show a key's ends only: eight characters, stars, the last four; a short key is all stars."""
    return f"{key[:8]}{'*' * (len(key) - 12)}{key[-4:]}" if len(key) > 16 else "*" * len(key)  # noqa: PLR2004 - shown in the docstring


def unknown_url(method: str, path: str) -> ApiError:
    """No operation lives at this path."""
    return ApiError(404, f"Invalid URL ({method} {path})")


def method_not_allowed(method: str, path: str, allowed: Sequence[str]) -> ApiError:
    """Answer a path that exists, for other methods."""
    return ApiError(
        405,
        f"Not allowed to {method} on {path}. (HINT: Perhaps you meant to use a different HTTP method?)",
        code="method_not_supported",
        headers={"allow": ", ".join(allowed)},
    )


def wrong_content_type(content_type: str, expected: str) -> ApiError:
    """Answer a body that is not of the kind the operation reads."""
    return ApiError(
        415,
        f"Invalid Content-Type header ({content_type}), expected {expected}. (HINT: If you're using curl, you can "
        f"pass -H 'Content-Type: {expected}')",
        code="unsupported_content_type",
    )


def bad_json(detail: str) -> ApiError:
    """Answer a body that is not valid JSON."""
    return ApiError(
        400,
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
        "library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. "
        f"Parser said: {detail})",
    )


def body_too_large(limit: int) -> ApiError:
    """Answer a body over the server's limit in bytes (wording not verified)."""
    return ApiError(
        413, f"Request body is too large. The maximum is {limit} bytes.", code="request_too_large"
    )


def missing_parameter(name: str) -> ApiError:
    """Answer a required form or JSON field that is absent."""
    return ApiError(
        400, f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter"
    )


def bad_value(param: str, value: str, supported: Sequence[str]) -> ApiError:
    """Answer a value outside an enumeration."""
    *most, last = [f"'{word}'" for word in supported]
    listed = f"{', '.join(most)}{',' if len(most) > 1 else ''} and {last}" if most else last
    return ApiError(
        400, f"Invalid value: '{value}'. Supported values are: {listed}.", param=param, code="invalid_value"
    )


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """Answer a request that breaks a rule with a sentence of its own."""
    return ApiError(400, message, param=param, code=code)


def server_error() -> ApiError:
    """Answer for a bug of ours: the body a real 500 has."""
    return ApiError(
        500,
        "The server had an error while processing your request. Sorry about that!",
        type="server_error",
    )


def disk_full() -> ApiError:
    """Answer when a file or the database has no room left (ours; the real API has no such answer)."""
    return ApiError(507, "The mock server has no disk space left.", type="server_error", code="disk_full")


def no_such_world(world_id: str) -> ApiError:
    """Answer a request to `/w/<id>/…` for a world that does not exist (ours)."""
    return ApiError(404, f"No such world: {world_id}", code="world_not_found")


def unknown_cursor(after: str) -> ApiError:
    """Answer a page that should begin after an object which never existed (wording not verified)."""
    return ApiError(
        400, f"Invalid 'after': no object with id '{after}'.", param="after", code="invalid_value"
    )
