"""A token bucket against the same law in fractions: never a unit too many, never a microsecond too late."""

import re
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.bucket import MICROSECONDS, Bucket, duration

MINUTE, DAY = 60, 86_400
START = 1_678_865_268 * MICROSECONDS

limits = st.integers(1, 50_000)
periods = st.sampled_from([MINUTE, DAY])
#: what happens to a bucket: so many microseconds pass, then somebody wants so many units
visits = st.lists(st.tuples(st.integers(0, 90_000_000), st.integers(0, 60_000)), max_size=30)


def played(limit, period, story):
    """Yield the bucket, the time, the units wanted and what is missing by the law in fractions."""
    bucket, now, missing = Bucket(limit, period), START, Fraction(0)
    for passed, units in story:
        now += passed
        missing = max(Fraction(0), missing - Fraction(passed * limit, period * MICROSECONDS))
        yield bucket, now, units, missing
        if missing + units <= limit:
            bucket = bucket.take(units, now)
            missing += units


@given(limits, periods, visits)
def test_units_are_there_exactly_when_the_law_says_so(limit, period, story):
    for bucket, now, units, missing in played(limit, period, story):
        assert (missing + units <= limit) == (bucket.wait(units, now) == 0)


@given(limits, periods, visits)
def test_what_is_used_and_what_remains_are_all_there_is_and_never_flatter_the_caller(limit, period, story):
    for bucket, now, _, missing in played(limit, period, story):
        assert limit == bucket.used(now) + bucket.remaining(now)
        assert bucket.used(now) - 1 < missing <= bucket.used(now)


@given(limits, periods, visits)
def test_who_waits_as_long_as_told_finds_room_and_a_microsecond_less_is_too_early(limit, period, story):
    for bucket, now, units, _ in played(limit, period, story):
        wait = bucket.wait(units, now)
        if wait is None:
            assert units > limit
        elif wait:
            assert 0 == bucket.wait(units, now + wait)
            assert 0 < bucket.wait(units, now + wait - 1)
            with pytest.raises(ValueError, match="not in a bucket"):
                bucket.take(units, now)


@given(limits, periods, visits)
def test_a_bucket_is_full_again_when_it_says_and_not_before(limit, period, story):
    for bucket, now, _, missing in played(limit, period, story):
        until_full = bucket.refilled_after(now)
        assert limit == bucket.remaining(now + until_full)
        assert (missing == 0) == (until_full == 0)
        assert until_full <= period * MICROSECONDS


@given(limits, periods, visits)
def test_no_span_of_time_gives_more_than_a_full_bucket_and_what_it_brings(limit, period, story):
    taken = [
        (now, units) for bucket, now, units, _ in played(limit, period, story) if 0 == bucket.wait(units, now)
    ]
    for first in range(len(taken)):
        given_out = 0
        for now, units in taken[first:]:
            given_out += units
            brought = Fraction((now - taken[first][0]) * limit, period * MICROSECONDS)
            assert given_out <= limit + brought


@pytest.mark.parametrize(
    ("limit", "period", "used", "wanted", "told"),
    [
        (3, MINUTE, 3, 1, "20s"),  # OpenBMB/ChatDev#26
        (10_000, MINUTE, 8_554, 3_082, "9.816s"),  # FoundationAgents/MetaGPT#523
        (30_000, MINUTE, 29_937, 385, "644ms"),  # BuilderIO/micro-agent#86
        (
            250_000,
            MINUTE,
            250_000,
            57_059,
            "13.695s",
        ),  # openai/codex#10060, which said 13.694s: a bit too early
        (3_000, MINUTE, 3_000, 1, "20ms"),  # openai/codex#10060
        (1_000, DAY, 1_000, 1, "1m26.4s"),  # openai/openai-agents-js#1022
    ],
)
def test_published_refusals_come_out_as_they_were(limit, period, used, wanted, told):
    bucket = Bucket(limit, period).take(used, START)

    assert used == bucket.used(START)
    assert told == duration(bucket.wait(wanted, START))


@pytest.mark.parametrize(
    ("microseconds", "told"),
    [
        (0, "0s"),
        (1, "1ms"),
        (6_000, "6ms"),
        (999_001, "1s"),
        (8_640_000, "8.64s"),
        (59_999_001, "1m0s"),
        (60_000_000, "1m0s"),
        (360_000_000, "6m0s"),
        (86_400_000, "1m26.4s"),
        (3_600_000_000, "1h0m0s"),
        (86_400_000_000, "24h0m0s"),
    ],
)
def test_durations_are_written_as_the_api_writes_them(microseconds, told):
    assert told == duration(microseconds)


@given(st.integers(0, 10**12))
def test_a_written_duration_is_at_most_a_millisecond_too_long_and_never_too_short(microseconds):
    told = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?|(\d+)ms", duration(microseconds))
    hours, minutes, seconds, milliseconds = (Fraction(part or 0) for part in told.groups())

    total = (hours * 3600 + minutes * 60 + seconds) * MICROSECONDS + milliseconds * 1000

    assert 0 <= total - microseconds < 1000


def test_time_that_passes_only_brings_units():
    bucket = Bucket(7, MINUTE).take(7, START)

    seen = [bucket.remaining(START + second * MICROSECONDS) for second in range(70)]

    assert [0, 7] == [seen[0], seen[-1]]
    assert all(before <= after for before, after in pairwise(seen))
