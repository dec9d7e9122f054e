"""The `method` of a fine-tuning job: supervised, preferences (DPO) or reinforcement, each with its own settings.

Bounds are those of the official specification. A body may carry the settings of several methods; `type` decides.
"""

from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import Field

from mockserver import errors
from mockserver.simulation import graders
from mockserver.simulation.hyperparameters import Method as MethodName
from mockserver.wire import RequestModel

T = TypeVar("T")
Auto: TypeAlias = T | Literal["auto"]

BatchSize = Annotated[int, Field(ge=1, le=256)]
Epochs = Annotated[int, Field(ge=1, le=50)]
LearningRate = Annotated[float, Field(gt=0)]


class SupervisedHyperparameters(RequestModel):
    """What can be set for supervised training; also the old top-level `hyperparameters`."""

    batch_size: Auto[BatchSize] | None = None
    learning_rate_multiplier: Auto[LearningRate] | None = None
    n_epochs: Auto[Epochs] | None = None


class DpoHyperparameters(SupervisedHyperparameters):
    """What can be set for training on preferences."""

    beta: Auto[Annotated[float, Field(gt=0, le=2)]] | None = None


class ReinforcementHyperparameters(SupervisedHyperparameters):
    """What can be set for training by reinforcement."""

    compute_multiplier: Auto[Annotated[float, Field(gt=0.00001, le=10)]] | None = None
    reasoning_effort: Literal["default", "low", "medium", "high"] | None = None
    eval_interval: Auto[Annotated[int, Field(ge=1)]] | None = None
    eval_samples: Auto[Annotated[int, Field(ge=1)]] | None = None


class Supervised(RequestModel):
    """Settings of the supervised method."""

    hyperparameters: SupervisedHyperparameters | None = None


class Dpo(RequestModel):
    """Settings of the DPO method."""

    hyperparameters: DpoHyperparameters | None = None


class Reinforcement(RequestModel):
    """Settings of the reinforcement method; the grader says what a good answer is."""

    grader: dict[str, Any]
    hyperparameters: ReinforcementHyperparameters | None = None


class Method(RequestModel):
    """How a job trains."""

    type: MethodName
    supervised: Supervised | None = None
    dpo: Dpo | None = None
    reinforcement: Reinforcement | None = None


def chosen(
    method: Method | None, old: SupervisedHyperparameters | None
) -> tuple[MethodName, dict[str, Any], dict[str, Any] | None]:
    """Return the method's name, the hyperparameters asked for and the grader; the old form is for supervised jobs.

    Raises ApiError 400 for a reinforcement job whose grader is missing or could not work.
    """
    if method is None:
        return "supervised", _given(old), None
    settings = getattr(method, method.type)
    if method.type == "reinforcement":
        _check_grader(settings)
    asked = _given(settings.hyperparameters if settings else None)
    if method.type == "supervised":
        asked = _given(old) | asked
    return method.type, asked, getattr(settings, "grader", None)


def _check_grader(settings: Reinforcement | None) -> None:
    """Raise ApiError 400 unless there is a grader that could work."""
    if settings is None:
        raise errors.missing_parameter("method.reinforcement")
    for problem in graders.validate(settings.grader, "method.reinforcement.grader"):
        raise errors.invalid(problem.message, problem.param, problem.code)


def _given(hyperparameters: RequestModel | None) -> dict[str, Any]:
    return hyperparameters.model_dump(exclude_unset=True) if hyperparameters else {}
