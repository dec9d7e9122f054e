"""How a response comes about: what was before it is read, the model is asked, its answer becomes a record.

Whether the record is kept, when, and how it is sent is for others to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.domain import items, usage
from mockserver.domain.answers import RawAnswer
from mockserver.domain.dialogue import speak
from mockserver.domain.models import Model
from mockserver.domain.responses import answers, asking, records, rules
from mockserver.domain.responses.objects import Status, begun
from mockserver.domain.responses.records import Json, Record
from mockserver.domain.responses.request import CreateResponse
from mockserver.errors import ApiError
from mockserver.errors import responses as refusals
from mockserver.scenario.models import Pacing
from mockserver.world import World

OPERATION = "responses.create"
TOO_MANY, OURS = 429, 500


@dataclass(frozen=True, slots=True)
class Made:
    """A response that nobody has kept or sent yet."""

    record: Record
    pacing: Pacing
    headers: Mapping[str, str]


async def respond(
    world: World, body: CreateResponse, sent: Mapping[str, Any], *, key: str, headers: Mapping[str, str]
) -> Made | RawAnswer:
    """Return what a request is answered with, or the response that the scenario writes itself.

    `sent` is the body as it came, for the scenario; the input its rules see is the whole conversation.
    Raises ApiError for what cannot be asked, and for what a scenario says has failed; in the background, such a
    failure is the answer.
    """
    rules.check(body)
    model = rules.model_of(world, body.model)
    before = records.said_in(world, body.conversation_id)
    if body.prompt is not None:
        raise refusals.no_such_prompt(body.prompt.id)
    before += records.said_until(world, body.previous_response_id)
    if not body.input and not before:
        raise refusals.nothing_to_answer()
    rules.check_model(body, model)
    given = items.read_input(world, body.input or [])
    whole = before + given
    items.check_calls(whole)
    question = asking.read(body, model, whole)
    own_id, created = world.ids.new("resp"), world.clock.now
    facts: dict[str, Any] = {"endpoint": OPERATION, "model": model.id, "key": key}
    if world.scenario.replies:
        facts = {**sent, **facts, "input": whole, "body": sent, "headers": dict(headers)}
    try:
        spoken = await speak(world, model, question.ask, facts, name=own_id)
    except ApiError as error:
        if not body.background or error.status not in {TOO_MANY, OURS, 503}:
            raise
        opening = _opening(body, model, own_id, created)
        failed: Json = {"status": "failed", "error": _error(error), "output": [], "usage": None}
        return Made(records.new(opening, failed, model.base, given, before), Pacing(), {})
    if isinstance(spoken, RawAnswer):
        return spoken
    answer = answers.told(world, body, model, question, spoken, whole)
    opening = _opening(body, model, spoken.reply.id or own_id, created)
    usage.note(
        world,
        model,
        operation=OPERATION,
        key=key,
        read=answer["usage"]["input_tokens"],
        said=answer["usage"]["output_tokens"],
        cached=spoken.cached_tokens,
    )
    kept = [item for item in given if "id" in item]
    record = records.new(opening, answer, model.base, kept, before)
    return Made(record, spoken.pacing, spoken.headers)


def _opening(body: CreateResponse, model: Model, response_id: str, created: int) -> Json:
    status: Status = "queued" if body.background else "in_progress"
    return begun(body, response_id=response_id, created_at=created, model=model, status=status)


def _error(error: ApiError) -> Json:
    code = "rate_limit_exceeded" if error.status == TOO_MANY else "server_error"
    return {"code": code, "message": error.message}
