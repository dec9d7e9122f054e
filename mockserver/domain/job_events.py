"""What a job has said, in the words of `/v1/fine_tuning/jobs/{id}/events`.

The words are those of published jobs (cookbook, client issues); those of a pause, a resumption and a cancellation
are not verified.
"""

from typing import Any, Literal

from mockserver.domain.jobs import Job
from mockserver.domain.tuned_models import steps_of
from mockserver.wire import ResponseModel

MESSAGES = {
    "created": "Created fine-tuning job: {id}",
    "enqueued": "Files validated, moving job to queued state",
    "started": "Fine-tuning job started",
    "checkpoint": "Checkpoint created at step {step} with Snapshot ID: {model}",
    "model": "New fine-tuned model created: {model}",
    "succeeded": "The job has successfully completed",
    "cancelled": "Fine-tuning job cancelled",
    "failed": "{message}",
    "paused": "Fine-tuning job paused",
    "resumed": "Fine-tuning job resumed",
}
#: the kinds this API tells of; queue numbers, costs and epochs belong to the legacy log alone
EVENT_KINDS = frozenset({*MESSAGES, "validating", "metrics"})


class JobEvent(ResponseModel):
    """One event of a job; `metrics` carry numbers in `data`."""

    object: Literal["fine_tuning.job.event"] = "fine_tuning.job.event"
    id: str
    created_at: int
    level: Literal["info", "warn", "error"]
    message: str
    type: Literal["message", "metrics"]
    data: dict[str, Any]


def shown_event(job: Job, row: dict[str, Any]) -> JobEvent:
    """Return an event in this API's words."""
    data: dict[str, Any] = {}
    if row["kind"] == "metrics":
        data = row["data"]["metrics"] | {"total_steps": steps_of(job)}
    return JobEvent(
        id=row["id"],
        created_at=row["at"],
        level=row["level"],
        message=_message(job, row),
        type="metrics" if row["kind"] == "metrics" else "message",
        data=data,
    )


def _message(job: Job, row: dict[str, Any]) -> str:
    data = row["data"]
    if row["kind"] == "validating":
        files = f"Validating training file: {data['training']}"
        return files + (f" and validation file: {data['validation']}" if data["validation"] else "")
    if row["kind"] == "metrics":
        measured = data["metrics"]
        said = f"Step {data['step']}/{steps_of(job)}: training loss={measured['train_loss']:.2f}"
        if "valid_loss" in measured:
            said += f", validation loss={measured['valid_loss']:.2f}"
        if "full_valid_loss" in measured:
            said += f", full validation loss={measured['full_valid_loss']:.2f}"
        return said
    return MESSAGES[row["kind"]].format(id=job["id"], **data)
