"""What is not documented does not exist: whatever can be called, typed or written stands on some page."""

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
import typer.main
from docs.pages import ROOT, WORDS

from mockserver.app import create_api
from mockserver.cli import app
from mockserver.layers.paths import OF_ENGINES
from mockserver.scenario.loader import shipped
from mockserver.scenario.models import schema
from mockserver.scenario.operators import OPERATORS

DOCS = ROOT / "docs"
OFFICIAL = json.loads((DOCS / "official-operations.json").read_bytes())
SPEC = ROOT.parent / "shared" / "reference" / "openai-openapi-2026-08.json"
DOCUMENT = create_api().openapi()
#: (method, path, operation id) of everything that is served
SERVED = [
    (method.upper(), path, operation["operationId"])
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
SCENARIO_KEYS = {
    key for section in (schema(), *schema()["$defs"].values()) for key in section.get("properties", ())
}


def commands(name, command):
    """Yield every command line of the program, and every option of each."""
    yield name
    context = typer.Context(command, info_name=name)
    for parameter in command.get_params(context):
        yield from parameter.opts
    for word, inner in getattr(command, "commands", {}).items():
        yield from commands(f"{name} {word}", inner)


def generated(*arguments):
    command = [sys.executable, ROOT / "scripts" / "write_docs.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_what_is_generated_is_what_the_code_says_now():
    """To renew it: `python scripts/write_docs.py`."""
    told = generated("--check")

    assert (0, "") == (told.returncode, told.stdout), told.stderr


@pytest.mark.parametrize("operation", SERVED, ids=lambda operation: operation[2])
def test_every_operation_is_documented(operation):
    method, path, name = operation

    assert f"`{name}`" in WORDS
    assert f"`{method} {path}`" in WORDS or not path.startswith("/_mock")


@pytest.mark.parametrize("said", sorted(set(commands("mockserver", typer.main.get_command(app)))))
def test_every_command_and_option_is_documented(said):
    assert re.search(rf"[` ]{re.escape(said)}[`, ]", WORDS)


@pytest.mark.parametrize("word", sorted(SCENARIO_KEYS | set(OPERATORS) | set(shipped())))
def test_every_word_of_scenarios_is_documented(word):
    assert f"`{word}`" in WORDS


# --- endpoints -------------------------------------------------------------------------------------------------------


def test_what_is_served_is_official_or_was():
    """No endpoint under /v1 is of our own making."""
    known = {(method, bare(path)) for era in OFFICIAL.values() for method, path, _ in era}

    served = {
        (method, bare(path.removeprefix("/v1"))) for method, path, _ in SERVED if path.startswith("/v1")
    }

    assert served <= known


def test_what_is_not_there_says_so(mock):
    """Every operation marked ○ is answered like any unknown path; the betas share a path with what is there."""
    served = {(method, bare(path.removeprefix("/v1"))) for method, path, _ in SERVED}
    served |= {("POST", f"/engines/{{}}/{what}") for what in OF_ENGINES}
    missing = [
        one
        for era in OFFICIAL.values()
        for one in era
        if (one[0], bare(one[1])) not in served and not one[1].endswith("?beta=true")
    ]
    wrong = []
    with httpx2.Client(base_url=mock.base_url, headers={"authorization": "Bearer sk-test"}) as client:
        for method, path, _ in missing:
            answer = client.request(method, re.sub(r"\{\w+\}", "x", path))
            if (answer.status_code, answer.json()["error"]["message"][:13]) != (404, "Invalid URL ("):
                wrong.append((method, path, answer.text))

    assert missing
    assert [] == wrong


@pytest.mark.skipif(
    not SPEC.is_file(),
    reason="needs OpenAI's OpenAPI document (openai/openai-openapi), as JSON, in ../shared/reference",
)
def test_the_official_list_is_that_of_the_official_document():
    paths = json.loads(SPEC.read_bytes())["paths"]
    official = {
        (method.upper(), path, operation["operationId"])
        for path, operations in paths.items()
        for method, operation in operations.items()
        if isinstance(operation, dict) and "operationId" in operation
    }

    assert official == set(map(tuple, OFFICIAL["official"]))


def test_the_parameters_without_effect_are_accepted():
    """The table by hand on docs/endpoints.md names operations and parameters that are there."""
    page = (DOCS / "endpoints.md").read_text(encoding="utf-8")
    table = page.partition("has no effect")[2].partition("The headers")[0]
    rows = re.findall(r"^\| `([\w.]+)` \| (.+?) \|", table, re.MULTILINE)

    assert len(rows) > 5
    for operation, parameters in rows:
        assert set(re.findall(r"`(\w+)`", parameters)) <= accepted(operation), operation


def accepted(name):
    """Return the fields of an operation's body."""
    [operation] = [
        operation
        for operations in DOCUMENT["paths"].values()
        for operation in operations.values()
        if operation["operationId"] == name
    ]
    [body] = operation["requestBody"]["content"].values()
    reference = body["schema"].get("$ref", "").rpartition("/")[2]
    described = DOCUMENT["components"]["schemas"][reference] if reference else body["schema"]
    return set(described["properties"])


def bare(path):
    return re.sub(r"\{[^}]*\}", "{}", path)


# --- what is not verified --------------------------------------------------------------------------------------------


def test_nothing_unverified_is_kept_quiet():
    """Each file in which the words stand is on the page, also if they stand where the script does not look."""
    page = (DOCS / "limits-of-the-mock.md").read_text(encoding="utf-8")
    package = ROOT / "mockserver"
    said = {
        path.relative_to(package).as_posix(): len(
            re.findall(r'(?<!")not\s+verified(?!")', text, re.IGNORECASE)
        )
        for path in package.rglob("*.py")
        if (text := Path(path).read_text(encoding="utf-8").replace("#:", "  "))
    }

    assert {name: count for name, count in said.items() if count} == {
        name: len(re.findall("not verified", rows, re.IGNORECASE))
        for name in said
        if (rows := "\n".join(line for line in page.splitlines() if f"[`{name}`]" in line))
    }
