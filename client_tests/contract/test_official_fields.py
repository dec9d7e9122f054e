"""Our wire models have the fields of the official document, in its order; each deliberate difference has a reason."""

import pytest

from mockserver.domain.file_object import FileObject
from mockserver.domain.job_events import JobEvent
from mockserver.resources import (
    completions,
    files,
    fine_tuning_checkpoints,
    fine_tuning_graders,
    fine_tuning_jobs,
    models,
)
from mockserver.wire import ErrorDetail

WIRE = "the order seen on the wire; the document has another"
#: our model, its schema (a path into the document's schemas), fields only we have, fields only they have, the order
FIELDS = [
    (FileObject, "OpenAIFile", (), (), WIRE),
    (files.FileList, "ListFilesResponse", (), (), None),
    (files.FileDeleted, "DeleteFileResponse", (), (), WIRE),
    # permission, root and parent are 2023's
    (models.Model, "Model", ("permission", "root", "parent"), (), WIRE),
    (models.ModelList, "ListModelsResponse", (), (), None),
    (models.ModelDeleted, "DeleteModelResponse", (), (), WIRE),
    (fine_tuning_jobs.CreateFineTuningJob, "CreateFineTuningJobRequest", (), (), None),
    (fine_tuning_jobs.FineTuningJob, "FineTuningJob", (), (), None),
    (fine_tuning_jobs.JobError, "FineTuningJob/properties/error/anyOf/0", (), (), None),
    (fine_tuning_jobs.JobHyperparameters, "FineTuningJob/properties/hyperparameters", (), (), None),
    (fine_tuning_jobs.JobList, "ListPaginatedFineTuningJobsResponse", (), (), WIRE),
    (fine_tuning_jobs.JobEventList, "ListFineTuningJobEventsResponse", (), (), WIRE),
    (JobEvent, "FineTuningJobEvent", (), (), None),
    (fine_tuning_checkpoints.Checkpoint, "FineTuningJobCheckpoint", (), (), None),
    (fine_tuning_checkpoints.CheckpointList, "ListFineTuningJobCheckpointsResponse", (), (), None),
    (fine_tuning_checkpoints.CreatePermission, "CreateFineTuningCheckpointPermissionRequest", (), (), None),
    (fine_tuning_checkpoints.Permission, "FineTuningCheckpointPermission", (), (), None),
    (fine_tuning_checkpoints.PermissionList, "ListFineTuningCheckpointPermissionResponse", (), (), None),
    (fine_tuning_checkpoints.PermissionDeleted, "DeleteFineTuningCheckpointPermissionResponse", (), (), None),
    (fine_tuning_graders.RunGraderRequest, "RunGraderRequest", (), (), None),
    (fine_tuning_graders.RunGraderResponse, "RunGraderResponse", (), (), None),
    (fine_tuning_graders.RunGraderMetadata, "RunGraderResponse/properties/metadata", (), (), None),
    (
        fine_tuning_graders.RunGraderErrors,
        "RunGraderResponse/properties/metadata/properties/errors",
        (),
        (),
        None,
    ),
    (fine_tuning_graders.ValidateGraderRequest, "ValidateGraderRequest", (), (), None),
    (fine_tuning_graders.ValidateGraderResponse, "ValidateGraderResponse", (), (), None),
    (completions.CreateCompletionRequest, "CreateCompletionRequest", (), (), None),
    (completions.Completion, "CreateCompletionResponse", (), (), WIRE),
    (completions.CompletionChoice, "CreateCompletionResponse/properties/choices/items", (), (), WIRE),
    (
        completions.Logprobs,
        "CreateCompletionResponse/properties/choices/items/properties/logprobs/anyOf/0",
        (),
        (),
        WIRE,
    ),
    # the details are about reasoning, sound and cached prompts, of which there are none here
    (
        completions.CompletionUsage,
        "CompletionUsage",
        (),
        ("completion_tokens_details", "prompt_tokens_details"),
        WIRE,
    ),
    (ErrorDetail, "Error", (), (), WIRE),
]


@pytest.mark.parametrize(
    ("ours", "name", "added", "left_out", "order"), FIELDS, ids=lambda each: getattr(each, "__name__", "")
)
def test_our_models_have_the_official_fields_in_the_official_order(
    official, ours, name, added, left_out, order
):
    theirs = official["components"]["schemas"]
    for step in name.split("/"):
        theirs = theirs[int(step) if step.isdigit() else step]
    fields = [field for field in ours.model_fields if field not in added]
    official_fields = [field for field in theirs["properties"] if field not in left_out]

    assert sorted(official_fields) == sorted(fields)
    assert (official_fields == fields) == (order is None), "a deliberate order that is no longer another one"
