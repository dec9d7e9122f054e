"""One world: a clock, ids, chance, a store, a journal and the scenario that is played in it.

Time passes for the objects of a world in one place, `settle()`: every request meets it first. It takes the steps
that have become due, in order, and applies each at its own moment, so that state is a function of time however the
clock got there. What a step does is registered by the domain that planned it, with `@on_step("kind")`.
"""

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from mockserver.chance import Chance
from mockserver.clock import Clock, wall
from mockserver.ids import Ids
from mockserver.journal import Journal
from mockserver.scenario.kept import keep
from mockserver.scenario.models import Scenario
from mockserver.scenario.progress import UNTOLD, Driver
from mockserver.store import Blobs, Due, Step, Store, is_disk_full

#: The day the API changed its shapes: permissions left the models, files lost `status_details` (client 1.0, DevDay).
MODERN_SHAPES_SINCE = 1699228800  # 2023-11-06

#: how many steps that could not be applied a world remembers
REMEMBERED_FAILURES = 20

#: what a world is made of when it begins; whatever else a scenario says counts as soon as it is played
BEGINNING = frozenset({"account", "clock", "files", "jobs", "seed", "tuned"})

log = logging.getLogger("mockserver")

StepHandler = Callable[["World", Due], None]
_HANDLERS: dict[str, StepHandler] = {}


def on_step(kind: str) -> Callable[[StepHandler], StepHandler]:
    """Register what a due step of that kind does. Raises ValueError when the kind is taken."""

    def register(handler: StepHandler) -> StepHandler:
        if kind in _HANDLERS:
            message = f"two handlers for steps of kind {kind!r}"
            raise ValueError(message)
        _HANDLERS[kind] = handler
        return handler

    return register


class World:
    """Everything one user of the server can see and change."""

    def __init__(self, world_id: str, scenario: Scenario, folder: Path | None, journal: Journal) -> None:
        self.id = world_id
        #: what counts now
        self.scenario = scenario
        #: what it begins with when it is reset
        self.told = scenario
        self.folder = folder
        self.journal = journal
        self.store = Store(folder / "state.sqlite" if folder else None)
        self.blobs = Blobs(folder / "blobs" if folder else None)
        #: how many times the world was started before
        self.generation: int = self.store.noted("generation", 0)
        self.chance = Chance(scenario.seed)
        self.ids = Ids(self.chance, self.generation)
        self.clock = self._open_clock()
        #: when the world's story began, unix seconds
        self.began: int = self.store.noted("began", self.clock.now)
        #: set when the world ends: streams that wait for its time end too
        self.closing = False
        #: what was derived from the store and may be dropped at any time, by a name of the deriver's choice
        self.memory: dict[str, Any] = {}
        #: what was used, by whom, when and for what, in a world that is not kept; a kept one has it in its store
        self.ledger: dict[tuple[Any, ...], list[int]] = {}

    def _open_clock(self) -> Clock:
        """Start the clock, or go on where it stood: a stopped server is a stopped clock, if it is not the real one."""
        spec = self.scenario.clock
        start = spec.start.timestamp() if spec.start else None
        noted = self.store.noted("clock")
        if noted is None:
            return Clock(start, spec.rate, held=spec.hold_until is not None)
        resumed: float = noted["time"]
        if noted["ahead"] is not None:
            resumed = max(resumed, wall() + noted["ahead"])
        return Clock(resumed, noted["rate"], held=noted["held"])

    def start(self, populate: Callable[["World"], None]) -> None:
        """Count the start, populating the world at its first: both or neither. Then what is due has happened."""
        with self.store.transaction():
            self.store.note("generation", self.generation + 1)
            if self.generation == 0:
                self.store.note("began", self.began)
                populate(self)
            self._note_clock()
        try:
            self.settle()
        except Exception:
            log.exception("something that was due when world %s began could not be applied", self.id)

    def play(self, scenario: Scenario) -> list[str]:
        """Go on with another scenario, and return which of its parts are new; those of `BEGINNING` wait for a reset."""
        parts = Scenario.model_fields.keys() - {"include"}  # it has been followed when a scenario is loaded
        new = sorted(name for name in parts if getattr(scenario, name) != getattr(self.told, name))
        begun = {name: getattr(self.scenario, name) for name in BEGINNING}
        self.told, self.scenario = scenario, scenario.model_copy(update=begun)
        self.memory.clear()
        if self.folder:
            keep(self.folder, scenario)
        self.touch()
        return new

    @property
    def as_of(self) -> int | None:
        """The moment that decides which models and shapes exist (unix seconds); None: every era at once."""
        return int(self.scenario.as_of.timestamp()) if self.scenario.as_of else None

    @property
    def legacy_shapes(self) -> bool:
        """Whether objects look as they did before November 2023."""
        return self.as_of is not None and self.as_of < MODERN_SHAPES_SINCE

    def settle(self) -> None:
        """Apply every step that has become due, each at its own moment and with all its consequences.

        Raises what the first one raises that cannot be applied, once; that one is set aside.
        """
        while step := self._due():
            self._apply(step, min(step.at, self.clock.time))

    def _due(self) -> Due | None:
        """Return the next step that happens by itself now."""
        progress, now = self.scenario.progress, self.clock.time
        if progress.by_clock:
            return self.store.next_due(now)

        def happens(step: Due) -> bool:
            driver = progress.driver(step.kind)
            return driver == "instant" or (step.at <= now and (driver == "clock" or step.at < self.began))

        return next(filter(happens, self.store.upcoming(-1)), None)

    def _apply(self, step: Due, moment: float) -> None:
        try:
            with self.store.transaction():
                with self.clock.at(moment):
                    self.store.drop(step)
                    _HANDLERS[step.kind](self, step)
                self._note_clock()
        except Exception as error:
            if not is_disk_full(error):
                self._set_aside(step, error)
            raise

    def _set_aside(self, step: Due, error: Exception) -> None:
        """Take a step that cannot be applied out of the way of all others.

        Whoever has asked hears of it; later requests do not. It is told of beside the due steps. If there is a handler
        for `job.abandoned`, a job goes no further than its step `job.started` that failed: that is due instead.
        """
        told = {"at": step.at, "owner": step.owner, "kind": step.kind, "data": step.data}
        with self.store.transaction():
            failed = [*self.failed, told | {"error": f"{type(error).__name__}: {error}"}]
            self.store.note("failed", failed[-REMEMBERED_FAILURES:])
            self.store.drop(step)
            instead = f"{step.kind.partition('.')[0]}.abandoned"
            if instead in _HANDLERS and step.kind != instead:
                self.store.drop_all(step.owner)
                self.store.schedule(step.owner, step.at, [Step(0, instead)])

    @property
    def failed(self) -> list[dict[str, Any]]:
        """The last steps that could not be applied: at, owner, kind and data of each, and its error."""
        failed: list[dict[str, Any]] = self.store.noted("failed", [])
        return failed

    def step(self, owner: str) -> bool:
        """Take an owner one step further, whatever moves it; False if nothing is planned for it."""
        planned = self.store.due_of(owner)
        told = next((index for index, step in enumerate(planned) if step.kind not in UNTOLD), None)
        if told is None:
            return False
        if self.scenario.progress.driver(planned[told].kind) == "clock":
            self.clock.reach(planned[told].at)
            self.settle()
        else:
            for step in planned[: told + 1]:
                self._apply(step, self.clock.time)
        return True

    def _next_by(self, driver: Driver) -> Due | None:
        """Return the earliest step that is moved so."""
        if self.scenario.progress.by_clock:
            return self.store.next_due() if driver == "clock" else None
        return self._first(driver, self.store.upcoming(-1))

    def _first(self, driver: Driver, steps: Iterable[Due]) -> Due | None:
        return next((step for step in steps if self.scenario.progress.driver(step.kind) == driver), None)

    @contextlib.contextmanager
    def moment(self) -> Iterator[None]:
        """Make a block happen as one: at one moment of the clock, and in the store together or not at all."""
        with self.store.transaction():
            with self.clock.at(self.clock.time):
                yield
            self._note_clock()

    def touch(self) -> None:
        """Say that something changed outside the plan, such as a cancelled job: whoever waits looks again."""
        self._note_clock()
        self.clock.notify()

    def _note_clock(self) -> None:
        """Keep the clock beside what it was read for, so that time never runs backwards over a restart."""
        if self.folder is None or self.clock.pinned:
            return
        runs = self.clock.rate == 1 and not self.clock.held
        follows_real_time = runs and self.scenario.clock.start is None
        moment = self.clock.time
        ahead = moment - wall() if follows_real_time else None
        self.store.note(
            "clock", {"time": moment, "rate": self.clock.rate, "held": self.clock.held, "ahead": ahead}
        )

    def look(self, owner: str) -> None:
        """Let a poll move what polls move, or a clock whose rate is auto: on to the next step the owner waits for."""
        own = self.store.due_of(owner)
        if polled := self._first("polls", own) or (self._next_by("polls") if self._waits(owner) else None):
            self.step(polled.owner)
        elif self.clock.auto:
            step = self._first("clock", own) or self._next_by("clock")
            if step is not None:
                self.clock.reach(step.at)
                self.settle()

    def _waits(self, owner: str) -> bool:
        """Whether it is a job that waits for another one's runner, so that only a step of that one helps it."""
        job = self.store.get("job", owner)
        return job is not None and job["status"] == "queued" and bool(job["held"])

    async def wait(self, *, at_most: float) -> None:
        """Wait until the next step is due, something changes, or `at_most` real seconds have passed.

        Who waits is somebody who looks.
        """
        if polled := self._next_by("polls"):
            self.step(polled.owner)
            await self.clock.wait(self.clock.time)
            return
        step = self._next_by("clock")
        await self.clock.wait(step.at if step else None, at_most=at_most)
        if not self.closing:
            self.settle()

    def run_until(self, condition: Callable[[], bool], *, steps: int = 1_000_000) -> bool:
        """Take one due step after another until the condition holds; False when nothing is due any more.

        The clock jumps to the moments of the steps it moves.
        """
        self.settle()
        for _ in range(steps):
            if condition():
                return True
            step = self.store.next_due()
            if step is None:
                return False
            if self.scenario.progress.driver(step.kind) == "clock":
                self.clock.reach(step.at)
                self.settle()
            else:
                self.step(step.owner)
        return False

    def end_streams(self) -> None:
        """Let every stream that waits for this world's time end now."""
        self.closing = True
        self.clock.notify()

    def close(self) -> None:
        """Let go of the files this world holds open."""
        self._note_clock()
        self.store.close()
        self.blobs.close()
