"""`mockserver serve --watch`: a scenario that is saved is played at once; a wrong one is refused, the old one goes on.

The default world goes on with the new scenario, and so begin the worlds that are opened from now on. The others keep
theirs, for they belong to whoever opened them.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

import typer

from mockserver.clock import Clock
from mockserver.config import Settings, UserError
from mockserver.errors import ApiError
from mockserver.scenario.loader import made_of
from mockserver.scenario.models import Scenario
from mockserver.server import Server
from mockserver.world import BEGINNING
from mockserver.worlds import DEFAULT, Worlds

#: real seconds between two looks at the files
PACE = 0.25

Load = Callable[[], Scenario]


class WatchingServer(Server):
    """A server that looks at its scenario's files as long as it runs."""

    def __init__(self, settings: Settings, worlds: Worlds, watch: "Watch") -> None:
        super().__init__(settings, worlds)
        self._watch = watch

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to stop."""
        watching = asyncio.create_task(self._watch.forever())
        try:
            await super().serve(sockets)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching


class Watch:
    """Eyes on the files of one scenario; `load` reads it with whatever the command line changes in it."""

    def __init__(self, source: str, load: Load, worlds: Worlds) -> None:
        self._source = source
        self._load = load
        self._worlds = worlds
        self._files = made_of(source)
        self._played = self._stamps()
        self._seen = self._played

    async def forever(self) -> None:
        """Look again and again."""
        clock = Clock()
        while True:
            await clock.wait(None, at_most=PACE)
            await self.look()

    async def look(self) -> None:
        """Play the scenario if its files have changed, and have not gone on changing since the last look."""
        now = self._stamps()
        settled, self._seen = now == self._seen, now
        is_there = now[0] is not None  # an editor may take the old file away before it puts the new one there
        if now == self._played or not settled or not is_there:
            return
        self._played = now
        try:
            scenario, files = await asyncio.to_thread(lambda: (self._load(), made_of(self._source)))
            self._worlds.rehearse(scenario)
        except (UserError, ApiError, OSError) as error:
            typer.echo(f"{error}\n{self._source}: refused; what was played before goes on", err=True)
            return
        if files != self._files:
            self._files = files
            self._played = self._seen = self._stamps()
        self._worlds.scenario = scenario
        typer.echo(f"{self._source}: {told(self._worlds[DEFAULT].play(scenario))}", err=True)

    def _stamps(self) -> list[tuple[int, int, int] | None]:
        return [_stamp(path) for path in self._files]


def told(new: list[str]) -> str:
    """Return in words what of a scenario counts now and what later."""
    now, later = [name for name in new if name not in BEGINNING], [name for name in new if name in BEGINNING]
    if not new:
        return "saved; nothing is new"
    sentences = [f"new from now on: {', '.join(now)}"] if now else []
    sentences += [f"new when the world is reset: {', '.join(later)}"] if later else []
    return "; ".join(sentences)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is saved; None while it is not there, as in the middle of a replacement."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
