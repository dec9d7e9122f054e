"""From a name, a file or a text to a checked scenario; every mistake comes with file, line and column."""

from pathlib import Path

from pydantic import ValidationError

import mockserver
from mockserver.scenario import yaml12
from mockserver.scenario.models import Scenario
from mockserver.scenario.problems import Problem, ScenarioError, nearest, translate

_SUFFIXES = (".yaml", ".yml")


def shipped() -> dict[str, Path]:
    """Return the scenarios that come with mockserver, by name: from the wheel, else from the repository."""
    package = Path(mockserver.__file__).parent
    folder = package / "_scenarios"
    if not folder.is_dir():
        folder = package.parent / "scenarios"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load(source: str | Path) -> Scenario:
    """Load a shipped scenario by its name ("guide-2023"), or any by its path (.yaml or .yml).

    Raises ScenarioError.
    """
    by_name = isinstance(source, str) and not source.endswith(_SUFFIXES)
    path = _shipped(str(source)) if by_name else Path(source)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(
            [Problem(str(path), None, None, f"not UTF-8: byte {error.start} cannot be read")]
        ) from None
    except OSError as error:
        siblings = [sibling.name for sibling in path.parent.glob("*.y*ml")]
        message = f"cannot be read: {error.strerror}"
        raise ScenarioError([Problem(str(path), None, None, message, nearest(path.name, siblings))]) from None
    return _build(text, str(path), path.parent.resolve())


def load_shipped(name: str) -> Scenario:
    """Load a scenario that comes with mockserver. Raises ScenarioError for any other name."""
    return load(_shipped(name))


def load_text(text: str, name: str = "<scenario>") -> Scenario:
    """Load a scenario from its text; `name` stands for the file in error messages. Raises ScenarioError.

    Such a scenario may have come over the network, so it cannot name files of this machine.
    """
    return _build(text, name, None)


def _shipped(name: str) -> Path:
    known = shipped()
    if name not in known:
        message = f"no such scenario; there are {', '.join(known)}, or give the path of a .yaml file"
        raise ScenarioError([Problem(name, None, None, message, nearest(name, known))])
    return known[name]


def _build(text: str, name: str, folder: Path | None) -> Scenario:
    try:
        document = yaml12.parse(text)
    except yaml12.YamlError as error:
        raise ScenarioError(
            Problem(name, *position, sentence) for position, sentence in error.faults
        ) from None
    if document.root.value is None:
        raise ScenarioError(
            [Problem(name, 1, 1, "the scenario is empty; `version: 1` is the least it can say")]
        )
    try:
        return Scenario.model_validate(document.root.value, context={"folder": folder})
    except ValidationError as error:
        raise ScenarioError(translate(error, document, Scenario, name)) from None
