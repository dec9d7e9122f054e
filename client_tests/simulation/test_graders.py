"""Graders grade as the guide says; what is wrong with one is named, what goes wrong in a run is flagged."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.graders import OPERATIONS, Problem, UnsupportedGrader, run, validate
from mockserver.simulation.similarity import METRICS

SPEC = Path(__file__).parents[3] / "shared" / "reference" / "openai-openapi-2026-08.json"

CHECK = {
    "type": "string_check",
    "name": "check",
    "input": "{{sample.output_text}}",
    "reference": "{{item.label}}",
    "operation": "eq",
}
LIKENESS = {
    "type": "text_similarity",
    "name": "likeness",
    "input": "{{sample.output_json.name}}",
    "reference": "{{item.name}}",
    "evaluation_metric": "fuzzy_match",
}
EMAIL = CHECK | {"input": "{{sample.output_json.email}}", "reference": "{{item.email}}"}
# The example of the official graders guide.
PERSON = {
    "type": "multi",
    "name": "person",
    "graders": {"name": LIKENESS, "email": EMAIL},
    "calculate_output": "(name + email) / 2",
}
MESSAGES = [{"role": "user", "content": [{"type": "input_text", "text": "Grade {{sample.output_text}}"}]}]
PYTHON = {"type": "python", "name": "python", "source": "def grade(sample, item):\n    return 1.0"}
SCORE = {"type": "score_model", "name": "score", "model": "o4-mini-2025-04-16", "input": MESSAGES}
LABEL = SCORE | {"type": "label_model", "labels": ["good", "bad"], "passing_labels": ["good"]}

JOHN = {"name": "John Doe", "email": "john@example.com"}


def flagged(grade):
    return {key for key, value in grade.errors.items() if value}


# --- string checks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "sample", "label", "reward"),
    [
        ("eq", "Oslo", "Oslo", 1),
        ("eq", "oslo", "Oslo", 0),
        ("eq", "Oslo ", "Oslo", 0),
        ("ne", "Oslo", "Oslo", 0),
        ("ne", "oslo", "Oslo", 1),
        ("like", "It is Oslo.", "Oslo", 1),
        ("like", "It is OSLO.", "Oslo", 0),
        ("like", "Oslo", "It is Oslo.", 0),
        ("ilike", "It is OSLO.", "oslo", 1),
        ("ilike", "STRASSE", "straße", 1),
        ("ilike", "Bergen", "Oslo", 0),
        ("like", "anything", "", 1),
        ("like", "50%", "%", 1),
        ("like", "Oslo", "O%o", 0),
    ],
)
def test_a_string_check_answers_its_question_about_input_and_reference(operation, sample, label, reward):
    grade = run(CHECK | {"operation": operation}, {"label": label}, sample)

    assert (reward, {}, {}, set()) == (grade.reward, grade.sub_rewards, grade.scores, flagged(grade))
    assert isinstance(grade.reward, float)


@given(st.text(), st.text())
def test_ne_is_the_opposite_of_eq_and_like_implies_ilike(sample, label):
    rewards = {name: run(CHECK | {"operation": name}, {"label": label}, sample).reward for name in OPERATIONS}

    assert rewards["eq"] + rewards["ne"] == 1
    assert rewards["eq"] <= rewards["like"] <= rewards["ilike"]


# --- text similarity -----------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_grades_the_same_text_1_and_a_foreign_one_0(metric):
    grader = LIKENESS | {"input": "{{sample.output_text}}", "evaluation_metric": metric}

    assert run(grader, JOHN, "John Doe").reward == 1.0
    assert run(grader, JOHN, "42").reward == 0.0


def test_the_input_is_graded_against_the_reference_and_not_the_other_way_round():
    grader = LIKENESS | {"input": "the cat", "reference": "the cat sat", "evaluation_metric": "meteor"}

    assert pytest.approx(75 / 116) == run(grader, {}, "").reward


# --- multi ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "name", "email"),
    [
        ({"name": "John Doe", "email": "john@example.com"}, 1.0, 1.0),
        ({"name": "Jon Doe", "email": "john@example.com"}, 14 / 15, 1.0),
        ({"name": "John Doe", "email": "jon@example.com"}, 1.0, 0.0),
    ],
)
def test_a_multi_grader_computes_its_output_from_its_named_parts(sample, name, email):
    grade = run(PERSON, JOHN, json.dumps(sample))

    assert pytest.approx((name + email) / 2) == grade.reward
    assert pytest.approx({"name": name, "email": email}) == grade.sub_rewards == grade.scores
    assert set() == flagged(grade)


def test_a_fault_in_one_part_is_flagged_and_the_other_parts_still_count():
    grade = run(PERSON, JOHN, '{"email": "john@example.com"}')

    assert (0.5, {"name": 0.0, "email": 1.0}) == (grade.reward, grade.sub_rewards)
    assert {"invalid_variable_error"} == flagged(grade)


@pytest.mark.parametrize(
    ("formula", "flag"),
    [
        ("(name + email", "formula_parse_error"),
        ("name.real", "formula_parse_error"),
        ("name + phone", "invalid_variable_error"),
        ("1 / (name - email)", "other_error"),
        ("9 ^ 9 ^ 9 ^ 9", "other_error"),
    ],
)
def test_a_formula_without_a_result_grades_0_and_is_flagged(formula, flag):
    grade = run(PERSON | {"calculate_output": formula}, JOHN, json.dumps(JOHN))

    assert (0.0, {"name": 1.0, "email": 1.0}) == (grade.reward, grade.sub_rewards)
    assert {flag} == flagged(grade)


# --- what goes wrong in a run --------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["input", "reference"])
def test_a_missing_template_path_grades_0_and_is_flagged(field):
    grade = run(CHECK | {field: "{{item.no.such.path}}", "operation": "ne"}, {"label": "Oslo"}, "Bergen")

    assert grade.reward == 0.0
    assert {"invalid_variable_error"} == flagged(grade)


def test_output_json_of_a_sample_that_is_not_json_grades_0_and_is_flagged():
    grade = run(LIKENESS, JOHN, "My name is John Doe.")

    assert grade.reward == 0.0
    assert {"sample_parse_error"} == flagged(grade)


def test_a_sample_need_not_be_json_where_no_template_asks_for_it():
    assert set() == flagged(run(CHECK, {"label": "Oslo"}, "Oslo"))


@pytest.mark.parametrize("grader", [PYTHON, SCORE, LABEL])
def test_a_grader_that_runs_code_or_asks_a_model_is_refused_by_name(grader):
    with pytest.raises(UnsupportedGrader, match=f"^Graders of type '{grader['type']}'") as alone:
        run(grader, {}, "")
    with pytest.raises(UnsupportedGrader) as inside:
        run(PERSON | {"graders": {"name": LIKENESS, "email": grader}}, JOHN, "{}")

    assert alone.value.problem.param == "grader.type"
    assert inside.value.problem.param == "grader.graders.email.type"


# --- validation ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("grader", [CHECK, LIKENESS, PERSON, PYTHON, SCORE])
def test_a_good_grader_has_no_problems(grader):
    assert [] == validate(grader)


def test_every_single_grader_may_be_a_part_of_a_multi_grader():
    parts = {"a": CHECK, "b": LIKENESS, "c": PYTHON, "d": SCORE, "e": LABEL}

    assert [] == validate(PERSON | {"graders": parts, "calculate_output": "max(a, b, c, d, e)"})


def test_fields_grading_does_not_need_are_left_alone():
    assert [] == validate(
        {key: value for key, value in CHECK.items() if key != "name"} | {"pass_threshold": 0.9}
    )


def without(grader, field):
    return {key: value for key, value in grader.items() if key != field}


@pytest.mark.parametrize(
    ("grader", "message", "param", "code"),
    [
        (
            without(CHECK, "operation"),
            "Missing required parameter: 'grader.operation'.",
            "grader.operation",
            "missing_required_parameter",
        ),
        (
            without(CHECK, "type"),
            "Missing required parameter: 'grader.type'.",
            "grader.type",
            "missing_required_parameter",
        ),
        (
            CHECK | {"operation": "neq"},
            "Invalid value: 'neq'. Supported values are: 'eq', 'ne', 'like', and 'ilike'.",
            "grader.operation",
            "invalid_value",
        ),
        (
            LIKENESS | {"reference": 1},
            "Invalid type for 'grader.reference': expected a string, but got an integer instead.",
            "grader.reference",
            "invalid_type",
        ),
        (
            SCORE | {"input": "Grade it"},
            "Invalid type for 'grader.input': expected an array, but got a string instead.",
            "grader.input",
            "invalid_type",
        ),
        (
            LABEL,
            (
                "Invalid value: 'label_model'. Supported values are: 'string_check', 'text_similarity', "
                "'python', 'score_model', and 'multi'."
            ),
            "grader.type",
            "invalid_value",
        ),
        (
            CHECK | {"type": None},
            "Invalid type for 'grader.type': expected a string, but got null instead.",
            "grader.type",
            "invalid_type",
        ),
        (
            PERSON | {"graders": [LIKENESS, EMAIL]},
            "Invalid type for 'grader.graders': expected an object, but got an array instead.",
            "grader.graders",
            "invalid_type",
        ),
        (
            PERSON | {"graders": {"name": LIKENESS, "email": EMAIL | {"operation": "is"}}},
            (
                "Multigrader validation test failed: 400: Invalid value: 'is'. "
                "Supported values are: 'eq', 'ne', 'like', and 'ilike'."
            ),
            "grader.graders.email.operation",
            "invalid_value",
        ),
        (
            PERSON | {"graders": {"name": LIKENESS, "email": PERSON}},
            (
                "Multigrader validation test failed: 400: Invalid value: 'multi'. Supported values are: "
                "'string_check', 'text_similarity', 'python', 'score_model', and 'label_model'."
            ),
            "grader.graders.email.type",
            "invalid_value",
        ),
        (
            PERSON | {"calculate_output": "name + phone"},
            "Invalid 'grader.calculate_output': no grader is named 'phone'.",
            "grader.calculate_output",
            "invalid_value",
        ),
        (
            PERSON | {"calculate_output": "(name + email"},
            "Invalid 'grader.calculate_output': not an arithmetic expression.",
            "grader.calculate_output",
            "invalid_value",
        ),
        (
            PERSON | {"calculate_output": "name.__class__"},
            (
                "Invalid 'grader.calculate_output': only numbers, grader names, + - * / ^ and the functions "
                "min, max, abs, floor, ceil, exp, sqrt, log are allowed."
            ),
            "grader.calculate_output",
            "invalid_value",
        ),
        (
            CHECK | {"reference": "{{label}}"},
            (
                "Invalid template '{{label}}' in 'grader.reference': expected an item variable, or a sample "
                "variable among 'output_text', 'output_json', 'output_tools', 'choices', and 'output_audio'."
            ),
            "grader.reference",
            "invalid_value",
        ),
    ],
)
def test_a_problem_says_what_is_wrong_and_where(grader, message, param, code):
    assert [Problem(message, param, code)] == validate(grader)


def test_a_single_grader_in_place_of_named_ones_is_answered_as_the_service_answers_it():
    """The document's schema allows it; the service answers with this message (openai-java issue 647)."""
    first, *_ = validate(PERSON | {"graders": {"input": "…", "name": "…"}})

    message = "Invalid type for 'graders.input': expected an object, but got a string instead."
    assert f"Multigrader validation test failed: 400: {message}" == first.message


def test_a_template_deep_inside_the_messages_of_a_model_grader_is_checked_too():
    messages = [
        {"role": "user", "content": "{{item.a}}"},
        {"role": "user", "content": [{"text": "{{answer}}"}]},
    ]

    (problem,) = validate(SCORE | {"input": messages})

    assert ("grader.input", True) == (problem.param, "'{{answer}}'" in problem.message)


def test_all_problems_are_told_at_once():
    grader = PERSON | {
        "graders": {"name": without(LIKENESS, "input"), "email": 3},
        "calculate_output": "x + y",
    }

    assert [
        "grader.graders.name.input",
        "grader.graders.email",
        "grader.calculate_output",
        "grader.calculate_output",
    ] == [problem.param for problem in validate(grader)]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([CHECK, LIKENESS, PERSON, PYTHON, SCORE]), st.data())
def test_any_value_in_any_field_is_a_problem_or_can_be_run(grader, data):
    field = data.draw(st.sampled_from(sorted(grader)))
    changed = grader | {field: data.draw(json_values)}

    if not validate(changed):
        try:
            grade = run(changed, JOHN, json.dumps(JOHN))
        except UnsupportedGrader:
            return
        assert isinstance(grade.reward, float)


# --- the official document -----------------------------------------------------------------------------


@pytest.mark.skipif(not SPEC.exists(), reason="needs the official OpenAPI document at ../shared/reference")
def test_operations_metrics_and_flags_are_those_of_the_official_document_in_its_order():
    schemas = json.loads(SPEC.read_text())["components"]["schemas"]
    errors = schemas["RunGraderResponse"]["properties"]["metadata"]["properties"]["errors"]["properties"]
    ours = run(CHECK, {"label": ""}, "").errors

    assert schemas["GraderStringCheck"]["properties"]["operation"]["enum"] == list(OPERATIONS)
    assert schemas["GraderTextSimilarity"]["properties"]["evaluation_metric"]["enum"] == list(METRICS)
    assert list(errors) == list(ours)
    assert {key for key, schema in errors.items() if schema.get("type") == "boolean"} == {
        key for key, value in ours.items() if value is False
    }
