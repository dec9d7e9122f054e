"""Thirty-one jobs stand ahead in the queue, and the log counts every one of them."""


def test_the_queue_number_counts_down_from_31(still, client, pairs):
    file = client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")
    job = client.post("/fine-tunes", body={"training_file": file.id, "model": "davinci"}, cast_to=object)

    still.finish(job["id"])

    log = client.get(f"/fine-tunes/{job['id']}/events", cast_to=object)["data"]
    numbers = [int(line["message"].split()[-1]) for line in log if "Queue number" in line["message"]]
    assert list(range(31, -1, -1)) == numbers
    waited = log[-1]["created_at"] - log[0]["created_at"]
    assert 15 * 60 < waited < 60 * 60
