"""A scenario as it is kept beside its world, so that the world goes on with it when the server starts again."""

from pathlib import Path

from pydantic import ValidationError

from mockserver.scenario.models import Scenario
from mockserver.store import StoreError, folders


def keep(folder: Path, scenario: Scenario) -> None:
    """Keep a scenario in the folder of its world, whole or not at all."""
    draft = folder / f"{folders.SCENARIO}.new"
    draft.write_text(scenario.model_dump_json(exclude_unset=True), encoding="utf-8")
    draft.replace(folder / folders.SCENARIO)


def kept(folder: Path) -> Scenario:
    """Return the scenario of a kept world. Raises StoreError if it cannot be read."""
    path = folder / folders.SCENARIO
    try:
        return Scenario.model_validate_json(path.read_bytes())
    except ValidationError as error:
        message = f"{path}: the kept scenario cannot be read; move it away to start without its world"
        raise StoreError(message) from error
