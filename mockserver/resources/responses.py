"""Responses: https://platform.openai.com/docs/api-reference/responses."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic_core import to_json

from mockserver.deps import CurrentKey, CurrentWorld
from mockserver.domain.answers import RawAnswer
from mockserver.domain.included import Included
from mockserver.domain.pacing import Pace
from mockserver.domain.responses import objects, records, streams
from mockserver.domain.responses.request import CreateResponse
from mockserver.domain.responses.respond import respond
from mockserver.wire import ResponseModel, Stream, Written, resource

router = resource("responses")

STREAM = "text/event-stream"
#: what an operation answers that can stream
EITHER: dict[int | str, dict[str, Any]] = {200: {"content": {STREAM: {"schema": {"type": "string"}}}}}


class ResponseDeleted(ResponseModel):
    """The confirmation of a deletion."""

    id: str
    object: Literal["response"] = "response"
    deleted: bool


@router.post(
    "/responses",
    operation_id="responses.create",
    response_model=objects.Response,
    responses=EITHER,
)
async def create(body: CreateResponse, request: Request, world: CurrentWorld, key: CurrentKey) -> Response:
    """Answer what was said, in words, in JSON or by calling tools; in the background, if that is wanted."""
    made = await respond(world, body, request.scope["json"], key=key, headers=request.headers)
    if isinstance(made, RawAnswer):
        return Response(made.body, made.status, made.headers, media_type=made.media_type)
    if body.background:
        records.begin(world, made.record, made.pacing)
        if body.stream:
            watched = streams.watched(world, made.record["id"], body.include)
            return StreamingResponse(watched, headers=made.headers, media_type=STREAM)
    elif body.stream:
        pace = Pace(world, made.pacing, made.record["id"])
        return Stream(streams.spoken(world, made, body.include), pace.each, made.headers)
    else:
        records.keep(world, made.record)
    return Written(to_json(records.shown(made.record, body.include)), made.headers)


@router.get(
    "/responses/{response_id}",
    operation_id="responses.retrieve",
    response_model=objects.Response,
    responses=EITHER,
)
async def retrieve(
    response_id: str,
    world: CurrentWorld,
    include: Included,
    stream: Annotated[bool, Query()] = False,
    starting_after: int | None = None,
    _obfuscated: Annotated[bool, Query(alias="include_obfuscation")] = True,
) -> Response:
    """Return a response as it is now, or the events of one that was made in the background."""
    if stream:
        streams.check(world, response_id)
        watched = streams.watched(world, response_id, include, starting_after)
        return StreamingResponse(watched, media_type=STREAM)
    world.look(response_id)
    return Written(to_json(records.shown(records.find(world, response_id), include)))


@router.delete("/responses/{response_id}", operation_id="responses.delete")
async def delete(response_id: str, world: CurrentWorld) -> ResponseDeleted:
    """Delete a response; those that follow it keep what they hold."""
    records.delete(world, response_id)
    return ResponseDeleted(id=response_id, deleted=True)


@router.post(
    "/responses/{response_id}/cancel",
    operation_id="responses.cancel",
    response_model=objects.Response,
)
async def cancel(response_id: str, world: CurrentWorld) -> Response:
    """Cancel a background response."""
    return Written(to_json(records.shown(records.cancel(world, response_id))))
