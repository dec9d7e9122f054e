"""Wire models that several resources share, named as in the official document."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field, ValidationInfo

from mockserver.wire import RequestModel, ResponseModel

#: up to 16 pairs of texts that a caller attaches to an object (official document)
Metadata = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]], Field(max_length=16)
]
#: what functions and structured answers are called
FunctionName = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$", max_length=64)]
FunctionParameters = dict[str, Any]
StopConfiguration = str | Annotated[list[str], Field(min_length=1, max_length=4)]
LogitBias = dict[str, Annotated[float, Field(ge=-100, le=100)]]
Penalty = Annotated[float, Field(ge=-2, le=2)]
Temperature = Annotated[float, Field(ge=0, le=2)]
TopP = Annotated[float, Field(ge=0, le=1)]
#: 64 bits, in the rounded numbers of the official document
Seed = Annotated[int, Field(ge=-9223372036854776000, le=9223372036854776000)]
ServiceTier = Literal["auto", "default", "flex", "scale", "priority", "fast"]
ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
Verbosity = Literal["low", "medium", "high"]


class ChatCompletionStreamOptions(RequestModel):
    """How to stream. Obfuscation, which hides the length of tokens from the network, is not simulated."""

    include_usage: bool = False
    include_obfuscation: bool = True


class ModerationConfigParam(RequestModel):
    """What is done with what is flagged; the mock scores and never blocks."""

    mode: Literal["score", "block"]


class ModerationPolicyParam(RequestModel):
    """What is done with either side."""

    input: ModerationConfigParam | None = None
    output: ModerationConfigParam | None = None


class ModerationParam(RequestModel):
    """A wish to have a request and its answer moderated, and by which model."""

    model: str
    policy: ModerationPolicyParam | None = None


Options = TypeVar("Options", bound=RequestModel)


def only_for_streams(options: Options, info: ValidationInfo) -> Options:
    """Refuse options of a stream where none is wanted; `stream` stands before them in the official order."""
    if not info.data.get("stream"):
        raise ValueError("The 'stream_options' parameter is only allowed when 'stream' is enabled.")
    return options


StreamOptions = Annotated[ChatCompletionStreamOptions, AfterValidator(only_for_streams)]


class PromptCacheOptionsParam(RequestModel):
    """How to cache a prompt; the mock caches every prompt in the same way."""

    ttl: Literal["30m"] | None = None
    mode: Literal["implicit", "explicit"] | None = None


class CompletionTokensDetails(ResponseModel):
    """What the tokens of an answer were spent on."""

    reasoning_tokens: int | None = None
    audio_tokens: int | None = None
    accepted_prediction_tokens: int | None = None
    rejected_prediction_tokens: int | None = None


class PromptTokensDetails(ResponseModel):
    """What kinds of tokens a prompt has."""

    cached_tokens: int | None = None
    audio_tokens: int | None = None


class CompletionUsage(ResponseModel):
    """What a request cost, in tokens."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptTokensDetails | None = None
    completion_tokens_details: CompletionTokensDetails | None = None
