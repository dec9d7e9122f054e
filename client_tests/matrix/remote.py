"""A real client of any release as an object of the test: its verbs run in that release's own environment.

`client.upload(text)` returns what the client returned, as plain dictionaries, or raises `RefusedError` with what
the client raised, in words that are the same for all of them.
"""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from matrix.environments import environment, variables

PROGRAM = Path(__file__).parent / "run.py"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a client tells of a request that was refused; `kind` is the class it raised."""

    kind: str
    status: int
    message: str
    param: str | None
    code: str | None


class RefusedError(Exception):
    """A client raised this refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class ClientProcess:
    """A process in which one release of the client lives."""

    def __init__(self, version: str) -> None:
        self._process = subprocess.Popen(
            [environment(version).python, PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=variables(),
        )

    def ask(self, call: dict[str, Any]) -> Any:
        """Return the value of a call. Raises RefusedError, or RuntimeError with the traceback of any other failure."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the client's process has ended; why is in the captured stderr")
        outcome = json.loads(line)
        if "refusal" in outcome:
            raise RefusedError(Refusal(**outcome["refusal"]))
        if "crash" in outcome:
            raise RuntimeError(outcome["crash"])
        return outcome["value"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the input, and so the process."""
        self._process.__exit__(kind, error, traceback)


@dataclass(frozen=True, slots=True)
class RemoteClient:
    """The verbs of `adapters_v0` and `adapters_v1`, spoken from a seat: base URL, key, style, api and place."""

    process: ClientProcess
    seat: dict[str, str]

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            return self.process.ask({"seat": self.seat, "verb": verb, "arguments": arguments, "named": named})

        return call
