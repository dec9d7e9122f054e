"""Moderations: https://platform.openai.com/docs/api-reference/moderations."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from fastapi import Request, Response
from pydantic import ConfigDict, Field

from mockserver.deps import CurrentKey, CurrentWorld
from mockserver.domain import moderations
from mockserver.domain.answers import RawAnswer
from mockserver.domain.moderations import InputType, Subject, Verdict
from mockserver.facts import asked
from mockserver.simulation.moderation import Category
from mockserver.wire import RequestModel, ResponseModel, resource, written_out

router = resource("moderations")


class ModerationImageURL(RequestModel):
    """Where a picture is, or the picture itself as a data URL."""

    url: str


class ModerationImageURLInput(RequestModel):
    """A picture; nobody looks at it."""

    type: Literal["image_url"]
    image_url: ModerationImageURL


class ModerationTextInput(RequestModel):
    """A text."""

    type: Literal["text"]
    text: str


Part = Annotated[ModerationImageURLInput | ModerationTextInput, Field(discriminator="type")]


class CreateModerationRequest(RequestModel):
    """What to judge: a text, several, or the parts of one input. Other fields are ignored, as seen in 2026."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore")

    input: str | list[str] | list[Part]
    model: str | None = None


class ModerationResult(ResponseModel):
    """What was found in one input; the types of input came with omni-moderation in 2024."""

    flagged: bool
    categories: dict[Category, bool]
    category_scores: dict[Category, float]
    category_applied_input_types: dict[Category, list[InputType]] | None = None


class CreateModerationResponse(ResponseModel):
    """What was found in each input, in their order; parts are one input."""

    id: str
    model: str
    results: list[ModerationResult]


@router.post("/moderations", operation_id="moderations.create", response_model=CreateModerationResponse)
async def create(
    body: CreateModerationRequest, request: Request, world: CurrentWorld, key: CurrentKey
) -> Response:
    """Judge one input or many."""
    model = moderations.usable(world, body.model)
    facts = asked(request, key) if world.scenario.replies else {}
    done = await moderations.create(world, model, _subjects(body.input), facts=facts, key=key)
    if isinstance(done, RawAnswer):
        return Response(done.body, done.status, done.headers, media_type=done.media_type)
    answer = CreateModerationResponse(
        id=done.id, model=done.model, results=[_result(verdict) for verdict in done.verdicts]
    )
    return written_out(answer, done.headers)


def _subjects(given: str | Sequence[str] | Sequence[Part]) -> list[Subject]:
    """Return the inputs of a request."""
    if isinstance(given, str):
        return [Subject(given, given)]
    texts = [each for each in given if isinstance(each, str)]
    parts = [each for each in given if not isinstance(each, str)]
    if not parts:
        return [Subject(text, text) for text in texts]
    said = [part.text for part in parts if isinstance(part, ModerationTextInput)]
    content = [part.model_dump() for part in parts]
    return [Subject(content, "\n".join(said) if said else None, len(parts) - len(said))]


def _result(verdict: Verdict) -> ModerationResult:
    told: dict[str, Any] = {
        "flagged": verdict.flagged,
        "categories": verdict.categories,
        "category_scores": verdict.scores,
    }
    if verdict.input_types is not None:
        told["category_applied_input_types"] = verdict.input_types
    return ModerationResult(**told)
