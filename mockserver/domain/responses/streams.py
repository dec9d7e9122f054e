"""Streams of responses: one that is spoken while its caller waits, and one that is watched while it is made.

A spoken response is kept just before its last event: whoever goes away before that has not had it. A background
response goes on without anybody; its events have moments of their own, from its beginning to its end, so it can be
watched from any event on, and again when it has ended. One that is cancelled has no last event (not verified).
"""

from collections.abc import AsyncIterator, Collection, Iterator
from typing import Any

from pydantic_core import to_json

from mockserver.clock import DIGITS
from mockserver.domain.responses import records
from mockserver.domain.responses.events import events, is_delta
from mockserver.domain.responses.records import Record
from mockserver.domain.responses.respond import Made
from mockserver.errors import responses as refusals
from mockserver.world import World

Json = dict[str, Any]

#: the events of a background response before it is begun
OPENING = ("response.created", "response.queued")


def check(world: World, response_id: str) -> None:
    """Raise ApiError 404 for a response that does not exist, and 400 for one that cannot be watched."""
    if not records.find(world, response_id)["opening"]["background"]:
        raise refusals.not_in_background()


def spoken(world: World, made: Made, include: Collection[str]) -> Iterator[bytes | None]:
    """Yield the events of a response, a None before each that has its pace, and keep the response at the end."""
    record = made.record
    *first, last = _events(record, include)
    for event in first:
        if is_delta(event):
            yield None
        yield _written(event)
    if not world.closing:
        records.keep(world, record)
        yield _written({**last, "response": records.finished(record, include)})


async def watched(
    world: World, response_id: str, include: Collection[str], after: int | None = None
) -> AsyncIterator[bytes]:
    """Yield the events of a background response behind that of the number `after`, each when it has happened."""
    record = records.find(world, response_id)
    told = _events(record, include)
    for event in told:
        number: int = event["sequence_number"]
        if after is not None and number <= after:
            continue
        if not await _happens(world, response_id, _moment(record, number, len(told))):
            return
        is_last = number == len(told) - 1
        now = {"response": records.shown(records.find(world, response_id), include)} if is_last else {}
        yield _written(event | now)


def _events(record: Record, include: Collection[str]) -> list[Json]:
    answer = records.finished(record, include)
    return list(events(answer, record["base"], opening=record["opening"]))


def _moment(record: Record, number: int, count: int) -> float:
    """Return when an event happens: what is told of a background response comes evenly while it is in progress."""
    started: float = record["moments"]["started"]
    finished: float = record["moments"]["finished"]
    opening = len(OPENING)
    if number < opening:
        return 0.0
    part = (number - opening) / (count - 1 - opening)
    return round(started + (finished - started) * part, DIGITS)


async def _happens(world: World, response_id: str, moment: float) -> bool:
    """Wait until a moment; False if the response is cancelled or deleted, or the world ends, before that."""
    while not world.closing:
        world.settle()
        record = world.store.get("response", response_id)
        if record is None or record["deleted"] or record["status"] == "cancelled":
            return False
        if record["status"] is None or world.clock.time >= moment:
            return True
        await world.clock.wait(moment)
    return False


def _written(event: Json) -> bytes:
    """Return a server-sent event under its own name; without an `id:` line, which breaks clients."""
    kind: str = event["type"]
    return b"event: " + kind.encode() + b"\ndata: " + to_json(event) + b"\n\n"
