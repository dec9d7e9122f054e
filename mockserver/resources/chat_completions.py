"""Chat completions: https://platform.openai.com/docs/api-reference/chat."""

from collections.abc import AsyncIterator
from itertools import zip_longest
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from mockserver.deps import CurrentKey, CurrentWorld
from mockserver.domain import chat_answers, chat_request, chat_stream, models, stored_completions, usage
from mockserver.domain.answers import RawAnswer
from mockserver.domain.chat_objects import CreateChatCompletionResponse
from mockserver.domain.chat_request import CreateChatCompletionRequest
from mockserver.domain.dialogue import Spoken, speak
from mockserver.domain.models import Model
from mockserver.domain.pacing import Pace
from mockserver.errors import chat as refusals
from mockserver.wire import DONE, resource, written_out
from mockserver.wire_models import CompletionUsage
from mockserver.world import World

router = resource("chat")

ENDPOINT = "chat.completions"


@router.post(
    "/chat/completions",
    operation_id="chat.completions.create",
    response_model=CreateChatCompletionResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def create(
    body: CreateChatCompletionRequest, request: Request, world: CurrentWorld, key: CurrentKey
) -> Response:
    """Answer a conversation."""
    model = _model(world, body.model)
    question = chat_request.read(world, body, model)
    own_id = world.ids.new("chatcmpl")
    spoken = await speak(world, model, question.ask, _facts(world, model, request, key), name=own_id)
    if isinstance(spoken, RawAnswer):
        return Response(spoken.body, spoken.status, spoken.headers, media_type=spoken.media_type)
    how = chat_answers.manner(world, body, question, model, spoken.reply.id or own_id)
    spent = chat_answers.usage(spoken, how, body.predicted)
    usage.note(
        world,
        model,
        operation="chat.completions.create",
        key=key,
        read=spent.prompt_tokens,
        said=spent.completion_tokens,
        cached=spoken.cached_tokens,
    )
    if body.store or not body.stream:
        answer = _answer(spoken, how, spent)
        if body.store:
            stored_completions.keep(world, body, answer)
        if not body.stream:
            return written_out(answer, spoken.headers)
    with_usage = body.stream_options is not None and body.stream_options.include_usage
    events = _events(spoken, how, Pace(world, spoken.pacing, how.id), spent if with_usage else None)
    return StreamingResponse(events, headers=spoken.headers, media_type="text/event-stream")


def _model(world: World, model_id: str) -> Model:
    """Return a model to chat with. Raises ApiError 404 for one that is unknown, gone, or another endpoint's."""
    model = models.find(world, model_id)
    if model is None:
        return models.usable(world, model_id, ENDPOINT)
    if ENDPOINT not in model.endpoints:
        raise refusals.only_responses() if "responses" in model.endpoints else refusals.no_chat_model()
    return model


def _facts(world: World, model: Model, request: Request, key: str) -> dict[str, Any]:
    """Return what the rules of a scenario can ask about: the body as it came, if there are any."""
    told = {"endpoint": ENDPOINT, "model": model.id, "key": key}
    if not world.scenario.replies:
        return told
    body = request.scope["json"]
    return {**body, **told, "body": body, "headers": dict(request.headers)}


def _answer(spoken: Spoken, how: chat_answers.Manner, spent: CompletionUsage) -> CreateChatCompletionResponse:
    choices = [chat_answers.choice(index, said, how) for index, said in enumerate(spoken.said)]
    return CreateChatCompletionResponse(
        **how.envelope("chat.completion"), choices=choices, usage=spent, **how.service()
    )


async def _events(
    spoken: Spoken, how: chat_answers.Manner, pace: Pace, spent: CompletionUsage | None
) -> AsyncIterator[bytes]:
    """Yield the chunks of all choices, turn by turn."""
    chunks = chat_stream.Chunks(how, with_usage=spent is not None)
    lanes = [chat_stream.chunks(index, said, how) for index, said in enumerate(spoken.said)]
    for turn in zip_longest(*lanes):
        if pace.waits:
            await pace.token()
        for choice in turn:
            if choice is not None:
                yield chunks.event(choice)
    if spent is not None:
        yield chunks.last(spent.model_dump(exclude_unset=True))
    yield DONE
