"""The scenario as a value: defaults, contents of files, what is kept, what editors are told."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

import mockserver
from mockserver.scenario import yaml12
from mockserver.scenario.loader import load, load_text, shipped
from mockserver.scenario.models import Account, Scenario, schema
from mockserver.scenario.training import Course, Moment

SCHEMA = Path(mockserver.__file__).parents[1] / "docs" / "scenario.schema.json"

EVERYTHING = """
version: 1
title: Everything
seed: 7
as_of: 2023-03-15
clock: {start: 2023-03-15T07:27:48Z, rate: auto, hold_until: fine_tunes.create}
account: {organization: org-a, slug: acme-inc, user: user-a, project: proj_a, api_keys: [sk-a]}
models: [plain, {id: told, created: 2023-01-01, owned_by: me}]
uploads: {processing: 3s, max_bytes: 2GiB}
files:
  - {id: file-rows, filename: rows.jsonl, rows: [{prompt: "é", completion: [1, 0.5, null, true]}, {}]}
  - {id: file-text, filename: text.txt, text: "a\\r\\nb", purpose: assistants, created_at: 1678848638}
jobs:
  - api: legacy
    model: ada
    training_file: file-rows
    validation_file: file-text
    suffix: s
    created_at: 2023-03-15
    hyperparameters: {n_epochs: 4}
    ids: {job: ft-a, result_file: file-b, permission: snapperm-a, model_suffix: a1}
training:
  - match: {model: {glob: "a*", absent: false}, not: {metadata: {team: red}}}
    queue: 3
    queue_gap: 1m
    outcome: {failed: {code: c, message: m, param: training_file, at: 90s}}
  - {outcome: {failed: {at: epoch 3}}, takes: 1h}
  - {outcome: {failed: {at: queue}}}
  - {timeline: [{after: 1s, cost: 3}, {after: 0s, enqueued: 3}, {after: 1m, queue: 2}]}
replies:
  - {match: {prompt: x}, replies: [{text: a, finish_reason: length}, {id: cmpl-a}], then: loop}
  - {reply: {text: "\\u2026"}}
paused_status: queued
"""


def test_nothing_said_is_a_world_of_today():
    scenario = Scenario()

    assert scenario.as_of is None
    assert scenario.clock.start is None
    assert 1.0 == scenario.clock.rate
    assert scenario.account.api_keys is None
    assert "paused" == scenario.paused_status


def test_the_default_ids_look_like_official_ones():
    account = Account()

    assert re.fullmatch(r"org-[A-Za-z0-9]{24}", account.organization)
    assert re.fullmatch(r"user-[a-z0-9]{24}", account.user)
    assert re.fullmatch(r"proj_[A-Za-z0-9]{24}", account.project)


def test_a_job_takes_twenty_seconds_and_succeeds():
    course = Course()

    assert (20.0, 0, 64.0) == (course.takes, course.queue, course.queue_gap)
    assert course.timeline is None
    assert course.failure is None


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (Moment("validation"), "validation"),
        (Moment("queue"), "queue"),
        (Moment("epoch", epoch=3), "epoch 3"),
        (Moment("epoch", epoch=12), "epoch 12"),
        (Moment("time", seconds=90.0), "1m 30s"),
        (Moment("time", seconds=90.0), 90),
    ],
)
def test_the_moment_of_a_failure(moment, written):
    failed = Scenario.model_validate({"training": [{"outcome": {"failed": {"at": written}}}]})

    assert moment == failed.training[0].failure.at
    assert moment == Moment.parse(moment.written())


def test_a_failure_says_what_openai_says_when_it_is_its_own_fault():
    failure = load_text("training: [{outcome: {failed: {}}}]").training[0].failure

    assert ("server_error", None, Moment("epoch", epoch=1)) == (failure.code, failure.param, failure.at)


def test_a_model_may_be_a_bare_name():
    plain, told = load_text(EVERYTHING).models

    assert ("plain", None, None) == (plain.id, plain.created, plain.owned_by)
    assert ("told", 1672531200, "me") == (told.id, told.created, told.owned_by)


def test_rows_become_one_json_object_per_line_and_text_stays_as_it_is():
    rows, text = load_text(EVERYTHING).files

    assert '{"prompt": "é", "completion": [1, 0.5, null, true]}\n{}\n'.encode() == rows.content()
    assert b"a\r\nb" == text.content()


def test_the_chosen_key_of_a_step_is_the_one_that_is_given():
    steps = load_text(EVERYTHING).training[3].timeline

    assert [("cost", 3.0), ("enqueued", 3), ("queue", 2)] == [
        (step.chosen, getattr(step, step.chosen)) for step in steps
    ]


def test_queue_places_and_epochs_may_be_skipped_and_places_repeated():
    steps = ({"queue": 18}, {"queue": 16}, {"queue": 16}, {"epoch": 2}, {"epoch": 4})

    course = Course.model_validate({"timeline": [{"after": "1s", **step} for step in steps]})

    assert 5 == len(course.timeline)


def test_a_scenario_never_changes():
    with pytest.raises(ValidationError, match="frozen"):
        Scenario().title = "other"


@pytest.mark.parametrize("name", [*shipped(), "everything"])
def test_a_scenario_written_down_as_json_reads_back_as_the_same(name):
    """Whatever folder it is read in: paths are whole by then."""
    scenario = load_text(EVERYTHING) if name == "everything" else load(name)

    again = Scenario.model_validate_json(scenario.model_dump_json())

    assert scenario.model_dump() == again.model_dump()
    assert [file.content() for file in scenario.files] == [file.content() for file in again.files]


def test_a_kept_scenario_opens_even_when_its_file_is_gone(tmp_path):
    """The world has the bytes already; only beginning anew needs the file."""
    (tmp_path / "data.jsonl").write_text("{}")
    (tmp_path / "s.yaml").write_text("files: [{filename: a, path: data.jsonl}]")
    scenario = load(tmp_path / "s.yaml")
    (tmp_path / "data.jsonl").unlink()

    assert scenario.model_dump() == Scenario.model_validate_json(scenario.model_dump_json()).model_dump()


def test_the_schema_in_the_docs_is_the_one_of_this_code():
    """To renew it, write `json.dumps(schema(), indent=2)` and a newline to docs/scenario.schema.json."""
    assert json.dumps(schema(), indent=2) + "\n" == SCHEMA.read_text()


@pytest.mark.parametrize("name", [*shipped(), "everything"])
def test_what_loads_is_valid_for_editors(name):
    text = EVERYTHING if name == "everything" else shipped()[name].read_text()

    jsonschema.Draft202012Validator(schema()).validate(yaml12.parse(text).root.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"titel": "x"},
        {"version": 2},
        {"clock": {"rate": "fast"}},
        {"training": [{"timeline": [{"after": "1s"}]}]},
        {"training": [{"timeline": [{"after": "1s", "epoch": 1, "model": True}]}]},
        {"replies": [{"match": {}}]},
        {"replies": [{"match": {"prompt": {"contain": "x"}}, "reply": {}}]},
        {"replies": [{"match": {"temperature": {"glob": "*"}}, "reply": {}}]},
        {"training": [{"match": {"api": "old"}}]},
        {"files": [{"filename": "a"}]},
    ],
)
def test_an_editor_sees_most_mistakes_too(wrong):
    assert not jsonschema.Draft202012Validator(schema()).is_valid(wrong)
