"""Files and tuned models that are there before the story begins, and how uploads are treated."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, PlainSerializer, PlainValidator

from mockserver.scenario.durations import Duration, Size, UnixTime
from mockserver.scenario.parts import FileId, Section
from mockserver.scenario.problems import Problem, must_be, problem, shown
from mockserver.scenario.recipes import Recipe
from mockserver.scenario.yaml12 import Document


class Uploads(Section):
    """How the world treats uploaded files."""

    processing: Duration = 0.0
    """How long a file stays `uploaded` before it is `processed`."""
    max_bytes: Size | None = None
    """The largest file; left out: the limit of the era."""


def _path(value: object) -> Path:
    if isinstance(value, str | Path) and value:
        return Path(value)
    raise must_be("the path of a file")


_Path = Annotated[Path, PlainValidator(_path, json_schema_input_type=str), PlainSerializer(str)]


class FileSpec(Section):
    """A file that was uploaded before the story begins."""

    one_of: ClassVar[tuple[str, ...]] = ("rows", "path", "text", "recipe")

    id: FileId | None = None
    """Its id; left out: drawn."""
    filename: Annotated[str, Field(min_length=1)]
    """The name it was uploaded with."""
    purpose: Annotated[str, Field(min_length=1)] = "fine-tune"
    """What it is for."""
    created_at: UnixTime | None = None
    """When it was uploaded; left out: when the story begins."""
    rows: list[dict[str, Any]] | None = None
    """Its lines, for a JSONL file."""
    path: _Path | None = None
    """A file with its contents, relative to the scenario's own file."""
    text: str | None = None
    """Its contents as text."""
    recipe: Recipe | None = None
    """How to make up its lines."""

    def content(self, seed: int = 0) -> bytes:
        """Return its bytes; rows become one JSON object per line. Raises OSError if `path` is gone."""
        if self.path is not None:
            return self.path.read_bytes()
        if self.text is not None:
            return self.text.encode()
        rows = self.recipe.lines(f"{seed}:recipe:{self.filename}") if self.recipe else self.rows or ()
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


class TunedModel(Section):
    """A model that was fine-tuned before the story begins, by a job that nobody remembers."""

    id: Annotated[str, Field(min_length=1)]
    """The model's name, such as ft:gpt-4o-mini-2024-07-18:acme::AbCdEfGh."""
    base: Annotated[str, Field(min_length=1)]
    """The model it was tuned from."""
    training_file: FileId | None = None
    """The id of the scenario's file it was taught with; left out: it answers like its base."""
    created: UnixTime | None = None
    """When it was uploaded; left out: when the story begins."""


def locate(document: Document, folders: Mapping[str, Path | None]) -> tuple[Any, list[Problem]]:
    """Return a scenario's data with the path of every file whole, and what is wrong with the paths.

    `folders` tells by the name of a scenario's file where its paths begin; None: it cannot name files.
    """
    data = document.root.value
    files = data.get("files") if isinstance(data, dict) else None
    if not isinstance(files, list):
        return data, []
    located, problems = [], []
    for index, spec in enumerate(files):
        place = ("files", index, "path")
        told = spec.get("path") if isinstance(spec, dict) else None
        if not isinstance(told, str) or not told:
            located.append(spec)
            continue
        folder = folders[document.file(place)]
        path = (folder or Path()) / told
        located.append({**spec, "path": str(path.resolve())})
        if folder is None:
            refused = "'path' needs a scenario that is a file itself; use 'rows' or 'text'"
            problems.append(problem(document, place, refused, at_key=True))
        elif not path.is_file():
            expected = f"path must be the path of a file (from {folder}), not {shown(told)}"
            problems.append(problem(document, place, expected))
    return {**data, "files": located}, problems
