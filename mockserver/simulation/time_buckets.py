"""Time cut into buckets, as the reports of usage and of costs give it, one page of buckets at a time.

Buckets end on whole minutes, hours or days in UTC. Those of usage keep to what was asked for, down to the minute: the
first begins and the last ends in the middle of a day (seen in the official cookbook's run of January 2025). Those of
costs are whole days always (in the same run).

A cursor is the moment at which the next page begins, written down as the official ones look.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60, 3600, 86_400
WIDTHS = {"1m": MINUTE, "1h": HOUR, "1d": DAY}
PREFIX = "page_"
#: how many bytes the moment in a cursor has
CURSOR_BYTES = 8


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of time from its first second up to, but not including, its last (unix seconds)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """What is asked for: from `start` up to, but not including, `end` (unix seconds), in buckets of so many seconds."""

    start: int
    end: int
    width: int
    whole: bool = False

    def page(self, begin: int | None, limit: int) -> tuple[list[Bucket], str | None]:
        """Return up to `limit` buckets from `begin` on, the moment a cursor tells, and the cursor of the next page."""
        buckets: list[Bucket] = []
        for bucket in self._buckets(max(begin or 0, self.start)):
            if len(buckets) == limit:
                return buckets, cursor(bucket.start)
            buckets.append(bucket)
        return buckets, None

    def _buckets(self, moment: int) -> Iterator[Bucket]:
        if moment >= self.end:
            return
        moment -= moment % (self.width if self.whole else MINUTE)
        while moment < self.end:
            end = moment - moment % self.width + self.width
            yield Bucket(moment, end if self.whole else min(end, self.end))
            moment = end


def cursor(moment: int) -> str:
    """Return the cursor of a page that begins at a moment."""
    return PREFIX + urlsafe_b64encode(moment.to_bytes(CURSOR_BYTES)).decode()


def moment_of(page: str) -> int:
    """Return the moment a cursor tells. Raises ValueError for what is none."""
    raw = urlsafe_b64decode(page.removeprefix(PREFIX).encode("ascii"))
    if len(raw) != CURSOR_BYTES or cursor(moment := int.from_bytes(raw)) != page:
        message = f"{page!r} is no cursor"
        raise ValueError(message)
    return moment
