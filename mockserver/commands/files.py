"""The files of a user: read as whatever wrote them encoded them, written only where nothing is."""

import codecs
import sys
from pathlib import Path

from mockserver.config import UserError
from mockserver.scenario.loader import load_shipped, shipped

ENDINGS = (".yaml", ".yml")


def scenario_path(source: str) -> Path:
    """Return the file of a scenario, told by its path or as a shipped one by its name. Raises ScenarioError."""
    if source.endswith(ENDINGS):
        return Path(source)
    known = shipped()
    if source not in known:
        load_shipped(source)  # says which names there are
    return known[source]


def read_text(path: Path) -> str:
    """Return a text; `-` is standard input. Raises UserError for a file that cannot be read.

    PowerShell redirects output as UTF-16; what is no text at all becomes question marks.
    """
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_utf16 else "utf-8-sig", errors="replace")


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, and its folders. Raises UserError when it is, or cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        if path.exists():
            raise UserError(f"{path}: is there already; nothing was written") from None
        raise UserError(f"{path}: cannot be written: {error.strerror}: {error.filename}") from None
