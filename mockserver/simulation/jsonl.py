"""A JSONL upload is judged line by line, so that a file of any size never stands in memory.

The head decides first: an upload for fine-tuning whose first line is not a JSON dictionary is refused at
once. The first later line that is not one gives the stored file the status `error` and the words of its
`status_details`. Blank lines may stand at the end only, a byte order mark at the very start only, and a line
has at most 8 MiB.
"""

import codecs
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

MAX_LINE = 8 * 1024 * 1024
"""Bytes a line may have without its newline: our own bound on memory, an official one is not known."""


class LineError(ValueError):
    """A line that is not a JSON dictionary; its text is the official one of 2023 (openai-openapi#24)."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"Example {number} cannot be parsed. Error: {reason} (line {number})")
        self.number = number


class LineReader:
    """Takes the lines of one file in order and gives back the dictionaries in them."""

    def __init__(self) -> None:
        self.number = 0
        self.examples = 0
        self._blank = 0

    def take(self, line: bytes) -> dict[str, Any] | None:
        """Read the next line, with or without its line end; a blank one gives None.

        Raises LineError for the line, or for the first blank one before it, which was not at the end then.
        """
        self.number += 1
        text = _text(line, self.number)
        if not text or text.isspace():
            self._blank = self._blank or self.number
            return None
        # An earlier blank line is parsed instead, to be refused in the official words.
        found = _parse(b"", self._blank) if self._blank else _parse(text, self.number)
        self.examples += 1
        return found


class LineCutter:
    """Cuts chunks of any size into lines, holding back one unfinished line and no more of it than counts."""

    def __init__(self) -> None:
        self._part = bytearray()

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take the next chunk and return the lines it finished, without their line ends."""
        *lines, rest = chunk.split(b"\n")
        if lines:
            self._keep(lines[0])
            lines[0] = self.finish()
        self._keep(rest)
        return lines

    def finish(self) -> bytes:
        """Return the unfinished line, which may be empty, and forget it."""
        line = bytes(self._part)
        self._part.clear()
        return line

    def _keep(self, piece: bytes) -> None:
        # One byte over the limit is kept: it is enough to know that the line is too long.
        self._part += piece[: MAX_LINE + 1 - len(self._part)]


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What an upload turned out to be: the `lines` good until the first error, and both errors."""

    lines: int
    head_error: str | None
    first_error: str | None


class LineScanner:
    """Judges an upload while it streams in; `head_error` is known as soon as the first line has passed."""

    def __init__(self) -> None:
        self.head_error: str | None = None
        self._first_error: str | None = None
        self._cutter = LineCutter()
        self._reader = LineReader()

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk; where the chunks are cut makes no difference."""
        for line in self._cutter.feed(chunk):
            self._judge(line)

    def finish(self) -> ScanResult:
        """Judge the last line and sum up."""
        self._judge(self._cutter.finish())
        return ScanResult(self._reader.examples, self.head_error, self._first_error)

    def _judge(self, line: bytes) -> None:
        if self._first_error:
            return
        if self._reader.number == 0:
            self.head_error = check_head(line)
        try:
            self._reader.take(line)
        except LineError as error:
            self._first_error = f"Invalid file format. {error}"


def check_head(first_line: bytes) -> str | None:
    """Say why an upload that starts with this line is refused with 400, or None when it is accepted.

    The wording of 2023, hinting at the line's first three characters (openai-python#426 and
    OkGoDoIt/OpenAI-API-dotnet#59); type, param and code there: invalid_request_error, null, null.
    """
    try:
        _parse(_text(first_line, 1), 1)
    except LineError:
        start = first_line.removeprefix(codecs.BOM_UTF8).lstrip()[:12]
        hint = start.decode(errors="replace").rstrip()[:3]
        return (
            "Expected file to have JSONL format, where every line is a JSON dictionary. "
            f'Line 1 is not a dictionary (HINT: line starts with: "{hint}...").'
        )
    return None


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stored file, read in chunks, into its lines without line ends."""
    cutter = LineCutter()
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield cutter.finish()


def read_objects(lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield every line's number, from 1, and its dictionary; raises LineError at the first that has none."""
    reader = LineReader()
    for line in lines:
        found = reader.take(line)
        if found is not None:
            yield reader.number, found


def _text(line: bytes, number: int) -> bytes:
    # The length comes first: a cut line must not pass for a shorter whole one.
    if len(line.removesuffix(b"\n")) > MAX_LINE:
        raise LineError(number, f"line is longer than {MAX_LINE} bytes")
    return (line.removeprefix(codecs.BOM_UTF8) if number == 1 else line).rstrip(b"\r\n")


def _parse(line: bytes, number: int) -> dict[str, Any]:
    try:
        found = from_json(line, allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        words = _standard_words(line) or str(error)
        raise LineError(number, f"line contains invalid json: {words}") from None
    if not isinstance(found, dict):
        raise LineError(number, "line is not a JSON dictionary")
    return found


def _standard_words(line: bytes) -> str | None:
    """Return the standard library's complaint, which is the official one; None where it is less strict."""
    try:
        json.loads(line.decode())
    except ValueError as error:
        return str(error)
    except RecursionError:
        return None
    return None
