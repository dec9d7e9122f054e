"""What is known of a request before anybody answers it: the plain mapping that scenario rules are matched with.

The endpoint is the name of the operation the request will reach, as the official client calls it. The body is read
only for those who ask for it, and handed on untouched; of an upload, only the beginning.
"""

import contextlib
import re
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from mockserver.config import MAX_JSON_BYTES
from mockserver.wire import read_ahead

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

Facts = dict[str, Any]

#: how much of a form is looked at before it is handed on, in bytes
HEAD_BYTES = 64 * 1024


def asked(request: Request, key: str) -> Facts:
    """Return the facts of a request that has reached its handler: the fields of its body, and what came beside it."""
    body = request.scope["json"]
    return {
        **body,
        "endpoint": request.scope["operation"],
        "headers": request.headers,
        "key": key,
        "body": body,
    }


async def read_facts(scope: Scope, receive: Receive) -> tuple[Facts, Receive]:
    """Return the facts of a request, and a `receive` that gives its body as if nobody had read it.

    A JSON body's fields stand beside the envelope's: `endpoint`, `method`, `path`, `headers`, `key`, `attempt` (from
    1, as the client counts its retries). The whole parsed body is `body`. A form's small fields stand there too if they
    come within its first bytes, as the official client sends them, and `file_name` is what its first file is called.
    """
    headers = Headers(scope=scope)
    facts: Facts = {
        "endpoint": scope.get("operation"),
        "method": scope["method"],
        "path": scope["path"],
        "headers": dict(headers),
        "key": scope.get("key"),
        "attempt": _attempt(headers),
    }
    content_type = headers.get("content-type", "")
    if content_type.startswith("multipart/form-data"):
        head, receive = await _read(scope, receive, HEAD_BYTES)
        return {**_told_by_form(content_type, head), **facts}, receive
    if not content_type.startswith("application/json"):
        return facts, receive
    raw, receive = await _read(scope, receive, MAX_JSON_BYTES)
    try:
        body = scope["json"] if "json" in scope else from_json(raw)
    except ValueError:
        return facts, receive
    facts["body"] = body
    if isinstance(body, dict):
        facts = {**body, **facts}
    return facts, receive


def _attempt(headers: Headers) -> int:
    told = headers.get("x-stainless-retry-count", "0")
    return int(told) + 1 if told.isdecimal() else 1


def _told_by_form(content_type: str, head: bytes) -> Facts:
    """Return the fields of a form that end within its head, and what its first file is called."""
    form = _Form()
    _, options = parse_options_header(content_type)
    with contextlib.suppress(FormParserError):
        MultipartParser(options.get(b"boundary", b""), form.callbacks()).write(head)
    return form.facts


class _Form:
    """What a parser has told of a form so far."""

    def __init__(self) -> None:
        self.facts: Facts = {}
        self._header = bytearray()
        self._value = bytearray()
        self._text = bytearray()
        self._named: dict[bytes, bytes] = {}

    def callbacks(self) -> "MultipartCallbacks":
        """Return what the parser calls."""
        return {
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._note_header,
            "on_part_data": lambda data, start, end: self._text.extend(data[start:end]),
            "on_part_end": self._note_field,
        }

    def _note_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, self._named = parse_options_header(bytes(self._value))
            if b"filename" in self._named:
                path = self._named[b"filename"].decode("utf-8", "replace")
                self.facts.setdefault("file_name", re.split(r"[/\\]", path)[-1])
        self._header.clear()
        self._value.clear()

    def _note_field(self) -> None:
        if b"filename" not in self._named:
            name = self._named.get(b"name", b"").decode("utf-8", "replace")
            self.facts.setdefault(name, self._text.decode("utf-8", "replace"))
        self._named = {}
        self._text.clear()


async def _read(scope: Scope, receive: Receive, at_most: int) -> tuple[bytes, Receive]:
    """Read a body until it is longer than a limit; what lies beyond is left for its handler."""
    if "raw_body" in scope:
        return scope["raw_body"], receive
    body, more = await read_ahead(receive, at_most)
    first = True

    async def replay() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": body, "more_body": more}
        return await receive()

    return body, replay
