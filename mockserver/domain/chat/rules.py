"""What a model does not do, though chat completions as such can: its rules, in the order in which they are told.

Reasoning models take no sampling parameters while they think, and a limit by its new name only. Models that speak need
to hear or to speak. Search models search, and take little else.
"""

from typing import TYPE_CHECKING

from mockserver.domain.chat.reading import Conversation
from mockserver.domain.chat.tools import ChatCompletionTool
from mockserver.domain.models import Model
from mockserver.errors import chat as refusals
from mockserver.errors import dialogue, missing_parameter
from mockserver.simulation import abilities, catalogue
from mockserver.simulation.sounds import FORMS
from mockserver.simulation.thinking import effort_of, is_reasoning, takes_sampling
from mockserver.world import World

if TYPE_CHECKING:
    from mockserver.domain.chat.request import CreateChatCompletionRequest

#: parameters of sampling that a model which thinks does not know, with the value that goes without saying
SAMPLING = {"top_p": 1, "presence_penalty": 0, "frequency_penalty": 0, "logit_bias": {}}
#: parameters that a search model does not take
NOT_FOR_SEARCH = (
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "n",
    "presence_penalty",
    "seed",
    "temperature",
    "top_logprobs",
    "top_p",
)
#: parameters that exclude a prediction (official guide to predicted outputs)
NOT_WITH_PREDICTION = (
    "n",
    "logprobs",
    "presence_penalty",
    "frequency_penalty",
    "max_completion_tokens",
    "tools",
)


def check(world: World, body: "CreateChatCompletionRequest", model: Model, heard: Conversation) -> None:
    """Raise ApiError for the first thing a model does not do."""
    base = model.base
    if is_reasoning(base):
        _check_thinking(body, model)
    else:
        if body.reasoning_effort is not None:
            raise refusals.unrecognized("reasoning_effort")
        if body.verbosity != "medium":
            raise refusals.unsupported_value("verbosity", body.verbosity, "Supported values are: 'medium'.")
    _check_limit(world, body, model)
    _check_search(body, base)
    _check_sound(body, base, heard)
    _check_prediction(body, base)
    if body.response_format is not None and not abilities.takes_format(base, body.response_format.type):
        raise refusals.format_not_supported(body.response_format.type)


def _check_thinking(body: "CreateChatCompletionRequest", model: Model) -> None:
    base, effort = model.base, body.reasoning_effort
    if body.max_tokens is not None:
        raise refusals.unsupported_parameter("max_tokens", "max_completion_tokens")
    if effort is not None and effort not in abilities.efforts(base):
        _refuse_effort(base, effort)
    if not takes_sampling(base, effort):
        _check_sampling(body)
    if body.stop and not abilities.takes_stop(base):
        raise refusals.unsupported_parameter("stop")
    if not abilities.takes_tools(base):
        _check_beginner(body)
    if "parallel_tool_calls" in body.model_fields_set and not abilities.takes_parallel_calls(base):
        raise refusals.unsupported_parameter("parallel_tool_calls")
    calls = body.functions or any(isinstance(tool, ChatCompletionTool) for tool in body.tools or ())
    if calls and abilities.thinks_or_calls(base) and effort_of(base, effort) != "none":
        raise refusals.tools_while_thinking(model.id)


def _refuse_effort(base: str, effort: str) -> None:
    words = [f"'{word}'" for word in abilities.efforts(base)]
    if not words:
        raise refusals.unsupported_parameter("reasoning_effort")
    *most, last = words
    listed = f"{', '.join(most)}, and {last}" if len(most) > 1 else " and ".join(words)
    raise refusals.unsupported_value("reasoning_effort", effort, f"Supported values are: {listed}.")


def _check_sampling(body: "CreateChatCompletionRequest") -> None:
    if body.temperature != 1:
        value = int(body.temperature) if body.temperature == int(body.temperature) else body.temperature
        raise refusals.unsupported_value("temperature", value, "Only the default (1) value is supported.")
    for param, usual in SAMPLING.items():
        if getattr(body, param) != usual:
            raise refusals.unsupported_parameter(param)
    if body.logprobs:
        raise refusals.no_logprobs()


def _check_beginner(body: "CreateChatCompletionRequest") -> None:
    for param in ("tools", "functions"):
        if getattr(body, param) is not None:
            raise refusals.unsupported_parameter(param)
    for index, message in enumerate(body.messages):
        if message.role in {"system", "developer"}:
            raise refusals.unsupported_value(f"messages[{index}].role", message.role)


def _check_limit(world: World, body: "CreateChatCompletionRequest", model: Model) -> None:
    known = catalogue.all_models().get(model.base)
    most = known.max_output if known else None
    if most is not None and body.limit is not None and body.limit > most:
        param = "max_tokens" if body.max_completion_tokens is None else "max_completion_tokens"
        raise dialogue.too_large(param, body.limit, most, legacy=world.legacy_shapes)


def _check_search(body: "CreateChatCompletionRequest", base: str) -> None:
    if not abilities.searches(base):
        if body.web_search_options is not None:
            raise refusals.unknown_parameter("web_search_options")
        return
    if given := [param for param in NOT_FOR_SEARCH if param in body.model_fields_set]:
        raise refusals.incompatible(given)


def _check_sound(body: "CreateChatCompletionRequest", base: str, heard: Conversation) -> None:
    if body.is_spoken:
        if not abilities.speaks(base):
            raise refusals.cannot_speak()
        if body.audio is None:
            raise missing_parameter("audio")
        if body.audio.format not in FORMS:
            raise refusals.unspoken_form(body.audio.format)
        if body.stream and body.audio.format != "pcm16":
            raise refusals.only_raw_sound(body.audio.format)
    elif abilities.needs_sound(base) and not heard.audio_tokens:
        raise refusals.needs_sound()


def _check_prediction(body: "CreateChatCompletionRequest", base: str) -> None:
    if body.prediction is None:
        return
    if is_reasoning(base):
        raise refusals.unsupported_parameter("prediction")
    for param in NOT_WITH_PREDICTION:
        if param in body.model_fields_set and getattr(body, param) not in (0, 1, None, False):
            raise refusals.not_with_prediction(param)
