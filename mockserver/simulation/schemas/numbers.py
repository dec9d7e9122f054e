"""Numbers within bounds: sensible ones where there is room, and true multiples, also to those who divide floats."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

from mockserver.simulation.schemas.fit import is_within

if TYPE_CHECKING:
    from mockserver.chance import Random

Words = tuple[str, ...]

# What numbers are like where a schema leaves them open, by a word of their property's name.
_USUAL: Mapping[str, tuple[int, int]] = {
    "age": (18, 80),
    "confidence": (0, 1),
    "count": (1, 10),
    "day": (1, 28),
    "days": (1, 28),
    "hour": (0, 23),
    "hours": (1, 12),
    "id": (1000, 9999),
    "index": (0, 9),
    "lat": (-60, 60),
    "latitude": (-60, 60),
    "likelihood": (0, 1),
    "lng": (-180, 180),
    "lon": (-180, 180),
    "longitude": (-180, 180),
    "minute": (0, 59),
    "month": (1, 12),
    "port": (1024, 49151),
    "priority": (1, 5),
    "probability": (0, 1),
    "quantity": (1, 10),
    "rating": (1, 5),
    "ratio": (0, 1),
    "second": (0, 59),
    "stars": (1, 5),
    "step": (1, 10),
    "temperature": (-5, 30),
    "timestamp": (1_700_000_000, 1_780_000_000),
    "year": (2000, 2026),
}
_ANY = (1, 100)
_TRIES = 50


def integer(schema: Mapping[str, Any], words: Words, rng: "Random") -> int | None:
    """Return a whole number for a property called by such words; None if its schema allows none."""
    # A multiple of p/q, in lowest terms, is whole exactly where it is a multiple of p.
    step = Fraction(Fraction(str(schema.get("multipleOf", 1))).numerator)
    for low, high in _windows(schema, words, step):
        for found in _on_grid(low, high, step, rng):
            if is_within(int(found), schema):
                return int(found)
    return None


def number(schema: Mapping[str, Any], words: Words, rng: "Random") -> float | None:
    """Return a number for a property called by such words; None if its schema allows none."""
    step = Fraction(str(schema["multipleOf"])) if "multipleOf" in schema else None
    for low, high in _windows(schema, words, step or Fraction(1)):
        grid = _on_grid(low, high, step or _decimals(high - low), rng)
        for found in chain(grid, ((low + high) / 2, low, high)):
            if is_within(float(found), schema):
                return float(found)
    return None


def _windows(schema: Mapping[str, Any], words: Words, step: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield where to look for a number, each with its ends: where it usually is, then near what bounds it."""
    lows = [
        Fraction(str(schema[keyword])) for keyword in ("minimum", "exclusiveMinimum") if keyword in schema
    ]
    highs = [
        Fraction(str(schema[keyword])) for keyword in ("maximum", "exclusiveMaximum") if keyword in schema
    ]
    usual = next((_USUAL[word] for word in reversed(words) if word in _USUAL), _ANY)
    least, most = Fraction(usual[0]), Fraction(usual[1])
    low, high = max([*lows, least]), min([*highs, most])
    allowed = min(highs) - max(lows) if lows and highs else most - least
    if 2 * (high - low) >= min(allowed, most - least):
        yield low, high
    room = 100 * max(step, Fraction(1))
    if lows:
        yield max(lows), min([*highs, max(lows) + room])
    if highs:
        yield max([*lows, min(highs) - room]), min(highs)
    yield least, least + room


def _on_grid(low: Fraction, high: Fraction, step: Fraction, rng: "Random") -> Iterator[Fraction]:
    """Yield multiples of a step between two numbers, at random."""
    first, last = ceil(low / step), floor(high / step)
    if first <= last:
        for _ in range(_TRIES):
            yield rng.randint(first, last) * step


def _decimals(width: Fraction) -> Fraction:
    """Return the power of ten of which about a hundred fit into a width, one hundredth at most."""
    if width <= 0:
        return Fraction(1)
    return Fraction(1, 10 ** max(2, ceil(2 - log10(width))))
