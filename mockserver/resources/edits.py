"""Edits, from March 2022 to January 2024: https://platform.openai.com/docs/api-reference/edits (2023)."""

from typing import Annotated, Literal

from fastapi import Request, Response
from pydantic import Field

from mockserver.deps import CurrentKey, CurrentWorld
from mockserver.domain import edits
from mockserver.domain.answers import RawAnswer
from mockserver.facts import asked
from mockserver.wire import RequestModel, ResponseModel, resource, written_out
from mockserver.wire_models import CompletionUsage

router = resource("edits")


class CreateEditRequest(RequestModel):
    """What to edit, and how. Nothing that is made here depends on chance, so the last two change nothing."""

    model: str
    input: str = ""
    instruction: str
    n: Annotated[int, Field(ge=1, le=20)] = 1
    temperature: Annotated[float, Field(ge=0, le=2)] = 1
    top_p: Annotated[float, Field(ge=0, le=1)] = 1


class EditChoice(ResponseModel):
    """One edit; the `finish_reason` that the specification knew never came over the wire."""

    text: str
    index: int


class CreateEditResponse(ResponseModel):
    """The edits of a request; they have neither an id nor a model."""

    object: Literal["edit"] = "edit"
    created: int
    choices: list[EditChoice]
    usage: CompletionUsage


@router.post("/edits", operation_id="edits.create", response_model=CreateEditResponse)
async def create(body: CreateEditRequest, request: Request, world: CurrentWorld, key: CurrentKey) -> Response:
    """Edit a text as an instruction says."""
    model = edits.editor(world, body.model)
    given = asked(request, key)
    done = await edits.create(world, model, body.input, body.instruction, n=body.n, given=given)
    if isinstance(done, RawAnswer):
        return Response(done.body, done.status, done.headers, media_type=done.media_type)
    read, said = done.prompt_tokens, done.completion_tokens
    answer = CreateEditResponse(
        created=done.created,
        choices=[EditChoice(text=done.text, index=index) for index in range(body.n)],
        usage=CompletionUsage(prompt_tokens=read, completion_tokens=said, total_tokens=read + said),
    )
    return written_out(answer, done.headers)
