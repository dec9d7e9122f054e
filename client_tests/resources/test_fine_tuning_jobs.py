"""Fine-tuning jobs as they are ordered, shown and listed, through the real client over a real socket.

How they run is in `test_fine_tuning_job_course.py` and, several at once, in `test_fine_tuning_job_queue.py`; what
they tell and leave behind in `test_fine_tuning_job_results.py`.
"""

import openai
import pytest

MODEL = "gpt-4o-mini-2024-07-18"
AUTO = {"batch_size": "auto", "learning_rate_multiplier": "auto", "n_epochs": "auto"}
GRADER = {
    "type": "string_check",
    "name": "label",
    "input": "{{sample.output_text}}",
    "reference": "{{item.label}}",
    "operation": "eq",
}


# --- creation ----------------------------------------------------------------------------------------------


def test_a_new_job_says_what_was_asked_and_null_for_what_is_not_known_yet(jobs, train):
    job = train(seed=7, suffix="numbers", metadata={"team": "red"})

    assert {
        "id": job.id,
        "created_at": job.created_at,
        "error": None,
        "fine_tuned_model": None,
        "finished_at": None,
        "hyperparameters": AUTO,
        "model": MODEL,
        "object": "fine_tuning.job",
        "organization_id": job.organization_id,
        "result_files": [],
        "status": "validating_files",
        "trained_tokens": None,
        "training_file": job.training_file,
        "validation_file": None,
        "integrations": [],
        "seed": 7,
        "estimated_finish": job.estimated_finish,
        "method": {"type": "supervised", "supervised": {"hyperparameters": AUTO}},
        "metadata": {"team": "red"},
    } == job.to_dict()
    assert job.id.startswith("ftjob-")
    assert job == jobs.retrieve(job.id)


def test_what_is_left_to_the_service_is_auto_until_the_files_are_validated(jobs, server, train):
    """Twelve examples are trained on for eight epochs: a hundred examples are wanted at least."""
    job = train(hyperparameters={"batch_size": 4})
    asked = AUTO | {"batch_size": 4}
    assert asked == job.hyperparameters.to_dict() == job.method.supervised.hyperparameters.to_dict()

    server.finish(job.id, "queued")

    validated = jobs.retrieve(job.id)
    resolved = {"batch_size": 4, "learning_rate_multiplier": 1.8, "n_epochs": 8}
    assert resolved == validated.hyperparameters.to_dict()
    assert resolved == validated.method.supervised.hyperparameters.to_dict()


def test_the_old_hyperparameters_fill_what_the_method_leaves_open(train):
    method = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2}}}

    job = train(hyperparameters={"n_epochs": 3, "batch_size": 4}, method=method)

    assert AUTO | {"n_epochs": 2, "batch_size": 4} == job.hyperparameters.to_dict()


def test_a_dpo_job_trains_on_preferences_with_a_beta(jobs, server, train, preferences):
    job = train(preferences, method={"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.2, "n_epochs": 2}}})
    asked = AUTO | {"beta": 0.2, "n_epochs": 2}
    assert {"type": "dpo", "dpo": {"hyperparameters": asked}} == job.method.to_dict()

    server.finish(job.id)

    done = jobs.retrieve(job.id)
    trained = done.method.dpo.hyperparameters
    assert ("succeeded", 0.2, 2) == (done.status, trained.beta, trained.n_epochs)


def test_a_reinforcement_job_keeps_its_grader(jobs, server, train, questions):
    settings = {"grader": GRADER, "hyperparameters": {"n_epochs": 2, "eval_interval": 3}}
    job = train(
        questions,
        model="o4-mini-2025-04-16",
        method={"type": "reinforcement", "reinforcement": settings},
    )
    assert GRADER == job.method.reinforcement.grader.to_dict()

    server.finish(job.id)

    done = jobs.retrieve(job.id)
    trained = done.method.reinforcement.hyperparameters
    assert ("succeeded", 2, 3) == (done.status, trained.n_epochs, trained.eval_interval)
    assert GRADER == done.method.reinforcement.grader.to_dict()


@pytest.mark.parametrize(
    ("kind", "model"),
    [("supervised", MODEL), ("dpo", MODEL), ("reinforcement", "o4-mini-2025-04-16")],
)
def test_a_job_of_every_method_satisfies_a_strict_client(
    server, train, chats, preferences, questions, kind, model
):
    data = {"supervised": chats, "dpo": preferences, "reinforcement": questions}[kind]
    settings = {"grader": GRADER} if kind == "reinforcement" else {}
    job = train(data, model=model, method={"type": kind, kind: settings})

    with server.client(_strict_response_validation=True) as strict:
        assert job.id == strict.fine_tuning.jobs.retrieve(job.id).id
        server.finish(job.id)
        assert "succeeded" == strict.fine_tuning.jobs.retrieve(job.id).status


def test_the_same_calls_give_the_same_bytes(open_world, chats):
    """Two worlds of one scenario cannot be told apart."""

    def story():
        world = open_world(yaml="version: 1\nclock: {start: 2025-06-01T12:00:00Z, rate: 0}\n")
        with world.client() as client:
            file = client.files.create(file=chats, purpose="fine-tune")
            job = client.fine_tuning.jobs.create(model=MODEL, training_file=file.id)
            world.finish(job.id)
            told = client.fine_tuning.jobs.with_raw_response
            return told.retrieve(job.id).content, told.list_events(job.id, limit=100).content

    assert story() == story()


# --- refusals ----------------------------------------------------------------------------------------------


IMPOSSIBLE = [
    ({"training_file": "file-x"}, "training_file", "invalid_file", "invalid training_file: file-x"),
    ({"validation_file": "file-x"}, "validation_file", "invalid_file", "invalid validation_file: file-x"),
    (
        {"model": "dall-e-3"},
        "model",
        "model_not_available",
        "Model dall-e-3 is not available for fine-tuning or does not exist.",
    ),
    (
        {"method": {"type": "ppo"}},
        "method.type",
        "invalid_value",
        "Invalid value: 'ppo'. Supported values are: 'supervised', 'dpo', and 'reinforcement'.",
    ),
    (
        {"seed": -1},
        "seed",
        "integer_below_min_value",
        "Invalid 'seed': integer below minimum value. Expected a value >= 0, but got -1 instead.",
    ),
    (
        {"suffix": ""},
        "suffix",
        "empty_string",
        "Invalid 'suffix': empty string. Expected a string with minimum length 1, but got an empty string instead.",
    ),
]


@pytest.mark.parametrize(
    ("asked", "param", "code", "message"), IMPOSSIBLE, ids=[case[-1] for case in IMPOSSIBLE]
)
def test_an_impossible_order_is_refused_and_leaves_no_job(jobs, train, asked, param, code, message):
    with pytest.raises(openai.BadRequestError) as caught:
        train(**asked)

    said = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    assert said == caught.value.body
    assert [] == jobs.list().data


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("n_epochs", 0, "integer_below_min_value"),
        ("n_epochs", 51, "integer_above_max_value"),
        ("batch_size", 257, "integer_above_max_value"),
        ("learning_rate_multiplier", 0, "decimal_below_min_value"),
    ],
)
def test_a_hyperparameter_out_of_bounds_is_refused_in_the_method_and_in_the_old_place(
    train, name, value, code
):
    method = {"type": "supervised", "supervised": {"hyperparameters": {name: value}}}

    for place, asked in (
        ("", {"hyperparameters": {name: value}}),
        ("method.supervised.", {"method": method}),
    ):
        with pytest.raises(openai.BadRequestError) as caught:
            train(**asked)
        assert (f"{place}hyperparameters.{name}", code) == (caught.value.param, caught.value.code)


def test_a_file_that_was_uploaded_for_something_else_is_refused(client, train, chats):
    file = client.files.create(file=chats, purpose="user_data")

    with pytest.raises(openai.BadRequestError, match="user_data") as caught:
        train(training_file=file.id)

    assert "training_file" == caught.value.param


@pytest.mark.parametrize(
    ("settings", "param"),
    [
        (None, "method.reinforcement"),
        ({}, "method.reinforcement.grader"),
        ({"grader": {"type": "no_such_grader", "name": "x"}}, "method.reinforcement.grader.type"),
        ({"grader": GRADER | {"operation": "gt"}}, "method.reinforcement.grader.operation"),
    ],
    ids=["no settings", "no grader", "unknown grader", "faulty grader"],
)
def test_a_reinforcement_job_without_a_grader_that_works_is_refused(train, questions, settings, param):
    method = {"type": "reinforcement"} | ({} if settings is None else {"reinforcement": settings})

    with pytest.raises(openai.BadRequestError) as caught:
        train(questions, model="o4-mini-2025-04-16", method=method)

    assert param == caught.value.param


@pytest.mark.parametrize("ask", ["retrieve", "cancel", "pause", "resume", "list_events"])
def test_an_unknown_job_is_a_404_in_the_official_words(jobs, ask):
    with pytest.raises(openai.NotFoundError, match="Could not find fine tune: ftjob-nope") as caught:
        getattr(jobs, ask)("ftjob-nope")

    assert "fine_tune_not_found" == caught.value.code


# --- the list ----------------------------------------------------------------------------------------------


def test_the_list_is_newest_first_and_pages_by_cursor(jobs, train):
    ids = [train().id for _ in range(5)]

    assert ids[::-1] == [job.id for job in jobs.list()]
    assert ids[::-1] == [job.id for job in jobs.list(limit=2)]
    page = jobs.list(limit=2, after=ids[3])
    assert [ids[2], ids[1]] == [job.id for job in page.data]
    assert page.has_more
    assert not jobs.list(limit=2, after=ids[2]).has_more


def test_the_list_can_be_of_jobs_that_carry_some_metadata(jobs, train):
    red = train(metadata={"team": "red", "run": "1"})
    again = train(metadata={"team": "red", "run": "2"})
    train(metadata={"team": "blue", "run": "1"})
    train()

    assert [again.id, red.id] == [job.id for job in jobs.list(metadata={"team": "red"}, limit=1)]
    assert [red.id] == [job.id for job in jobs.list(metadata={"team": "red", "run": "1"})]
    assert [] == jobs.list(metadata={"team": "green"}).data


def test_the_list_can_be_of_jobs_without_metadata(jobs, train):
    """The official document: "set metadata=null to indicate no metadata"."""
    train(metadata={"team": "red"})
    plain = train()

    assert [plain.id] == [job.id for job in jobs.list(extra_query={"metadata": "null"})]


def test_a_cursor_that_never_existed_is_refused(jobs, train):
    train()

    with pytest.raises(openai.BadRequestError, match="ftjob-nope"):
        jobs.list(after="ftjob-nope")
