"""Completions: https://platform.openai.com/docs/api-reference/completions."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Annotated, Any, Literal, Self

from fastapi import Request, Response
from pydantic import Field, model_validator
from pydantic_core import to_json

from mockserver import errors
from mockserver.deps import CurrentKey, CurrentWorld
from mockserver.domain import completions, models
from mockserver.domain.answers import RawAnswer
from mockserver.domain.completions import Completed
from mockserver.domain.pacing import Pace
from mockserver.facts import asked
from mockserver.simulation.choices import Wish
from mockserver.simulation.logprobs import Token, whole_characters
from mockserver.simulation.sampling import Sampling
from mockserver.wire import DONE, RequestModel, ResponseModel, Stream, Written, event, resource
from mockserver.wire_models import CompletionUsage, StreamOptions
from mockserver.world import World

router = resource("completions")

#: models that refuse `echo` together with `logprobs`, since October 2023; babbage-002 and davinci-002 do not
NO_ECHOED_LOGPROBS = "gpt-3.5-turbo-instruct"

TokenIds = Annotated[list[int], Field(min_length=1)]


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
    stream_options: StreamOptions | None = None
    suffix: str = ""
    temperature: Annotated[float, Field(ge=0, le=2)] = 1
    top_p: Annotated[float, Field(ge=0, le=1)] = 1
    user: str | None = None

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
    done = await completions.create(
        world, model, _wishes(body, model), given=asked(request, key), seed=body.seed
    )
    if isinstance(done, RawAnswer):
        return Response(done.body, done.status, done.headers, media_type=done.media_type)
    envelope = _envelope(world, model, done)
    if body.stream:
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        events = _events(envelope, done, with_usage=with_usage)
        return Stream(events, Pace(world, done.pacing, done.id).each, done.headers)
    envelope["choices"] = [_choice(index, each) for index, each in enumerate(done.choices)]
    envelope["usage"] = _usage(done)
    return Written(to_json(envelope), done.headers)


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
            written=written if isinstance(written, str) else None,
        )
        for written, prompt in completions.read_prompts(body.prompt, model)
    ]


def _envelope(world: World, model: models.Model, done: completions.Completion) -> dict[str, Any]:
    envelope = {"id": done.id, "object": "text_completion", "created": done.created, "model": model.id}
    if not world.legacy_shapes:
        envelope["system_fingerprint"] = models.fingerprint(model.base)
    return envelope


def _choice(index: int, done: Completed) -> dict[str, Any]:
    """Return a `CompletionChoice` as plain data."""
    logprobs = None if done.wish.logprobs is None else _logprobs(done.tokens())
    return {"text": done.text, "index": index, "logprobs": logprobs, "finish_reason": done.finish_reason}


def _logprobs(tokens: Sequence[Token]) -> dict[str, Any]:
    """Return `Logprobs` as plain data."""
    return {
        "tokens": [token.shown for token in tokens],
        "token_logprobs": [token.logprob for token in tokens],
        "top_logprobs": [token.top for token in tokens],
        "text_offset": [token.offset for token in tokens],
    }


def _usage(done: completions.Completion) -> dict[str, int]:
    """Return a `CompletionUsage` as plain data."""
    read, said = done.prompt_tokens, done.completion_tokens
    return {"prompt_tokens": read, "completion_tokens": said, "total_tokens": read + said}


def _events(
    envelope: dict[str, Any], done: completions.Completion, *, with_usage: bool
) -> Iterator[bytes | None]:
    """Yield the chunks of all choices, turn by turn; each choice's last one tells why it ends."""
    head = b"data: " + to_json(envelope)[:-1] + b',"choices":[{'
    tail = b'}],"usage":null}\n\n' if with_usage else b"}]}\n\n"
    for turn in zip_longest(*(_chunks(index, each) for index, each in enumerate(done.choices))):
        yield None
        for chunk in turn:
            if chunk is not None:
                yield head + chunk + tail
    if with_usage:
        yield event({**envelope, "choices": [], "usage": _usage(done)})
    yield DONE


def _chunks(index: int, done: Completed) -> Iterator[bytes]:
    """Yield a choice piece by piece, written out already: there may be thousands of them a second."""
    if done.wish.logprobs is None:
        rest = b',"index":%d,"logprobs":null,"finish_reason":null' % index
        for text in done.pieces():
            yield b'"text":' + to_json(text) + rest
    else:
        for tokens in whole_characters(done.tokens()):
            chunk = {
                "text": "".join(token.text for token in tokens),
                "index": index,
                "logprobs": _logprobs(tokens),
                "finish_reason": None,
            }
            yield to_json(chunk)[1:-1]
    last = {"text": "", "index": index, "logprobs": None, "finish_reason": done.finish_reason}
    if done.wish.logprobs is not None:
        last["logprobs"] = _logprobs(())
    yield to_json(last)[1:-1]
