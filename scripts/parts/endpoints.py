"""Every operation of the API, and whether this server has it.

`docs/official-operations.json` holds two lists of (method, path without `/v1`, operation id): `official` is taken
from OpenAI's OpenAPI document, `legacy` is kept by hand: what the reference of March 2023 had and the document no
longer has, and, without an operation id, what only the clients 0.x knew.
"""

import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from parts.markdown import table

from mockserver.app import create_api
from mockserver.layers.paths import OF_ENGINES

OPERATIONS = Path(__file__).parents[2] / "docs" / "official-operations.json"
METHODS = ("get", "post", "put", "patch", "delete")
TITLES = {"official": "In today's API", "legacy": "Only in the API of 2023"}

Operation = tuple[str, str, str]


def known() -> dict[str, list[Operation]]:
    """Return both lists."""
    kept = json.loads(OPERATIONS.read_bytes())
    return {era: [(method, path, name) for method, path, name in kept[era]] for era in TITLES}


def emulated() -> dict[tuple[str, str], str]:
    """Return the name of each operation this server has, by method and bare path, engines' other names included."""
    served = {
        (method.upper(), _bare(path.removeprefix("/v1"))): operation["operationId"]
        for path, methods in create_api().openapi()["paths"].items()
        if path.startswith("/v1/")
        for method, operation in methods.items()
    }
    return served | {("POST", f"/engines/{{}}/{what}"): served["POST", f"/{what}"] for what in OF_ENGINES}


def counts() -> Iterator[str]:
    """Yield how much of the API is there."""
    here = emulated()
    found = {
        era: f"{sum((method, _bare(path)) in here for method, path, _ in listed)} of {len(listed)}"
        for era, listed in known().items()
    }
    yield f"**{found['official']}** operations of the official document are emulated,"
    yield f"and **{found['legacy']}** that only the API or the clients of 2023 had."
    yield ""


def every() -> Iterator[str]:
    """Yield every operation, by the first word of its path."""
    here = emulated()
    for era, listed in known().items():
        yield f"## {TITLES[era]}"
        yield ""
        in_order = sorted(listed, key=lambda one: (_group(one), one[1], METHODS.index(one[0].lower())))
        for group, members in groupby(in_order, _group):
            rows = [
                (
                    "●" if (own := here.get((method, _bare(path)), "")) else "○",
                    f"{method} /v1{path}",
                    name,
                    own,
                )
                for method, path, name in members
            ]
            yield f"### {group}: {sum(row[0] == '●' for row in rows)} of {len(rows)}"
            yield ""
            heads = ("", "operation", "its id in the document", "its name here")
            yield from table(
                heads, ((mark, *(cell and f"`{cell}`" for cell in rest)) for mark, *rest in rows)
            )


def take(spec: Path) -> None:
    """Renew the official list from OpenAI's OpenAPI document (JSON)."""
    document = json.loads(spec.read_bytes())
    official = [
        (method.upper(), path, operation["operationId"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]
    lists = {"official": official, "legacy": known()["legacy"]}
    written = (
        f'  "{era}": [\n' + ",\n".join(f"    {json.dumps(one)}" for one in listed) + "\n  ]"
        for era, listed in lists.items()
    )
    OPERATIONS.write_text("{\n" + ",\n".join(written) + "\n}\n", encoding="utf-8")


def _bare(path: str) -> str:
    """Return a path whose parameters have no names, since only their places count."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def _group(operation: Operation) -> str:
    return re.split(r"[/?]", operation[1])[1]
