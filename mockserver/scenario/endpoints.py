"""What calls are named: as the official client writes them, `files.create`, `fine_tuning.jobs.list_events`.

All names are known, those of today's client and those of 2023, so that a misspelt one is told when a scenario is loaded
and no rule waits for a call that nobody can make.
"""

import json
from functools import cache
from pathlib import Path

from mockserver.scenario.problems import must_be, nearest

INFERENCE = ("completions", "chat.completions", "responses", "embeddings", "moderations", "edits")
"""Endpoints whose one call that runs a model, `.create`, goes without saying."""

OPERATIONS: frozenset[str] = frozenset(
    json.loads((Path(__file__).parents[1] / "data" / "operations.json").read_text(encoding="utf-8"))
)
"""Every call by its whole name."""

ENDPOINTS = OPERATIONS | frozenset(INFERENCE)
"""Every name that a scenario may use for a call."""

EXPECTED = "a call of the official client, such as files.create"
"""What such a name is."""


@cache
def called(endpoint: str) -> tuple[str, ...]:
    """Return the names of a call: `completions.create` is `completions` too, and the other way round."""
    stem = endpoint.removesuffix(".create")
    return (stem, f"{stem}.create") if stem in INFERENCE else (endpoint,)


def operation(endpoint: str) -> str:
    """Return the whole name of a call. Raises PydanticCustomError for one that nobody knows."""
    if endpoint not in ENDPOINTS:
        raise must_be(EXPECTED, nearest(endpoint, ENDPOINTS))
    return called(endpoint)[-1]
