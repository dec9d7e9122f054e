"""Runners: how many jobs train at once, who waits, and what the others hear when somebody leaves.

One world has as many runners as its scenario says. A job whose queue is over but for whom no runner is free keeps
the rest of its plan to itself; the job that leaves a runner next hands it on. A job with a scripted timeline runs
when its script says so, whoever else is running.
"""

from mockserver.domain import jobs
from mockserver.domain.jobs import Job, emit
from mockserver.store import Step
from mockserver.world import World


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
        rest = [Step(after, kind, data) for after, kind, data in first["held"]]
        first["held"] = []
        jobs.keep(world, first)
        world.store.schedule(first["id"], world.clock.time, rest)
    for job in waiting:
        emit(world, job, "queue", number=len(ahead_of(world, job)))


def running(world: World) -> int:
    """Return how many runners are taken."""
    return sum(not job["scripted"] for job in world.store.all("job", where={"status": "running"}))


def ahead_of(world: World, job: Job) -> list[Job]:
    """Return the jobs of this world that will have a runner before this one gets it."""
    others = [
        other
        for status in ("running", "queued")
        for other in world.store.all("job", where={"status": status})
        if not other["scripted"] and other["id"] != job["id"]
    ]
    ahead = [other for other in others if other["enqueued_at"] <= job["enqueued_at"]]
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
