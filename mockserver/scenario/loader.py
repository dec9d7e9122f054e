"""From a name, a file or a text to a checked scenario; every mistake comes with file, line and column."""

from pathlib import Path

from pydantic import ValidationError

import mockserver
from mockserver.scenario import includes, yaml12
from mockserver.scenario.files import locate
from mockserver.scenario.includes import Source
from mockserver.scenario.models import Scenario
from mockserver.scenario.problems import Problem, ScenarioError, in_order, nearest, translate
from mockserver.scenario.shadows import never_reached

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
    scenario, _ = _build(_read(_path(source)))
    return scenario


def load_shipped(name: str) -> Scenario:
    """Load a scenario that comes with mockserver. Raises ScenarioError for any other name."""
    return load(_shipped(name))


def load_text(text: str, name: str = "<scenario>") -> Scenario:
    """Load a scenario from its text; `name` stands for the file in error messages. Raises ScenarioError.

    Such a scenario may have come over the network, so it cannot name files of this machine.
    """
    scenario, _ = _build(_parsed(text, name, None))
    return scenario


def load_checked(source: str | Path) -> tuple[Scenario, list[Problem]]:
    """Load like `load` and look for what is no mistake but can hardly be meant: rules that can never answer.

    Returns the scenario and the warnings, in the order of the files. Raises ScenarioError.
    """
    scenario, document = _build(_read(_path(source)))
    return scenario, in_order(never_reached(scenario, document))


def made_of(source: str | Path) -> list[Path]:
    """Return the files a scenario is made of: its own, then those it includes. Raises ScenarioError."""
    _, sources = includes.whole(_read(_path(source)), _included)
    return [one.path for one in sources if one.path]


def _path(source: str | Path) -> Path:
    by_name = isinstance(source, str) and not source.endswith(_SUFFIXES)
    return _shipped(str(source)) if by_name else Path(source)


def _shipped(name: str) -> Path:
    known = shipped()
    if name not in known:
        message = f"no such scenario; there are {', '.join(known)}, or give the path of a .yaml file"
        raise ScenarioError([Problem(name, None, None, message, nearest(name, known))])
    return known[name]


def _included(name: str, by: Source) -> Source:
    """Find what a scenario includes: a shipped one by its name, a file by its path from the scenario's own folder."""
    if not name.endswith(_SUFFIXES):
        return _read(_shipped(name))
    if by.path is None:
        refused = "a scenario that is a text may include shipped ones only, by name"
        raise ScenarioError([Problem(name, None, None, refused, nearest(Path(name).stem, shipped()))])
    return _read(Path(by.name).parent / name)


def _read(path: Path) -> Source:
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
    return _parsed(text, str(path), path.parent.resolve() / path.name)


def _parsed(text: str, name: str, path: Path | None) -> Source:
    try:
        document = yaml12.parse(text, name)
    except yaml12.YamlError as error:
        raise ScenarioError(
            Problem(name, *position, sentence) for position, sentence in error.faults
        ) from None
    if document.root.value is None:
        raise ScenarioError(
            [Problem(name, 1, 1, "the scenario is empty; `version: 1` is the least it can say")]
        )
    return Source(name, path, document)


def _build(source: Source) -> tuple[Scenario, yaml12.Document]:
    """Return a scenario with all it includes, and the document that says so. Raises ScenarioError."""
    document, sources = includes.whole(source, _included)
    folders = {one.name: one.path.parent if one.path else None for one in sources}
    told, problems = locate(document, folders)
    try:
        scenario = Scenario.model_validate(told)
    except ValidationError as error:
        problems += translate(error, document, Scenario)
    if problems:
        raise ScenarioError(problems)
    return scenario, document
