"""The scenario as a value: what a file may say, with types, units and defaults.

Everything is optional; an empty mapping is a usable world. Each attribute's docstring is also its description
in the JSON Schema for editors. A new part of the format is a new field here and a section of its own.
A scenario written down as JSON (`model_dump_json`) reads back as the same scenario.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from mockserver.faults.rule import FaultRule
from mockserver.scenario.durations import Instant, UnixTime
from mockserver.scenario.endpoints import operation
from mockserver.scenario.files import FileSpec, TunedModel, Uploads
from mockserver.scenario.limits import Limits
from mockserver.scenario.parts import Section, begins_with, like
from mockserver.scenario.problems import all_of, must_be, nearest
from mockserver.scenario.progress import Progress
from mockserver.scenario.replies import Pacing, Reply, ReplyRule
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
    "Pacing",
    "Progress",
    "Reply",
    "ReplyRule",
    "Scenario",
    "TimelineStep",
    "TrainingRule",
    "TunedModel",
    "Uploads",
    "schema",
]


_SLUG = like(r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case letters, digits and single dashes")


class ClockSpec(Section):
    """The clock of the world."""

    start: Instant | None = None
    """When the story begins; left out: now."""
    rate: Annotated[float, Field(ge=0, allow_inf_nan=False)] | Literal["auto"] = 1.0
    """Virtual seconds per real one; 0 stands still; auto too, but jumps to what somebody waits for."""
    hold_until: Annotated[str, AfterValidator(operation)] | None = None
    """The clock stands still until the first call of this endpoint that succeeds, such as fine_tunes.create."""


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
    deployments: dict[Annotated[str, Field(min_length=1)], Annotated[str, Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """What runs under which name on Azure's paths: the name of a deployment, and its model's."""


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


class Scenario(Section):
    """A story: one file, one world."""

    version: Literal[1] = 1
    """The version of this format."""
    include: list[Annotated[str, Field(min_length=1)]] = Field(default_factory=list)
    """Scenarios to build on: shipped ones by name, others by path. What this file says comes first, and wins."""
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
    tuned: list[TunedModel] = Field(default_factory=list)
    """Fine-tuned models that are there from the beginning."""
    jobs: list[JobSpec] = Field(default_factory=list)
    """Fine-tunes that were created before the story begins."""
    training: list[TrainingRule] = Field(default_factory=list)
    """How the fine-tunes run that clients create."""
    progress: Progress = Progress()
    """What moves files and fine-tunes on."""
    replies: list[ReplyRule] = Field(default_factory=list)
    """What models answer."""
    on_unmatched: Literal["generate", "error"] = "generate"
    """When no reply matches: the model makes an answer, or a 400 says why none of the replies did."""
    faults: list[FaultRule] = Field(default_factory=list)
    """What goes wrong."""
    stream: Pacing = Pacing()
    """How fast answers are streamed; left out: all at once."""
    limits: Limits = Limits()
    """How much may be asked of the models, and spent on them."""
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
            ("tuned", [model.id for model in self.tuned]),
        ):
            for index, name in enumerate(ids):
                if name in taken:
                    yield (section, index, "id"), must_be("unique")
                taken |= {name} if name else set()
        files = [file.id for file in self.files if file.id]
        for section, index, key, wanted in self._references():
            if wanted and wanted not in files:
                yield (section, index, key), must_be("the id of one of the files", nearest(wanted, files))

    def _references(self) -> Iterator[tuple[str, int, str, str | None]]:
        for index, job in enumerate(self.jobs):
            yield "jobs", index, "training_file", job.training_file
            yield "jobs", index, "validation_file", job.validation_file
        for index, model in enumerate(self.tuned):
            yield "tuned", index, "training_file", model.training_file


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
