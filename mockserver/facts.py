"""What is known of a request before anybody answers it: the plain mapping that scenario rules are matched with.

The endpoint is the name of the operation the request will reach, as the official client calls it. The body is read
only for those who ask for it, and handed on untouched.
"""

from collections.abc import Iterable
from typing import Any

from pydantic_core import from_json
from starlette.datastructures import Headers
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope

from mockserver.config import MAX_JSON_BYTES

Facts = dict[str, Any]


def operation_of(routes: Iterable[BaseRoute], scope: Scope) -> str | None:
    """Return the name of the operation a request will reach; None for an unknown URL or method."""
    for route in routes:
        match, _ = route.matches(scope)
        if match is Match.FULL:
            return getattr(route, "operation_id", None)
    return None


async def read_facts(scope: Scope, receive: Receive, routes: Iterable[BaseRoute]) -> tuple[Facts, Receive]:
    """Return the facts of a request, and a `receive` that gives its body as if nobody had read it.

    A JSON body's fields stand beside the envelope's: `endpoint`, `method`, `path`, `headers`, `key`, `attempt` (from
    1, as the client counts its retries). The whole parsed body is `body`.
    """
    headers = Headers(scope=scope)
    facts: Facts = {
        "endpoint": operation_of(routes, scope),
        "method": scope["method"],
        "path": scope["path"],
        "headers": dict(headers),
        "key": scope.get("key"),
        "attempt": _attempt(headers),
    }
    if not headers.get("content-type", "").startswith("application/json"):
        return facts, receive
    raw, replay = await _read(receive)
    try:
        body = from_json(raw)
    except ValueError:
        return facts, replay
    facts["body"] = body
    if isinstance(body, dict):
        facts = {**body, **facts}
    return facts, replay


def _attempt(headers: Headers) -> int:
    told = headers.get("x-stainless-retry-count", "0")
    return int(told) + 1 if told.isdecimal() else 1


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    """Read a body up to the limit of JSON bodies; what lies beyond is left for whoever refuses it."""
    body = bytearray()
    more = True
    while more and len(body) <= MAX_JSON_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    first = True

    async def replay() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": bytes(body), "more_body": more}
        return await receive()

    return bytes(body), replay
