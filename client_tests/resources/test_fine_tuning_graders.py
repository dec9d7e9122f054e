"""Graders, run and validated through the real client over a real socket."""

import json
from pathlib import Path

import openai
import pytest

from mockserver.resources import fine_tuning_graders

SPEC = Path(__file__).parents[3] / "shared" / "reference" / "openai-openapi-2026-08.json"

CHECK = {
    "type": "string_check",
    "name": "city",
    "input": "{{sample.output_text}}",
    "reference": "{{item.city}}",
    "operation": "eq",
}
LIKENESS = {
    "type": "text_similarity",
    "name": "likeness",
    "input": "{{sample.output_json.name}}",
    "reference": "{{item.name}}",
    "evaluation_metric": "fuzzy_match",
}
PERSON = {
    "type": "multi",
    "name": "person",
    "graders": {"name": LIKENESS, "email": CHECK | {"input": "{{sample.output_json.email}}"}},
    "calculate_output": "(name + email) / 2",
}
PYTHON = {"type": "python", "name": "python", "source": "def grade(sample, item):\n    return 1.0"}
SCORE = {
    "type": "score_model",
    "name": "score",
    "model": "o4-mini-2025-04-16",
    "input": [{"role": "user", "content": "Grade {{sample.output_text}}"}],
}
LABEL = SCORE | {"type": "label_model", "labels": ["good", "bad"], "passing_labels": ["good"]}


@pytest.fixture
def graders(client):
    return client.fine_tuning.alpha.graders


def flagged(run):
    return {flag for flag, value in run.metadata.errors.to_dict().items() if value}


def without(grader, field):
    return {name: value for name, value in grader.items() if name != field}


# --- run ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sample", "reward"), [("Oslo", 1.0), ("Bergen", 0.0)])
def test_a_string_check_rewards_the_answer_it_asks_for(graders, sample, reward):
    run = graders.run(grader=CHECK, item={"city": "Oslo"}, model_sample=sample)

    assert reward == run.reward
    assert ("city", "string_check") == (run.metadata.name, run.metadata.type)
    assert set() == flagged(run)
    assert ({}, {}) == (run.sub_rewards, run.metadata.scores)


def test_a_text_similarity_reads_the_sample_as_json(graders):
    run = graders.run(grader=LIKENESS, item={"name": "John Doe"}, model_sample='{"name": "Jon Doe"}')

    assert pytest.approx(14 / 15) == run.reward


def test_a_multi_grader_answers_the_grade_of_each_part_beside_the_whole(graders):
    item = {"name": "John Doe", "city": "john@example.com"}
    sample = {"name": "John Doe", "email": "jon@example.com"}

    run = graders.run(grader=PERSON, item=item, model_sample=json.dumps(sample))

    assert 0.5 == run.reward
    assert {"name": 1.0, "email": 0.0} == run.sub_rewards == run.metadata.scores


def test_grading_asks_no_model_and_takes_no_virtual_time(graders, server):
    before = server.control("GET", "clock")["now"]

    run = graders.run(grader=CHECK, item={"city": "Oslo"}, model_sample="Oslo")

    assert (0.0, None, None) == (
        run.metadata.execution_time,
        run.metadata.token_usage,
        run.metadata.sampled_model_name,
    )
    assert {} == run.to_dict()["model_grader_token_usage_per_model"]
    assert before == server.control("GET", "clock")["now"]


def test_the_same_run_gives_the_same_bytes(graders):
    asked = {"grader": PERSON, "item": {"name": "Ann", "city": "a"}, "model_sample": '{"name": "Anne"}'}

    first, second = (graders.with_raw_response.run(**asked).content for _ in range(2))

    assert first == second


@pytest.mark.parametrize(
    ("grader", "sample", "flag"),
    [(CHECK, "Oslo", "invalid_variable_error"), (LIKENESS, "no JSON", "sample_parse_error")],
)
def test_what_goes_wrong_in_a_run_is_flagged_and_not_an_error(graders, grader, sample, flag):
    """Without an item no variable of its namespace has a value."""
    run = graders.run(grader=grader, model_sample=sample)

    assert (0.0, {flag}) == (run.reward, flagged(run))


@pytest.mark.parametrize("grader", [PYTHON, SCORE], ids=["python", "score_model"])
def test_a_grader_that_runs_code_or_asks_a_model_is_refused(graders, grader):
    with pytest.raises(openai.BadRequestError, match=f"Graders of type '{grader['type']}'") as caught:
        graders.run(grader=grader, model_sample="")

    assert ("grader.type", "unsupported_grader") == (caught.value.param, caught.value.code)


@pytest.mark.parametrize("part", [PYTHON, SCORE, LABEL], ids=["python", "score_model", "label_model"])
def test_it_is_refused_as_a_part_of_a_multi_grader_too(graders, part):
    grader = PERSON | {"graders": {"part": part}, "calculate_output": "part"}

    with pytest.raises(openai.BadRequestError) as caught:
        graders.run(grader=grader, model_sample="")

    assert ("grader.graders.part.type", "unsupported_grader") == (caught.value.param, caught.value.code)


# --- validate ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "grader", [CHECK, LIKENESS, PERSON, PYTHON, SCORE], ids=lambda grader: grader["type"]
)
def test_a_grader_without_faults_comes_back_as_it_was_sent(graders, grader):
    answer = graders.with_raw_response.validate(grader=grader).content

    assert {"grader": grader} == json.loads(answer)
    assert list(grader) == list(json.loads(answer)["grader"])


MISSING, VALUE, TYPE = "missing_required_parameter", "invalid_value", "invalid_type"
FAULTY = [
    (without(CHECK, "type"), "type", MISSING, "Missing required parameter: 'grader.type'."),
    (without(CHECK, "name"), "name", MISSING, "Missing required parameter: 'grader.name'."),
    (without(CHECK, "input"), "input", MISSING, "Missing required parameter: 'grader.input'."),
    (
        CHECK | {"type": 3},
        "type",
        TYPE,
        "Invalid type for 'grader.type': expected a string, but got an integer instead.",
    ),
    (
        CHECK | {"operation": "gt"},
        "operation",
        VALUE,
        "Invalid value: 'gt'. Supported values are: 'eq', 'ne', 'like', and 'ilike'.",
    ),
    (
        PERSON | {"calculate_output": "name + age"},
        "calculate_output",
        VALUE,
        "Invalid 'grader.calculate_output': no grader is named 'age'.",
    ),
]


@pytest.mark.parametrize("ask", ["validate", "run"])
@pytest.mark.parametrize(("grader", "field", "code", "message"), FAULTY, ids=[case[-1] for case in FAULTY])
def test_a_faulty_grader_is_refused_in_the_official_words(graders, ask, grader, field, code, message):
    asked = {"grader": grader} | ({"model_sample": ""} if ask == "run" else {})

    with pytest.raises(openai.BadRequestError) as caught:
        getattr(graders, ask)(**asked)

    said = {"message": message, "type": "invalid_request_error", "param": f"grader.{field}", "code": code}
    assert said == caught.value.body


def test_a_label_model_grader_belongs_into_a_multi_grader_only(graders):
    with pytest.raises(openai.BadRequestError, match="Invalid value: 'label_model'"):
        graders.validate(grader=LABEL)

    parts = {"graders": {"label": LABEL}, "calculate_output": "label"}
    assert "multi" == graders.validate(grader=PERSON | parts).grader.type


def test_a_multi_grader_takes_its_parts_by_name_whatever_the_official_document_says(graders):
    """The document and the client's types have a single grader there, which the service refuses like this."""
    said = (
        "Multigrader validation test failed: 400: Invalid type for 'graders.input': expected an object, but "
    )

    with pytest.raises(openai.BadRequestError, match=said):
        graders.validate(grader=PERSON | {"graders": {"input": "{{sample.output_text}}"} | CHECK})


@pytest.mark.parametrize("field", ["grader", "model_sample"])
def test_a_run_needs_a_grader_and_a_sample(server, http, field):
    body = without({"grader": CHECK, "item": {"city": "Oslo"}, "model_sample": "Oslo"}, field)

    answer = http.post(
        f"{server.url}/fine_tuning/alpha/graders/run", json=body, headers={"authorization": "Bearer sk-x"}
    )

    assert 400 == answer.status_code
    assert f"Missing required parameter: '{field}'." == answer.json()["error"]["message"]


@pytest.mark.skipif(not SPEC.exists(), reason="needs the official OpenAPI document at ../shared/reference")
def test_requests_and_answers_have_the_official_fields_in_the_official_order():
    schemas = json.loads(SPEC.read_text())["components"]["schemas"]
    metadata = schemas["RunGraderResponse"]["properties"]["metadata"]
    official = {
        name: schemas[name]
        for name in (
            "RunGraderRequest",
            "RunGraderResponse",
            "ValidateGraderRequest",
            "ValidateGraderResponse",
        )
    } | {"RunGraderMetadata": metadata, "RunGraderErrors": metadata["properties"]["errors"]}

    for name, schema in official.items():
        assert list(schema["properties"]) == list(getattr(fine_tuning_graders, name).model_fields)
