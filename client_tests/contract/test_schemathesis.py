"""The server against its own OpenAPI document: schemathesis plays thousands of requests, right ones and wrong ones.

Every check of schemathesis runs. One is told more than a schema can say: `positive_data_acceptance` takes for a
fault what is a rule of the domain (a training file has to exist), so the rules are written down in `RULES`, and
only a refusal in one of these words is accepted for a request that fits the document.
"""

import re

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.checks import CHECKS
from schemathesis.generation.stateful.state_machine import APIStateMachine

from mockserver.app import create_api
from mockserver.scenario.loader import load_text
from mockserver.testing.server import MockServer

#: a world in which there is something to find: files, a job that is done in each API, one that runs
STORY = """
version: 1
clock: {start: 2026-08-01T12:00:00Z, rate: 0}
account: {api_keys: [sk-contract]}
files:
  - {id: file-pairs, filename: pairs.jsonl, created_at: 2026-07-01, rows: [{prompt: A, completion: B}]}
  - id: file-chats
    filename: chats.jsonl
    created_at: 2026-07-01
    rows:
      - &chat {messages: [{role: user, content: A}, {role: assistant, content: B}]}
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
jobs:
  - api: modern
    model: gpt-4o-mini-2024-07-18
    training_file: file-chats
    created_at: 2026-07-01
    ids: {job: ftjob-done, result_file: file-results, model_suffix: done}
  - api: legacy
    model: davinci
    training_file: file-pairs
    created_at: 2026-07-02
    ids: {job: ft-done}
  - api: modern
    model: gpt-4o-mini-2024-07-18
    training_file: file-chats
    created_at: 2026-08-01T11:00:00Z
    takes: 2h
    ids: {job: ftjob-live}
"""
PAIRS = '{"prompt": "A", "completion": "B"}\n'

#: what a request may name, so that it comes further than to a 404
KNOWN = {
    "files": ["file-chats", "file-pairs", "file-results"],
    "jobs": ["ftjob-done", "ft-done", "ftjob-live"],
    "models": ["ft:gpt-4o-mini-2024-07-18:personal::done", "davinci", "gpt-4o-mini-2024-07-18"],
    "uploads": [PAIRS, "[]", "{"],
}
WHERE = {
    "path.file_id": "files",
    "body.training_file": "files",
    "body.validation_file": "files",
    "path.fine_tune_id": "jobs",
    "path.fine_tuning_job_id": "jobs",
    "path.model": "models",
    "path.fine_tuned_model_checkpoint": "models",
    "body.model": "models",
    "body.file": "uploads",
    "query.after": "files",
}

#: how the server refuses what its schemas allow: the words, and what no JSON Schema can say
RULES = {
    r"Invalid 'after': no object with id": "a cursor is an id this list has had",
    r"invalid (training|validation)_file:": "a file has to exist",
    r"Invalid file purpose:": "a file has to be uploaded for training",
    r"Model .* is not available for fine-tuning": "which models can be trained is a list of the day",
    r"Invalid base model:": "the same, in 2023",
    r"Expected file to have JSONL format": "the lines of a training file are JSON objects",
    r"Missing required parameter: 'expires_after\.": "the two halves of expires_after come together",
    r"Not allowed to download files of purpose": "some purposes keep their files private",
    r"Job has already completed:|Cannot (delete|pause|resume) ": "a job's state allows some moves only",
    r"compute_classification_metrics requires": "one parameter calls for another",
    r"The 'stream_options' parameter is only allowed": "one parameter calls for another",
    r"You requested that the server return more choices": "n is at most best_of",
    r"Cannot stream with 'best_of'": "one parameter excludes another",
    r"Invalid token in 'prompt'": "a model has so many tokens",
    r"Invalid key in 'logit_bias'": "a model has so many tokens",
    r"This model's maximum context length is": "prompt and answer share the model's context",
    r"Invalid type for .* (an integer|or 'auto'), but got a decimal number": "1.0 is no integer here",
    r"Invalid value: .*'string_check'": "a grader is checked by a parser of its own",
    r"Invalid value for 'advance(_to)?': must be": "a moment the calendar has, a duration somebody waits for",
    r"exactly one of advance, ": "one verb moves the clock at a time",
    r"The clock only goes forward": "the clock knows what time it is",
    r".*no such scenario|scenario:\d+:\d+:": "a scenario is checked by a loader of its own",
}

OPTIONS = {
    "dictionaries": {name: {"values": values} for name, values in KNOWN.items()},
    "parameters": {place: {"dictionary": name, "probability": 0.6} for place, name in WHERE.items()},
    "headers": {"Authorization": "Bearer sk-contract"},
    "generation": {"deterministic": True, "max-examples": 60},
    "checks": {"positive_data_acceptance": {"enabled": False}},
}


@schemathesis.check
def fits_and_is_accepted(ctx, response, case):
    """What fits the document is accepted, unless a rule that no schema can tell forbids it."""
    if 400 == response.status_code:
        said = response.json()["error"]["message"]
        if any(re.match(rule, said, re.DOTALL) for rule in RULES):
            return None
    return CHECKS.get_one("positive_data_acceptance")(ctx, response, case)


def document():
    """Return the server's document, without the one call that would end a world under test."""
    paths = create_api().openapi()
    del paths["paths"]["/_mock/worlds/{world_id}"]
    return paths


schema = schemathesis.openapi.from_dict(document(), config=schemathesis.Config.from_dict(OPTIONS))


@pytest.fixture(scope="module")
def story():
    with MockServer(load_text(STORY)) as running:
        yield running


@pytest.fixture(scope="module")
def begin_anew(story, http):
    def reset():
        assert 200 == http.post(f"{story.url}/_mock/reset").status_code

    return reset


@schema.parametrize()
def test_every_operation_does_what_its_document_says(case, story, begin_anew):
    """Each case meets the same world: what one has changed is undone before the next."""
    response = case.call(base_url=story.url)
    case.validate_response(response, transport_kwargs={"base_url": story.url})
    if response.status_code < 300 and case.method != "GET":
        begin_anew()


def test_calls_that_follow_from_each_other_agree(story, begin_anew):
    """What was created can be fetched, what was deleted cannot: along the links between the operations."""

    class Walk(schema.as_state_machine()):
        def setup(self):
            begin_anew()

        def get_call_kwargs(self, case):
            return {"base_url": story.url}

    Walk.run(settings=settings(max_examples=100, stateful_step_count=8, derandomize=True, database=None, deadline=None))
