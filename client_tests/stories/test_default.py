"""A fine-tune takes about twenty seconds, from its creation to its success."""


def test_it_takes_twenty_seconds(still, client, chats):
    file = client.files.create(file=("chats.jsonl", chats), purpose="fine-tune")
    job = client.fine_tuning.jobs.create(model="gpt-4o-mini-2024-07-18", training_file=file.id)

    still.finish(job.id)

    done = client.fine_tuning.jobs.retrieve(job.id)
    assert ("succeeded", 20) == (done.status, done.finished_at - done.created_at)
    assert done.fine_tuned_model in [model.id for model in client.models.list()]
