"""The examples of the official client: the folder `examples/` of its source distribution, as it was published.

They print with `rich`, which the client itself does not need, so they have environments of their own.
"""

import subprocess
import tarfile
import tempfile
from pathlib import Path

from matrix.environments import FOLDER, RELEASES, Environment, Release, environment, variables

VERSIONS = ("1.109.1", "2.54.0", "3.54.0")

RELEASES.update({f"{version}-examples": Release(version, ("httpx2", "pip", "rich")) for version in VERSIONS})


def environment_of(version: str) -> Environment:
    """Return where the examples of a release run. Raises RuntimeError when it cannot be made."""
    return environment(f"{version}-examples")


def examples_of(version: str) -> Path:
    """Return the folder of a release's examples, from the package index on first use, then kept.

    Raises RuntimeError with what `pip` said.
    """
    kept = FOLDER / f"examples-{version}"
    if not kept.is_dir():
        with tempfile.TemporaryDirectory(prefix="draft-", dir=FOLDER) as draft:
            unpacked = _unpacked(_downloaded(version, Path(draft)))
            _keep(unpacked / "examples", kept)
    return kept


def _downloaded(version: str, folder: Path) -> Path:
    """Return a source distribution; only `pip` can get one without installing it."""
    wanted = ("--no-deps", "--no-binary", ":all:", "--dest", str(folder), f"openai=={version}")
    command = [str(environment_of(version).python), "-m", "pip", "download", "--quiet", *wanted]
    told = subprocess.run(command, env=variables(), capture_output=True, text=True, check=False)
    if told.returncode:
        raise RuntimeError(f"`pip` could not get the client's sources:\n{told.stderr}")
    return folder / f"openai-{version}.tar.gz"


def _unpacked(archive: Path) -> Path:
    with tarfile.open(archive) as opened:
        opened.extractall(archive.parent, filter="data")
    return archive.with_name(archive.name.removesuffix(".tar.gz"))


def _keep(draft: Path, kept: Path) -> None:
    try:
        draft.rename(kept)
    except OSError:
        if not kept.is_dir():  # else another process has won
            raise
