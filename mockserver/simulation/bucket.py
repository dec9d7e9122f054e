"""A token bucket: so many units fit, and it refills evenly so that an empty one is full after its period.

Exact to the unit: time is whole microseconds and a level is counted in *grains*. A unit has as many grains as the
period has microseconds, and every microsecond brings as many grains as the bucket holds units, so that nothing is
ever rounded but what is shown. What is shown is rounded against the caller: a unit counts as used until all of it
is back, and who waits as long as told finds room.

Times are microseconds since the epoch and never run backwards.
"""

from typing import NamedTuple

MICROSECONDS = 1_000_000


class Bucket(NamedTuple):
    """A bucket of `limit` units (at least 1) and a period in seconds; `missing` grains were gone at the time `at`."""

    limit: int
    period: int
    missing: int = 0
    at: int = 0

    def used(self, now: int) -> int:
        """Return the units that are not back yet."""
        return _up(self._missing(now), self._grains)

    def remaining(self, now: int) -> int:
        """Return the units that can be taken at once."""
        return self.limit - self.used(now)

    def refilled_after(self, now: int) -> int:
        """Return the microseconds until it is full."""
        return _up(self._missing(now), self.limit)

    def wait(self, units: int, now: int) -> int | None:
        """Return the microseconds until so many units can be taken; None if that many never fit."""
        if units > self.limit:
            return None
        lacking = self._missing(now) - (self.limit - units) * self._grains
        return _up(lacking, self.limit) if lacking > 0 else 0

    def take(self, units: int, now: int) -> "Bucket":
        """Return the bucket without so many units. Raises ValueError if they are not there."""
        missing = self._missing(now) + units * self._grains
        if missing > self.limit * self._grains:
            message = f"{units} units are not in a bucket that has {self.remaining(now)}"
            raise ValueError(message)
        return Bucket(self.limit, self.period, missing, now)

    @property
    def _grains(self) -> int:
        """How many grains a unit has."""
        return self.period * MICROSECONDS

    def _missing(self, now: int) -> int:
        missing = self.missing - (now - self.at) * self.limit
        return missing if missing > 0 else 0  # noqa: FURB136 - a call of max() for every bucket of every request counts


def duration(microseconds: int) -> str:
    """Return a duration as the API writes it, to the millisecond above: `6ms`, `8.64s`, `1m0s`, `2h46m40s`."""
    milliseconds = _up(microseconds, 1000)
    if 0 < milliseconds < 1000:  # noqa: PLR2004 - less than a second has a unit of its own
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest / 1000:.3f}".rstrip("0").rstrip(".")
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{seconds}s"


def _up(amount: int, unit: int) -> int:
    """Return how many units an amount begins."""
    return -(-amount // unit)
