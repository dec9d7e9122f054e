"""How a response comes about: what was before it is read, the model is asked, its answer becomes a record.

Whether the record is kept, when, and how it is sent is for others to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.domain import items, response_answers, response_asking, response_rules, responses, usage
from mockserver.domain.answers import RawAnswer
from mockserver.domain.dialogue import speak
from mockserver.domain.models import Model
from mockserver.domain.response_object import Status, begun
from mockserver.domain.response_request import CreateResponse
from mockserver.domain.responses import Json, Record
from mockserver.errors import ApiError
from mockserver.scenario.keys import Facts
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
    world: World, body: CreateResponse, *, key: str, headers: Mapping[str, str]
) -> Made | RawAnswer:
    """Return what a request is answered with, or the response that the scenario writes itself.

    Raises ApiError for what cannot be asked, and for what a scenario says has failed; in the background, such a
    failure is the answer.
    """
    model = response_rules.model_of(world, body.model)
    response_rules.check(body, model)
    before = responses.previous(world, body.previous_response_id, body.conversation_id)
    given = items.read_input(world, body.input or [])
    whole = before + given
    items.check_calls(whole)
    question = response_asking.read(body, model, whole)
    own_id = world.ids.new("resp")
    facts = _facts(world, body, model, whole, key=key, headers=headers)
    try:
        spoken = await speak(world, model, question.ask, facts, name=own_id)
    except ApiError as error:
        if not body.background or error.status not in {TOO_MANY, OURS, 503}:
            raise
        opening = _opening(world, body, model, own_id)
        failed = {**opening, "status": "failed", "error": _error(error)}
        return Made(responses.new(opening, failed, model.base, given, before), Pacing(), {})
    if isinstance(spoken, RawAnswer):
        return spoken
    answer = response_answers.told(world, body, model, question, spoken, whole)
    opening = _opening(world, body, model, spoken.reply.id or own_id)
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
    record = responses.new(opening, opening | answer, model.base, kept, before)
    return Made(record, spoken.pacing, spoken.headers)


def _opening(world: World, body: CreateResponse, model: Model, response_id: str) -> Json:
    status: Status = "queued" if body.background else "in_progress"
    return begun(body, response_id=response_id, created_at=world.clock.now, model=model, status=status)


def _facts(
    world: World,
    body: CreateResponse,
    model: Model,
    whole: list[items.Item],
    *,
    key: str,
    headers: Mapping[str, str],
) -> Facts:
    """Return what the rules of a scenario can ask about; the input they see is the whole conversation."""
    told: dict[str, Any] = {"endpoint": OPERATION, "model": model.id, "key": key}
    if not world.scenario.replies:
        return told
    sent = body.model_dump(exclude_unset=True, by_alias=True)
    return {**sent, **told, "input": whole, "body": sent, "headers": dict(headers)}


def _error(error: ApiError) -> Json:
    code = "rate_limit_exceeded" if error.status == TOO_MANY else "server_error"
    return {"code": code, "message": error.message}
