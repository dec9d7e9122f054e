"""Completions: https://platform.openai.com/docs/api-reference/completions."""

from collections.abc import AsyncIterator, Iterator, Sequence
from hashlib import blake2b
from itertools import zip_longest
from typing import Annotated, Any, Literal, Self

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field, ValidationInfo, field_validator, model_validator

from mockserver import errors
from mockserver.deps import CurrentKey, CurrentWorld
from mockserver.domain import completions, models
from mockserver.domain.answers import RawAnswer
from mockserver.domain.completions import Completed
from mockserver.domain.pacing import Pace
from mockserver.simulation.choices import Wish
from mockserver.simulation.logprobs import Token
from mockserver.simulation.sampling import Sampling
from mockserver.wire import DONE, RequestModel, ResponseModel, event, resource, written_out
from mockserver.world import World

router = resource("completions")

#: models that refuse `echo` together with `logprobs`, since October 2023; babbage-002 and davinci-002 do not
NO_ECHOED_LOGPROBS = "gpt-3.5-turbo-instruct"

TokenIds = Annotated[list[int], Field(min_length=1)]


class ChatCompletionStreamOptions(RequestModel):
    """How to stream. Obfuscation, which hides the length of tokens from the network, is not simulated."""

    include_usage: bool = False
    include_obfuscation: bool = True


class CreateCompletionRequest(RequestModel):
    """What to complete, and how. A `best_of` of 0 is as many as `n` (not verified)."""

    model: str
    prompt: (
        str
        | Annotated[list[str], Field(min_length=1)]
        | TokenIds
        | Annotated[list[TokenIds], Field(min_length=1)]
    ) = completions.SEPARATOR
    best_of: Annotated[int, Field(ge=0, le=20)] = 0
    echo: bool = False
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] = 0
    logit_bias: dict[str, Annotated[float, Field(ge=-100, le=100)]] = Field(default_factory=dict)
    logprobs: Annotated[int, Field(ge=0, le=5)] | None = None
    max_tokens: Annotated[int, Field(ge=0)] = 16
    n: Annotated[int, Field(ge=1, le=128)] = 1
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] = 0
    seed: int | None = None
    stop: str | Annotated[list[str], Field(min_length=1, max_length=4)] = ""
    stream: bool = False
    stream_options: ChatCompletionStreamOptions | None = None
    suffix: str = ""
    temperature: Annotated[float, Field(ge=0, le=2)] = 1
    top_p: Annotated[float, Field(ge=0, le=1)] = 1
    user: str | None = None

    @field_validator("stream_options")
    @classmethod
    def _only_for_streams(
        cls, options: ChatCompletionStreamOptions, info: ValidationInfo
    ) -> ChatCompletionStreamOptions:
        if not info.data.get("stream"):
            raise ValueError("The 'stream_options' parameter is only allowed when 'stream' is enabled.")
        return options

    @model_validator(mode="after")
    def _enough_candidates(self) -> Self:
        """Refuse fewer candidates than choices, and a stream of the best ones (wording not verified)."""
        n, best_of = self.n, self.best_of or self.n
        if n > best_of:
            raise ValueError(
                "You requested that the server return more choices than it will generate (HINT: you must set "
                f"'n' (currently {n}) to be at most 'best_of' (currently {best_of}), or omit either "
                "parameter if you don't specifically want to use them.)"
            )
        if self.stream and best_of > n:
            raise ValueError(f"Cannot stream with 'best_of' (currently {best_of}) above 'n' (currently {n}).")
        return self


class Logprobs(ResponseModel):
    """The tokens of a choice, with their log probabilities and those of the likeliest in their place."""

    tokens: list[str]
    token_logprobs: list[float | None]
    top_logprobs: list[dict[str, float] | None]
    text_offset: list[int]


class CompletionChoice(ResponseModel):
    """One answer to one prompt; `finish_reason` is null in all chunks of a stream but its last."""

    text: str
    index: int
    logprobs: Logprobs | None
    finish_reason: Literal["stop", "length", "content_filter"] | None


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
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def create(
    body: CreateCompletionRequest, request: Request, world: CurrentWorld, key: CurrentKey
) -> Response:
    """Complete one prompt or many."""
    model = models.usable(world, body.model, "completions")
    wishes = _wishes(body, model)
    given = _given(body, request, key) if world.scenario.replies else {}
    done = await completions.create(world, model, wishes, given=given, seed=body.seed)
    if isinstance(done, RawAnswer):
        return Response(done.body, done.status, done.headers, media_type=done.media_type)
    envelope = _envelope(world, model, done)
    if body.stream:
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        events = _events(envelope, done, Pace(world, done.pacing, done.id), with_usage=with_usage)
        return StreamingResponse(events, headers=done.headers, media_type="text/event-stream")
    choices = [_choice(index, each) for index, each in enumerate(done.choices)]
    return written_out(Completion(**envelope, choices=choices, usage=_usage(done)), done.headers)


def _given(body: CreateCompletionRequest, request: Request, key: str) -> dict[str, Any]:
    """Return what the rules of a scenario can ask about, beside the endpoint, the model and the prompt."""
    said = body.model_dump(exclude_unset=True)
    return {**said, "body": said, "headers": dict(request.headers), "key": key}


def _wishes(body: CreateCompletionRequest, model: models.Model) -> list[Wish]:
    """Return what is asked of the model, prompt by prompt. Raises ApiError 400 for what it cannot do."""
    if body.echo and body.logprobs is not None and model.base.startswith(NO_ECHOED_LOGPROBS):
        raise errors.invalid(
            "Setting 'echo' and 'logprobs' at the same time is not supported for this model."
        )
    stops = [body.stop] if isinstance(body.stop, str) else body.stop
    sampling = Sampling(
        body.temperature,
        body.top_p,
        body.presence_penalty,
        body.frequency_penalty,
        completions.read_bias(body.logit_bias, model),
    )
    return [
        Wish(
            model.base,
            prompt,
            suffix=body.suffix,
            limit=body.max_tokens,
            stops=[stop for stop in stops if stop],
            n=body.n,
            best_of=body.best_of or body.n,
            sampling=sampling,
            echo=body.echo,
            logprobs=body.logprobs,
        )
        for prompt in completions.read_prompts(body.prompt, model)
    ]


def _envelope(world: World, model: models.Model, done: completions.Completion) -> dict[str, Any]:
    envelope = {"id": done.id, "object": "text_completion", "created": done.created, "model": model.id}
    if not world.legacy_shapes:
        envelope["system_fingerprint"] = f"fp_{blake2b(model.base.encode(), digest_size=5).hexdigest()}"
    return envelope


def _choice(index: int, done: Completed) -> CompletionChoice:
    logprobs = None if done.wish.logprobs is None else Logprobs(**_logprobs(done.tokens()))
    return CompletionChoice(text=done.text, index=index, logprobs=logprobs, finish_reason=done.finish_reason)


def _logprobs(tokens: Sequence[Token]) -> dict[str, Any]:
    return {
        "tokens": [token.shown for token in tokens],
        "token_logprobs": [token.logprob for token in tokens],
        "top_logprobs": [token.top for token in tokens],
        "text_offset": [token.offset for token in tokens],
    }


def _usage(done: completions.Completion) -> CompletionUsage:
    read, said = done.prompt_tokens, done.completion_tokens
    return CompletionUsage(prompt_tokens=read, completion_tokens=said, total_tokens=read + said)


async def _events(
    envelope: dict[str, Any], done: completions.Completion, pace: Pace, *, with_usage: bool
) -> AsyncIterator[bytes]:
    """Yield the chunks of all choices, turn by turn; each choice's last one tells why it ends."""
    rest = {"usage": None} if with_usage else {}
    lanes = [_chunks(index, each) for index, each in enumerate(done.choices)]
    for turn in zip_longest(*lanes):
        if pace.waits:
            await pace.token()
        for chunk in turn:
            if chunk is not None:
                yield event({**envelope, "choices": [chunk], **rest})
    if with_usage:
        yield event({**envelope, "choices": [], "usage": _usage(done).model_dump()})
    yield DONE


def _chunks(index: int, done: Completed) -> Iterator[dict[str, Any]]:
    """Yield a choice token by token, as plain data for speed; the parts of a character come in one chunk."""

    def chunk(finish_reason: str | None = None) -> dict[str, Any]:
        logprobs = None if done.wish.logprobs is None else _logprobs(parts)
        text = "".join(token.text for token in parts)
        return {"text": text, "index": index, "logprobs": logprobs, "finish_reason": finish_reason}

    parts: list[Token] = []
    for token in done.tokens():
        parts.append(token)
        if token.text:
            yield chunk()
            parts = []
    yield chunk(done.finish_reason)
