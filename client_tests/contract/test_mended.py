"""What the contract tests once found broken, each mended and kept so."""

import pytest

KEY = {"authorization": "Bearer sk-x"}
FORM = b'--%s\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n--%s--\r\n'


def test_a_deleted_result_file_is_told_of_by_both_apis(server, http, client, pairs):
    file = client.files.create(file=pairs, purpose="fine-tune").id
    made = http.post(
        f"{server.url}/fine-tunes", json={"training_file": file, "model": "davinci"}, headers=KEY
    )
    job = made.json()["id"]
    server.finish(job)
    results = client.fine_tuning.jobs.retrieve(job).result_files
    for each in (file, *results):
        client.files.delete(each)

    legacy = http.get(f"{server.url}/fine-tunes/{job}", headers=KEY).json()
    assert [(file, "deleted")] == [(each["id"], each["status"]) for each in legacy["training_files"]]
    assert [(each, "deleted") for each in results] == [
        (each["id"], each["status"]) for each in legacy["result_files"]
    ]


def test_a_boundary_of_300_letters_is_refused(server, http):
    boundary = b"b" * 300
    headers = KEY | {"content-type": f"multipart/form-data; boundary={boundary.decode()}"}
    answer = http.post(f"{server.url}/files", content=FORM % (boundary, boundary), headers=headers)

    assert 400 == answer.status_code


@pytest.mark.parametrize("rate", [True, "5"])
def test_the_rate_of_a_clock_is_a_number(server, http, rate):
    assert 400 == http.post(f"{server.control_url}/clock", json={"rate": rate}).status_code


@pytest.mark.parametrize("rate", [True, "0.1"])
def test_a_learning_rate_is_a_number(server, http, client, chats, rate):
    file = client.files.create(file=chats, purpose="fine-tune").id
    order = {"model": "gpt-4o-mini-2024-07-18", "training_file": file}
    settings = {"hyperparameters": {"learning_rate_multiplier": rate}}
    answer = http.post(f"{server.url}/fine_tuning/jobs", json=order | settings, headers=KEY)

    assert 400 == answer.status_code


@pytest.mark.parametrize("role", ["user", "system", "developer", "assistant"])
def test_whoever_says_it_a_message_may_have_a_phase(client, role):
    item = {"type": "message", "role": role, "content": "A", "phase": "commentary"}
    kept = client.conversations.create(items=[item])

    assert "commentary" == client.conversations.items.list(kept.id).data[0].phase
