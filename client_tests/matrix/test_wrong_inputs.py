"""What is wrong is refused, and every client tells its user the same: one table for all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from matrix.cases import BASES
from matrix.remote import Refusal, RefusedError, RemoteClient
from matrix.views import view

#: the class that clients raise for a status: before 1.0, and since
KINDS_0 = {
    400: "InvalidRequestError",
    401: "AuthenticationError",
    403: "PermissionError",
    404: "InvalidRequestError",
}
KINDS_1 = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
}

NOT_JSONL = (
    "Expected file to have JSONL format, where every line is a JSON dictionary. "
    'Line 1 is not a dictionary (HINT: line starts with: "{}...").'
)
NO_FILE = "No such File object: file-nope"
NO_FINE_TUNE = "No such FineTune object: ft-nope"
NO_JOB = "Could not find fine tune: ft-nope"
WHICH_JOB = "fine_tuning_job_id", "fine_tune_not_found"
NO_MODEL = "The model 'gpt-nope' does not exist"
CANNOT_RUN = "The model `gpt-nope` does not exist or you do not have access to it."
WRONG_KEY = (
    "Incorrect API key provided: sk-wrong***********7890. "
    "You can find your API key at https://platform.openai.com/account/api-keys."
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is refused, and how; `{}` in a message stands for what the test calls by that name."""

    call: Callable[[RemoteClient, Mapping[str, str]], Any]
    status: int
    message: str
    param: str | None = None
    code: str | None = None


EVERYWHERE = [
    Wrong(lambda client, _: client.file("file-nope"), 404, NO_FILE, "id"),
    Wrong(lambda client, _: client.content("file-nope"), 404, NO_FILE, "id"),
    Wrong(lambda client, _: client.delete_file("file-nope"), 404, NO_FILE, "id"),
    Wrong(lambda client, _: client.upload("not json"), 400, NOT_JSONL.format("not")),
    Wrong(lambda client, _: client.upload('["a list"]'), 400, NOT_JSONL.format('["a')),
    Wrong(lambda client, _: client.upload(""), 400, NOT_JSONL.format("")),
    Wrong(lambda client, _: client.model("gpt-nope"), 404, NO_MODEL, "model", "model_not_found"),
    Wrong(lambda client, _: client.delete_model("gpt-nope"), 404, NO_MODEL, "model", "model_not_found"),
    Wrong(
        lambda client, the: client.delete_model(the["base"]),
        403,
        "The model '{base}' cannot be deleted: only fine-tuned models of your organization can be.",
        "model",
        "insufficient_permissions",
    ),
    Wrong(
        lambda client, the: client.tune(the["base"], "file-nope"),
        400,
        "invalid training_file: file-nope",
        "training_file",
        "invalid_file",
    ),
    Wrong(
        lambda client, the: client.tune(the["base"], the["notes"]),
        400,
        "Invalid file purpose: {notes} was uploaded with purpose 'assistants', expected 'fine-tune'.",
        "training_file",
        "invalid_file_purpose",
    ),
    Wrong(
        lambda client, the: client.cancel(the["done"]),
        400,
        "Job has already completed: cannot cancel {done}, its status is succeeded.",
        code="invalid_job_state",
    ),
    Wrong(
        lambda client, _: client.complete(model="gpt-nope", prompt="Hi"),
        404,
        CANNOT_RUN,
        code="model_not_found",
    ),
    Wrong(
        lambda client, _: client.stream(model="gpt-nope", prompt="Hi"),
        404,
        CANNOT_RUN,
        code="model_not_found",
    ),
    Wrong(
        lambda client, _: client.complete(model="gpt-4o-mini", prompt="Hi"),
        404,
        "This is a chat model and not supported in the v1/completions endpoint. "
        "Did you mean to use v1/chat/completions?",
        "model",
    ),
    Wrong(
        lambda client, the: client.complete(model=the["base"], prompt="Hi", temperature=3),
        400,
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead.",
        "temperature",
        "decimal_above_max_value",
    ),
]
BY_API = {
    "legacy": [
        Wrong(lambda client, _: client.job("ft-nope"), 404, NO_FINE_TUNE, "fine_tune_id"),
        Wrong(lambda client, _: client.events("ft-nope"), 404, NO_FINE_TUNE, "fine_tune_id"),
        Wrong(lambda client, _: client.follow("ft-nope"), 404, NO_FINE_TUNE, "fine_tune_id"),
        Wrong(lambda client, _: client.cancel("ft-nope"), 404, NO_FINE_TUNE, "fine_tune_id"),
        Wrong(
            lambda client, the: client.tune("gpt-4o-mini", the["file"]),
            400,
            "Invalid base model: gpt-4o-mini (model must be one of ada, babbage, curie, davinci) or a "
            "fine-tuned model created by your organization: {organization}",
        ),
    ],
    "modern": [
        Wrong(lambda client, _: client.job("ft-nope"), 404, NO_JOB, *WHICH_JOB),
        Wrong(lambda client, _: client.events("ft-nope"), 404, NO_JOB, *WHICH_JOB),
        Wrong(lambda client, _: client.cancel("ft-nope"), 404, NO_JOB, *WHICH_JOB),
        Wrong(
            lambda client, the: client.tune("davinci", the["file"]),
            400,
            "Model davinci is not available for fine-tuning or does not exist.",
            "model",
            "model_not_available",
        ),
        Wrong(
            lambda client, the: client.tune(the["base"], the["file"], n_epochs=51),
            400,
            "Invalid 'hyperparameters.n_epochs': integer above maximum value. "
            "Expected a value <= 50, but got 51 instead.",
            "hyperparameters.n_epochs",
            "integer_above_max_value",
        ),
    ],
}


def refusal_of(call, *arguments) -> Refusal:
    with pytest.raises(RefusedError) as caught:
        call(*arguments)
    return caught.value.refusal


def told(who, wrong: Wrong, **names: str) -> Refusal:
    """Return what a client of `who` tells of it."""
    kinds = KINDS_0 if who[0].startswith("0.") else KINDS_1
    return Refusal(kinds[wrong.status], wrong.status, wrong.message.format(**names), wrong.param, wrong.code)


def test_what_is_wrong_is_refused_in_the_same_words_by_every_client(server, speaker, who, lessons):
    base = BASES[who[2]]
    job = speaker.tune(base, speaker.upload(lessons)["id"])
    server.finish(job["id"])
    names = {
        "base": base,
        "file": view(job).training_file,
        "notes": speaker.upload("notes", purpose="assistants")["id"],
        "done": job["id"],
        "organization": job["organization_id"],
    }
    wrongs = EVERYWHERE + BY_API[who[2]]

    refusals = [refusal_of(wrong.call, speaker, names) for wrong in wrongs]

    assert [told(who, wrong, **names) for wrong in wrongs] == refusals


def test_a_key_the_world_does_not_know_opens_nothing(open_world, connect, who, lessons):
    world = open_world(yaml="version: 1\naccount: {api_keys: [sk-the-right-key-000000]}\n")
    speaker = connect(world, *who, key="sk-wrong-key-1234567890")
    wrong = told(who, Wrong(speaker.files, 401, WRONG_KEY, code="invalid_api_key"))

    assert wrong == refusal_of(speaker.files)
    assert wrong == refusal_of(speaker.upload, lessons)
    assert wrong == refusal_of(speaker.tune, "davinci", "file-nope")
    assert wrong == refusal_of(lambda: speaker.stream(model="davinci", prompt="Hi"))


def test_bad_json_on_line_7_is_found_while_processing_and_fails_the_job(server, speaker, who, lessons):
    """An upload is refused for its first line only; the legacy API tells the reason in the log."""
    lines = lessons.splitlines(keepends=True)
    file = speaker.upload("".join([*lines[:6], '{"prompt" "Say 6 ->"}\n', *lines[7:]]))["id"]
    fault = (
        "Invalid file format. Example 7 cannot be parsed. Error: line contains invalid json: "
        "Expecting ':' delimiter: line 1 column 11 (char 10) (line 7)"
    )
    assert ("error", fault) == (speaker.file(file)["status"], speaker.file(file)["status_details"])

    job = speaker.tune(BASES[who[2]], file)["id"]
    server.finish(job)

    failed = speaker.job(job)
    assert ("failed", None, ()) == (
        view(failed).phase,
        view(failed).fine_tuned_model,
        view(failed).result_files,
    )
    if who[2] == "legacy":
        assert f"Fine-tune failed. {fault}" == speaker.events(job)[-1]["message"]
        return
    error = failed["error"]
    opening = "The job failed due to a file format error in the training file."
    assert ("invalid_file_format", f"{opening} {fault}") == (error["code"], error["message"])
    assert error["message"] == speaker.events(job)[0]["message"]


def test_nine_examples_were_enough_in_2023_and_are_too_few_today(server, speaker, who, lessons):
    nine = "".join(lessons.splitlines(keepends=True)[:9])
    job = speaker.tune(BASES[who[2]], speaker.upload(nine)["id"])["id"]
    server.finish(job)

    ended = speaker.job(job)
    if who[2] == "legacy":
        assert "succeeded" == ended["status"]
        return
    assert "failed" == ended["status"]
    assert {
        "code": "invalid_n_examples",
        "message": "Training file has 9 example(s), but must have at least 10 examples",
        "param": "training_file",
    } == ended["error"]
