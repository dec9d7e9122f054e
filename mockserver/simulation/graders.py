"""The graders of the alpha endpoints, run offline: `string_check`, `text_similarity` and `multi`.

`validate` finds what is wrong with a grader; `run` grades a model's answer. What goes wrong there (a path the
item lacks, a sample that is not JSON, a division by zero) is no exception: the part concerned grades 0 and a
flag of `metadata.errors` says why. Which flag goes with which fault, and that a `multi` grader goes on with
the 0, is not verified. Graders that run code or ask a model are refused.
Source: the official document (`RunGraderRequest`, `RunGraderResponse`) and the official graders guide.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.simulation import grader_formula, grader_template
from mockserver.simulation.similarity import METRICS, similarity

OPERATIONS: dict[str, Callable[[str, str], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "like": operator.contains,
    "ilike": lambda text, reference: reference.casefold() in text.casefold(),
}
"""Every `operation` of a `string_check`, as a question about (input, reference)."""

# What grading needs; `name` is left to the wire model, as the guide's own `multi` examples have none.
_FIELDS: dict[str, dict[str, type]] = {
    "string_check": {"input": str, "reference": str, "operation": str},
    "text_similarity": {"input": str, "reference": str, "evaluation_metric": str},
    "python": {"source": str},
    "score_model": {"input": list, "model": str},
    "label_model": {"input": list, "model": str, "labels": list, "passing_labels": list},
    "multi": {"graders": dict, "calculate_output": str},
}
_TYPES = [kind for kind in _FIELDS if kind != "label_model"]
_TYPES_IN_MULTI = [kind for kind in _FIELDS if kind != "multi"]
_TYPES_OFFLINE = ("string_check", "text_similarity", "multi")
_CHOICES: dict[str, Sequence[str]] = {"operation": list(OPERATIONS), "evaluation_metric": list(METRICS)}
_WITH_TEMPLATES = ("input", "reference")

_JSON_WORDS: dict[type, str] = {
    str: "a string",
    dict: "an object",
    list: "an array",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    type(None): "null",
}

_NO_ERRORS: dict[str, bool | str | None] = {
    "formula_parse_error": False,
    "sample_parse_error": False,
    "truncated_observation_error": False,
    "unresponsive_reward_error": False,
    "invalid_variable_error": False,
    "other_error": False,
    "python_grader_server_error": False,
    "python_grader_server_error_type": None,
    "python_grader_runtime_error": False,
    "python_grader_runtime_error_details": None,
    "model_grader_server_error": False,
    "model_grader_refusal_error": False,
    "model_grader_parse_error": False,
    "model_grader_server_error_details": None,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a grader, in the words of a 400; `param` is a path such as `grader.input`."""

    message: str
    param: str
    code: str


@dataclass(frozen=True, slots=True)
class Grade:
    """What a run found.

    `reward` is 0..1 except where a formula leaves that range; `errors` has every key of the official
    `metadata.errors`; `sub_rewards` and `scores` hold the grade of each named part of a `multi` grader and
    are empty for other types (as in the official example, of a `score_model`; for `multi` not verified).
    """

    reward: float
    sub_rewards: dict[str, float]
    errors: dict[str, bool | str | None]
    scores: dict[str, float]


class UnsupportedGrader(Exception):  # noqa: N818 - a refusal by design, not an error of the caller
    """The grader runs code or asks a model, which is not done offline; `problem` is what to answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def validate(grader: dict[str, Any], path: str = "grader") -> list[Problem]:
    """Find all that is wrong with a grader at a path of the body, in the order of its fields; none if it is fine.

    The message of a fault in a part of a `multi` grader begins as the service's does (openai-java issue 647);
    the wording for formulas and templates is not verified.
    """
    return list(_faults(grader, path, _TYPES))


def run(grader: dict[str, Any], item: dict[str, Any], model_sample: str) -> Grade:
    """Grade a model's answer with a grader that has the fields of its type.

    A formula or template that `validate` would report is flagged like any other fault.

    Raises UnsupportedGrader for `python`, `score_model` and `label_model`, alone or inside a `multi`.
    """
    _refuse_unsupported(grader, "grader")
    variables = grader_template.namespaces(item, model_sample)
    flags: set[str] = set()
    grades: dict[str, float] = {}
    if grader["type"] == "multi":
        grades = {name: _grade(part, variables, flags) for name, part in grader["graders"].items()}
        reward = _combine(grader["calculate_output"], grades, flags)
    else:
        reward = _grade(grader, variables, flags)
    return Grade(reward, grades, _NO_ERRORS | dict.fromkeys(flags, True), dict(grades))


def _grade(grader: Mapping[str, Any], variables: Mapping[str, Mapping[str, Any]], flags: set[str]) -> float:
    """Grade with a grader of one part; on a fault add its flag and grade 0."""
    try:
        text, reference = (grader_template.render(grader[field], variables) for field in _WITH_TEMPLATES)
    except grader_template.TemplateError as error:
        flags.add(error.flag)
        return 0.0
    if grader["type"] == "string_check":
        return float(OPERATIONS[grader["operation"]](text, reference))
    return similarity(grader["evaluation_metric"], text, reference)


def _combine(text: str, grades: Mapping[str, float], flags: set[str]) -> float:
    try:
        return grader_formula.parse(text).evaluate(grades)
    except grader_formula.FormulaError:
        flags.add("formula_parse_error")
    except KeyError:
        flags.add("invalid_variable_error")
    except ArithmeticError:
        flags.add("other_error")
    return 0.0


def _refuse_unsupported(grader: Mapping[str, Any], path: str) -> None:
    kind = grader["type"]
    if kind not in _TYPES_OFFLINE:
        message = (
            f"Graders of type '{kind}' run code or ask a model, which this server does not do. "
            f"It runs graders of type {_listed(_TYPES_OFFLINE)}."
        )
        raise UnsupportedGrader(Problem(message, f"{path}.type", "unsupported_grader"))
    if kind == "multi":
        for name, part in grader["graders"].items():
            _refuse_unsupported(part, f"{path}.graders.{name}")


def _faults(grader: Any, path: str, types: Sequence[str]) -> Iterator[Problem]:
    if not isinstance(grader, dict):
        yield _wrong_type(path, dict, grader)
        return
    if fault := _field_fault(grader, path, "type", str, types):
        yield fault
        return
    for field, expected in _FIELDS[grader["type"]].items():
        if fault := _field_fault(grader, path, field, expected, _CHOICES.get(field, ())):
            yield fault
        elif field in _WITH_TEMPLATES:
            yield from _template_faults(grader[field], f"{path}.{field}")
        elif field == "graders":
            yield from _part_faults(grader[field])
        elif field == "calculate_output" and isinstance(grader.get("graders"), dict):
            yield from _formula_faults(grader[field], grader["graders"])


def _field_fault(
    grader: Mapping[str, Any], path: str, field: str, expected: type, choices: Sequence[str]
) -> Problem | None:
    where = f"{path}.{field}"
    if field not in grader:
        return Problem(f"Missing required parameter: '{where}'.", where, "missing_required_parameter")
    value = grader[field]
    if not isinstance(value, expected):
        return _wrong_type(where, expected, value)
    if choices and value not in choices:
        message = f"Invalid value: '{value}'. Supported values are: {_listed(choices)}."
        return Problem(message, where, "invalid_value")
    return None


def _template_faults(value: Any, where: str) -> Iterator[Problem]:
    for text in _strings(value):
        for placeholder in grader_template.malformed(text):
            message = (
                f"Invalid template '{placeholder}' in '{where}': expected an item variable, "
                f"or a sample variable among {_listed(grader_template.SAMPLE_VARIABLES)}."
            )
            yield Problem(message, where, "invalid_value")


def _part_faults(graders: Mapping[str, Any]) -> Iterator[Problem]:
    for name, part in graders.items():
        for fault in _faults(part, f"graders.{name}", _TYPES_IN_MULTI):
            message = f"Multigrader validation test failed: 400: {fault.message}"
            yield Problem(message, f"grader.{fault.param}", fault.code)


def _formula_faults(text: str, graders: Mapping[str, Any]) -> Iterator[Problem]:
    where = "grader.calculate_output"
    try:
        formula = grader_formula.parse(text)
    except grader_formula.FormulaError as error:
        yield Problem(f"Invalid '{where}': {error}.", where, "invalid_value")
        return
    for name in sorted(formula.names - graders.keys()):
        yield Problem(f"Invalid '{where}': no grader is named '{name}'.", where, "invalid_value")


def _wrong_type(where: str, expected: type, value: Any) -> Problem:
    wanted, found = _JSON_WORDS[expected], _JSON_WORDS[type(value)]
    message = f"Invalid type for '{where}': expected {wanted}, but got {found} instead."
    return Problem(message, where, "invalid_type")


def _strings(value: Any) -> Iterator[str]:
    """Find every text in a JSON value: the content of a message is a text, a part or a list of parts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _listed(words: Sequence[str]) -> str:
    *most, last = (f"'{word}'" for word in words)
    return f"{', '.join(most)}, and {last}"
