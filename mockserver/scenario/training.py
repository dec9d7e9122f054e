"""How fine-tunes run: rules for the jobs that clients create, and jobs that ran before the story begins.

A course is either *computed* (`takes`, `queue`, `queue_gap`) or *scripted* (`timeline`, step by step with
relative times); both end in the `outcome`. Nothing here runs: the simulation makes a plan of steps from it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from mockserver.scenario.durations import Duration, UnixTime, parse_duration
from mockserver.scenario.matchers import Match
from mockserver.scenario.parts import FileId, Section, begins_with, like
from mockserver.scenario.problems import all_of, listed, must_be, nearest, refuse
from mockserver.scenario.yaml12 import Path

STAGES = ("cost", "enqueued", "queue", "started", "epoch", "model", "result_file", "succeeded")
"""What can happen to a job, in the only order in which it can."""

KNOWN = ("model", "suffix", "api", "file_name", "metadata")
"""What a match can ask about a job that is created."""


#: so that 1 is a number and not true
_INT_FIRST = Field(union_mode="left_to_right")


class TimelineStep(Section):
    """One event of a job, a time after the one before it."""

    one_of: ClassVar[tuple[str, ...]] = STAGES

    after: Duration
    """Time since the step before; for the first step, since the job's creation."""
    cost: Literal["auto"] | Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """The price is known: computed from the trained tokens (auto), or this many dollars."""
    enqueued: Annotated[Annotated[int, Field(ge=0)] | Literal[True] | None, _INT_FIRST] = None
    """The job has entered the queue; a number is its place there, told in the same line by the legacy API."""
    queue: Annotated[int, Field(ge=0)] | None = None
    """The job stands at this place of the queue. Places may be skipped and repeated."""
    started: Literal[True] | None = None
    """Training has begun."""
    epoch: Annotated[int, Field(ge=1)] | None = None
    """This epoch is complete. Epochs may be skipped."""
    model: Literal[True] | None = None
    """The fine-tuned model is uploaded: listed and usable from now on."""
    result_file: Literal[True] | None = None
    """The result file is uploaded."""
    succeeded: Literal[True] | None = None
    """The job has succeeded."""


def _in_order(timeline: list[TimelineStep]) -> list[TimelineStep]:
    """Refuse steps that cannot follow what stands before them; only queue and epoch come more than once."""

    def impossible() -> Iterator[tuple[Path, PydanticCustomError]]:
        reached, epoch = -1, 0
        for index, step in enumerate(timeline):
            stage = STAGES.index(step.chosen)
            if stage < reached:
                yield (index, step.chosen), refuse(f"'{step.chosen}' cannot come after '{STAGES[reached]}'")
            elif stage == reached and step.chosen not in {"queue", "epoch"}:
                yield (index, step.chosen), refuse(f"'{step.chosen}' can happen only once")
            elif step.epoch is not None and step.epoch <= epoch:
                yield (index, "epoch"), refuse(f"epoch {step.epoch} cannot come after epoch {epoch}")
            reached, epoch = max(reached, stage), max(epoch, step.epoch or 0)

    all_of(impossible())
    return timeline


@dataclass(frozen=True, slots=True)
class Moment:
    """When a job fails: in a phase (epoch n: before it completes), or `seconds` after its creation."""

    phase: Literal["validation", "queue", "epoch", "time"]
    epoch: int = 0
    seconds: float = 0.0

    @classmethod
    def parse(cls, value: object) -> "Moment":
        """Read `validation`, `queue`, `epoch 3` or a duration. Raises ValueError."""
        match value:
            case Moment():
                return value
            case "validation" | "queue":
                return cls(value)
            case str() if epoch := re.fullmatch(r"epoch ([1-9][0-9]{0,3})", value):
                return cls("epoch", epoch=int(epoch[1]))
        try:
            return cls("time", seconds=parse_duration(value))
        except ValueError:
            number = re.sub(r"[^1-9]", "", str(value)) or "1"
            hint = nearest(value, ("validation", "queue", f"epoch {number}"))
            raise must_be("'validation', 'queue', 'epoch 3' or a duration such as 90s", hint) from None

    def written(self) -> str | float:
        """Return the moment as a scenario writes it."""
        match self.phase:
            case "epoch":
                return f"epoch {self.epoch}"
            case "time":
                return self.seconds
            case _:
                return self.phase


_At = Annotated[
    Moment,
    BeforeValidator(Moment.parse, json_schema_input_type=str | float),
    PlainSerializer(Moment.written),
]


class Failure(Section):
    """Why and when a job fails."""

    code: str = "server_error"
    """The machine-readable code of the error."""
    message: str = "The job failed due to an internal error."
    """What the error says. (The official wording is not verified.)"""
    param: str | None = None
    """The parameter to blame: training_file or validation_file."""
    at: _At = Moment("epoch", epoch=1)
    """When: validation, queue, epoch 3 (before it completes), or a duration after creation."""


class Failed(Section):
    """The outcome of a job that fails."""

    failed: Failure
    """Why and when."""


class Ids(Section):
    """Ids to use instead of drawn ones, for the first job that a rule answers; the next ones draw theirs."""

    job: Annotated[str, begins_with("ft-", "ftjob-")] | None = None
    """The job: ft-… for the legacy API, ftjob-… for the modern one."""
    result_file: FileId | None = None
    """The result file."""
    permission: Annotated[str, begins_with("snapperm-")] | None = None
    """The permission of the fine-tuned model, in the legacy list of models."""
    model_suffix: Annotated[str, like(r"[A-Za-z0-9]+", "letters and digits")] | None = None
    """The last part of a modern model's name, after the colon."""


class Course(Section):
    """How a job runs."""

    takes: Duration = 20.0
    """The whole life of a job that does not queue, from its creation to its success."""
    queue: Annotated[int, Field(ge=0)] = 0
    """How many jobs of others stand ahead in the queue."""
    queue_gap: Duration = 64.0
    """The mean time each of them takes."""
    timeline: Annotated[list[TimelineStep], Field(min_length=1), AfterValidator(_in_order)] | None = None
    """Every event by hand, instead of takes, queue and queue_gap; what it leaves open follows at once."""
    outcome: Literal["succeeded"] | Failed = "succeeded"
    """How it ends."""
    ids: Ids = Ids()
    """Ids to use instead of drawn ones."""

    @property
    def failure(self) -> Failure | None:
        """Why and when the job fails; None if it succeeds."""
        return self.outcome.failed if isinstance(self.outcome, Failed) else None

    @model_validator(mode="after")
    def _one_story(self) -> Self:
        all_of(self._contradictions())
        return self

    def _contradictions(self) -> Iterator[tuple[Path, PydanticCustomError]]:
        if self.timeline is None:
            return
        for name in ("takes", "queue", "queue_gap"):
            if getattr(self, name) != Course.model_fields[name].default:
                yield (name,), refuse(f"'{name}' and 'timeline' exclude each other")
        if self.failure is None:
            return
        for index, step in enumerate(self.timeline):
            if step.succeeded:
                yield ("timeline", index, "succeeded"), refuse("this job fails, so it cannot have succeeded")
        moment, epochs = self.failure.at, [step.epoch for step in self.timeline if step.epoch]
        if moment.phase == "epoch" and epochs and moment.epoch not in epochs:
            yield (
                ("outcome", "failed", "at"),
                must_be(f"an epoch of the timeline (it has {epochs[0]} to {epochs[-1]})"),
            )


def _of_a_fine_tune(match: Match) -> Match:
    """Refuse to ask about what nobody knows of a fine-tune, so that no rule waits for it in vain."""
    all_of(
        (
            path,
            refuse(
                f"nobody knows the '{name}' of a fine-tune; ask about {listed(KNOWN)}", nearest(name, KNOWN)
            ),
        )
        for path, name in match.asks()
        if name not in KNOWN
    )
    return match


class TrainingRule(Course):
    """How the fine-tunes run that match. The first rule that matches counts; without one, the defaults do."""

    match: Annotated[Match, AfterValidator(_of_a_fine_tune)] = Match()
    """Which jobs; left out: all. What can be asked about is model, suffix, api, file_name and metadata."""


class JobSpec(Course):
    """A fine-tune that was created before the story begins."""

    api: Literal["legacy", "modern"] = "modern"
    """The side it was created from: /v1/fine-tunes or /v1/fine_tuning/jobs."""
    model: str
    """The base model."""
    training_file: FileId
    """The id of one of the scenario's files."""
    validation_file: FileId | None = None
    """The id of one of the scenario's files."""
    suffix: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    """The suffix of the model's name."""
    created_at: UnixTime
    """When it was created."""
    hyperparameters: dict[str, Any] | None = None
    """What the client asked for, such as n_epochs."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        all_of(self._misfits())
        return self

    def _misfits(self) -> Iterator[tuple[Path, PydanticCustomError]]:
        prefix = "ft-" if self.api == "legacy" else "ftjob-"
        if self.ids.job and not self.ids.job.startswith(prefix):
            yield ("ids", "job"), must_be(f"an id that begins with {prefix} for a job of the {self.api} API")
        epochs = (self.hyperparameters or {}).get("n_epochs")
        if self.failure and isinstance(epochs, int) and self.failure.at.epoch > epochs:
            yield ("outcome", "failed", "at"), must_be(f"one of the {epochs} epochs of this job")
