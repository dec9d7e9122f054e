"""`GET /_mock/usage`: what was used, by model and operation and in total."""

import openai
import pytest

NOTHING = {
    "calls": 0,
    "input_tokens": 0,
    "input_cached_tokens": 0,
    "output_tokens": 0,
    "trained_tokens": 0,
    "usd": 0.0,
}


def test_a_fresh_world_has_used_nothing(server):
    assert {"object": "usage", "data": [], "total": NOTHING} == server.control("GET", "usage")


def test_what_was_used_is_told_by_model_and_operation_and_in_total(server, client):
    for _ in range(2):
        client.completions.create(model="davinci-002", prompt="One, two", max_tokens=5)
    client.embeddings.create(model="text-embedding-3-small", input="one two three")
    with pytest.raises(openai.NotFoundError):
        client.completions.create(model="davanci", prompt="One, two")

    assert {
        "object": "usage",
        "data": [
            NOTHING
            | {"calls": 2, "input_tokens": 6, "output_tokens": 10, "usd": 0.000032}
            | {"model": "davinci-002", "operation": "completions.create"},
            NOTHING
            | {"calls": 1, "input_tokens": 3, "usd": 0.00000006}
            | {"model": "text-embedding-3-small", "operation": "embeddings.create"},
        ],
        "total": NOTHING | {"calls": 3, "input_tokens": 9, "output_tokens": 10, "usd": 0.00003206},
    } == server.control("GET", "usage")


def test_a_fine_tune_is_among_what_was_used(server, client, chats):
    file = client.files.create(file=chats, purpose="fine-tune")
    job = client.fine_tuning.jobs.create(model="gpt-4o-mini-2024-07-18", training_file=file.id).id
    server.finish(job)
    trained = client.fine_tuning.jobs.retrieve(job).trained_tokens

    (row,) = server.control("GET", "usage")["data"]

    assert (
        NOTHING
        | {"calls": 1, "trained_tokens": trained, "usd": trained * 3 / 1_000_000}
        | {
            "model": "gpt-4o-mini-2024-07-18",
            "operation": "fine_tuning.jobs.create",
        }
        == row
    )


def test_worlds_do_not_share_a_ledger(open_world):
    one, other = open_world(), open_world()
    with one.client() as client:
        client.completions.create(model="davinci-002", prompt="One")

    assert [1, 0] == [world.control("GET", "usage")["total"]["calls"] for world in (one, other)]


def test_a_world_that_begins_anew_has_used_nothing(server, client):
    client.completions.create(model="davinci-002", prompt="One")

    server.control("POST", "reset")

    assert 0 == server.control("GET", "usage")["total"]["calls"]
