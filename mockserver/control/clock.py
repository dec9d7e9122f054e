"""A world's time: read it, move it, change its pace. Time only goes forward."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from mockserver import errors
from mockserver.clock import utc
from mockserver.deps import CurrentWorld
from mockserver.errors import training as refusals
from mockserver.scenario.durations import parse_duration, parse_instant
from mockserver.simulation.lifecycle import FINAL
from mockserver.store import Due
from mockserver.wire import RequestModel, ResponseModel, control
from mockserver.world import World

router = control()

#: how many due steps the clock shows
SHOWN_STEPS = 20
VERBS = ("advance", "advance_to", "run_until", "step", "rate", "release")

Status = Literal[
    "validating_files", "pending", "queued", "running", "paused", "succeeded", "failed", "cancelled"
]


class RunUntil(RequestModel):
    """A job and the status to run to, in either API's words; any final status when left out."""

    job: str
    status: Status | None = None


class MoveClock(RequestModel):
    """Exactly one of these; `step` takes the object of an id one step further, whatever else moves it."""

    advance: Annotated[float, BeforeValidator(parse_duration), Field(ge=0)] | None = None
    advance_to: Annotated[datetime, BeforeValidator(parse_instant)] | None = None
    run_until: RunUntil | None = None
    step: str | None = None
    rate: Annotated[float, Field(ge=0)] | Literal["auto"] | None = None
    release: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> "MoveClock":
        if len(self.model_fields_set) != 1:
            message = f"exactly one of {', '.join(VERBS)} is needed"
            raise ValueError(message)
        return self


class DueStep(ResponseModel):
    """Something that will happen: when (unix seconds), to what, and which step."""

    at: float
    owner: str
    kind: str
    data: dict[str, Any]


class FailedStep(DueStep):
    """A step that could not be applied, and why."""

    error: str


class ClockState(ResponseModel):
    """The time of a world, what comes next in it, and what should have happened but could not."""

    now: float
    iso: str
    rate: float | Literal["auto"]
    held: bool
    due: list[DueStep]
    failed: list[FailedStep]


@router.get("/clock", operation_id="mock.clock.read")
async def read(world: CurrentWorld) -> ClockState:
    """Return the time and the next due steps."""
    return _state(world)


@router.post("/clock", operation_id="mock.clock.move")
async def move(body: MoveClock, world: CurrentWorld) -> ClockState:
    """Move the clock, or change its pace."""
    if body.advance is not None:
        _jump(world.clock.advance, body.advance, "advance")
    elif body.advance_to is not None:
        _jump(world.clock.advance_to, body.advance_to.timestamp(), "advance_to")
    elif body.rate is not None:
        world.clock.set_rate(body.rate)
    elif body.release:
        world.clock.release()
    elif body.run_until:
        _run_until(world, body.run_until)
    elif body.step is not None and not world.step(body.step):
        raise errors.invalid(f"Nothing is planned for {body.step}.", "step")
    world.settle()
    world.touch()
    return _state(world)


def _jump(jump: Callable[[float], None], told: float, param: str) -> None:
    try:
        jump(told)
    except ValueError as error:
        raise errors.invalid(str(error), param) from error


def _run_until(world: World, goal: RunUntil) -> None:
    job = world.store.get("job", goal.job)
    if job is None:
        raise refusals.no_such_job(goal.job)
    wanted = {"queued" if goal.status == "pending" else goal.status} if goal.status else FINAL

    def reached() -> bool:
        current = world.store.get("job", goal.job)
        return current is not None and current["status"] in wanted

    if not world.run_until(reached):
        missed = " or ".join(sorted(wanted))
        raise errors.invalid(f"Nothing is due any more, and {goal.job} has not become {missed}.", "run_until")


def _state(world: World) -> ClockState:
    now = world.clock.time
    return ClockState(
        now=now,
        iso=utc(now).isoformat(),
        rate=world.clock.rate,
        held=world.clock.held,
        due=[_due(step) for step in world.store.upcoming(SHOWN_STEPS)],
        failed=[FailedStep(**step) for step in world.failed],
    )


def _due(step: Due) -> DueStep:
    return DueStep(at=step.at, owner=step.owner, kind=step.kind, data=step.data)
