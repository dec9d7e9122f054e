"""An uploaded file is never processed: waiting needs an end, and the next upload is fine."""

import pytest


def test_a_wait_with_an_end_ends(still, client, pairs):
    stuck = client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")
    still.advance("1d")

    assert "uploaded" == client.files.retrieve(stuck.id).status
    with pytest.raises(RuntimeError, match=f"Giving up on waiting for file {stuck.id}"):
        client.files.wait_for_processing(stuck.id, poll_interval=0.001, max_wait_seconds=0.003)


def test_the_next_upload_is_processed(still, client, pairs):
    for _ in range(2):
        file = client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")
    assert "uploaded" == file.status

    still.advance("5s")

    assert "processed" == client.files.wait_for_processing(file.id).status
