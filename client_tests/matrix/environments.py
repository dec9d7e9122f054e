"""The real clients: each release in a virtual environment of its own, made on first use and kept.

An environment is built under a name nobody looks for and then renamed. Processes that build the same one at the
same time cannot disturb each other: the first to finish wins, the others throw theirs away, and one that was
killed halfway is never taken for a whole one.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import uv

FOLDER = Path(__file__).parent / ".clients"

#: nothing published after this day is used, so that the same pins are the same packages on every machine
EXCLUDE_NEWER = "2026-11-20"


@dataclass(frozen=True, slots=True)
class Release:
    """A release of the `openai` package and what it needs beside its own requirements."""

    version: str
    needs: tuple[str, ...] = ()

    @property
    def requirements(self) -> tuple[str, ...]:
        return (f"openai=={self.version}", *self.needs)


#: clients before 1.55.3 pass httpx an argument that its 0.28 does not take; `tools fine_tunes.prepare_data` needs
#: numpy and pandas, which make every command start half a second later, so it has environments of its own
RELEASES = {
    "0.27.2": Release("0.27.2"),
    "0.27.2-datalib": Release("0.27.2", ("numpy", "pandas<3")),
    "0.28.1": Release("0.28.1"),
    "0.28.1-datalib": Release("0.28.1", ("numpy", "pandas<3")),
    "1.7.1": Release("1.7.1", ("httpx<0.28",)),
    "1.109.1": Release("1.109.1"),
    "2.34.0": Release("2.34.0"),
    "2.54.0": Release("2.54.0"),
    "3.54.0": Release("3.54.0"),
}


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment with one release in it; not every release has a command line."""

    home: Path

    @property
    def python(self) -> Path:
        return self._program("python")

    @property
    def cli(self) -> Path:
        """The `openai` command."""
        return self._program("openai")

    def _program(self, name: str) -> Path:
        folder, ending = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
        return self.home / folder / f"{name}{ending}"


def environment(name: str) -> Environment:
    """Return the environment of a release, building it if need be. Raises RuntimeError with what `uv` said."""
    requirements = RELEASES[name].requirements
    home = FOLDER / f"{name}-{_fingerprint(requirements)}"
    if not home.is_dir():
        _build(requirements, home)
    return Environment(home)


def variables(**extra: str) -> dict[str, str]:
    """Return the environment variables of a client: this process's, without what would steer client or Python."""
    steering = ("OPENAI_", "PYTHON", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    return kept | {"NO_PROXY": "*", "PYTHONUTF8": "1"} | extra


def _fingerprint(requirements: Iterable[str]) -> str:
    """Return a word that changes with the pins and with the interpreter."""
    pins = "\n".join([*requirements, EXCLUDE_NEWER, sys.version])
    return hashlib.sha256(pins.encode()).hexdigest()[:8]


def _build(requirements: Iterable[str], home: Path) -> None:
    FOLDER.mkdir(exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=FOLDER))
    try:
        _uv("venv", "--relocatable", "--allow-existing", "--python", sys.executable, draft)
        python = Environment(draft).python
        _uv("pip", "install", "--python", python, "--exclude-newer", EXCLUDE_NEWER, *requirements)
        draft.rename(home)
    except OSError:
        if not home.is_dir():  # else another process has won
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _uv(*arguments: str | Path) -> None:
    told = subprocess.run([uv.find_uv_bin(), *arguments], capture_output=True, text=True, check=False)
    if told.returncode:
        raise RuntimeError(f"`uv {arguments[0]}` could not make the client's environment:\n{told.stderr}")
