"""A fine-tune as either API shows it, in the same words: what the two views must agree on."""

from dataclasses import dataclass
from typing import Any

PHASES = {"pending": "waiting", "validating_files": "waiting", "queued": "waiting"}


@dataclass(frozen=True, slots=True)
class View:
    """What both APIs tell of a job. Only legacy names the model before the job has succeeded, so both wait here."""

    id: str
    model: str
    created_at: int
    organization: str
    phase: str
    training_file: str
    result_files: tuple[str, ...]
    fine_tuned_model: str | None
    n_epochs: int


def view(job: dict[str, Any]) -> View:
    """Return what a job's document says."""
    legacy = job["object"] == "fine-tune"
    phase = PHASES.get(job["status"], job["status"])
    return View(
        id=job["id"],
        model=job["model"],
        created_at=job["created_at"],
        organization=job["organization_id"],
        phase=phase,
        training_file=job["training_files"][0]["id"] if legacy else job["training_file"],
        result_files=tuple(file["id"] for file in job["result_files"])
        if legacy
        else tuple(job["result_files"]),
        fine_tuned_model=job["fine_tuned_model"] if phase == "succeeded" else None,
        n_epochs=job["hyperparams" if legacy else "hyperparameters"]["n_epochs"],
    )
