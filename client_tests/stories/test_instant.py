"""A fine-tune is done as soon as it is created: nobody waits, nobody moves a clock."""


def test_the_next_question_finds_it_done(client, chats):
    file = client.files.create(file=("chats.jsonl", chats), purpose="fine-tune")
    job = client.fine_tuning.jobs.create(model="gpt-4o-mini-2024-07-18", training_file=file.id)

    done = client.fine_tuning.jobs.retrieve(job.id)

    assert ("succeeded", done.created_at) == (done.status, done.finished_at)
    assert done.fine_tuned_model == client.models.retrieve(done.fine_tuned_model).id
