"""The names of all calls, as the real client and our own server have them: `mockserver/data/operations.json`.

The server never imports the client, so the names are written down. A test says when they have to be written anew:

    python client_tests/scenario/operations.py
"""

import functools
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai

from mockserver.app import create_api

FILE = Path(__file__).parents[2] / "mockserver" / "data" / "operations.json"
#: what a method that sends a request itself does; all others are made of those
SENDS = re.compile(r"\bself\._(get|post|put|patch|delete|get_api_list)\(")
#: second names, by which the server calls nothing
ALIASES = frozenset({"files.retrieve_content"})


def of_the_client() -> set[str]:
    """Return what the newest client can call, as one writes it: `chat.completions.create`."""
    return set(_calls(openai.OpenAI(api_key="sk-none"), ())) - ALIASES


def _calls(resource: Any, path: tuple[str, ...]) -> Iterator[str]:
    for name, attribute in inspect.getmembers_static(type(resource)):
        here = (*path, name)
        if name.startswith(("_", "with_")):
            continue
        if isinstance(attribute, functools.cached_property):
            below = getattr(resource, name)
            if type(below).__module__.startswith(
                ".".join(("openai.resources", *here))
            ):  # no second way to it
                yield from _calls(below, here)
        elif inspect.isfunction(attribute) and SENDS.search(inspect.getsource(inspect.unwrap(attribute))):
            yield ".".join(here)


def of_the_server() -> set[str]:
    """Return what the server answers under `/v1`."""
    operations = (
        operation["operationId"]
        for path, methods in create_api().openapi()["paths"].items()
        for operation in methods.values()
        if path.startswith("/v1/")
    )
    return set(operations)


def every() -> list[str]:
    """Return every name in the order of the file."""
    return sorted(of_the_client() | of_the_server())


if __name__ == "__main__":
    FILE.write_text(json.dumps(every(), indent=0) + "\n", encoding="utf-8")
