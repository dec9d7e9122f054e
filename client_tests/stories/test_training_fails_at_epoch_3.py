"""Two epochs complete, then the training fails: no model, no result file, and the log says why."""


def test_it_gets_as_far_as_two_epochs(still, client, chats):
    file = client.files.create(file=("chats.jsonl", chats), purpose="fine-tune")
    asked = {"model": "gpt-4o-mini-2024-07-18", "training_file": file.id}
    job = client.fine_tuning.jobs.create(**asked, hyperparameters={"n_epochs": 4})

    still.finish(job.id)

    failed = client.fine_tuning.jobs.retrieve(job.id)
    assert ("failed", None, None, []) == (
        failed.status,
        failed.fine_tuned_model,
        failed.trained_tokens,
        failed.result_files,
    )
    assert "server_error" == failed.error.code
    last = next(iter(client.fine_tuning.jobs.list_events(job.id)))
    assert ("error", failed.error.message) == (last.level, last.message)
    log = client.get(f"/fine-tunes/{job.id}/events", cast_to=object)["data"]
    told = [line["message"] for line in log]
    assert "Completed epoch 2/4" in told
    assert "Completed epoch 3/4" not in told
