"""Refusals of fine-tunes, jobs, their checkpoints and permissions."""

from collections.abc import Sequence

from mockserver.errors import ApiError


def invalid_base_model(model: str, bases: Sequence[str], organization: str) -> ApiError:
    """Answer a legacy fine-tune of a model that cannot be fine-tuned."""
    return ApiError(
        400,
        f"Invalid base model: {model} (model must be one of {', '.join(bases)}) or a fine-tuned model created by "
        f"your organization: {organization}",
    )


def model_not_available(model: str) -> ApiError:
    """Answer a fine-tuning job of a model that cannot be fine-tuned."""
    return ApiError(
        400,
        f"Model {model} is not available for fine-tuning or does not exist.",
        param="model",
        code="model_not_available",
    )


def no_such_fine_tune(job_id: str) -> ApiError:
    """Answer an id that no legacy fine-tune has."""
    return ApiError(404, f"No such FineTune object: {job_id}", param="fine_tune_id")


def no_such_job(job_id: str) -> ApiError:
    """Answer an id that no fine-tuning job has."""
    return ApiError(
        404, f"Could not find fine tune: {job_id}", param="fine_tuning_job_id", code="fine_tune_not_found"
    )


def no_such_checkpoint(name: str) -> ApiError:
    """Answer a checkpoint that no job has left (wording not verified)."""
    return ApiError(404, f"Could not find checkpoint: {name}", param="fine_tuned_model_checkpoint")


def no_such_permission(permission_id: str) -> ApiError:
    """Answer a permission a checkpoint does not have (wording not verified)."""
    return ApiError(404, f"Could not find checkpoint permission: {permission_id}", param="permission_id")


def illegal_move(verb: str, job_id: str, status: str) -> ApiError:
    """Answer a move the job's lifecycle does not allow, such as the cancelling of a finished job."""
    return ApiError(
        400,
        f"Job has already completed: cannot {verb} {job_id}, its status is {status}."
        if status in {"succeeded", "failed", "cancelled"}
        else f"Cannot {verb} {job_id}: its status is {status}.",
        code="invalid_job_state",
    )
