"""`mockserver scenario show` and `schema`: a scenario as written or as understood, and the format itself."""

import json

import typer

from mockserver.commands.files import read_text, scenario_path
from mockserver.scenario.loader import load
from mockserver.scenario.models import schema
from mockserver.scenario.written import written


def show(source: str, *, resolved: bool) -> None:
    """Print a scenario's own text, or all it says: with what it includes and every default."""
    typer.echo(as_understood(source) if resolved else read_text(scenario_path(source)), nl=False)


def as_understood(source: str) -> str:
    """Return a scenario in which nothing is left out. Raises ScenarioError."""
    said = load(source).model_dump(mode="json", exclude_none=True, exclude={"include"})
    return f"# {source}, with what it includes and every default\n{written(said)}"


def show_schema() -> None:
    """Print the JSON Schema of scenario files."""
    typer.echo(json.dumps(schema(), indent=2))
