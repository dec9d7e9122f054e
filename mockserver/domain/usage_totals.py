"""What was used, added up whole: for people, who want to know it in one line."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from mockserver.domain.usage import Entry


@dataclass(frozen=True, slots=True)
class Total:
    """So many calls (a fine-tune is one, too), tokens, and USD; of the tokens `read`, some `cached`."""

    calls: int = 0
    read: int = 0
    cached: int = 0
    said: int = 0
    trained: int = 0
    usd: Decimal = Decimal(0)

    def __add__(self, other: "Total") -> "Total":
        """Return both together."""
        return Total(
            self.calls + other.calls,
            self.read + other.read,
            self.cached + other.cached,
            self.said + other.said,
            self.trained + other.trained,
            self.usd + other.usd,
        )

    def __sub__(self, other: "Total") -> "Total":
        """Return what this is more than the other."""
        return self + Total(-other.calls, -other.read, -other.cached, -other.said, -other.trained, -other.usd)


def total(entries: Iterable[Entry]) -> Total:
    """Return entries added up."""
    each = (
        Total(entry.requests, entry.read, entry.cached, entry.said, entry.trained, entry.cost())
        for entry in entries
    )
    return sum(each, Total())


def told(used: Total) -> str:
    """Return a total as one sentence: `2 calls, 1,201 tokens read, 410 said: it would have cost $0.04.`."""
    counted = [f"{used.calls:,} call{'' if used.calls == 1 else 's'}"]
    if used.read or used.said:
        counted += [f"{used.read:,} tokens read", f"{used.said:,} said"]
    if used.trained:
        counted += [f"{used.trained:,} tokens trained"]
    return f"{', '.join(counted)}: it would have cost {_dollars(used.usd)}."


def _dollars(usd: Decimal) -> str:
    """Return a price to the cent, or to its first two digits if it is less than one."""
    if not usd or usd >= Decimal("0.01"):
        return f"${usd:,.2f}"
    return f"${usd:.{1 - usd.adjusted()}f}"
