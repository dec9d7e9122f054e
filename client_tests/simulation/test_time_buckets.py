"""Buckets of time: without gaps, on whole minutes, hours and days, whichever page they come on."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.time_buckets import DAY, HOUR, MINUTE, Bucket, Span, cursor, moment_of

#: 2025-01-11 17:31:03, thirty days before the cookbook's run
START = 1736616663
moments = st.integers(0, 2_000_000_000)
widths = st.sampled_from([MINUTE, HOUR, DAY])


def test_days_of_usage_begin_and_end_as_in_the_cookbooks_run():
    buckets, following = Span(START, 1739208663, DAY).page(None, 31)

    assert (Bucket(1736616660, 1736640000), Bucket(1736640000, 1736726400)) == tuple(buckets[:2])
    assert Bucket(1739145600, 1739208663) == buckets[-1]
    assert (31, None) == (len(buckets), following)


def test_days_of_costs_are_whole_as_in_the_cookbooks_run():
    buckets, _ = Span(START, 1739208663, DAY, whole=True).page(None, 31)

    assert (Bucket(1736553600, 1736640000), Bucket(1739145600, 1739232000)) == (buckets[0], buckets[-1])


def test_a_cursor_looks_like_the_official_ones_and_tells_a_moment():
    assert "page_AAAAAGcqsYA=" == cursor(1730851200)
    assert 1730851200 == moment_of("page_AAAAAGcqsYA=")


@pytest.mark.parametrize(
    "page", ["", "page_", "page_AAAA", "AAAAAGcqsYA=", "page_AAAAAGcqsYA", "page_ä", "page_*AAAAGcqsYA="]
)
def test_what_is_no_cursor_tells_nothing(page):
    with pytest.raises(ValueError, match=r".*"):
        moment_of(page)


@given(moments)
def test_every_moment_has_a_cursor(moment):
    assert moment == moment_of(cursor(moment))


@given(moments, st.integers(1, 40 * DAY), widths, st.integers(1, 50), st.booleans())
def test_pages_follow_each_other_without_a_gap_or_an_overlap(start, length, width, limit, whole):
    span = Span(start, start + length, width, whole)
    at_once, none_left = span.page(None, 10**6)
    found, page = span.page(None, limit)
    for _ in range(20):
        if page is not None:
            buckets, page = span.page(moment_of(page), limit)
            found += buckets

    assert none_left is None
    assert at_once[: len(found)] == found
    assert (page is None) == (at_once == found)
    assert found[0].start <= start < found[0].end
    for one, other in itertools.pairwise(found):
        assert one.end == other.start
        assert other.start % width == 0
    assert all(one.start % MINUTE == 0 and one.start < one.end <= one.start + width for one in found)


@given(moments, st.integers(0, DAY), widths, st.booleans())
def test_no_time_has_no_buckets(moment, before, width, whole):
    assert ([], None) == Span(moment, max(0, moment - before), width, whole).page(None, 5)


@given(moments, st.integers(1, 40 * DAY), widths)
def test_usage_is_told_up_to_the_very_end_and_costs_up_to_the_end_of_the_day(start, length, width):
    end = start + length

    assert end == Span(start, end, width).page(None, 10**6)[0][-1].end
    assert -(-end // width) * width == Span(start, end, width, whole=True).page(None, 10**6)[0][-1].end
