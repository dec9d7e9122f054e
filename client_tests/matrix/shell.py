"""A terminal of a user: the real `openai` command and Python of one release, in a folder of the user's own."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from matrix.environments import Environment, variables


@dataclass(frozen=True, slots=True)
class Shell:
    """Programs started here speak to `base_url` with `key`; local time is that of `timezone`, in POSIX form."""

    environment: Environment
    folder: Path
    base_url: str
    key: str = "sk-test-key"
    timezone: str = "UTC0"

    def openai(self, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Run the `openai` command to its end; `typed` is what the user enters when asked."""
        return self.run(self.environment.cli, *arguments, typed=typed)

    def python(self, script: str) -> "subprocess.CompletedProcess[str]":
        """Run a script to its end."""
        return self.run(self.environment.python, "-c", script)

    def run(self, *command: str | Path, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a program to its end, whatever its exit code."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self._variables(),
            input=typed,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start the `openai` command; its output can be read while it runs."""
        return subprocess.Popen(
            [self.environment.cli, *arguments],
            cwd=self.folder,
            env=self._variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def _variables(self) -> dict[str, str]:
        return variables(
            OPENAI_API_KEY=self.key,
            OPENAI_API_BASE=self.base_url,  # read by the clients 0.x
            OPENAI_BASE_URL=self.base_url,  # read since 1.0
            TZ=self.timezone,
        )
