"""A job's plan: what will happen to it and when, decided by a pure function when the job is created.

A plan is told in coarse steps first, either by the scenario's timeline or spread over the time the job `takes`.
Then the training steps (metrics, checkpoints) are put between the epochs they belong to, and a scripted failure
cuts off what it prevents. Steps are named for what happens:

    job.costs  job.enqueued  job.queue{number}  job.started  job.metrics{step}  job.epoch{epoch}
    job.checkpoint{step}  job.model  job.result_file  job.succeeded | job.failed{code, message, param}
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.chance import Random
from mockserver.store.step import Step

#: How the life of an unscripted job divides, as fractions of the time it takes (the queue comes on top).
COSTS, ENQUEUED, STARTED, TRAINED, MODEL, RESULT = 0.10, 0.15, 0.25, 0.85, 0.92, 0.97


@dataclass(frozen=True, slots=True)
class Training:
    """The training steps a plan has to place: those that are reported, and those that leave a checkpoint."""

    n_epochs: int
    total_steps: int
    reported: Sequence[int]
    checkpoints: Sequence[int]


@dataclass(frozen=True, slots=True)
class Failure:
    """How and where a scripted job fails: `at` is a step's kind and, for an epoch, its number."""

    at: tuple[str, int | None]
    error: dict[str, Any]


def spread(takes: float, n_epochs: int, queue: Iterable[Step] = ()) -> list[Step]:
    """Return the coarse plan of a job that takes so many virtual seconds, after the queue of others before it."""
    epoch = (TRAINED - STARTED) * takes / n_epochs
    return [
        Step(COSTS * takes, "job.costs"),
        Step((ENQUEUED - COSTS) * takes, "job.enqueued"),
        *queue,
        Step((STARTED - ENQUEUED) * takes, "job.started"),
        *(Step(epoch, "job.epoch", {"epoch": number}) for number in range(1, n_epochs + 1)),
        Step((MODEL - TRAINED) * takes, "job.model"),
        Step((RESULT - MODEL) * takes, "job.result_file"),
        Step((1 - RESULT) * takes, "job.succeeded"),
    ]


def queue_of_others(length: int, gap: float, rng: Random) -> list[Step]:
    """Return how the jobs of other organisations ahead in the queue go away, one by one, at an uneven pace.

    `gap` is the mean number of virtual seconds between two positions; the guide's own was 64.
    """
    return [
        Step(0 if number == length else gap * rng.expovariate(1), "job.queue", {"number": number})
        for number in range(length, -1, -1)
        if length
    ]


def detailed(coarse: Sequence[Step], training: Training) -> list[Step]:
    """Return the plan with its training steps placed evenly between the epochs they belong to."""
    plan: list[Step] = []
    done = 0
    for step in coarse:
        if step.kind != "job.epoch":
            plan.append(step)
            continue
        end = round(training.total_steps * step.data["epoch"] / training.n_epochs)
        plan += _epoch(step, done, end, training)
        done = end
    return plan


def _epoch(mark: Step, done: int, end: int, training: Training) -> Iterator[Step]:
    reported = [number for number in training.reported if done < number <= end]
    passed = 0.0
    for number in reported:
        moment = mark.after * ((number - done) / (end - done))  # the last bit must not lie behind the mark
        yield Step(moment - passed, "job.metrics", {"step": number})
        passed = moment
    yield Step(mark.after - passed, mark.kind, mark.data)
    for number in training.checkpoints:
        if done < number <= end:
            yield Step(0, "job.checkpoint", {"step": number})


def failing(plan: Sequence[Step], failure: Failure) -> list[Step]:
    """Return the plan up to the step the failure strikes at, and the failure in that step's place."""
    kind, number = failure.at
    kept: list[Step] = []
    for step in plan:
        if step.kind == kind and (number is None or step.data.get("epoch") == number):
            return [*kept, Step(step.after, "job.failed", failure.error)]
        kept.append(step)
    message = f"the plan has no step {kind} {number or ''} to fail at"
    raise ValueError(message)


def failing_after(plan: Sequence[Step], seconds: float, error: dict[str, Any]) -> list[Step]:
    """Return the plan up to a moment (virtual seconds after creation), and the failure then."""
    kept: list[Step] = []
    passed = 0.0
    for step in plan:
        if passed + step.after > seconds or step.kind == "job.succeeded":
            break
        passed += step.after
        kept.append(step)
    return [*kept, Step(max(0.0, seconds - passed), "job.failed", error)]
