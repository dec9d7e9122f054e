"""Fine-tuning jobs: https://platform.openai.com/docs/api-reference/fine-tuning."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import Field

from mockserver.deps import CurrentWorld
from mockserver.domain import jobs, runners, training
from mockserver.domain.job_events import EVENT_KINDS, JobEvent, shown_event
from mockserver.domain.jobs import Job, Order
from mockserver.domain.methods import Auto, Method, SupervisedHyperparameters, chosen
from mockserver.errors import training as refusals
from mockserver.pages import page
from mockserver.wire import RequestModel, ResponseModel, resource
from mockserver.world import World

router = resource("fine-tuning")

#: what only the legacy API tells of
LEGACY_ONLY = frozenset({"prompt_loss_weight"})
#: what a hyperparameter that was left to the service is called until it is decided, if not "auto"
UNSAID = {"reasoning_effort": "default"}

Metadata = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]], Field(max_length=16)
]


class Wandb(RequestModel):
    """Where Weights & Biases would be told of the job; the mock remembers it and tells nobody."""

    project: str
    name: str | None = None
    entity: str | None = None
    tags: list[str] | None = None


class Integration(RequestModel):
    """An integration to enable for the job."""

    type: Literal["wandb"]
    wandb: Wandb


class CreateFineTuningJob(RequestModel):
    """The body of POST /v1/fine_tuning/jobs."""

    model: str
    training_file: str
    hyperparameters: SupervisedHyperparameters | None = None
    suffix: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    validation_file: str | None = None
    integrations: list[Integration] | None = None
    seed: Annotated[int, Field(ge=0, le=2147483647)] | None = None
    method: Method | None = None
    metadata: Metadata | None = None


class JobError(ResponseModel):
    """Why a job has failed."""

    code: str
    message: str
    param: str | None


class JobHyperparameters(ResponseModel):
    """What a job trains with; "auto" until its files are validated."""

    batch_size: Auto[int] | None = None
    learning_rate_multiplier: Auto[float] | None = None
    n_epochs: Auto[int] | None = None


class FineTuningJob(ResponseModel):
    """A fine-tuning job."""

    id: str
    created_at: int
    error: JobError | None
    fine_tuned_model: str | None
    finished_at: int | None
    hyperparameters: JobHyperparameters
    model: str
    object: Literal["fine_tuning.job"] = "fine_tuning.job"
    organization_id: str
    result_files: list[str]
    status: Literal["validating_files", "queued", "running", "succeeded", "failed", "cancelled", "paused"]
    trained_tokens: int | None
    training_file: str
    validation_file: str | None
    integrations: list[dict[str, Any]] | None
    seed: int
    estimated_finish: int | None
    method: dict[str, Any]
    metadata: dict[str, str] | None


class JobList(ResponseModel):
    """A page of jobs, newest first."""

    object: Literal["list"] = "list"
    data: list[FineTuningJob]
    has_more: bool


class JobEventList(ResponseModel):
    """A page of events, newest first."""

    object: Literal["list"] = "list"
    data: list[JobEvent]
    has_more: bool


@router.post("/fine_tuning/jobs", operation_id="fine_tuning.jobs.create")
async def create(body: CreateFineTuningJob, world: CurrentWorld) -> FineTuningJob:
    """Create a job from an uploaded file."""
    return _shown(world, await training.create(world, _order(body)))


@router.get("/fine_tuning/jobs", operation_id="fine_tuning.jobs.list")
async def list_(
    request: Request,
    world: CurrentWorld,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> JobList:
    """List the organisation's jobs; `metadata[key]=value` keeps those with the pair, `metadata=null` those without."""
    wanted = {
        key[9:-1]: value
        for key, value in request.query_params.items()
        if key.startswith("metadata[") and key.endswith("]")
    }

    def carries(job: Job) -> bool:
        metadata = job["metadata"] or {}
        return not metadata if without_any else wanted.items() <= metadata.items()

    without_any = request.query_params.get("metadata") == "null"
    rows, more = page(world.store, "job", limit=limit, after=after, keep=carries)
    return JobList(data=[_shown(world, job) for job in rows], has_more=more)


@router.get("/fine_tuning/jobs/{fine_tuning_job_id}", operation_id="fine_tuning.jobs.retrieve")
async def retrieve(fine_tuning_job_id: str, world: CurrentWorld) -> FineTuningJob:
    """Return a job."""
    jobs.look(world, fine_tuning_job_id)
    return _shown(world, _find(world, fine_tuning_job_id))


@router.post("/fine_tuning/jobs/{fine_tuning_job_id}/cancel", operation_id="fine_tuning.jobs.cancel")
async def cancel(fine_tuning_job_id: str, world: CurrentWorld) -> FineTuningJob:
    """End a job now."""
    return _shown(world, training.cancel(world, _find(world, fine_tuning_job_id)))


@router.post("/fine_tuning/jobs/{fine_tuning_job_id}/pause", operation_id="fine_tuning.jobs.pause")
async def pause(fine_tuning_job_id: str, world: CurrentWorld) -> FineTuningJob:
    """Stop a job's time."""
    return _shown(world, training.pause(world, _find(world, fine_tuning_job_id)))


@router.post("/fine_tuning/jobs/{fine_tuning_job_id}/resume", operation_id="fine_tuning.jobs.resume")
async def resume(fine_tuning_job_id: str, world: CurrentWorld) -> FineTuningJob:
    """Let a paused job go on."""
    return _shown(world, training.resume(world, _find(world, fine_tuning_job_id)))


@router.get(
    "/fine_tuning/jobs/{fine_tuning_job_id}/events",
    operation_id="fine_tuning.jobs.list_events",
)
async def list_events(
    fine_tuning_job_id: str,
    world: CurrentWorld,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 20,
) -> JobEventList:
    """Return what a job has said, the latest first."""
    job = _find(world, fine_tuning_job_id)
    rows, more = page(
        world.store,
        "job.event",
        parent=job["id"],
        limit=limit,
        after=after,
        keep=lambda row: row["kind"] in EVENT_KINDS,
    )
    return JobEventList(data=[shown_event(job, row) for row in rows], has_more=more)


def _find(world: World, job_id: str) -> Job:
    job = jobs.find(world, job_id)
    if job is None:
        raise refusals.no_such_job(job_id)
    return job


def _order(body: CreateFineTuningJob) -> Order:
    method, asked, grader = chosen(body.method, body.hyperparameters)
    return Order(
        api="modern",
        model=body.model,
        training_file=body.training_file,
        validation_file=body.validation_file,
        suffix=body.suffix,
        method=method,
        hyperparameters=asked,
        grader=grader,
        seed=body.seed,
        metadata=body.metadata,
        integrations=[one.model_dump(exclude_unset=True) for one in body.integrations or ()],
    )


def _shown(world: World, job: Job) -> FineTuningJob:
    """Return a job as this API shows it, whichever API made it."""
    status = job["status"]
    hyperparameters = job["resolved"] if job["prepared"] else _asked(job)
    hyperparameters = {name: value for name, value in hyperparameters.items() if name not in LEGACY_ONLY}
    settings: dict[str, Any] = {"hyperparameters": hyperparameters}
    if job["grader"]:
        settings["grader"] = job["grader"]
    shared = {name: hyperparameters[name] for name in ("batch_size", "learning_rate_multiplier", "n_epochs")}
    return FineTuningJob(
        id=job["id"],
        created_at=job["created_at"],
        error=JobError(**job["error"]) if job["error"] else None,
        fine_tuned_model=job["fine_tuned_model"] if job["status"] == "succeeded" else None,
        finished_at=job["finished_at"],
        hyperparameters=JobHyperparameters(**shared),
        model=job["model"],
        organization_id=world.scenario.account.organization,
        result_files=[job["result_file"]] if job["result_file"] else [],
        status=world.scenario.paused_status if status == "paused" else status,
        trained_tokens=job["trained_tokens"],
        training_file=job["training_file"],
        validation_file=job["validation_file"],
        integrations=job["integrations"],
        seed=job["seed"],
        estimated_finish=runners.estimated_finish(world, job),
        method={"type": job["method"], job["method"]: settings},
        metadata=job["metadata"],
    )


def _asked(job: Job) -> dict[str, Any]:
    """Return the hyperparameters as they were asked for."""
    left_to_the_service = {name: UNSAID.get(name, "auto") for name in job["resolved"]}
    return {**left_to_the_service, **job["requested"]}
