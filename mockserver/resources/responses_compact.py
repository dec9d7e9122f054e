"""Compaction of responses: https://platform.openai.com/docs/api-reference/responses/compact."""

from typing import Annotated, Literal

from pydantic import Field

from mockserver.deps import CurrentKey, CurrentWorld
from mockserver.domain import items
from mockserver.domain import usage as ledger
from mockserver.domain.item_types import KeptItem, SentItem
from mockserver.domain.responses import answers, asking, compaction, records, rules
from mockserver.domain.responses.objects import ResponseUsage
from mockserver.errors import responses as refusals
from mockserver.simulation import tokens, transcript
from mockserver.simulation.messages import Ask
from mockserver.wire import RequestModel, ResponseModel, resource
from mockserver.wire_models import PromptCacheOptionsParam

router = resource("responses")


class CompactResponseMethodPublicBody(RequestModel):
    """What to make small."""

    model: str
    input: str | list[SentItem] | None = None
    previous_response_id: str | None = None
    instructions: str | None = None
    prompt_cache_key: Annotated[str, Field(max_length=64)] | None = None
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    prompt_cache_options: PromptCacheOptionsParam | None = None
    service_tier: Literal["auto", "default", "fast", "flex", "priority"] = "auto"


class CompactResource(ResponseModel):
    """A conversation made small, to be sent as the input of the next response."""

    id: str
    object: Literal["response.compaction"] = "response.compaction"
    output: list[KeptItem]
    created_at: int
    usage: ResponseUsage


@router.post("/responses/compact", operation_id="responses.compact")
async def compact(
    body: CompactResponseMethodPublicBody, world: CurrentWorld, key: CurrentKey
) -> CompactResource:
    """Make a conversation small: the users' words stay, the rest is one sealed item."""
    model = rules.model_of(world, body.model)
    if body.input is None and body.previous_response_id is None:
        raise refusals.nothing_to_answer()
    before = records.said_until(world, body.previous_response_id)
    whole = before + items.read_input(world, body.input or [])
    new_id = answers.ids_of(world)
    compacted = compaction.compacted(whole, model.base, new_id("cmp"))
    users = [item for item in whole if item["type"] == "message" and item["role"] == "user"]
    items.store(world, [compacted])
    messages = asking.read_messages(body.instructions, whole)
    read = transcript.read(Ask(messages), model.base)[1]
    said = tokens.count(compacted["encrypted_content"], model.base)
    ledger.note(world, model, operation="responses.compact", key=key, read=read, said=said)
    return CompactResource(
        id=world.ids.new("resp"),
        output=[*users, compacted],
        created_at=world.clock.now,
        usage=ResponseUsage.model_validate(answers.usage(read, said)),
    )
