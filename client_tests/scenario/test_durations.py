"""Durations, sizes and moments: every written form, and the same value from each."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.scenario.durations import parse_duration, parse_instant, parse_size, parse_unix_time

HUNDRED_YEARS = 36_525 * 86_400


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (3180.0, "53m"),
        (7500.0, "2h 5m"),
        (7500.0, "2h5m"),
        (778.0, "778s"),
        (86400.0, "1d"),
        (0.5, "500ms"),
        (0.5, "0.5s"),
        (5400.0, "1.5h"),
        (93784.005, "1d 2h 3m 4s 5ms"),
        (60.001, "1m 1ms"),
        (0.7, "700ms"),
        (20.0, "  20 s "),
        (0.0, "0s"),
        (90.0, "90"),
        (0.25, "0.25"),
        (90.0, 90),
        (0.25, 0.25),
        (0.0, 0),
        (float(HUNDRED_YEARS), "36525d"),
    ],
)
def test_a_duration_becomes_seconds(seconds, written):
    assert seconds == parse_duration(written)
    assert isinstance(parse_duration(written), float)


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "s", "five", "1m 2", "5m 2h", "1s 1s", "-5s", "1e3s", "5 weeks", "5M", "1,5s", ".5s"),
        *("\u0663s", "36526d", "9" * 400),
        *(-1, -0.1, True, None, [], math.nan, math.inf, 10**400, HUNDRED_YEARS + 1),
    ],
)
def test_what_is_not_a_duration_is_refused(written):
    with pytest.raises(ValueError, match="duration such as"):
        parse_duration(written)


UNITS = {"d": Decimal(86400), "h": Decimal(3600), "m": Decimal(60), "s": Decimal(1), "ms": Decimal("0.001")}
AMOUNTS = st.decimals(min_value=0, max_value=1000, places=3)


@given(st.dictionaries(st.sampled_from(list(UNITS)), AMOUNTS, min_size=1), st.sampled_from(["", " ", "  "]))
def test_parts_add_up_whatever_stands_between_them(parts, gap):
    ordered = [(unit, parts[unit]) for unit in UNITS if unit in parts]
    written = gap.join(f"{amount}{gap}{unit}" for unit, amount in ordered)

    assert float(sum(amount * UNITS[unit] for unit, amount in ordered)) == parse_duration(written)


@given(st.floats(min_value=0, max_value=HUNDRED_YEARS))
def test_a_number_is_that_many_seconds(seconds):
    assert seconds == parse_duration(seconds)


@given(st.text())
def test_any_text_is_a_duration_in_range_or_a_value_error(text):
    try:
        seconds = parse_duration(text)
    except ValueError:
        return

    assert 0 <= seconds <= HUNDRED_YEARS


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (1, 1),
        (1607, "1607B"),
        (512_000_000, "512MB"),
        (2 * 2**30, "2GiB"),
        (1536, "1.5 KiB"),
        (10**9, "1 GB"),
        (3 * 2**20, "3MiB"),
        (1000, "1KB"),
    ],
)
def test_a_size_becomes_bytes(size, written):
    assert size == parse_size(written)


@pytest.mark.parametrize(
    "written", ["", "1", "GB", "1 gb", "1Gb", "-1KB", "0B", 0, -1, 1.5, True, None, "0.1B"]
)
def test_what_is_not_a_size_is_refused(written):
    with pytest.raises(ValueError, match="size such as"):
        parse_size(written)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2023, 3, 15, tzinfo=UTC), "2023-03-15"),
        (datetime(2023, 3, 15, 7, 27, 48, tzinfo=UTC), "2023-03-15T07:27:48Z"),
        (datetime(2023, 3, 15, 7, 27, 48, tzinfo=UTC), "2023-03-15 07:27:48"),
        (datetime(2023, 3, 15, 7, 27, 48, tzinfo=UTC), "2023-03-15T15:27:48+08:00"),
        (datetime(2023, 3, 15, 7, 27, 48, tzinfo=UTC), 1678865268),
        (datetime(2023, 3, 15, 7, 27, 48, tzinfo=UTC), datetime(2023, 3, 15, 7, 27, 48, tzinfo=UTC)),
    ],
)
def test_a_moment_becomes_utc(moment, written):
    assert moment == parse_instant(written)
    assert timedelta(0) == parse_instant(written).utcoffset()


@pytest.mark.parametrize(
    "written",
    [
        2023,
        "2023",
        "yesterday",
        "",
        "15.03.2023",
        None,
        True,
        [],
        math.nan,
        10**30,
        "0001-01-01T00:00+14:00",
        "1970-01-01",
    ],
)
def test_what_is_not_a_moment_is_refused(written):
    """A year alone is refused too: as unix seconds it would silently mean 1970."""
    with pytest.raises(ValueError, match="a time such as"):
        parse_instant(written)


def test_unix_time_is_whole_seconds():
    assert 1678848638 == parse_unix_time("2023-03-15T02:50:38Z")
    assert 1678848638 == parse_unix_time("2023-03-15T02:50:38.900Z")
    assert 1678848638 == parse_unix_time(1678848638)
