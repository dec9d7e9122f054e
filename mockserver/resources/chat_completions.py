"""Chat completions: https://platform.openai.com/docs/api-reference/chat."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from fastapi import Request, Response
from pydantic_core import to_json

from mockserver.deps import CurrentKey, CurrentWorld
from mockserver.domain import models, usage
from mockserver.domain.answers import RawAnswer
from mockserver.domain.chat import answers, moderation, stored, stream
from mockserver.domain.chat.answers import Manner
from mockserver.domain.chat.objects import CreateChatCompletionResponse
from mockserver.domain.chat.request import CreateChatCompletionRequest, read_question
from mockserver.domain.chat.stream import Chunks
from mockserver.domain.dialogue import Spoken, speak
from mockserver.domain.models import Model
from mockserver.domain.pacing import Pace
from mockserver.errors import chat as refusals
from mockserver.facts import Facts, asked
from mockserver.wire import DONE, Stream, Written, resource
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
    question = read_question(world, body, model)
    judge = moderation.judge_of(world, body.moderation)
    own_id = world.ids.new("chatcmpl")
    spoken = await speak(world, model, question.ask, _facts(world, model, request, key), name=own_id)
    if isinstance(spoken, RawAnswer):
        return Response(spoken.body, spoken.status, spoken.headers, media_type=spoken.media_type)
    how = answers.manner(world, body, question, model, spoken.reply.id or own_id)
    spent = answers.usage(spoken, how, body.predicted)
    usage.note(
        world,
        model,
        operation="chat.completions.create",
        key=key,
        read=spent["prompt_tokens"],
        said=spent["completion_tokens"],
        cached=spoken.cached_tokens,
    )
    judged = moderation.judged(judge, question.ask, spoken) if judge else None
    if body.store or not body.stream:
        answer = _answer(spoken, how, spent, judged)
        if body.store:
            stored.keep(world, body, answer)
        if not body.stream:
            return Written(to_json(answer), spoken.headers)
    with_usage = body.stream_options is not None and body.stream_options.include_usage
    events = _events(spoken, how, spent if with_usage else None, judged)
    return Stream(events, Pace(world, spoken.pacing, how.id).each, spoken.headers)


def _model(world: World, model_id: str) -> Model:
    """Return a model to chat with. Raises ApiError 404 for one that is unknown, gone, or another endpoint's."""
    model = models.find(world, model_id)
    if model is None:
        return models.usable(world, model_id, ENDPOINT)
    if ENDPOINT not in model.endpoints:
        raise refusals.only_responses() if "responses" in model.endpoints else refusals.no_chat_model()
    return model


def _facts(world: World, model: Model, request: Request, key: str) -> Facts:
    """Return what the rules of a scenario can ask about: the body as it came, if there are any."""
    told = {"endpoint": ENDPOINT, "model": model.id, "key": key}
    return {**asked(request, key), **told} if world.scenario.replies else told


def _answer(
    spoken: Spoken, how: Manner, spent: dict[str, Any], judged: dict[str, Any] | None
) -> dict[str, Any]:
    """Return a `CreateChatCompletionResponse` as plain data."""
    told = how.envelope("chat.completion")
    told["choices"] = [answers.choice(index, said, how) for index, said in enumerate(spoken.said)]
    told["usage"] = spent
    told |= how.service()
    return told if judged is None else told | {"moderation": judged}


def _events(
    spoken: Spoken, how: Manner, spent: dict[str, Any] | None, judged: dict[str, Any] | None
) -> Iterator[bytes | None]:
    """Yield the chunks of all choices, turn by turn, and what there is to say of all of them."""
    chunks = Chunks(how, with_usage=spent is not None)
    lanes = [stream.chunks(index, said, how) for index, said in enumerate(spoken.said)]
    for turn in zip_longest(*lanes):
        yield None
        for choice in turn:
            if choice is not None:
                yield chunks.event(choice)
    if judged is not None:
        yield chunks.moderation(judged)
    if spent is not None:
        yield chunks.last(spent)
    yield DONE
