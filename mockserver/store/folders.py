"""Where worlds are kept: a folder each below the state folder, named after the world.

Each time it is reset a world moves into a new folder, `default.2`. A folder counts as soon as it is whole, which it is
when its scenario is in it, written last; of several that are whole, the latest counts. So a reset that was killed has
happened or not.
"""

from pathlib import Path

#: the file that makes a world's folder whole
SCENARIO = "scenario.json"


def kept(state: Path) -> list[Path]:
    """Return the folder of each world that is kept."""
    ids = sorted({world_id(path.parent) for path in state.glob(f"*/{SCENARIO}")})
    return [folders(state, name)[-1] for name in ids]


def folders(state: Path, name: str) -> list[Path]:
    """Return the folders of a world, the one that counts last; for a new world, where it is to live."""
    there = [path for path in (state / name, *state.glob(f"{name}.*")) if path.is_dir()]
    return sorted(there, key=lambda path: ((path / SCENARIO).exists(), _number(path))) or [state / name]


def following(folder: Path) -> Path:
    """Return where a world moves from a folder."""
    return folder.with_suffix(f".{_number(folder) + 1}")


def world_id(folder: Path) -> str:
    """Return the id of the world that lives in a folder."""
    return folder.name.partition(".")[0]


def _number(folder: Path) -> int:
    return int(folder.suffix[1:] or 1)
