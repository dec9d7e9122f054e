"""Time: the only module that reads a real clock or waits.

Virtual time is one formula: `anchor + (real now - anchor's real moment) * rate`. Everything that moves it
(`advance`, a new rate, a hold released) sets a new anchor and wakes whoever waits. It never goes back.

    rate 1      real time          rate 600    ten minutes a second
    rate 0      stands still       "auto"      stands still, and jumps to the next deadline when somebody waits

`at(t)` pins the clock for one unit of work: `World.settle` applies each due step at the step's own time.
"""

import asyncio
import contextlib
import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Literal

Rate = float | Literal["auto"]

#: moments have this many digits after the point, so that no dust of added durations lies below a whole second
DIGITS = 6

#: the last second that a date can be written of, the end of the year 9999; a clock that reaches it stays there
LAST = 253_402_300_799

wall = time.time
stopwatch = time.perf_counter


class Clock:
    """A forward-only virtual clock. Times are unix seconds, durations virtual seconds unless said otherwise."""

    def __init__(
        self,
        start: float | None = None,
        rate: Rate = 1,
        *,
        held: bool = False,
        real: Callable[[], float] = time.monotonic,
    ) -> None:
        self._real = real
        self._anchor = wall() if start is None else start
        self._anchored_at = real()
        self._rate = _checked(rate)
        self._held = held
        self._pinned: float | None = None
        self._waiters: dict[asyncio.Future[None], float | None] = {}

    @property
    def time(self) -> float:
        """Virtual unix time, in whole microseconds."""
        if self._pinned is not None:
            return self._pinned
        moment = self._anchor + (self._real() - self._anchored_at) * self._speed
        return round(moment, DIGITS) if moment < LAST else LAST

    @property
    def now(self) -> int:
        """Virtual unix time in whole seconds, as every `created_at` shows it."""
        return math.floor(self.time)

    @property
    def rate(self) -> Rate:
        """Virtual seconds per real second, or "auto"."""
        return self._rate

    @property
    def held(self) -> bool:
        """Whether the clock stands still until `release()`."""
        return self._held

    @property
    def pinned(self) -> bool:
        """Whether the time it reads is that of a unit of work, not the world's."""
        return self._pinned is not None

    @property
    def auto(self) -> bool:
        """Whether waiting itself moves the clock."""
        return self._rate == "auto" and not self._held

    @property
    def _speed(self) -> float:
        return 0.0 if self._held or self._rate == "auto" else self._rate

    def advance(self, seconds: float) -> None:
        """Jump forward. Raises ValueError for a negative number, and for one beyond all dates."""
        moment = self.time + seconds
        if not (seconds >= 0 and moment <= LAST):
            message = (
                f"The clock only goes forward, until the year 9999: it cannot advance by {seconds} seconds."
            )
            raise ValueError(message)
        self._set_anchor(moment)

    def advance_to(self, moment: float) -> None:
        """Jump forward to a unix time. Raises ValueError if that is in the past, or beyond all dates."""
        now = self.time
        if not now <= moment <= LAST:
            message = f"The clock only goes forward, until the year 9999: it is {utc(now).isoformat()}."
            raise ValueError(message)
        self._set_anchor(moment)

    def reach(self, moment: float) -> None:
        """Jump forward to a unix time, or do nothing when it has passed already."""
        if moment > self.time:
            self._set_anchor(moment)

    def set_rate(self, rate: Rate) -> None:
        """Change the pace from now on. Raises ValueError for a negative or non-finite rate."""
        rate = _checked(rate)
        self._set_anchor(self.time)
        self._rate = rate

    def release(self) -> None:
        """Let a held clock run; does nothing to a running one."""
        if self._held:
            self._set_anchor(self.time)
            self._held = False

    def notify(self) -> None:
        """Wake everyone who waits, because the reason they wait for may have changed."""
        for waiter in self._waiters:
            _wake(waiter)

    @contextlib.contextmanager
    def at(self, moment: float) -> Iterator[None]:
        """Pin the clock to `moment` for a block that does not await."""
        previous, self._pinned = self._pinned, moment
        try:
            yield
        finally:
            self._pinned = previous

    async def wait(self, until: float | None, *, at_most: float | None = None) -> None:
        """Return when the clock reads `until`, when it was moved or notified, or after `at_most` real seconds.

        Callers look again in a loop: being woken is a hint, not a promise.
        """
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiters[waiter] = until
        alarm = None
        try:
            if self.auto:
                await asyncio.sleep(0)  # everyone who wants to wait gets to say until when
                self._jump_to_earliest()
            if (seconds := self._real_seconds(until, at_most)) is not None:
                # A thousand streams may wait, and an asyncio timeout costs thrice that.
                alarm = loop.call_later(seconds, _wake, waiter)
            await waiter
        finally:
            del self._waiters[waiter]
            if alarm is not None:
                alarm.cancel()

    async def sleep(self, seconds: float) -> None:
        """Wait for a number of virtual seconds."""
        deadline = round(self.time + seconds, DIGITS)
        while self.time < deadline:
            await self.wait(deadline)

    def _jump_to_earliest(self) -> None:
        deadlines = [moment for moment in self._waiters.values() if moment is not None]
        if self.auto and deadlines:
            self._set_anchor(max(self.time, min(deadlines)))

    def _real_seconds(self, until: float | None, at_most: float | None) -> float | None:
        speed = self._speed
        bounds = [] if at_most is None else [at_most]
        if until is not None and until <= self.time:
            bounds.append(0)
        elif until is not None and speed > 0:
            bounds.append((until - self.time) / speed)
        return min(bounds, default=None)

    def _set_anchor(self, moment: float) -> None:
        self._anchor, self._anchored_at = moment, self._real()
        self.notify()


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


async def breathe() -> None:
    """Let everybody else have a turn, in the middle of much work."""
    await asyncio.sleep(0)


def _checked(rate: Rate) -> Rate:
    if rate != "auto" and not (math.isfinite(rate) and rate >= 0):
        message = f"a clock's rate is a number of at least 0, or auto; got {rate}"
        raise ValueError(message)
    return rate


def utc(moment: float) -> datetime:
    """Return a unix time as a date in UTC."""
    return datetime.fromtimestamp(moment, UTC)
