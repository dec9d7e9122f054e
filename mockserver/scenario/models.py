"""The scenario as a value: what a file may say, with types, units and defaults.

Everything is optional; an empty mapping is a usable world. Each attribute's docstring is also its description
in the JSON Schema for editors. A new part of the format is a new field here and a section of its own.
A scenario written down as JSON (`model_dump_json`) reads back as the same scenario.
"""

import json
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from mockserver.scenario.durations import Duration, Instant, Size, UnixTime
from mockserver.scenario.matchers import Match
from mockserver.scenario.parts import FileId, Section, begins_with, like
from mockserver.scenario.problems import all_of, must_be, nearest, refuse
from mockserver.scenario.training import (
    Course,
    Failed,
    Failure,
    Ids,
    JobSpec,
    Moment,
    TimelineStep,
    TrainingRule,
)
from mockserver.scenario.yaml12 import Path

__all__ = [
    "Account",
    "ClockSpec",
    "Course",
    "Failed",
    "Failure",
    "FileSpec",
    "Ids",
    "JobSpec",
    "ModelSpec",
    "Moment",
    "Reply",
    "ReplyRule",
    "Scenario",
    "TimelineStep",
    "TrainingRule",
    "Uploads",
    "schema",
]


_ENDPOINT = like(r"[a-z_]+(\.[a-z_]+)*", "an endpoint such as fine_tunes.create")
_SLUG = like(r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case letters, digits and single dashes")


class ClockSpec(Section):
    """The clock of the world."""

    start: Instant | None = None
    """When the story begins; left out: now."""
    rate: Annotated[float, Field(ge=0, allow_inf_nan=False)] | Literal["auto"] = 1.0
    """Virtual seconds per real one; 0 stands still; auto too, but jumps to what somebody waits for."""
    hold_until: Annotated[str, _ENDPOINT] | None = None
    """The clock stands still until the first call of this endpoint, such as fine_tunes.create."""


class Account(Section):
    """Whose world it is."""

    organization: Annotated[str, begins_with("org-")] = "org-MockServerLocalStandIn00"
    """The organization's id."""
    slug: Annotated[str, _SLUG] = "personal"
    """The organization's name inside the names of fine-tuned models."""
    user: Annotated[str, begins_with("user-")] = "user-mockserverlocalstandin00"
    """The user's id: the owner of fine-tuned models."""
    project: Annotated[str, begins_with("proj_")] = "proj_MockServerLocalStandIn00"
    """The project's id."""
    api_keys: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)] | None = None
    """The only keys that are let in; left out: any key."""


class ModelSpec(Section):
    """A model that exists beside the official ones."""

    id: Annotated[str, Field(min_length=1)]
    """The model's name."""
    created: UnixTime | None = None
    """When it was made."""
    owned_by: str | None = None
    """Who owns it."""


def _named(value: object) -> object:
    return {"id": value} if isinstance(value, str) else value


_NamedModel = Annotated[ModelSpec, BeforeValidator(_named, json_schema_input_type=str | ModelSpec)]


class Uploads(Section):
    """How the world treats uploaded files."""

    processing: Duration = 0.0
    """How long a file stays `uploaded` before it is `processed`."""
    max_bytes: Size | None = None
    """The largest file; left out: the limit of the era."""


def _existing(value: object, info: ValidationInfo) -> FilePath:
    """Return the path of a file that is there, from the folder of the scenario.

    Without a context the scenario is one that was loaded before and written down as JSON: its path stays.
    """
    if not isinstance(value, str | FilePath) or not value:
        raise must_be("the path of a file")
    if info.context is None:
        return FilePath(value)
    folder: FilePath | None = info.context["folder"]
    if folder is None:
        raise refuse("'path' needs a scenario that is a file itself; use 'rows' or 'text'")
    path = (folder / value).resolve()
    if not path.is_file():
        raise must_be(f"the path of a file (from {folder})")
    return path


_Existing = Annotated[FilePath, PlainValidator(_existing, json_schema_input_type=str), PlainSerializer(str)]


class FileSpec(Section):
    """A file that was uploaded before the story begins."""

    one_of: ClassVar[tuple[str, ...]] = ("rows", "path", "text")

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
    path: _Existing | None = None
    """A file with its contents, relative to the scenario's own file."""
    text: str | None = None
    """Its contents as text."""

    def content(self) -> bytes:
        """Return its bytes; rows become one JSON object per line. Raises OSError if `path` is gone."""
        if self.path is not None:
            return self.path.read_bytes()
        if self.text is not None:
            return self.text.encode()
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows or ()).encode()


class Reply(Section):
    """What an answer contains. The rest (usage, cutting at stop and length, streaming) is made from it."""

    text: str | None = None
    """The text; left out: what the model says when nothing is scripted."""
    id: Annotated[str, begins_with("cmpl-", "chatcmpl-")] | None = None
    """The id of the answer; left out: drawn."""
    finish_reason: Literal["stop", "length", "content_filter"] | None = None
    """Why it ends; left out: length if it is cut at the limit of tokens, else stop."""


class ReplyRule(Section):
    """What is answered to requests that match. The first rule that matches counts."""

    one_of: ClassVar[tuple[str, ...]] = ("reply", "replies")

    match: Match = Match()
    """Which requests; left out: all."""
    reply: Reply | None = None
    """The answer."""
    replies: Annotated[list[Reply], Field(min_length=1)] | None = None
    """Several answers, given in turn."""
    then: Literal["repeat_last", "loop", "error"] = "repeat_last"
    """What comes after the last answer."""

    @property
    def turns(self) -> list[Reply]:
        """Every answer in turn, at least one."""
        return self.replies or ([self.reply] if self.reply else [])


class Scenario(Section):
    """A story: one file, one world."""

    version: Literal[1] = 1
    """The version of this format."""
    title: str = ""
    """What the story is about."""
    seed: int = 0
    """The source of every draw of chance."""
    as_of: Instant | None = None
    """The day whose API is served; left out: every era at once."""
    clock: ClockSpec = ClockSpec()
    """When the story begins and how fast it runs."""
    account: Account = Account()
    """Whose world it is."""
    models: list[_NamedModel] = Field(default_factory=list)
    """Models beside the official ones: names, or id, created and owned_by."""
    uploads: Uploads = Uploads()
    """How uploaded files are treated."""
    files: list[FileSpec] = Field(default_factory=list)
    """Files that are there from the beginning."""
    jobs: list[JobSpec] = Field(default_factory=list)
    """Fine-tunes that were created before the story begins."""
    training: list[TrainingRule] = Field(default_factory=list)
    """How the fine-tunes run that clients create."""
    replies: list[ReplyRule] = Field(default_factory=list)
    """What models answer."""
    runners: Annotated[int, Field(ge=1)] = 1
    """How many fine-tunes run at once; the others wait in the queue."""
    paused_status: Literal["paused", "queued", "running"] = "paused"
    """What the status of a paused fine-tune says; the official documents do not agree."""

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Self:
        all_of(self._loose_ends())
        return self

    def _loose_ends(self) -> Iterator[tuple[Path, PydanticCustomError]]:
        taken: set[str] = set()
        for section, ids in (
            ("files", [file.id for file in self.files]),
            ("models", [model.id for model in self.models]),
        ):
            for index, name in enumerate(ids):
                if name in taken:
                    yield (section, index, "id"), must_be("unique")
                taken |= {name} if name else set()
        files = [file.id for file in self.files if file.id]
        for index, job in enumerate(self.jobs):
            for key in ("training_file", "validation_file"):
                wanted = getattr(job, key)
                if wanted and wanted not in files:
                    yield ("jobs", index, key), must_be("the id of one of the files", nearest(wanted, files))


class _ForEditors(GenerateJsonSchema):
    """Leaves out what helps no editor: titles made from names, and the defaults of whole sections."""

    def field_title_should_be_set(self, _schema: object) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        described = super().default_schema(schema)
        if not isinstance(described.get("default"), str | int | float):
            described.pop("default", None)
        return described


def schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Scenario.model_json_schema(schema_generator=_ForEditors),
        "title": "mockserver scenario",
    }
