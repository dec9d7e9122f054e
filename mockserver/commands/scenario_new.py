"""`mockserver scenario new`: a file to begin with, which passes `check` and says how to go on."""

import re
from pathlib import Path

import typer

from mockserver.commands.files import ENDINGS, write_new
from mockserver.config import UserError
from mockserver.scenario.loader import load_shipped, shipped

_TEMPLATE = Path(__file__).parents[1] / "data" / "new-scenario.yaml"
_SCHEMA = re.compile(r"(?<=yaml-language-server: \$schema=)\S+")


def new(file: Path, source: str | None) -> None:
    """Write a new scenario, or a copy of a shipped one with the files it names. Raises UserError if one is there."""
    if file.suffix not in ENDINGS:
        raise UserError(f"{file}: the name of a scenario's file ends with {' or '.join(ENDINGS)}")
    copies = {file: beginning(file.name).encode()} if source is None else _copied(file, source)
    for path in copies:
        if path.exists():
            raise UserError(f"{path}: is there already; nothing was written")
    for path, content in copies.items():
        write_new(path, content)
        typer.echo(f"wrote {path}")


def beginning(name: str) -> str:
    """Return the text of a scenario to begin with, in a file of that name."""
    return _TEMPLATE.read_text(encoding="utf-8").replace("{file}", name)


def _copied(file: Path, source: str) -> dict[Path, bytes]:
    """Return what the copy consists of: data lies beside it as it lies beside the original."""
    scenario = load_shipped(source)
    original = shipped()[source]
    home = original.parent.resolve()
    text = original.read_text(encoding="utf-8")
    copies = {file: _SCHEMA.sub("scenario.schema.json", text).encode()}
    for told in scenario.files:
        if told.path and told.path.is_relative_to(home):
            copies[file.parent / told.path.relative_to(home)] = told.path.read_bytes()
    return copies
