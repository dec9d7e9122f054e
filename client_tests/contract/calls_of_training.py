"""Every operation of files, training, models and graders called, with a judge of every answer."""

GRADER = {
    "type": "string_check",
    "name": "same",
    "input": "{{sample.output_text}}",
    "reference": "B",
    "operation": "eq",
}
MINI = "gpt-4o-mini-2024-07-18"
JOB, JOBS = "/fine_tuning/jobs/{fine_tuning_job_id}", "/fine_tuning/jobs"
PERMISSIONS = "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions"


def tell_of_training(judge, server, chats):
    tell_of_files(judge)
    training_file = upload(judge, chats)
    job = tell_of_jobs(judge, server, training_file, upload(judge, b'{"messages":[]}\n'))
    tell_of_interference(judge, server, training_file)
    tell_of_a_tuned_model(judge, job)
    tell_of_graders(judge)


def upload(judge, contents, purpose="fine-tune", **more):
    form = {"purpose": purpose} | more
    return judge("POST", "/files", data=form, files={"file": ("data.jsonl", contents)})["id"]


def tell_of_files(judge):
    judge("GET", "/files")
    kept = upload(
        judge,
        b"anything",
        "evals",
        **{"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"},
    )
    for purpose in ("assistants", "batch", "user_data", "vision"):
        upload(judge, b'{"custom_id":"1"}\n', purpose)
    judge("GET", "/files", params={"limit": 2, "order": "asc"})
    judge("GET", "/files/{file_id}", kept)
    assert b"anything" == judge("GET", "/files/{file_id}/content", kept)
    judge("DELETE", "/files/{file_id}", kept)


def tell_of_jobs(judge, server, training_file, faulty_file):
    """Jobs of every method, in every state; return the one that has succeeded."""
    reinforcement = {"grader": GRADER, "hyperparameters": {"reasoning_effort": "low"}}
    orders = [
        {"training_file": training_file, "validation_file": training_file, "suffix": "mine", "seed": 7}
        | {
            "metadata": {"a": "b"},
            "integrations": [{"type": "wandb", "wandb": {"project": "p", "tags": ["t"]}}],
        },
        {"training_file": training_file, "hyperparameters": {"n_epochs": 2, "batch_size": 3}},
        {"training_file": training_file, "method": {"type": "supervised", "supervised": {}}},
        {"training_file": faulty_file, "method": {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.2}}}},
        {"training_file": training_file, "method": {"type": "reinforcement", "reinforcement": reinforcement}},
    ]
    made = [judge("POST", JOBS, json={"model": MINI} | order)["id"] for order in orders]
    for seconds in (0, 2, 2, 4, 6, 100):
        server.advance(seconds)
        judge("GET", JOBS)
        for job in made:
            judge("GET", JOB, job)
            judge("GET", f"{JOB}/events", job)
            judge("GET", f"{JOB}/checkpoints", job)
    assert "failed" == judge("GET", JOB, made[3])["status"]
    return made[0]


def tell_of_interference(judge, server, training_file):
    job = judge("POST", JOBS, json={"model": MINI, "training_file": training_file})["id"]
    server.finish(job, "running")
    for move in ("pause", "resume", "cancel"):
        judge("POST", f"{JOB}/{move}", job)
        judge("GET", JOBS, params={"limit": 1})
        judge("GET", JOB, job)


def tell_of_a_tuned_model(judge, job):
    tuned = judge("GET", JOB, job)["fine_tuned_model"]
    judge("GET", f"{JOB}/events", job, params={"limit": 1})
    kept = judge("GET", f"{JOB}/checkpoints", job)["data"][-1]["fine_tuned_model_checkpoint"]
    judge("POST", PERMISSIONS, kept, json={"project_ids": ["proj_a", "proj_b"]})
    given = judge("GET", PERMISSIONS, kept, params={"limit": 1})["data"]
    judge("DELETE", PERMISSIONS + "/{permission_id}", kept, given[0]["id"])
    judge("GET", "/models")
    for model in (tuned, MINI, "davinci"):
        judge("GET", "/models/{model}", model)
    judge("DELETE", "/models/{model}", tuned)


def tell_of_graders(judge):
    for operation in ("eq", "ne", "like", "ilike"):
        grader = GRADER | {"operation": operation}
        judge("POST", "/fine_tuning/alpha/graders/validate", json={"grader": grader})
        judge(
            "POST", "/fine_tuning/alpha/graders/run", json={"grader": grader, "item": {}, "model_sample": "B"}
        )
