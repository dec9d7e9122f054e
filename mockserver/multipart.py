"""A multipart upload goes straight to the blob store: each byte is written once and never held in memory.

Starlette's own form parser spools to a temporary file first and says 400 when the disk is full.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from mockserver import errors
from mockserver.errors import files as refusals
from mockserver.store import Blobs, BlobWriter
from mockserver.store.blobs import CHUNK

MAX_FIELD_BYTES = 64 * 1024
MAX_PARTS = 64
#: what a multipart body may add around its file: boundaries, headers, small fields
OVERHEAD = MAX_PARTS * 2 * MAX_FIELD_BYTES


@dataclass
class Form:
    """The small fields of a form and its one file, already written but not yet committed."""

    fields: dict[str, str] = field(default_factory=dict)
    filename: str = ""
    blob: BlobWriter | None = None

    def abort(self) -> None:
        """Throw the file's bytes away, because the upload is refused; harmless after a commit."""
        if self.blob:
            self.blob.abort()


@dataclass
class _Part:
    headers: dict[str, str] = field(default_factory=dict)
    header: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    text: bytearray = field(default_factory=bytearray)
    name: str = ""
    filename: str | None = None


class _Reader:
    """Turns the parser's callbacks into fields and file bytes."""

    def __init__(self, boundary: bytes, blobs: Blobs, file_field: str) -> None:
        self.form = Form()
        self.pending = bytearray()
        self.ended = False
        self._blobs = blobs
        self._file_field = file_field
        self._part = _Part()
        self._parts = 0
        callbacks: dict[str, Callable[..., Any]] = {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._part.header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._part.value.extend(data[start:end]),
            "on_header_end": self._header,
            "on_headers_finished": self._headers,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }
        self.parser = MultipartParser(boundary, callbacks)  # type: ignore[arg-type] # a TypedDict of optional callbacks

    def must_have_ended(self) -> None:
        """Raise ApiError 400 unless the last boundary has been seen."""
        if not self.ended:
            raise errors.invalid("The multipart body ended before its last boundary: truncated upload.")

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise errors.invalid(f"Too many form fields. The maximum is {MAX_PARTS}.")
        self._part = _Part()

    def _header(self) -> None:
        part = self._part
        part.headers[part.header.decode("latin-1").lower()] = part.value.decode("latin-1")
        part.header.clear()
        part.value.clear()

    def _headers(self) -> None:
        part = self._part
        _, options = parse_options_header(part.headers.get("content-disposition"))
        part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            part.filename = options[b"filename"].decode("utf-8", "replace")
        if part.name == self._file_field and part.filename is not None:
            if self.form.blob is not None:
                raise errors.invalid(f"Only one '{self._file_field}' can be uploaded at a time.")
            self.form.filename = part.filename
            self.form.blob = self._blobs.create()

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if part.name == self._file_field and part.filename is not None:
            self.pending += memoryview(data)[start:end]
            return
        part.text += data[start:end]
        if len(part.text) > MAX_FIELD_BYTES:
            raise errors.invalid(f"Form field '{part.name}' is too long.", part.name)

    def _end(self) -> None:
        part = self._part
        if part.filename is None:
            self.form.fields[part.name] = part.text.decode("utf-8", "replace")

    def _finish(self) -> None:
        self.ended = True


async def read_form(
    request: Request,
    blobs: Blobs,
    *,
    max_bytes: int,
    watch: Callable[[bytes], None],
    file_field: str = "file",
) -> Form:
    """Read a form whose part `file_field` is a file of at most `max_bytes` bytes; `watch` sees each piece of it.

    Nothing stays behind when this raises. Raises ApiError 400 for a broken form, 413 for a file that is too large
    (declared or found), 415 for another kind of body, 507 when the disk is full.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise errors.wrong_content_type(request.headers.get("content-type", "none"), "multipart/form-data")
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > max_bytes + OVERHEAD:
        raise refusals.file_too_large(max_bytes)
    try:
        reader = _Reader(options[b"boundary"], blobs, file_field)
    except FormParserError as error:
        raise errors.invalid(f"The multipart body could not be parsed: {error}") from error
    try:
        async for chunk in request.stream():
            reader.parser.write(chunk)
            if len(reader.pending) >= CHUNK:
                await _flush(reader, max_bytes, watch)
        reader.must_have_ended()
        await _flush(reader, max_bytes, watch)
    except (FormParserError, ClientDisconnect) as error:
        reader.form.abort()
        raise errors.invalid(
            f"The multipart body could not be parsed: {error or 'it was cut off'}"
        ) from error
    except BaseException:
        reader.form.abort()
        raise
    return reader.form


async def _flush(reader: _Reader, max_bytes: int, watch: Callable[[bytes], None]) -> None:
    blob = reader.form.blob
    if blob is None or not reader.pending:
        return
    if blob.size + len(reader.pending) > max_bytes:
        raise refusals.file_too_large(max_bytes)
    piece, reader.pending = bytes(reader.pending), bytearray()

    def write() -> None:
        blob.write(piece)
        watch(piece)

    await asyncio.to_thread(write)
