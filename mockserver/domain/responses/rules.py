"""What a response cannot be, before anybody answers: what contradicts itself, and what its model does not do.

Models that think take no sampling parameters while they do, and keep their logprobs to themselves; only they can be
told how hard to think.
"""

from mockserver.domain import models
from mockserver.domain.models import Model
from mockserver.domain.responses.request import CreateResponse
from mockserver.domain.responses.shapes import TextResponseFormatJsonSchema
from mockserver.errors import missing_parameter
from mockserver.errors import responses as refusals
from mockserver.simulation import abilities, eras
from mockserver.simulation.strict_schema import fault
from mockserver.simulation.thinking import is_reasoning, takes_sampling
from mockserver.world import World

ENDPOINT = "responses"
LOGPROBS, SEALED = "message.output_text.logprobs", "reasoning.encrypted_content"


def model_of(world: World, model_id: str | None) -> Model:
    """Return a model that answers here. Raises ApiError 400 if there is none, 404 for one that was shut down."""
    if model_id is None:
        raise missing_parameter("model")
    model = models.find(world, model_id)
    if model is None and not eras.is_retired(model_id, world.as_of):
        raise refusals.no_such_model(model_id)
    if model is None:
        return models.usable(world, model_id, ENDPOINT)
    if ENDPOINT not in model.endpoints:
        raise refusals.unsupported_model(model_id)
    return model


def check(body: CreateResponse) -> None:
    """Raise ApiError 400 for the first thing that cannot be, whatever the model and what was said before."""
    if body.model is None:
        raise missing_parameter("model")
    if body.input is None and body.prompt is None:
        raise missing_parameter("input")
    check_one_before(body.previous_response_id, body.conversation_id)
    if body.background and not body.store:
        raise refusals.background_is_stored()


def check_model(body: CreateResponse, model: Model) -> None:
    """Raise ApiError 400 for the first thing that a model does not do."""
    _check_thinking(body, model)
    _check_format(body, model)


def check_one_before(previous_response_id: str | None, conversation_id: str | None) -> None:
    """Raise ApiError 400 if a response follows both another one and a conversation."""
    if previous_response_id is not None and conversation_id is not None:
        raise refusals.two_pasts()


def _check_thinking(body: CreateResponse, model: Model) -> None:
    base, effort = model.base, body.reasoning.effort
    if not is_reasoning(base):
        _check_thoughtless(body, model)
        return
    if effort is not None and effort not in abilities.efforts(base):
        if not abilities.efforts(base):
            raise refusals.unsupported_parameter("reasoning.effort", "unsupported_parameter")
        raise refusals.unsupported_value("reasoning.effort", effort, model.id, abilities.efforts(base))
    if not takes_sampling(base, effort):
        for param in ("temperature", "top_p"):
            if getattr(body, param) != 1:
                raise refusals.unsupported_parameter(param)
        if LOGPROBS in body.include:
            raise refusals.no_logprobs("include")
        if body.top_logprobs:
            raise refusals.no_logprobs("top_logprobs")


def _check_thoughtless(body: CreateResponse, model: Model) -> None:
    for param in ("effort", "summary"):
        if getattr(body.reasoning, param) is not None:
            raise refusals.unsupported_parameter(f"reasoning.{param}", "unsupported_parameter")
    if SEALED in body.include:
        raise refusals.no_encrypted_content()
    if body.text.verbosity != "medium":
        raise refusals.unsupported_value("text.verbosity", body.text.verbosity, model.id, ("medium",))


def _check_format(body: CreateResponse, model: Model) -> None:
    wanted = body.text.format
    if not abilities.takes_format(model.base, wanted.type):
        raise refusals.unsupported_format(wanted.type)
    if not isinstance(wanted, TextResponseFormatJsonSchema) or not wanted.strict:
        return
    if sentence := fault(wanted.schema_, what=f"response_format '{wanted.name}'"):
        raise refusals.bad_format_schema(sentence)
