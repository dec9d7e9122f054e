"""Write what the pages in `docs/` tell of the code from the code itself.

A generated part stands between `<!-- generated: NAME -->` and `<!-- /generated -->`; everything around it is
written by hand and left alone.

    python scripts/write_docs.py                    renew every generated part
    python scripts/write_docs.py --check            renew nothing; name what is out of date and end with 1
    python scripts/write_docs.py --official SPEC    first take the operations from OpenAI's OpenAPI document (JSON)
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import typer.main
from pydantic import TypeAdapter
from unverified import notes

from mockserver.app import create_api
from mockserver.cli import app as command_line
from mockserver.scenario import models as scenario_models
from mockserver.scenario.durations import Duration, Instant, Size
from mockserver.scenario.keys import KEYS
from mockserver.scenario.loader import load, shipped
from mockserver.scenario.matchers import Match
from mockserver.scenario.operators import OPERATORS
from mockserver.scenario.operators import schema as operator_schema

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
OPERATIONS = DOCS / "official-operations.json"
PART = re.compile(r"(<!-- generated: (?P<name>[a-z ]+) -->\n).*?(<!-- /generated -->)", re.DOTALL)
METHODS = ("get", "post", "put", "patch", "delete")

Operation = tuple[str, str, str]
"""Method, path without `/v1`, and name."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""


# --- the command line ------------------------------------------------------------------------------------------------


def commands() -> Iterator[str]:
    """Yield every command with its options."""
    yield from _command("mockserver", typer.main.get_command(command_line))


def _command(name: str, command: Any) -> Iterator[str]:
    yield f"`{name}`: {command.help}"
    yield ""
    context = typer.Context(command, info_name=name)
    records = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
    yield from table(("option", "meaning"), ((f"`{option}`", meaning) for option, meaning in records))
    for word, inner in getattr(command, "commands", {}).items():
        yield from _command(f"{name} {word}", inner)


# --- the control API -------------------------------------------------------------------------------------------------


def control_routes() -> Iterator[str]:
    """Yield every route under `/_mock`, with what it takes."""
    document = create_api().openapi()
    rows = [
        (
            f"`{method.upper()} {path}`",
            ", ".join(f"`{name}`" for name in _taken(document, operation)) or "nothing",
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


# --- scenarios -------------------------------------------------------------------------------------------------------

#: a quantity as a scenario writes it, and the shapes it has in the schema for editors
QUANTITIES: dict[str, list[Any]] = {
    word: TypeAdapter(kind).json_schema()["anyOf"]
    for word, kind in (("duration", Duration), ("moment", Instant), ("size", Size))
}
PLAIN = {"string": "text", "integer": "whole number", "number": "number", "object": "mapping"}


def shipped_scenarios() -> Iterator[str]:
    """Yield the scenarios in the wheel."""
    return table(("name", "title"), ((f"`{name}`", load(name).title) for name in shipped()))


def scenario_keys() -> Iterator[str]:
    """Yield every key of the format, section by section, as the JSON Schema for editors tells it."""
    whole = scenario_models.schema()
    sections = {"scenario": whole}
    for title, section in _sections(whole["$defs"], whole):
        sections.setdefault(title, section)
    for title, section in sections.items():
        yield f"**{title}**: {section['description']}"
        yield ""
        required = section.get("required", ())
        rows = (
            (f"`{key}`", _kind(told), _default(told, required=key in required), told.get("description", ""))
            for key, told in section["properties"].items()
        )
        yield from table(("key", "value", "left out", "meaning"), rows)


def _sections(kinds: dict[str, Any], section: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the sections below one, each before those inside it; a match has tables of its own."""
    for told in section["properties"].values():
        for name in re.findall(r'"#/\$defs/(\w+)"', json.dumps(told)):
            if name != "Match":
                yield _words(name), kinds[name]
                yield from _sections(kinds, kinds[name])


def _words(name: str) -> str:
    """Return a class's name as words: `TimelineStep` is a timeline step."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _kind(told: dict[str, Any]) -> str:
    """Say what a value is."""
    if "anyOf" in told:
        choices = [one for one in told["anyOf"] if one != {"type": "null"}]
        quantity = next((word for word, shapes in QUANTITIES.items() if shapes == choices), None)
        return quantity or " or ".join(map(_kind, choices))
    if "$ref" in told:
        return f"*{_words(told['$ref'].rpartition('/')[2])}*"
    if "const" in told or "enum" in told:
        values = told.get("enum", [told.get("const")])
        return " or ".join(f"`{value if isinstance(value, str) else json.dumps(value)}`" for value in values)
    if told["type"] == "array":
        return f"list of {_kind(told['items'])}"
    return PLAIN[told["type"]]


def _default(told: dict[str, Any], *, required: bool) -> str:
    if required:
        return "refused"
    default = told.get("default", "")
    if default == "":
        return ""
    return f"`{default:g}s`" if _kind(told) == "duration" else f"`{default}`"


def match_keys() -> Iterator[str]:
    """Yield everything a match can ask about."""
    kinds = {"text": "text", "number": "number", "flag": "true or false"}
    rows = (
        (f"`{key.name}`", ", ".join(f"`{word}`" for word in key.words) or kinds[key.kind], key.about)
        for key in KEYS.values()
    )
    return table(("key", "value", "meaning"), rows)


def operators() -> Iterator[str]:
    """Yield every operator, with a condition that does not hold and what is said of it."""
    shapes = operator_schema(KEYS["prompt"])["anyOf"]
    assert isinstance(shapes, list)
    taken: dict[str, dict[str, Any]] = shapes[1]["properties"]
    examples = {"string": "sun", "array": ["sun", "sea"], "boolean": True}
    rows = []
    for name, operator in OPERATORS.items():
        example = examples[taken[name]["type"]]
        verdict = Match.parse({"prompt": {name: example}}).check({"prompt": "rain"})
        written = json.dumps(example).replace('"', "")
        about = "text" if operator.on_text else "any key"
        rows.append((f"`{name}`", about, f"`{{{name}: {written}}}`", f"{verdict.why}"))
    return table(("operator", "for", "example", "what a miss says"), rows)


# --- endpoints -------------------------------------------------------------------------------------------------------


def operations() -> dict[str, list[Operation]]:
    """Return the official operations of today, and those of 2023 that are no longer among them."""
    kept = json.loads(OPERATIONS.read_bytes())
    return {era: [tuple(one) for one in kept[era]] for era in ("official", "legacy")}


def emulated() -> dict[tuple[str, str], str]:
    """Return the name of each operation the server has, by method and path."""
    return {
        (method.upper(), _bare(path.removeprefix("/v1"))): operation["operationId"]
        for path, methods in create_api().openapi()["paths"].items()
        if path.startswith("/v1/")
        for method, operation in methods.items()
    }


def _bare(path: str) -> str:
    """Return a path whose parameters have no names, since only their places count."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def endpoint_counts() -> Iterator[str]:
    """Yield how much of the API is there."""
    here = emulated()
    known = operations()
    count = {era: sum((method, _bare(path)) in here for method, path, _ in known[era]) for era in known}
    yield f"Emulated are **{count['official']} of the {len(known['official'])}** operations of the official document"
    yield f"and **{count['legacy']} of the {len(known['legacy'])}** that clients of 2023 called and it no longer has."
    yield ""


def endpoints() -> Iterator[str]:
    """Yield every operation, by the first word of its path."""
    here = emulated()
    known = operations()
    for title, listed in (
        ("In today's API", known["official"]),
        ("Only in the API of 2023", known["legacy"]),
    ):
        yield f"## {title}"
        yield ""
        in_order = sorted(listed, key=lambda one: (_group(one), one[1], METHODS.index(one[0].lower())))
        for group, members in groupby(in_order, _group):
            rows = [(here.get((method, _bare(path))), method, path, name) for method, path, name in members]
            yield f"### {group} ({sum(row[0] is not None for row in rows)} of {len(rows)})"
            yield ""
            yield from table(
                ("", "operation", "in the document", "in scenarios and the journal"),
                (
                    (
                        "●" if own else "○",
                        f"`{method} /v1{path}`",
                        name and f"`{name}`",
                        own and f"`{own}`" or "",
                    )
                    for own, method, path, name in rows
                ),
            )


def _group(operation: Operation) -> str:
    return re.split(r"[/?]", operation[1])[1]


def take_operations(spec: Path) -> None:
    """Renew the list of official operations; the list of 2023 is kept by hand in the same file."""
    document = json.loads(spec.read_bytes())
    official = [
        [method.upper(), path, operation["operationId"]]
        for path, operations_there in document["paths"].items()
        for method, operation in operations_there.items()
        if method in METHODS
    ]
    kept = json.loads(OPERATIONS.read_bytes()) | {
        "version": document["info"]["version"],
        "official": official,
    }
    lists = (f'"{era}": [\n{_lines(kept.pop(era))}\n]' for era in ("official", "legacy"))
    rest = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in kept.items())
    OPERATIONS.write_text("{\n" + ",\n".join([*rest, *lists]) + "\n}\n", encoding="utf-8")


def _lines(rows: Iterable[Sequence[str]]) -> str:
    return ",\n".join(f"  {json.dumps(row)}" for row in rows)


# --- what is not verified --------------------------------------------------------------------------------------------


def not_verified() -> Iterator[str]:
    """Yield what the code itself says it does not know."""
    rows = (
        (
            f"[`{note.path.relative_to(ROOT / 'mockserver').as_posix()}`](../{note.path.relative_to(ROOT).as_posix()})",
            f"`{note.owner}`" if note.owner else "",
            note.sentence,
        )
        for note in notes(ROOT / "mockserver")
    )
    return table(("file", "of", "what it says"), rows)


# --- the pages -------------------------------------------------------------------------------------------------------

PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "commands": commands,
    "control routes": control_routes,
    "shipped scenarios": shipped_scenarios,
    "scenario keys": scenario_keys,
    "match keys": match_keys,
    "operators": operators,
    "endpoint counts": endpoint_counts,
    "endpoints": endpoints,
    "not verified": not_verified,
}


def renewed(page: str) -> str:
    """Return a page with its generated parts as the code has them now. Raises KeyError for an unknown part."""
    return PART.sub(lambda found: f"{found[1]}\n" + "\n".join(PARTS[found["name"]]()) + f"\n{found[3]}", page)


def main() -> None:
    """Renew or check every page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, end with 1 if a page is out of date"
    )
    parser.add_argument("--official", type=Path, metavar="SPEC", help="OpenAI's OpenAPI document, as JSON")
    told = parser.parse_args()
    if told.official:
        take_operations(told.official)
    stale = [page for page in sorted(DOCS.glob("*.md")) if (text := page.read_text("utf-8")) != renewed(text)]
    for page in stale:
        print(
            f"{page.relative_to(ROOT)}: {'out of date; run scripts/write_docs.py' if told.check else 'renewed'}"
        )
        if not told.check:
            page.write_text(renewed(page.read_text("utf-8")), encoding="utf-8")
    if told.check and stale:
        sys.exit(1)


if __name__ == "__main__":
    main()
