"""Somebody who follows a page from top to bottom and does everything it says.

    sh           commands, one a line; `mockserver serve` starts the server that all later blocks speak to
    python       one script for the whole page; a comment behind a `print()` is what that prints
    text, json   the next one after commands or Python: what they have printed; `…` stands for anything
    yaml         a scenario without faults

A page says `http://127.0.0.1:8080`; the reader's own server is wherever there was a free port.
"""

import contextlib
import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

import httpx2
import pytest
from docs.pages import ROOT, Block
from matrix.environments import environment, variables
from matrix.shell import Shell
from typer.testing import CliRunner

from mockserver.cli import app
from mockserver.commands import demo, serve
from mockserver.scenario.loader import load
from mockserver.testing.server import MockServer

ADDRESS = "http://127.0.0.1:8080"
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
#: what a reader would do and a test does not
NOT_DONE = {
    "docker": "needs a container engine",
    "eval": "changes the variables of the terminal",
    "export": "the client's environment is made by the test",
    "kill": "`make kill` does it fifty times",
    "pip": "the environments of the clients are made by the tests of the matrix",
    "python": "the scripts have tests of their own",
}
#: a comment behind a `print()`, which the formatter may have broken into lines
PRINTED = re.compile(r"^ *(?:print\(.*)?\)  # (.*)$", re.MULTILINE)


class Reader(contextlib.ExitStack):
    """Reads in a folder of its own; lets go of the server when the `with` block ends."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self._folder = folder
        self._server: MockServer | None = None
        self._script: dict[str, Any] = {"__name__": "page"}
        self._printed = ""
        patch.chdir(folder)
        patch.setattr(serve, "serve", self._serve)
        patch.setattr(demo, "demo", lambda scenario, _rate: load(scenario))

    @property
    def server(self) -> MockServer:
        """The server the page is at."""
        return self._server or self._start("default")

    def read(self, block: Block) -> None:
        """Do what a block says. Raises AssertionError, or whatever goes wrong, at the place in the page."""
        if block.excuse:
            print(f"{block.place} is not run: {block.excuse}")
            return
        if block.file:
            path = self._folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        follow = {
            "sh": self._sh,
            "python": self._python,
            "yaml": self._yaml,
            "text": self._text,
            "json": self._json,
        }.get(block.language)
        if block.language not in {"text", "json"}:
            self._printed = ""
        try:
            if follow and not (block.file and block.language == "python"):
                follow(block)
        except BaseException as error:
            error.add_note(f"in {block.place}")
            raise

    # --- commands ----------------------------------------------------------------------------------------------

    def _sh(self, block: Block) -> None:
        doers: dict[str, Callable[..., str]] = {
            "mockserver": self._mockserver,
            "curl": self._curl,
            "openai": self._openai,
            "make": self._make,
            "pytest": self._pytest,
        }
        for line in block.text.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] in doers:
                self._printed += doers[words[0]](*words[1:])
            elif words:
                print(f"{block.place}: {words[0]} is not run: {NOT_DONE[words[0]]}")

    def _mockserver(self, *words: str) -> str:
        there = [self._there(word) for word in words]
        told = CliRunner().invoke(app, there, catch_exceptions=False)
        assert told.exit_code == 0, f"mockserver {shlex.join(words)}: {told.output}"
        return self._seen(told.stdout)

    def _serve(self, name: str, *, state: Path | None, overrides: serve.Overrides, **_how: object) -> None:
        server = self._start(overrides.apply(load(name)), state)
        print(serve.banner(name, server.url, server.worlds))

    def _start(self, scenario: Any, state: Path | None = None) -> MockServer:
        self.close()
        if state:
            state.mkdir(parents=True, exist_ok=True)
        self._server = self.enter_context(MockServer(scenario, state=state))
        return self._server

    def _curl(self, *words: str) -> str:
        """Ask like curl: `--json DATA`, `-X METHOD`, `-H HEADER`, `-o FILE` and one URL."""
        method, headers, body, output, url = None, {}, None, None, ""
        left = iter(words)
        for word in left:
            match word:
                case "--json":
                    body = next(left)
                    headers["content-type"] = "application/json"
                case "-X":
                    method = next(left)
                case "-H":
                    name, _, value = next(left).partition(":")
                    headers[name] = value.strip()
                case "-o":
                    output = next(left)
                case _:
                    url = self._there(word)
        answer = httpx2.request(method or ("POST" if body else "GET"), url, headers=headers, content=body)
        if output:
            (self._folder / output).write_bytes(answer.content)
            return ""
        return self._seen(answer.text)

    def _openai(self, *words: str) -> str:
        shell = Shell(environment("0.27.2-datalib"), self._folder, self.server.base_url)
        told = shell.openai(*words)
        assert told.returncode == 0, told.stderr
        return self._seen(told.stdout)

    def _pytest(self) -> str:
        told = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
            cwd=self._folder,
            env=variables(
                PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
            ),  # this project's own plugins take seconds to load
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stdout
        return told.stdout.splitlines()[-1]

    def _make(self, target: str) -> str:
        assert target in TARGETS
        return ""

    # --- what is printed -----------------------------------------------------------------------------------------

    def _text(self, block: Block) -> None:
        if self._printed:
            _assert_alike(block.text.splitlines(), self._printed.strip("\n").splitlines())
            self._printed = ""

    def _json(self, block: Block) -> None:
        if self._printed:
            told = json.loads(self._printed)
            assert told == _filled(json.loads(block.text), told)
            self._printed = ""

    # --- scripts and scenarios -----------------------------------------------------------------------------------

    def _python(self, block: Block) -> None:
        lines = "\n" * (block.line - 1) + self._there(block.text)
        heard = io.StringIO()
        with contextlib.redirect_stdout(heard):
            exec(compile(lines, block.page, "exec"), self._script)
        if heard.getvalue():
            self._printed = self._seen(heard.getvalue())
        if promised := PRINTED.findall(block.text):
            _assert_alike(promised, self._printed.splitlines())

    def _yaml(self, block: Block) -> None:
        path = self._folder / (block.file or "story.yaml")
        path.write_text(block.text, encoding="utf-8")
        load(path)

    def _there(self, text: str) -> str:
        return text.replace(ADDRESS, self.server.url) if ADDRESS in text else text

    def _seen(self, text: str) -> str:
        return text.replace(self.server.url, ADDRESS)


def _assert_alike(promised: list[str], told: list[str]) -> None:
    """Compare line by line; a promised line `…` stands for any number of lines, `…` inside one for any text."""
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == "…" else _pattern(line.strip()) + r"\n" for line in promised
    )
    said = "".join(f"{line.strip()}\n" for line in told)
    if not re.fullmatch(pattern, said):
        pairs = "\n".join(f"{a!r:60} {b!r}" for a, b in zip_longest(promised, told))
        pytest.fail(f"the page promises (left) other words than are said (right):\n{pairs}")


def _pattern(promised: str) -> str:
    return re.escape(promised).replace("…", ".*")


def _fits(promised: str, told: str) -> bool:
    return re.fullmatch(_pattern(promised), told) is not None


def _filled(promised: Any, told: Any) -> Any:
    """Return what is promised, with what is told in the places of `…`."""
    if promised == "…" or (isinstance(promised, str) and _fits(promised, str(told))):
        return told
    if isinstance(promised, dict) and isinstance(told, dict):
        return {name: _filled(value, told.get(name)) for name, value in promised.items()}
    if isinstance(promised, list) and isinstance(told, list):
        if promised[-1:] == ["…"]:
            promised = promised[:-1] + told[len(promised) - 1 :]
        return [_filled(*pair) for pair in zip_longest(promised, told)]
    return promised
