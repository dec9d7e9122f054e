"""Completions: https://platform.openai.com/docs/api-reference/completions."""

from collections.abc import AsyncIterator, Iterator
from hashlib import blake2b
from itertools import zip_longest
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import Field, ValidationInfo, field_validator, model_validator

from mockserver import errors
from mockserver.deps import CurrentWorld
from mockserver.domain import completions, models
from mockserver.simulation.choices import Wish
from mockserver.simulation.logprobs import Token, read_out
from mockserver.simulation.sampling import Sampling
from mockserver.wire import DONE, RequestModel, ResponseModel, Route, event
from mockserver.world import World

router = APIRouter(route_class=Route, tags=["completions"])

#: what a rule of a scenario can ask about, beside the endpoint, the model and the prompt
FACTS = ("temperature", "max_tokens", "stream", "suffix")
#: models that refuse `echo` together with `logprobs` (since October 2023; babbage-002 and davinci-002 allow it)
NO_ECHOED_LOGPROBS = "gpt-3.5-turbo-instruct"

Finish = Literal["stop", "length", "content_filter"]
TokenIds = Annotated[list[int], Field(min_length=1)]


class StreamOptions(RequestModel):
    """How to stream. Obfuscation, which hides the length of tokens from the network, is not simulated."""

    include_usage: bool = False
    include_obfuscation: bool = True


class CreateCompletionRequest(RequestModel):
    """What to complete, and how. A `best_of` of 0 is as many as `n` (not verified)."""

    model: str
    prompt: (
        str | Annotated[list[str], Field(min_length=1)] | TokenIds | Annotated[list[TokenIds], Field(min_length=1)]
    ) = "<|endoftext|>"
    best_of: Annotated[int, Field(ge=0, le=20)] = 0
    echo: bool = False
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] = 0
    logit_bias: dict[str, Annotated[float, Field(ge=-100, le=100)]] = {}
    logprobs: Annotated[int, Field(ge=0, le=5)] | None = None
    max_tokens: Annotated[int, Field(ge=0)] = 16
    n: Annotated[int, Field(ge=1, le=128)] = 1
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] = 0
    seed: int | None = None
    stop: str | Annotated[list[str], Field(min_length=1, max_length=4)] = ""
    stream: bool = False
    stream_options: StreamOptions | None = None
    suffix: str = ""
    temperature: Annotated[float, Field(ge=0, le=2)] = 1
    top_p: Annotated[float, Field(ge=0, le=1)] = 1
    user: str | None = None

    @field_validator("stream_options")
    @classmethod
    def _only_for_streams(cls, options: StreamOptions, info: ValidationInfo) -> StreamOptions:
        if not info.data.get("stream"):
            raise ValueError("The 'stream_options' parameter is only allowed when 'stream' is enabled.")
        return options

    @model_validator(mode="after")
    def _enough_candidates(self) -> Self:
        """Refuse fewer candidates than choices, and a stream of the best (the latter's wording is not verified)."""
        if self.best_of and self.n > self.best_of:
            raise ValueError(
                "You requested that the server return more choices than it will generate (HINT: you must set 'n' "
                f"(currently {self.n}) to be at most 'best_of' (currently {self.best_of}), or omit either parameter "
                "if you don't specifically want to use them.)"
            )
        if self.stream and self.best_of > self.n:
            raise ValueError(
                f"Cannot stream with 'best_of' (currently {self.best_of}) greater than 'n' (currently {self.n})."
            )
        return self


class Logprobs(ResponseModel):
    """The tokens of a choice, with their log probabilities and those of their likeliest rivals."""

    tokens: list[str]
    token_logprobs: list[float | None]
    top_logprobs: list[dict[str, float] | None]
    text_offset: list[int]


class CompletionChoice(ResponseModel):
    """One answer to one prompt; `finish_reason` is null in all chunks of a stream but its last."""

    text: str
    index: int
    logprobs: Logprobs | None
    finish_reason: Finish | None


class CompletionUsage(ResponseModel):
    """What a request cost, in tokens."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(ResponseModel):
    """A completion, or one chunk of a streamed one; `system_fingerprint` came in November 2023."""

    id: str
    object: Literal["text_completion"] = "text_completion"
    created: int
    model: str
    system_fingerprint: str | None = None
    choices: list[CompletionChoice]
    usage: CompletionUsage | None = None


@router.post(
    "/completions",
    operation_id="completions.create",
    response_model=Completion,
    response_model_exclude_unset=True,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def create(
    body: CreateCompletionRequest, request: Request, world: CurrentWorld
) -> Completion | StreamingResponse:
    """Complete one prompt or many."""
    model = models.usable(world, body.model, "completions")
    wishes = _wishes(body, world, model)
    given = {name: getattr(body, name) for name in FACTS if name in body.model_fields_set}
    done = await completions.create(world, model, wishes, given, request.scope["key"], body.seed)
    envelope = _envelope(world, model, done)
    if body.stream:
        return StreamingResponse(_events(envelope, done, body), media_type="text/event-stream")
    return Completion(**envelope, choices=_choices(done, body), usage=_usage(done))


def _wishes(body: CreateCompletionRequest, world: World, model: models.Model) -> list[Wish]:
    """Return what is asked of the model, prompt by prompt. Raises ApiError 400 for what it cannot do."""
    if body.echo and body.logprobs is not None and model.base.startswith(NO_ECHOED_LOGPROBS):
        raise errors.invalid("Setting 'echo' and 'logprobs' at the same time is not supported for this model.")
    stops = [body.stop] if isinstance(body.stop, str) else body.stop
    sampling = Sampling(
        body.temperature,
        body.top_p,
        body.presence_penalty,
        body.frequency_penalty,
        completions.read_bias(body.logit_bias, model),
    )
    wishes = [
        Wish(
            model.base,
            prompt,
            suffix=body.suffix,
            limit=body.max_tokens,
            stops=[stop for stop in stops if stop],
            n=body.n,
            best_of=body.best_of or body.n,
            sampling=sampling,
        )
        for prompt in completions.read_prompts(body.prompt, model)
    ]
    for wish in wishes:
        completions.check_room(world, model, wish)
    return wishes


def _envelope(world: World, model: models.Model, done: completions.Completion) -> dict[str, Any]:
    envelope = {"id": done.id, "object": "text_completion", "created": done.created, "model": model.id}
    if not world.legacy_shapes:
        envelope["system_fingerprint"] = f"fp_{blake2b(model.base.encode(), digest_size=5).hexdigest()}"
    return envelope


def _choices(done: completions.Completion, body: CreateCompletionRequest) -> list[CompletionChoice]:
    found: list[CompletionChoice] = []
    for part in done.parts:
        prompt = part.prompt if body.echo else ""
        for choice in part.choices:
            logprobs = None if body.logprobs is None else _logprobs(part.read_out(choice, ...))
            found.append(
                CompletionChoice(
                    text=prompt + choice.text,
                    index=len(found),
                    logprobs=logprobs,
                    finish_reason=part.answer.finish_reason or choice.finish_reason,
                )
            )
    return found


def _usage(done: completions.Completion) -> CompletionUsage:
    prompt, completion = done.prompt_tokens, done.completion_tokens
    return CompletionUsage(prompt_tokens=prompt, completion_tokens=completion, total_tokens=prompt + completion)
