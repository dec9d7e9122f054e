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


# --- the request itself ------------------------------------------------------------------------------------------


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


# --- limits --------------------------------------------------------------------------------------------------------


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


# --- eras ----------------------------------------------------------------------------------------------------------


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


# --- files ---------------------------------------------------------------------------------------------------------


def no_such_file(file_id: str) -> ApiError:
    """Answer an id that no file has."""
    return ApiError(404, f"No such File object: {file_id}", param="id")


def unknown_file_parameter(param: str, file_id: str) -> ApiError:
    """Answer a job that names a file which does not exist."""
    return ApiError(400, f"invalid {param}: {file_id}", param=param, code="invalid_file")


def wrong_file_purpose(param: str, file_id: str, purpose: str) -> ApiError:
    """Answer a job that names a file uploaded for something else (wording not verified)."""
    return ApiError(
        400,
        f"Invalid file purpose: {file_id} was uploaded with purpose '{purpose}', expected 'fine-tune'.",
        param=param,
        code="invalid_file_purpose",
    )


def file_too_large(limit: int) -> ApiError:
    """Answer an upload over the limit in bytes (wording not verified)."""
    return ApiError(
        413,
        f"File is too large. The maximum size of a single file is {limit // 2**20} MB.",
        param="file",
        code="file_too_large",
    )


def file_busy() -> ApiError:
    """Answer the deletion of a file that is still being processed."""
    return ApiError(409, "File is still processing. Check back later.")


# --- models --------------------------------------------------------------------------------------------------------


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


# --- fine-tunes ----------------------------------------------------------------------------------------------------


def invalid_base_model(model: str, bases: Sequence[str], organization: str) -> ApiError:
    """Answer a legacy fine-tune of a model that cannot be fine-tuned."""
    return ApiError(
        400,
        f"Invalid base model: {model} (model must be one of {', '.join(bases)}) or a fine-tuned model created by "
        f"your organization: {organization}",
    )


def model_not_available(model: str) -> ApiError:
    """Answer a fine-tuning job of a model that cannot be fine-tuned."""
    return ApiError(
        400,
        f"Model {model} is not available for fine-tuning or does not exist.",
        param="model",
        code="model_not_available",
    )


def no_such_fine_tune(job_id: str) -> ApiError:
    """Answer an id that no legacy fine-tune has."""
    return ApiError(404, f"No such FineTune object: {job_id}", param="fine_tune_id")


def no_such_job(job_id: str) -> ApiError:
    """Answer an id that no fine-tuning job has."""
    return ApiError(
        404, f"Could not find fine tune: {job_id}", param="fine_tuning_job_id", code="fine_tune_not_found"
    )


def no_such_checkpoint(name: str) -> ApiError:
    """Answer a checkpoint that no job has left (wording not verified)."""
    return ApiError(404, f"Could not find checkpoint: {name}", param="fine_tuned_model_checkpoint")


def no_such_permission(permission_id: str) -> ApiError:
    """Answer a permission a checkpoint does not have (wording not verified)."""
    return ApiError(404, f"Could not find checkpoint permission: {permission_id}", param="permission_id")


def illegal_move(verb: str, job_id: str, status: str) -> ApiError:
    """Answer a move the job's lifecycle does not allow, such as the cancelling of a finished job."""
    return ApiError(
        400,
        f"Job has already completed: cannot {verb} {job_id}, its status is {status}."
        if status in {"succeeded", "failed", "cancelled"}
        else f"Cannot {verb} {job_id}: its status is {status}.",
        code="invalid_job_state",
    )


def unknown_cursor(after: str) -> ApiError:
    """Answer a page that should begin after an object which never existed (wording not verified)."""
    return ApiError(
        400, f"Invalid 'after': no object with id '{after}'.", param="after", code="invalid_value"
    )
