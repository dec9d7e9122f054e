"""Responses: what was asked and answered, linked into chains, and finished in the background as time passes.

    queued -> in_progress -> completed | incomplete | failed        queued, in_progress -> cancelled

A stored response keeps its own input and output; what came before it is its conversation's history at that time, or the
response it follows. A chain is read link by link, so a deleted link stays in it: it is not found any more and nothing
new can follow it, but the later ones keep what they hold (not verified).

A background response is answered when it is created, and told when its time has come: the answer waits in the store,
beside the moments at which it is begun and finished.
"""

from collections.abc import Collection
from typing import Any

from mockserver.domain import conversations, items
from mockserver.domain.items import Item
from mockserver.domain.responses import compaction
from mockserver.errors import responses as refusals
from mockserver.scenario.models import Pacing
from mockserver.store import Due, Step
from mockserver.world import World, on_step

Json = dict[str, Any]
Record = dict[str, Any]
"""A response as it is kept: the `opening` that is shown first, what the `answer` changes in it, and what was asked."""

#: how long a background response is queued, and how long its model takes to begin (not verified), in seconds
QUEUED, THINKING = 1.0, 1.0
#: how fast it goes on where the scenario does not say, in tokens per second (not verified)
USUAL_SPEED = 100.0
UNFINISHED = ("queued", "in_progress")


# --- what came before ----------------------------------------------------------------------------------------------


def said_in(world: World, conversation_id: str | None) -> list[Item]:
    """Return the items of a conversation, if there is one. Raises ApiError 400 for an id of something else, and 404."""
    if conversation_id is None:
        return []
    conversations.find(world, conversation_id, param="conversation")
    return conversations.items_of(world, conversation_id)


def said_until(world: World, response_id: str | None) -> list[Item]:
    """Return the items of a chain, if there is one. Raises ApiError 400 for what cannot be followed."""
    if response_id is None:
        return []
    record = world.store.get("response", response_id)
    if record is None or record["deleted"]:
        raise refusals.no_such_previous(response_id)
    if record["status"] in UNFINISHED:
        raise refusals.previous_unfinished(response_id)
    return _chain(world, response_id)


def input_items(world: World, response_id: str) -> list[Item]:
    """Return all a response was made from: what came before it, then its own input. Raises ApiError 404."""
    record = find(world, response_id)
    return [*_before(world, record), *record["input"]]


def _before(world: World, record: Record) -> list[Item]:
    if record["previous"] is not None:
        return _chain(world, record["previous"])
    return [item for item_id in record["history"] if (item := items.find(world, item_id))]


def _chain(world: World, response_id: str) -> list[Item]:
    """Return what the response after this one reads; what was compacted is not among it any more."""
    links: list[list[Item]] = []
    link: str | None = response_id
    while link is not None:
        record = world.store.get("response", link)
        assert record is not None, "links are kept, also when they are deleted"
        output: list[Item] = record["answer"]["output"] if record["status"] != "cancelled" else []
        compacted = [place for place, item in enumerate(output) if item["type"] == compaction.KIND]
        if compacted:
            links.append(output[compacted[-1] :])
            break
        links.append(output)
        links.append(record["input"])
        link = record["previous"]
        if link is None:
            links.append(_before(world, record))
    return [item for part in reversed(links) for item in part]


# --- one response --------------------------------------------------------------------------------------------------


def find(world: World, response_id: str) -> Record:
    """Return a stored response. Raises ApiError 404."""
    record = world.store.get("response", response_id)
    if record is None or record["deleted"]:
        raise refusals.no_such_response(response_id)
    return record


def new(opening: Json, answer: Json, base: str, given: list[Item], before: list[Item]) -> Record:
    """Return a response as it is to be kept; `before` are the items of its conversation, if it has one."""
    conversation = opening.get("conversation")
    return {
        "id": opening["id"],
        "status": None,
        "deleted": False,
        "base": base,
        "opening": opening,
        "answer": answer,
        "previous": opening["previous_response_id"],
        "conversation": conversation["id"] if conversation else None,
        "history": [item["id"] for item in before] if conversation else [],
        "input": given,
        "moments": None,
    }


def keep(world: World, record: Record) -> None:
    """Keep a response that is finished now, if it wants to be kept, and let its conversation have its items."""
    with world.moment():
        _complete(world, record)


def shown(record: Record, include: Collection[str] = ()) -> Json:
    """Return a response as it is now, for who asked to `include` some of what is left out else."""
    if record["status"] is not None:
        return {**record["opening"], "status": record["status"]}
    return finished(record, include)


def finished(record: Record, include: Collection[str] = ()) -> Json:
    """Return a response as it is in the end; `include` as in `shown`."""
    answer = record["answer"]
    output = [items.shown(item, include) for item in answer["output"]]
    return {**record["opening"], **answer, "output": output}


def delete(world: World, response_id: str) -> None:
    """Let a response not be found any more, and not be finished. Raises ApiError 404."""
    with world.moment():
        record = find(world, response_id)
        if record["status"] in UNFINISHED:
            record["status"] = "cancelled"
        world.store.drop_all(response_id)
        world.store.put("response", {**record, "deleted": True})
    world.touch()


# --- in the background ---------------------------------------------------------------------------------------------


def begin(world: World, record: Record, pacing: Pacing) -> None:
    """Queue a response, to be finished as the world's time passes."""
    spent = record["answer"]["usage"]
    speed = pacing.tokens_per_second or USUAL_SPEED
    takes = (pacing.time_to_first_token or THINKING) + (spent["output_tokens"] if spent else 0) / speed
    with world.moment():
        began = world.clock.time
        record["status"] = "queued"
        record["moments"] = {"started": began + QUEUED, "finished": began + QUEUED + takes}
        items.store(world, record["input"])
        world.store.put("response", record)
        plan = [Step(QUEUED, "response.started"), Step(takes, "response.finished")]
        world.store.schedule(record["id"], began, plan)


def cancel(world: World, response_id: str) -> Record:
    """Cancel a background response; one that has ended stays as it is. Raises ApiError 404, or 400 if it is none."""
    with world.moment():
        record = find(world, response_id)
        if not record["opening"]["background"]:
            raise refusals.cannot_cancel()
        if record["status"] in UNFINISHED:
            record["status"] = "cancelled"
            world.store.drop_all(response_id)
            world.store.put("response", record)
    world.touch()
    return record


@on_step("response.started")
def _started(world: World, step: Due) -> None:
    record = find(world, step.owner)
    world.store.put("response", {**record, "status": "in_progress"})


@on_step("response.finished")
def _finished(world: World, step: Due) -> None:
    _complete(world, {**find(world, step.owner), "status": None})


def _complete(world: World, record: Record) -> None:
    answer = record["answer"]
    if answer["status"] == "completed":
        answer["completed_at"] = world.clock.now
    if record["opening"]["store"]:
        world.store.put("response", record)
        items.store(world, [*record["input"], *answer["output"]])
    if record["conversation"] is not None and answer["status"] != "failed":
        conversations.append(world, record["conversation"], [*record["input"], *answer["output"]])
