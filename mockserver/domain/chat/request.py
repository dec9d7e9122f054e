"""The body of POST /v1/chat/completions, and what it asks of a model.

What a model does not do is refused in `rules.py`; what is wrong for every model, here.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from mockserver.domain.chat import formats, reading, rules, tools
from mockserver.domain.chat.formats import ResponseFormat, ResponseFormatJsonObject
from mockserver.domain.chat.messages import ChatCompletionRequestMessage, TextContent
from mockserver.domain.chat.tools import (
    ChatCompletionToolChoiceOption,
    Choice,
    FunctionCallOption,
    Functions,
    Tools,
)
from mockserver.domain.completions import read_bias
from mockserver.domain.models import Model
from mockserver.errors import chat as refusals
from mockserver.simulation.messages import Ask, Function
from mockserver.simulation.sampling import Sampling
from mockserver.wire import RequestModel
from mockserver.wire_models import (
    LogitBias,
    Metadata,
    ModerationParam,
    Penalty,
    PromptCacheOptionsParam,
    ReasoningEffort,
    Seed,
    ServiceTier,
    StopConfiguration,
    StreamOptions,
    Temperature,
    TopP,
    Verbosity,
)
from mockserver.world import World

Limit = Annotated[int, Field(ge=1)]


class WebSearchLocation(RequestModel):
    """Roughly where the user is."""

    country: str | None = None
    region: str | None = None
    city: str | None = None
    timezone: str | None = None


class UserLocation(RequestModel):
    """Roughly where the user is."""

    type: Literal["approximate"]
    approximate: WebSearchLocation


class WebSearchOptions(RequestModel):
    """How a search model searches; the mock's do not."""

    user_location: UserLocation | None = None
    search_context_size: Literal["low", "medium", "high"] = "medium"


class CustomVoice(RequestModel):
    """A voice of one's own."""

    id: str


class AudioParam(RequestModel):
    """How an answer is spoken."""

    voice: str | CustomVoice
    format: Literal["wav", "aac", "mp3", "flac", "opus", "pcm16"]


class PredictionContent(RequestModel):
    """What the caller expects most of the answer to be."""

    type: Literal["content"]
    content: TextContent


class CreateChatCompletionRequest(RequestModel):
    """What to answer, and how."""

    metadata: Metadata | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    temperature: Temperature = 1
    top_p: TopP = 1
    user: str | None = None
    safety_identifier: Annotated[str, Field(max_length=64)] | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    prompt_cache_options: PromptCacheOptionsParam | None = None
    messages: Annotated[list[ChatCompletionRequestMessage], Field(min_length=1)]
    model: str
    service_tier: ServiceTier = "auto"
    modalities: list[Literal["text", "audio"]] | None = None
    verbosity: Verbosity = "medium"
    reasoning_effort: ReasoningEffort | None = None
    max_completion_tokens: Limit | None = None
    frequency_penalty: Penalty = 0
    presence_penalty: Penalty = 0
    web_search_options: WebSearchOptions | None = None
    response_format: ResponseFormat | None = None
    audio: AudioParam | None = None
    store: bool = False
    moderation: ModerationParam | None = None
    stream: bool = False
    stop: StopConfiguration = ""
    logit_bias: LogitBias = Field(default_factory=dict)
    logprobs: bool = False
    max_tokens: Limit | None = None
    n: Annotated[int, Field(ge=1, le=128)] = 1
    prediction: PredictionContent | None = None
    seed: Seed | None = None
    stream_options: StreamOptions | None = None
    tools: Tools | None = None
    tool_choice: ChatCompletionToolChoiceOption | None = None
    parallel_tool_calls: bool = True
    function_call: FunctionCallOption | None = None
    functions: Functions | None = None

    @property
    def limit(self) -> int | None:
        """The most tokens of an answer, by either of its names."""
        return self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens

    @property
    def is_spoken(self) -> bool:
        """Whether the answer is wanted as a sound."""
        return "audio" in (self.modalities or ())

    @property
    def predicted(self) -> str | None:
        """What the caller expects the answer to be."""
        if self.prediction is None:
            return None
        content = self.prediction.content
        return content if isinstance(content, str) else "".join(part.text for part in content)


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks of a model, which calls it chose itself, and how many tokens the model hears."""

    ask: Ask
    choice: Choice
    audio_tokens: int


def read_question(world: World, body: CreateChatCompletionRequest, model: Model) -> Question:
    """Return what is asked. Raises ApiError for what contradicts itself and for what the model does not do."""
    _check(body)
    heard = reading.read(world, model.base, body.messages)
    rules.check(world, body, model, heard)
    formats.check(body.response_format, heard.messages)
    functions = tools.offered(body.tools, body.functions)
    choice = _choice(body, functions)
    ask = Ask(
        heard.messages,
        functions=functions,
        callable=choice.callable,
        must_call=choice.must_call,
        parallel=body.parallel_tool_calls and body.functions is None,
        json=isinstance(body.response_format, ResponseFormatJsonObject),
        schema=formats.schema_of(body.response_format),
        limit=body.limit,
        stops=_stops(body.stop),
        n=body.n,
        sampling=Sampling(
            body.temperature,
            body.top_p,
            body.presence_penalty,
            body.frequency_penalty,
            read_bias(body.logit_bias, model),
        ),
        logprobs=(body.top_logprobs or 0) if body.logprobs else None,
        seed=body.seed,
        effort=body.reasoning_effort,
    )
    return Question(ask, choice, heard.audio_tokens)


def _choice(body: CreateChatCompletionRequest, functions: list[Function]) -> Choice:
    if body.tools is None:
        return tools.choice_of_functions(body.function_call, functions)
    return tools.choice_of_tools(body.tool_choice, functions)


def _check(body: CreateChatCompletionRequest) -> None:
    """Raise ApiError 400 for parameters that need another one, or exclude it."""
    if body.max_tokens is not None and body.max_completion_tokens is not None:
        raise refusals.two_limits()
    if body.metadata is not None and not body.store:
        raise refusals.only_with("metadata", "store", "enabled")
    if body.top_logprobs is not None and not body.logprobs:
        raise refusals.only_with("top_logprobs", "logprobs", "enabled")
    if body.tools is None and "parallel_tool_calls" in body.model_fields_set:
        raise refusals.only_when_specified("parallel_tool_calls", "tools")
    if body.tools is None and body.tool_choice is not None:
        raise refusals.only_when_specified("tool_choice", "tools")


def _stops(stop: StopConfiguration) -> list[str]:
    return [each for each in ([stop] if isinstance(stop, str) else stop) if each]
