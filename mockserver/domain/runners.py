"""Runners: how many jobs train at once, who waits, and what the others hear when somebody leaves.

One world has as many runners as its scenario says. A job whose queue is over but for whom no runner is free keeps
the rest of its plan to itself; the job that leaves a runner next hands it on. A job with a scripted timeline runs
when its script says so, whoever else is running.
"""

import itertools

from mockserver.clock import DIGITS
from mockserver.domain import jobs
from mockserver.domain.jobs import Job, emit
from mockserver.simulation.lifecycle import FINAL
from mockserver.simulation.queueing import Waiting, finish_times
from mockserver.store import Step
from mockserver.world import World

#: the states in which a job has, or will ask for, a runner
ACTIVE = frozenset({"validating_files", "queued", "running"})


def leave(world: World, job: Job, trigger: str) -> None:
    """Move a job out of wherever it is; what was still planned for it is dropped, the next one may start."""
    before = job["status"]
    jobs.step_on(world, job, trigger)
    job["held"] = []
    world.store.drop_all(job["id"])
    jobs.keep(world, job)
    if not job["scripted"] and before in {"running", "queued"}:
        _hand_on(world)


def _hand_on(world: World) -> None:
    """Give a free runner to whoever waits longest, and tell the others how far the queue has moved."""
    waiting = jobs.waiting_for_a_runner(world)
    if waiting and running(world) < world.scenario.runners:
        first = waiting.pop(0)
        (_, _, told), *rest = first["held"]
        first["held"] = []
        start(world, first, again=bool(told.get("again")))
        world.store.schedule(first["id"], world.clock.time, [Step(*step) for step in rest])
    for job in world.store.all("job", where={"status": "queued"}):
        if not job["scripted"] and job["place"] is not None:
            tell_place(world, job)


def tell_place(world: World, job: Job) -> None:
    """Tell a job how many are ahead of it, if it has not heard that number before."""
    number = job["others_ahead"] + len(ahead_of(world, job))
    if number != job["place"]:
        job["place"] = number
        jobs.keep(world, job)
        emit(world, job, "queue", number=number)


def start(world: World, job: Job, *, again: bool) -> None:
    """Give a job a runner; one that starts again after a pause says nothing of it."""
    jobs.step_on(world, job, "start")
    jobs.keep(world, job)
    if not again:
        emit(world, job, "started")


def running(world: World) -> int:
    """Return how many runners are taken."""
    return sum(not job["scripted"] for job in world.store.all("job", where={"status": "running"}))


def ahead_of(world: World, job: Job) -> list[Job]:
    """Return the jobs of this world that will have a runner before this one gets it."""
    ranked = sorted(
        (other["enqueued_at"], place, other)
        for place, other in enumerate(world.store.all("job"))
        if not other["scripted"] and other["status"] in {"running", "queued"}
    )
    ahead = list(
        itertools.takewhile(lambda other: other["id"] != job["id"], (other for _, _, other in ranked))
    )
    free = world.scenario.runners - 1
    return ahead[: max(0, len(ahead) - free)]


def is_free(world: World, job: Job) -> bool:
    """Whether a job may start now."""
    return bool(job["scripted"]) or running(world) < world.scenario.runners


def wait(world: World, job: Job, rest: list[Step]) -> None:
    """Let a job keep the rest of its plan until a runner is handed on to it."""
    job["held"] = [[step.after, step.kind, step.data] for step in rest]
    world.store.drop_all(job["id"])
    jobs.keep(world, job)


def estimated_finish(world: World, job: Job) -> int | None:
    """Return when a job will be done if nobody intervenes (unix seconds).

    None for one that is over or paused, or that the clock does not move.
    """
    if job["status"] in FINAL or job["status"] == "paused" or world.scenario.progress.fine_tuning != "clock":
        return None
    if job["scripted"] or job["status"] == "running":
        return int(world.store.due_of(job["id"])[-1].at)
    active = [
        other for other in world.store.all("job") if not other["scripted"] and other["status"] in ACTIVE
    ]
    busy = [world.store.due_of(other["id"])[-1].at for other in active if other["status"] == "running"]
    waiting = [
        _waiting(world, other, place) for place, other in enumerate(active) if other["status"] != "running"
    ]
    return int(finish_times(world.scenario.runners, busy, waiting)[job["id"]])


def _waiting(world: World, job: Job, place: int) -> Waiting:
    """Return what is known of a job that has no runner yet: its plan up to the start, and behind it."""
    moment = world.clock.time
    enqueued_at = job["enqueued_at"]
    asks_at = started = moment
    for step in jobs.remaining(world, job):
        moment = round(moment + step.after, DIGITS)
        if step.kind == "job.enqueued":
            enqueued_at = moment
        if step.kind == "job.started":
            asks_at = started = moment
    return Waiting(job["id"], asks_at, (enqueued_at, place), moment - started)
