"""A training file is broken in line 7: the fine-tune fails and says so; without that line it succeeds."""

MODEL = "gpt-4o-mini-2024-07-18"


def test_the_fine_tune_fails_and_names_the_line(still, client):
    jobs = client.fine_tuning.jobs
    job = jobs.create(model=MODEL, training_file="file-lessons")

    still.finish(job.id)

    failed = jobs.retrieve(job.id)
    assert ("failed", None, None) == (failed.status, failed.fine_tuned_model, failed.trained_tokens)
    assert ("invalid_file_format", "training_file") == (failed.error.code, failed.error.param)
    assert failed.error.message.startswith(
        "The job failed due to a file format error in the training file. Invalid file format. "
        "Example 7 cannot be parsed. Error: line contains invalid json: "
    )
    assert failed.error.message.endswith("(line 7)")
    last = next(iter(jobs.list_events(job.id)))
    assert ("error", failed.error.message) == (last.level, last.message)


def test_without_the_line_it_succeeds(still, client):
    jobs = client.fine_tuning.jobs
    lines = client.files.content("file-lessons").content.splitlines(keepends=True)
    mended = client.files.create(file=("lessons.jsonl", b"".join(lines[:6] + lines[7:])), purpose="fine-tune")
    job = jobs.create(model=MODEL, training_file=mended.id)

    still.finish(job.id)

    assert "succeeded" == jobs.retrieve(job.id).status
