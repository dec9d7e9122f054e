"""The one place where a refusal becomes a response, whatever raised it."""

from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from mockserver import errors
from mockserver.errors import ApiError
from mockserver.store import is_disk_full
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
    return errors.disk_full() if is_disk_full(exception) else errors.server_error()


def _no_route(scope: Scope, exception: HTTPException) -> ApiError:
    method, path = scope["method"], scope["path"]
    match exception.status_code:
        case 405:
            return errors.method_not_allowed(method, path, allowed_methods(scope))
        case 404:
            return errors.unknown_url(method, path)
    return ApiError(exception.status_code, exception.detail)


def allowed_methods(scope: Scope) -> list[str]:
    """Return every method of the path that fits best; Starlette would name those of one of its routes only."""
    routes = [route for route in scope["app"].router.routes if isinstance(route, Route)]
    fitting = [route for route in routes if route.matches(scope)[0] is not Match.NONE]
    best = min(fitting, key=lambda route: len(route.param_convertors)).path
    return sorted({method for route in fitting if route.path == best for method in route.methods or ()})


async def render(request: Request, exception: Exception) -> Response:
    """Answer an exception that left a handler."""
    return response(refusal(request.scope, exception))
