"""Graders, validated and run outside any job: https://platform.openai.com/docs/api-reference/graders.

A grader arrives as it is: what its fields may say is known to `simulation/graders.py`, in the official words.
"""

import asyncio
from typing import Any

from mockserver import errors
from mockserver.simulation import graders
from mockserver.wire import RequestModel, ResponseModel, resource

router = resource("fine-tuning")


class Grader(RequestModel, extra="allow"):
    """A grader of any type; the fields of its type stand beside these."""

    type: str
    name: str


class RunGraderRequest(RequestModel):
    """The body of POST /v1/fine_tuning/alpha/graders/run."""

    grader: Grader
    item: dict[str, Any] | None = None
    model_sample: str


class RunGraderErrors(ResponseModel):
    """What went wrong in a run: a flag for each kind of fault, and for some what was said about it."""

    formula_parse_error: bool
    sample_parse_error: bool
    truncated_observation_error: bool
    unresponsive_reward_error: bool
    invalid_variable_error: bool
    other_error: bool
    python_grader_server_error: bool
    python_grader_server_error_type: str | None
    python_grader_runtime_error: bool
    python_grader_runtime_error_details: str | None
    model_grader_server_error: bool
    model_grader_refusal_error: bool
    model_grader_parse_error: bool
    model_grader_server_error_details: str | None


class RunGraderMetadata(ResponseModel):
    """How a run went.

    `execution_time` is in virtual seconds, of which grading takes none; `token_usage` and
    `sampled_model_name` are null, since no model is asked.
    """

    name: str
    type: str
    errors: RunGraderErrors
    execution_time: float
    scores: dict[str, float]
    token_usage: int | None
    sampled_model_name: str | None


class RunGraderResponse(ResponseModel):
    """The reward for one answer of a model."""

    reward: float
    metadata: RunGraderMetadata
    sub_rewards: dict[str, float]
    model_grader_token_usage_per_model: dict[str, Any]


class ValidateGraderRequest(RequestModel):
    """The body of POST /v1/fine_tuning/alpha/graders/validate."""

    grader: Grader


class ValidateGraderResponse(ResponseModel):
    """A grader without faults, as it was sent."""

    grader: dict[str, Any]


@router.post("/fine_tuning/alpha/graders/run", operation_id="fine_tuning.alpha.graders.run")
async def run(body: RunGraderRequest) -> RunGraderResponse:
    """Grade one answer of a model."""
    grader = _faultless(body.grader)
    grade = await asyncio.to_thread(_grade, grader, body.item or {}, body.model_sample)
    return RunGraderResponse(
        reward=grade.reward,
        metadata=RunGraderMetadata(
            name=body.grader.name,
            type=body.grader.type,
            errors=RunGraderErrors.model_validate(grade.errors),
            execution_time=0.0,
            scores=grade.scores,
            token_usage=None,
            sampled_model_name=None,
        ),
        sub_rewards=grade.sub_rewards,
        model_grader_token_usage_per_model={},
    )


@router.post("/fine_tuning/alpha/graders/validate", operation_id="fine_tuning.alpha.graders.validate")
async def validate(body: ValidateGraderRequest) -> ValidateGraderResponse:
    """Return a grader without faults; its code and its model are not tried (not verified)."""
    return ValidateGraderResponse(grader=_faultless(body.grader))


def _faultless(grader: Grader) -> dict[str, Any]:
    """Return the grader as plain JSON. Raises ApiError 400 for its first fault."""
    plain = grader.model_dump()
    for problem in graders.validate(plain):
        raise errors.invalid(problem.message, problem.param, problem.code)
    return plain


def _grade(grader: dict[str, Any], item: dict[str, Any], model_sample: str) -> graders.Grade:
    """Run a faultless grader; long texts take seconds. Raises ApiError 400 for a type not run offline."""
    try:
        return graders.run(grader, item, model_sample)
    except graders.UnsupportedGrader as refusal:
        problem = refusal.problem
        raise errors.invalid(problem.message, problem.param, problem.code) from refusal
