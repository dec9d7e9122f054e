"""What every resource shares with the wire: models in which null means "left out", guarded JSON bodies, pages, SSE."""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any, ClassVar

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema, from_json, to_json
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver import errors
from mockserver.clock import breathe
from mockserver.config import MAX_JSON_BYTES

#: how many bytes of ready events go out in one piece
BATCH = 16 * 1024
DONE = b"data: [DONE]\n\n"
PING = b": ping\n\n"
#: the header of an answer in JSON
JSON = (b"content-type", b"application/json")


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


async def read_ahead(receive: Receive, at_most: int) -> tuple[bytes, bool]:
    """Read a body until it is longer than a limit; return what was read, and whether there is more to come."""
    body, more = bytearray(), True
    while more and len(body) <= at_most:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body), more


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """Return the body of a request, which is read once. Raises ApiError 413 when it is over `MAX_JSON_BYTES`."""
    if "raw_body" not in scope:
        body, more = await read_ahead(receive, MAX_JSON_BYTES)
        if len(body) > MAX_JSON_BYTES:
            raise errors.body_too_large(MAX_JSON_BYTES)
        if more:
            raise ClientDisconnect
        scope["raw_body"] = body
    known: bytes = scope["raw_body"]
    return known


async def read_json(scope: Scope, receive: Receive) -> Any:
    """Return the parsed body of a request, which is read once; None if there is none.

    Raises ApiError 400 when it is not JSON, by the rules of JSON alone, 413 when it is too large, and 415 when its
    headers say that it is something else.
    """
    if "json" not in scope:
        _insist_on_json(scope)
        body = await read_body(scope, receive)
        scope["json"] = _parsed(body) if body else None
    return scope["json"]


def _parsed(body: bytes) -> Any:
    try:
        return from_json(body, allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raise errors.bad_json(str(error)) from error


class GuardedRequest(Request):
    """A request whose JSON body is read under a size limit, by a parser that refuses what cannot be encoded again."""

    async def body(self) -> bytes:
        """Return the body. Raises ApiError 413 when it is over `MAX_JSON_BYTES`."""
        return await read_body(self.scope, self.receive)

    async def json(self) -> Any:
        """Return the parsed body. Raises ApiError 400 when it is not JSON, by the rules of JSON alone."""
        return await read_json(self.scope, self.receive)


class Written(Response):
    """An answer that is written already: JSON, unless its headers say otherwise."""

    def __init__(self, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.status_code = 200
        self.background = None
        self.body = body
        self.raw_headers = [(b"content-length", b"%d" % len(body)), JSON]
        for name, value in (headers or {}).items():
            self.headers[name] = value


class Stream(Response):
    """Server-sent events. A None among them is a moment that passes between two, if there is a `pause` to pass it.

    Without one everything is ready, and many events go out in one piece, unless the scope says `piecewise`.
    """

    def __init__(
        self,
        events: Iterable[bytes | None],
        pause: Callable[[], Awaitable[None]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status_code = 200
        self.background = None
        self.events = events
        self.pause = pause
        self.raw_headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
        for name, value in (headers or {}).items():
            self.headers[name] = value

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events, until the client goes."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        if self.pause is None:
            await self._at_once(send, BATCH if not scope.get("piecewise") else 0)
        else:
            sending = asyncio.create_task(self._paced(send, self.pause))
            leaving = asyncio.create_task(_disconnect(receive))
            try:
                await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
                if sending.done():
                    sending.result()
            finally:
                sending.cancel()
                leaving.cancel()
        await send({"type": "http.response.body", "body": b""})

    async def _at_once(self, send: Send, enough: int) -> None:
        ready = bytearray()
        for piece in self.events:
            if piece is not None:
                ready += piece
                if len(ready) > enough:
                    await send({"type": "http.response.body", "body": bytes(ready), "more_body": True})
                    ready.clear()
                    await breathe()
        if ready:
            await send({"type": "http.response.body", "body": bytes(ready), "more_body": True})

    async def _paced(self, send: Send, pause: Callable[[], Awaitable[None]]) -> None:
        for piece in self.events:
            if piece is None:
                await pause()
            else:
                await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class FromScope:
    """A dependency that is a value of the request's scope: a lean route takes it from there by itself."""

    def __init__(self, key: str) -> None:
        self.key = key

    async def __call__(self, request: Request) -> Any:
        """Return the value."""
        return request.scope[self.key]


class Route(APIRoute):
    """A typed route without the detour: its body is read as `GuardedRequest` does, its answer is written as it is.

    FastAPI takes the schema from the annotations; its own validation and copying of every answer is left out. A
    handler that takes nothing but a JSON body, the request and values of its scope is `lean`: it is called without
    FastAPI, whose way of finding that out for every request anew takes longer than most answers.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _written(endpoint), **options)
        #: the handler as an application of its own, if it needs nothing of FastAPI
        self.lean = lean(endpoint)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler behind the guard."""
        handler = super().get_route_handler()
        wants_json = self.body_field is not None

        async def guarded(request: Request) -> Response:
            if wants_json:
                _insist_on_json(request.scope)
            return await handler(GuardedRequest(request.scope, request.receive))

        return guarded


def lean(endpoint: Callable[..., Any]) -> ASGIApp | None:
    """Return a handler as an ASGI application; None if one of its parameters is for FastAPI to find."""
    takes: dict[str, str] = {}
    body: tuple[str, type[RequestModel]] | None = None
    wants_request: list[str] = []
    for name, parameter in inspect.signature(endpoint, eval_str=True).parameters.items():
        kind = parameter.annotation
        source = next(
            (one.dependency for one in getattr(kind, "__metadata__", ()) if hasattr(one, "dependency")), None
        )
        if isinstance(source, FromScope):
            takes[name] = source.key
        elif kind is Request:
            wants_request.append(name)
        elif isinstance(kind, type) and issubclass(kind, RequestModel) and body is None:
            body = (name, kind)
        else:
            return None

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        values = {name: scope[key] for name, key in takes.items()}
        if body is not None:
            values[body[0]] = _validated(body[1], await read_json(scope, receive))
        for name in wants_request:
            values[name] = GuardedRequest(scope, receive)
        answer = await endpoint(**values)
        if isinstance(answer, ResponseModel):
            answer = written_out(answer)
        await answer(scope, receive, send)

    return app


def _validated(model: type[RequestModel], given: Any) -> RequestModel:
    """Return a body as its model. Raises RequestValidationError as FastAPI does."""
    if given is None:
        missing = {"type": "missing", "loc": ("body",), "msg": "Field required", "input": None}
        raise RequestValidationError([missing], body=None)
    try:
        return model.model_validate(given, from_attributes=True)
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors(include_url=False)]
        raise RequestValidationError(found, body=given) from error


def resource(tag: str) -> APIRouter:
    """Return the router of a file in `resources/`."""
    return APIRouter(prefix="/v1", route_class=Route, tags=[tag])


def control() -> APIRouter:
    """Return the router of a file in `control/`."""
    return APIRouter(prefix="/_mock", route_class=Route, tags=["control"])


def written_out(answer: ResponseModel, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer as the bytes that are sent."""
    return Written(answer.__pydantic_serializer__.to_json(answer, exclude_unset=True), headers)


def _written(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(endpoint)
    async def written(*args: Any, **kwargs: Any) -> Any:
        answer = await endpoint(*args, **kwargs)
        return written_out(answer) if isinstance(answer, ResponseModel) else answer

    return written


def _insist_on_json(scope: Scope) -> None:
    content_type, encoding = b"", b"identity"
    for name, value in scope["headers"]:
        if name == b"content-type":
            content_type = value
        elif name == b"content-encoding":
            encoding = value
    if content_type != JSON[1]:
        kind = content_type.partition(b";")[0].strip().lower()
        if kind != JSON[1] and not kind.endswith(b"+json"):
            raise errors.wrong_content_type(content_type.decode("latin-1") or "none", "application/json")
    if encoding != b"identity":
        raise errors.wrong_content_type(encoding.decode("latin-1"), "an uncompressed body")
