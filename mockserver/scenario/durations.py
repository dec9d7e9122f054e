"""How a scenario writes time and size: `2h 5m`, `2023-03-15T07:27:48Z`, `512MB`.

Every quantity becomes one plain unit while it is read (float seconds, UTC, unix seconds, bytes), so that
nothing behind this file converts anything.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from mockserver.scenario.problems import must_be

_SECONDS = {
    "d": Decimal(86_400),
    "h": Decimal(3_600),
    "m": Decimal(60),
    "s": Decimal(1),
    "ms": Decimal("0.001"),
}
_LONGEST = 36_525 * 86_400.0
_DURATION = re.compile(
    r"\s*".join(rf"(?:(?P<{unit}>\d+(?:\.\d+)?)\s*{unit}(?![a-z]))?" for unit in _SECONDS), re.ASCII
)
_BARE = re.compile(r"\d+(\.\d+)?", re.ASCII)
_A_DURATION = "a duration such as 20s, 2h 5m or 500ms (at most 100 years)"

_BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_SIZE = re.compile(rf"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>{'|'.join(_BYTES)})", re.ASCII)
_A_SIZE = "a size such as 512MB, 2GiB or a whole number of bytes"

_FIRST_INSTANT = 100_000_000
_AN_INSTANT = "a date, a time such as 2023-03-15T07:27:48Z, or unix seconds"


def parse_duration(value: object) -> float:
    """Return seconds from `1d 2h 3m 4s 500ms` (any part, largest first) or a bare number of seconds.

    At least 0, at most 100 years. Raises ValueError.
    """
    seconds: float | None = None
    if isinstance(value, str):
        text = value.strip()
        parts = _DURATION.fullmatch(text)
        if _BARE.fullmatch(text):
            seconds = float(text)
        elif text and parts:
            seconds = float(sum(Decimal(n) * _SECONDS[unit] for unit, n in parts.groupdict("0").items()))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        seconds = float(min(value, 2 * _LONGEST))
    if seconds is None or not 0 <= seconds <= _LONGEST:
        raise must_be(_A_DURATION)
    return seconds


def parse_size(value: object) -> int:
    """Return bytes, at least 1, from `512MB` (powers of 1000), `2GiB` (of 1024) or a whole number.

    Raises ValueError.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    size = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    number = Decimal(size["number"]) * _BYTES[size["unit"]] if size else Decimal(0)
    if number < 1:
        raise must_be(_A_SIZE)
    return int(number)


def parse_instant(value: object) -> datetime:
    """Return a moment in UTC from an ISO 8601 date or time (UTC unless it says otherwise) or unix seconds.

    Nothing before 1973, because `2023` means a year to its writer. Raises ValueError.
    """
    try:
        instant = _instant(value)
        if instant.timestamp() >= _FIRST_INSTANT:
            return instant
    except (TypeError, ValueError, OverflowError, OSError):
        pass
    raise must_be(_AN_INSTANT)


def _instant(value: object) -> datetime:
    match value:
        case datetime():
            instant = value
        case str():
            instant = datetime.fromisoformat(value.strip())
        case int() | float():
            instant = datetime.fromtimestamp(value, UTC)
        case _:
            raise TypeError
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def parse_unix_time(value: object) -> int:
    """Return whole unix seconds from anything `parse_instant` reads. Raises ValueError."""
    return int(parse_instant(value).timestamp())


Duration = Annotated[
    float,
    BeforeValidator(parse_duration, json_schema_input_type=str | Annotated[float, Field(ge=0, le=_LONGEST)]),
]
"""Seconds, written as `2h 5m` or as a number."""

Size = Annotated[int, BeforeValidator(parse_size, json_schema_input_type=str | Annotated[int, Field(ge=1)])]
"""Bytes, written as `512MB` or as a number."""

Instant = Annotated[datetime, BeforeValidator(parse_instant, json_schema_input_type=str | int)]
"""A moment in UTC, written as a date, a time or unix seconds."""

UnixTime = Annotated[int, BeforeValidator(parse_unix_time, json_schema_input_type=str | int)]
"""A moment in whole unix seconds, written like an Instant."""
