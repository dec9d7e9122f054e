"""When the jobs of a queue will be done: a small simulation of runners, for estimates that come true."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job without a runner: when it comes to ask for one, its rank among those who wait, what it takes then."""

    id: str
    asks_at: float
    rank: tuple[float, int]
    takes: float


def finish_times(runners: int, running: Iterable[float], waiting: Iterable[Waiting]) -> dict[str, float]:
    """Return when each waiting job will be done, given when those that run will be; all times unix seconds."""
    busy = sorted(running)
    free = runners - len(busy)
    coming = sorted(waiting, key=lambda job: job.asks_at)
    asking: list[tuple[tuple[float, int], str, float]] = []
    done: dict[str, float] = {}
    now = 0.0
    while coming or asking:
        while coming and (coming[0].asks_at <= now or not (asking or free <= 0)):
            job = coming.pop(0)
            now = max(now, job.asks_at)
            heapq.heappush(asking, (job.rank, job.id, job.takes))
        if free > 0 and asking:
            _, job_id, takes = heapq.heappop(asking)
            done[job_id] = now + takes
            heapq.heappush(busy, done[job_id])
            free -= 1
        else:
            now = max(now, heapq.heappop(busy))
            free += 1
    return done
