"""`mockserver scenario check`: what is wrong with scenarios, and what can hardly be meant, place by place."""

import typer

from mockserver.scenario.loader import load_checked
from mockserver.scenario.problems import Problem, ScenarioError


def check(sources: list[str]) -> bool:
    """Say what is to be said of every scenario, then the sum; return whether all can be played."""
    wrong, problems, warnings = 0, 0, 0
    for source in sources:
        found, doubts = _looked_at(source)
        for problem in found:
            typer.echo(str(problem))
        for doubt in doubts:
            typer.echo(f"{doubt} (a warning)")
        wrong += bool(found)
        problems += len(found)
        warnings += len(doubts)
    told = [f"{len(sources) - wrong} of {_count(len(sources), 'scenario')} can be played"]
    told += [_count(problems, "problem")] if problems else []
    told += [_count(warnings, "warning")] if warnings else []
    typer.echo(", ".join(told))
    return not wrong


def _looked_at(source: str) -> tuple[list[Problem], list[Problem]]:
    try:
        return [], load_checked(source)[1]
    except ScenarioError as error:
        return error.problems, []


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
