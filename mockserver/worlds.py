"""The worlds of one server: opened, reset and ended, each by itself.

A kept world has a folder. One that is reset begins in a new folder before the old one goes, so that there is always one
that is whole.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mockserver.chance import Chance, nonce
from mockserver.errors import no_such_world
from mockserver.ids import Ids
from mockserver.journal import Journal
from mockserver.scenario.kept import keep, kept
from mockserver.scenario.models import Scenario
from mockserver.store import folders
from mockserver.world import World

Populate = Callable[[World], None]
#: the id of the world under `/v1`
DEFAULT = "default"


@dataclass
class Worlds:
    """The worlds of one server. `populate` puts a scenario's own files and jobs into a fresh world."""

    scenario: Scenario
    populate: Populate
    state: Path | None = None
    journal_exchanges: int = 1000
    journal_bytes: int = 32 * 2**20
    #: tells one start of the server from another
    instance: str = field(default_factory=nonce)
    _open: dict[str, World] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the default world, and every other one that was kept. Raises StoreError for one it cannot read."""
        self._ids = Ids(Chance("worlds"))
        try:
            self.create(self.scenario, DEFAULT)
            for folder in folders.kept(self.state) if self.state else ():
                if folders.world_id(folder) != DEFAULT:
                    self.create(kept(folder), folders.world_id(folder))
        except BaseException:
            self.close()
            raise

    def __getitem__(self, world_id: str) -> World:
        """Return a world. Raises ApiError 404 if there is none of that id."""
        try:
            return self._open[world_id]
        except KeyError:
            raise no_such_world(world_id) from None

    def __iter__(self) -> Iterator[World]:
        """Yield every open world."""
        return iter(self._open.values())

    def reset(self, world_id: str) -> World:
        """Begin a world anew, from its scenario; if that fails, it goes on as it was.

        Raises ApiError 404 if there is none of that id.
        """
        old = self[world_id]
        new = self.begin(world_id, old.told, old.folder and folders.following(old.folder))
        self.end(old)
        return new

    def rehearse(self, scenario: Scenario) -> None:
        """Begin a world nobody sees. Raises ApiError 400 for a scenario whose jobs cannot be made."""
        world = World("rehearsal", scenario, None, Journal(0, 0))
        try:
            world.start(self.populate)
        finally:
            world.store.close()
            world.blobs.close()

    def remove(self, world_id: str) -> None:
        """End a world and forget everything in it. Raises ApiError 404 if there is none of that id."""
        self.end(self._open.pop(self[world_id].id))

    def close(self) -> None:
        """Close every world, keeping what is kept."""
        for world in self._open.values():
            world.close()

    def create(self, scenario: Scenario, world_id: str | None = None) -> World:
        """Open a world and, if it is new, populate it."""
        if world_id is None:
            world_id = self._ids.new("world")
            while world_id in self._open:
                world_id = self._ids.new("world")
        if self.state is None:
            return self.begin(world_id, scenario, None)
        *outdated, folder = folders.folders(self.state, world_id)
        world = self.begin(world_id, scenario, folder)
        for leftover in outdated:
            shutil.rmtree(leftover)
        return world

    def begin(self, world_id: str, scenario: Scenario, folder: Path | None) -> World:
        """Let a world live in a folder, or in memory. What fails to be populated was never there."""
        is_new = folder is not None and not folder.exists()
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        world = World(world_id, scenario, folder, Journal(self.journal_exchanges, self.journal_bytes))
        try:
            world.start(self.populate)
            if folder:
                keep(folder, scenario)
        except BaseException:
            world.store.close()
            world.blobs.close()
            if folder and is_new:
                shutil.rmtree(folder)
            raise
        self._open[world_id] = world
        return world

    def end(self, world: World) -> None:
        """Let go of a world that is no longer open, and of everything in it."""
        world.end_streams()
        world.close()
        if world.folder:
            shutil.rmtree(world.folder)
