"""The API of a day, past or to come, as the real client meets it."""

import openai
import pytest

FILES = """
files:
  - {id: file-pairs, filename: pairs.jsonl, created_at: 2022-05-01, rows: [{prompt: Sky, completion: " blue"}]}
  - id: file-chats
    filename: chats.jsonl
    created_at: 2022-05-01
    rows:
      - &chat {messages: [{role: user, content: Sky}, {role: assistant, content: Blue}]}
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
"""
PAIRS = """
  - id: file-tens
    filename: tens.jsonl
    created_at: 2022-05-01
    rows: [&pair {prompt: Sky, completion: " blue"}, *pair, *pair, *pair, *pair, *pair, *pair, *pair, *pair, *pair]
"""
JOBS = """
jobs:
  - {api: legacy, model: davinci, training_file: file-tens, created_at: 2022-05-02, ids: {job: ft-old}}
  - api: modern
    model: davinci-002
    training_file: file-tens
    created_at: 2024-05-02
    ids: {job: ftjob-base, model_suffix: base}
  - api: modern
    model: gpt-4o-mini-2024-07-18
    training_file: file-chats
    created_at: 2026-05-02
    ids: {job: ftjob-chat, model_suffix: chat}
"""


@pytest.fixture
def as_of(open_world):
    """Return a client of a world that is set on a day, beginning at its noon."""

    def open_(day):
        noon = day if "T" in day else f"{day}T12:00:00Z"
        story = f"version: 1\nas_of: {day}\nclock: {{start: {noon}, rate: 0}}\n{FILES}{PAIRS}"
        return open_world(yaml=story).client()

    return open_


@pytest.fixture
def trained(open_world):
    """The same, in a world that has trained models on the days when it could."""
    return lambda day: open_world(
        yaml=f"version: 1\nas_of: {day}\nclock: {{start: {day}T12:00:00Z, rate: 0}}\n{FILES}{PAIRS}{JOBS}"
    ).client()


def refused(call, *args, **kwargs):
    with pytest.raises(openai.APIStatusError) as caught:
        call(*args, **kwargs)
    error = caught.value
    return error.status_code, error.body["message"], error.type, error.param, error.code


def ask(client, model):
    return client.completions.create(model=model, prompt="Sky", max_tokens=5, temperature=0).choices[0].text


def names(client):
    return {model.id for model in client.models.list()}


def not_there(method, path):
    return 404, f"Invalid URL ({method} {path})", "invalid_request_error", None, None


def removed(method, path):
    message = (
        f"Unknown request URL: {method} {path}. Please check the URL for typos, or see the docs at "
        "https://platform.openai.com/docs/api-reference/."
    )
    return 404, message, "invalid_request_error", None, "unknown_url"


def deprecated(model):
    message = f"The model `{model}` has been deprecated, learn more here: https://platform.openai.com/docs/deprecations"
    return 404, message, "invalid_request_error", None, "model_not_found"


WINDING_DOWN = (
    "OpenAI is winding down the fine-tuning platform and your organization is no longer able to create new "
    "fine-tuning training jobs."
)
CLOSED = (403, WINDING_DOWN, "invalid_request_error", None, "training_not_available")


def test_june_2022_trains_with_fine_tunes_and_has_never_heard_of_chat(as_of):
    client = as_of("2022-06-01")

    job = client.post("/fine-tunes", cast_to=object, body={"training_file": "file-pairs", "model": "ada"})

    assert "pending" == job["status"]
    assert ask(client, "davinci")
    assert {"davinci", "text-davinci-002"} <= names(client)
    assert not {"text-davinci-003", "gpt-3.5-turbo", "davinci-002"} & names(client)
    messages = [{"role": "user", "content": "Hi"}]
    assert not_there("POST", "/v1/chat/completions") == refused(
        client.chat.completions.create, model="gpt-3.5-turbo", messages=messages
    )
    assert not_there("POST", "/v1/fine_tuning/jobs") == refused(
        client.fine_tuning.jobs.create, model="davinci-002", training_file="file-tens"
    )
    assert not_there("GET", "/v1/fine_tuning/jobs") == refused(client.fine_tuning.jobs.list)


def test_march_2023_is_the_api_of_the_guide(as_of):
    client = as_of("2023-03-15")

    job = client.post("/fine-tunes", cast_to=object, body={"training_file": "file-pairs", "model": "davinci"})

    assert "Created fine-tune: " + job["id"] == job["events"][0]["message"]
    assert not_there("POST", "/v1/responses") == refused(client.responses.create, model="gpt-4", input="Hi")
    assert not_there("GET", f"/v1/fine_tuning/jobs/{job['id']}") == refused(
        client.fine_tuning.jobs.retrieve, job["id"]
    )


def test_december_2023_has_both_generations_of_fine_tuning_side_by_side(as_of):
    client = as_of("2023-12-01")

    old = client.post("/fine-tunes", cast_to=object, body={"training_file": "file-pairs", "model": "ada"})
    new = client.fine_tuning.jobs.create(model="davinci-002", training_file="file-tens")

    assert {old["id"], new.id} == {job.id for job in client.fine_tuning.jobs.list()}
    assert {"davinci", "davinci-002", "gpt-3.5-turbo-1106"} <= names(client)
    assert not_there("GET", f"/v1/fine_tuning/jobs/{new.id}/checkpoints") == refused(
        client.fine_tuning.jobs.checkpoints.list, new.id
    )


def test_june_2024_has_lost_fine_tunes_and_the_models_of_gpt_3_and_all_that_was_tuned_from_them(trained):
    client = trained("2024-06-01")
    job = client.fine_tuning.jobs.retrieve("ft-old")

    assert removed("POST", "/v1/fine-tunes") == refused(
        client.post, "/fine-tunes", cast_to=object, body={"training_file": "file-pairs"}
    )
    assert removed("GET", "/v1/fine-tunes/ft-old") == refused(
        client.get, "/fine-tunes/ft-old", cast_to=object
    )
    assert not_there("POST", "/v1/edits") == refused(client.post, "/edits", cast_to=object, body={})
    assert "succeeded" == job.status
    assert not {"davinci", "text-davinci-003", job.fine_tuned_model} & names(client)
    for model in ("davinci", "text-davinci-003", job.fine_tuned_model):
        assert deprecated(model) == refused(ask, client, model)
    assert (404, "model_not_found") == refused(client.models.retrieve, job.fine_tuned_model)[::4]
    assert (404, "model_not_found") == refused(client.models.delete, job.fine_tuned_model)[::4]


def test_june_2024_trains_what_it_still_can_and_serves_it(trained):
    client = trained("2024-06-01")
    tuned = client.fine_tuning.jobs.retrieve("ftjob-base").fine_tuned_model

    job = client.fine_tuning.jobs.create(model="davinci-002", training_file="file-tens")

    assert "validating_files" == job.status
    assert client.fine_tuning.jobs.checkpoints.list("ftjob-base").data
    assert {"davinci-002", tuned} <= names(client)
    assert " blue" == ask(client, tuned)
    assert not_there("POST", f"/v1/fine_tuning/jobs/{job.id}/pause") == refused(
        client.fine_tuning.jobs.pause, job.id
    )


def test_november_2024_serves_the_old_bases_and_trains_them_no_more(trained):
    client = trained("2024-11-01")

    assert ask(client, "davinci-002")
    assert (
        400,
        "Model davinci-002 is not available for fine-tuning or does not exist.",
        "invalid_request_error",
        "model",
        "model_not_available",
    ) == refused(client.fine_tuning.jobs.create, model="davinci-002", training_file="file-tens")


def test_a_tuned_model_may_outlive_its_base(trained):
    """The base went on 28 September 2026, the models tuned from it on 23 October."""
    tuned = "ft:davinci-002:personal::base"

    client = trained("2026-10-01")
    assert deprecated("davinci-002") == refused(ask, client, "davinci-002")
    assert " blue" == ask(client, tuned)

    assert deprecated(tuned) == refused(ask, trained("2026-10-23"), tuned)


def test_november_2026_still_trains(trained):
    client = trained("2026-11-15")

    job = client.fine_tuning.jobs.create(model="gpt-4o-mini-2024-07-18", training_file="file-chats")

    assert "validating_files" == job.status
    assert {job.id, "ftjob-chat", "ftjob-base", "ft-old"} == {
        one.id for one in client.fine_tuning.jobs.list()
    }
    assert not_there("GET", "/v1/assistants") == refused(client.get, "/assistants", cast_to=object)
    assert not_there("POST", "/v1/videos") == refused(client.post, "/videos", cast_to=object, body={})


def test_on_the_tenth_of_january_2027_nothing_new_is_trained_and_what_was_is_still_served(trained):
    client = trained("2027-01-10")
    job = client.fine_tuning.jobs.retrieve("ftjob-chat")

    assert CLOSED == refused(
        client.fine_tuning.jobs.create, model="gpt-4o-mini-2024-07-18", training_file="file-chats"
    )
    assert "succeeded" == job.status
    assert job.fine_tuned_model in names(client)
    assert job.fine_tuned_model == client.models.retrieve(job.fine_tuned_model).id


def test_in_february_2027_jobs_are_history_and_their_models_are_gone(trained):
    client = trained("2027-02-01")
    job = client.fine_tuning.jobs.retrieve("ftjob-chat")

    assert CLOSED == refused(client.fine_tuning.jobs.create, model="gpt-4o", training_file="file-chats")
    assert "ft:gpt-4o-mini-2024-07-18:personal::chat" == job.fine_tuned_model
    assert "The job has successfully completed" in {
        event.message for event in client.fine_tuning.jobs.list_events(job.id)
    }
    assert client.files.content(job.result_files[0]).text
    assert not {job.fine_tuned_model, "gpt-4o-mini", "gpt-4.1", "gpt-3.5-turbo-instruct"} & names(client)
    assert deprecated("gpt-3.5-turbo-instruct") == refused(ask, client, "gpt-3.5-turbo-instruct")


def test_the_refusal_of_a_new_job_is_a_permission_error_and_is_never_retried(trained):
    client = trained("2027-02-01").with_options(max_retries=2)

    with pytest.raises(openai.PermissionDeniedError) as caught:
        client.fine_tuning.jobs.create(model="gpt-4o", training_file="file-chats")

    assert "0" == caught.value.request.headers["x-stainless-retry-count"]


def test_a_day_for_which_nothing_is_announced_is_like_the_last_one_that_is(trained):
    """What nobody has dated is not guessed: in 2035 the same is missing as at the last announced date, in 2027."""
    then, later = trained("2027-04-01"), trained("2035-01-01")

    assert names(then) == names(later)
    assert CLOSED == refused(later.fine_tuning.jobs.create, model="gpt-4o", training_file="file-chats")
    assert "succeeded" == later.fine_tuning.jobs.retrieve("ft-old").status
    assert removed("GET", "/v1/fine-tunes") == refused(later.get, "/fine-tunes", cast_to=object)


@pytest.mark.parametrize(
    ("day", "missing"), [("2024-01-03T23:59:59Z", False), ("2024-01-04T00:00:00Z", True)]
)
def test_an_era_changes_at_midnight(as_of, day, missing):
    client = as_of(day)

    if missing:
        assert removed("GET", "/v1/fine-tunes") == refused(client.get, "/fine-tunes", cast_to=object)
    else:
        assert {"object": "list", "data": []} == client.get("/fine-tunes", cast_to=object)


def test_without_a_day_every_era_is_served_at_once(client, pairs, chats):
    old, new = (
        client.files.create(file=pairs, purpose="fine-tune"),
        client.files.create(file=chats, purpose="fine-tune"),
    )

    assert client.post("/fine-tunes", cast_to=object, body={"training_file": old.id, "model": "davinci"})
    assert client.fine_tuning.jobs.create(model="gpt-4o-mini-2024-07-18", training_file=new.id)
    assert {"davinci", "gpt-4o-mini", "gpt-3.5-turbo-instruct"} <= names(client)


def test_nobody_learns_about_an_era_without_a_key(open_world, http):
    world = open_world(yaml="version: 1\nas_of: 2027-02-01\n")

    assert 401 == http.post(f"{world.url}/fine_tuning/jobs").status_code


def test_the_control_api_has_no_era(open_world):
    world = open_world(yaml="version: 1\nas_of: 2021-01-01\n")

    assert world.control("GET", "clock")["now"]


def test_a_model_that_never_was_is_unknown_rather_than_deprecated(trained):
    client = trained("2027-02-01")

    for model in ("no-such-model", "ft:gpt-3.5-turbo:personal::never"):
        assert (
            f"The model `{model}` does not exist or you do not have access to it."
            == refused(ask, client, model)[1]
        )
