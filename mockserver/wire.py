"""What every resource shares with the wire: models in which null means "left out", guarded JSON bodies, pages, SSE."""

import functools
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ClassVar

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, from_json, to_json
from starlette.requests import Request
from starlette.responses import Response

from mockserver import errors
from mockserver.config import MAX_JSON_BYTES

DONE = b"data: [DONE]\n\n"
PING = b": ping\n\n"


class RequestModel(BaseModel):
    """A request body. Unknown fields are refused; null is the same as absent, since the 0.x clients send nulls."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _null_means_default(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {
                key: value for key, value in data.items() if value is not None or key not in cls.model_fields
            }
        return data

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say of every field that can be left out that it can be null."""
        schema = handler(core_schema)
        described = handler.resolve_ref_schema(schema)
        properties = described.get("properties", {})
        for name in properties.keys() - described.get("required", ()):
            if {"type": "null"} not in properties[name].get("anyOf", ()):
                properties[name] = {"anyOf": [properties[name], {"type": "null"}]}
        return schema


class ResponseModel(BaseModel):
    """An answer. Its fields stand in the official order; those never set are left out, but for `object`."""

    def model_post_init(self, _context: Any) -> None:
        """Let `object`, whose one value is its default, count as set."""
        if "object" in type(self).model_fields:
            self.__pydantic_fields_set__.add("object")


class ErrorDetail(ResponseModel):
    """What went wrong, in the official fields."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(ResponseModel):
    """The body of every answer that is not a 2xx."""

    error: ErrorDetail


def event(data: BaseModel | dict[str, Any]) -> bytes:
    """Return one data-only server-sent event; never with an `id:` or `event:` line, which break old clients."""
    payload = (
        data.model_dump_json(exclude_unset=True).encode() if isinstance(data, BaseModel) else to_json(data)
    )
    return b"data: " + payload + b"\n\n"


class GuardedRequest(Request):
    """A request whose JSON body is read under a size limit, by a parser that refuses what cannot be encoded again."""

    async def body(self) -> bytes:
        """Return the body. Raises ApiError 413 when it is over `MAX_JSON_BYTES`."""
        if not hasattr(self, "_body"):
            body = bytearray()
            async for chunk in self.stream():
                body += chunk
                if len(body) > MAX_JSON_BYTES:
                    raise errors.body_too_large(MAX_JSON_BYTES)
            self._body = bytes(body)
        return self._body

    async def json(self) -> Any:
        """Return the parsed body. Raises ApiError 400 when it is not JSON, by the rules of JSON alone."""
        try:
            return from_json(await self.body(), allow_inf_nan=False, cache_strings="keys")
        except ValueError as error:
            raise errors.bad_json(str(error)) from error


class Route(APIRoute):
    """A typed route without the detour: its body is read as `GuardedRequest` does, its answer is written as it is.

    FastAPI takes the schema from the annotations; its own validation and copying of every answer is left out.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _written(endpoint), **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler behind the guard."""
        handler = super().get_route_handler()
        wants_json = self.body_field is not None

        async def guarded(request: Request) -> Response:
            if wants_json:
                _insist_on_json(request)
            return await handler(GuardedRequest(request.scope, request.receive))

        return guarded


def resource(tag: str) -> APIRouter:
    """Return the router of a file in `resources/`."""
    return APIRouter(prefix="/v1", route_class=Route, tags=[tag])


def control() -> APIRouter:
    """Return the router of a file in `control/`."""
    return APIRouter(prefix="/_mock", route_class=Route, tags=["control"])


def written_out(answer: ResponseModel, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer as the bytes that are sent."""
    return Response(
        answer.model_dump_json(exclude_unset=True), headers=headers, media_type="application/json"
    )


def _written(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(endpoint)
    async def written(*args: Any, **kwargs: Any) -> Any:
        answer = await endpoint(*args, **kwargs)
        return written_out(answer) if isinstance(answer, ResponseModel) else answer

    return written


def _insist_on_json(request: Request) -> None:
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise errors.wrong_content_type(content_type or "none", "application/json")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise errors.wrong_content_type(request.headers["content-encoding"], "an uncompressed body")
