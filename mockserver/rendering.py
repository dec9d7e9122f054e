"""The one place where a refusal becomes a response, whatever raised it."""

from collections.abc import Iterable

from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from mockserver import errors
from mockserver.errors import ApiError
from mockserver.wording import explain


def response(error: ApiError) -> Response:
    """Return the official error body with its status and headers."""
    body = {"error": {"message": error.message, "type": error.type, "param": error.param, "code": error.code}}
    return Response(to_json(body), error.status, error.headers, media_type="application/json")


def refusal(scope: Scope, exception: Exception) -> ApiError:
    """Say any exception in the official words."""
    if isinstance(exception, ApiError):
        return exception
    if isinstance(exception.__cause__, ApiError):  # FastAPI wraps what is raised while it reads a body
        return exception.__cause__
    if isinstance(exception, RequestValidationError):
        legacy = scope["world"].legacy_shapes
        said = explain(exception.errors(), era="2023" if legacy else "modern", body=exception.body)
        return ApiError(400, said.message, param=said.param, code=said.code)
    if isinstance(exception, HTTPException):
        return _no_route(scope, exception)
    return errors.server_error()


def _no_route(scope: Scope, exception: HTTPException) -> ApiError:
    method, path = scope["method"], scope["path"]
    match exception.status_code:
        case 405:
            return errors.method_not_allowed(method, path, allowed_methods(scope))
        case 404:
            return errors.unknown_url(method, path)
    return ApiError(exception.status_code, exception.detail)


def allowed_methods(scope: Scope) -> list[str]:
    """Return every method some route accepts at this path; Starlette would name those of one route only."""

    def at_this_path(routes: Iterable[BaseRoute]) -> set[str]:
        methods: set[str] = set()
        for route in routes:
            match, _ = route.matches(scope)
            if match is not Match.NONE:
                methods |= getattr(route, "methods", None) or set()
        return methods

    return sorted(at_this_path(scope["app"].router.routes))


async def render(request: Request, exception: Exception) -> Response:
    """Answer an exception that left a handler."""
    return response(refusal(request.scope, exception))
