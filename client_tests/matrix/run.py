"""Runs inside a client's environment: a call in each line of standard input, its outcome in a line of output.

A call is `{"seat": {"base_url", "key", "style", "api", "place"}, "verb", "arguments", "named"}`. Its outcome is one of
`{"value": …}`, `{"refusal": …}` when the API said no, or `{"crash": traceback}` for whatever else the client raised.
Imports nothing but the standard library and, through an adapter, the client.
"""

import functools
import importlib
import json
import os
import sys
import traceback
from importlib import metadata
from typing import Any


@functools.lru_cache
def client(base_url: str, key: str, style: str, api: str, place: str) -> Any:
    """Return the client that lives here, in its adapter.

    `style` is sync or async, `api` legacy or modern, `place` openai, azure or azure-v1.
    """
    generation = "v0" if metadata.version("openai").startswith("0.") else "v1"
    return importlib.import_module(f"adapters_{generation}").Client(base_url, key, style, api, place)


def outcome(call: dict[str, Any]) -> dict[str, Any]:
    """Make a call and tell how it went."""
    speaker = client(**call["seat"])
    try:
        return {"value": getattr(speaker, call["verb"])(*call["arguments"], **call["named"])}
    except speaker.Refused as error:
        return {"refusal": speaker.refusal(error)}
    except Exception:  # noqa: BLE001 - any other failure is the test's to show
        return {"crash": traceback.format_exc()}


def main() -> None:
    """Answer call after call until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a client prints is no answer
    for line in sys.stdin:
        print(json.dumps(outcome(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
