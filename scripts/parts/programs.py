"""What can be asked of the program: the commands of its command line, the routes of its control API."""

from collections.abc import Iterator
from typing import Any

import typer.main
from parts.markdown import table

from mockserver.app import create_api
from mockserver.cli import app


def commands() -> Iterator[str]:
    """Yield every command with its options; `--help`, which all of them have, with the first."""
    yield from _command("mockserver", typer.main.get_command(app))


def _command(name: str, command: Any) -> Iterator[str]:
    yield f"`{name}`: {command.help}"
    yield ""
    context = typer.Context(command, info_name=name)
    records = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
    rows = [
        (f"`{words}`", about) for words, about in records if name == "mockserver" or "--help" not in words
    ]
    if rows:
        yield from table(("option", "meaning"), rows)
    for word, inner in getattr(command, "commands", {}).items():
        yield from _command(f"{name} {word}", inner)


def control_routes() -> Iterator[str]:
    """Yield every route under `/_mock`, with what it takes."""
    document = create_api().openapi()
    rows = [
        (
            f"`{method.upper()} {path}`",
            ", ".join(f"`{name}`" for name in _taken(document, operation)),
            operation["description"],
            f"`{operation['operationId']}`",
        )
        for path, operations in document["paths"].items()
        if path.startswith("/_mock")
        for method, operation in operations.items()
    ]
    return table(("call", "takes", "what it does", "operation"), sorted(rows))


def _taken(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", ()):
        yield parameter["name"] if parameter["in"] == "path" else f"?{parameter['name']}="
    if body := operation.get("requestBody"):
        reference: str = body["content"]["application/json"]["schema"]["$ref"]
        yield from document["components"]["schemas"][reference.rpartition("/")[2]]["properties"]
