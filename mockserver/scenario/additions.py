"""Rules for a running world, given as data: read as a scenario reads them, with the same words for mistakes."""

from collections.abc import Sequence
from typing import Any, Literal

from mockserver.scenario.loader import load_text
from mockserver.scenario.models import Scenario
from mockserver.scenario.problems import Problem, ScenarioError
from mockserver.scenario.written import inline


def load_rules(section: Literal["faults", "replies"], rules: Sequence[dict[str, Any]]) -> Scenario:
    """Return a scenario of nothing but these rules. Raises ScenarioError that names the rule instead of a line."""
    lines = [f"- {inline(rule)}" for rule in rules]
    try:
        return load_text("\n".join([f"{section}:", *lines]))
    except ScenarioError as error:
        raise ScenarioError(map(_placed, error.problems)) from None


def _placed(problem: Problem) -> Problem:
    """Return a problem of a rule, each of which has a line of its own behind the first."""
    return Problem(f"rules[{(problem.line or 2) - 2}]", None, None, problem.message, problem.hint)
