"""The last command line there was, that of 2.34.0: the same way from a file to an answer, typed."""

import json

import pytest
from matrix.environments import environment
from matrix.shell import Shell


@pytest.fixture
def shell(server, tmp_path, lessons) -> Shell:
    (tmp_path / "lessons.jsonl").write_text(lessons, encoding="utf-8")
    return Shell(environment("2.34.0"), tmp_path, server.url)


def test_the_last_command_line_walks_from_a_file_to_an_answer(server, shell):
    def printed(*arguments: str):
        told = shell.openai("api", *arguments)
        assert 0 == told.returncode, told.stderr
        return json.loads(told.stdout)

    file = printed("files.create", "-f", "lessons.jsonl", "-p", "fine-tune")
    job = printed("fine_tuning.jobs.create", "-m", "babbage-002", "-F", file["id"], "-H", '{"n_epochs": 2}')
    assert ("lessons.jsonl", "validating_files") == (file["filename"], job["status"])

    server.finish(job["id"])

    model = printed("fine_tuning.jobs.retrieve", "-i", job["id"])["fine_tuned_model"]
    events = printed("fine_tuning.jobs.list_events", "-i", job["id"], "-l", "2")
    assert "The job has successfully completed" == events["data"][0]["message"]
    assert (2, True) == (len(events["data"]), events["has_more"])
    assert model == printed("models.retrieve", "-i", model)["id"]
    answer = shell.openai(
        "api", "completions.create", "-m", model, "-p", "Say 3 ->", "-t", "0", "--stop", "\n", "--stream"
    )
    assert " number 3" == answer.stdout.rstrip("\n")
    assert printed("models.delete", "-i", model)["deleted"]


def test_a_refusal_is_printed_and_ends_the_command_with_1(shell):
    told = shell.openai("api", "models.retrieve", "-i", "gpt-nope")

    assert 1 == told.returncode
    assert "Error code: 404" in told.stderr
    assert "The model 'gpt-nope' does not exist" in told.stderr
