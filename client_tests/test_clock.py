"""The clock alone, on a real time that the test turns by hand."""

import asyncio
import math
from datetime import UTC, datetime

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.clock import LAST, Clock, utc, wall

START = 1_678_865_268.0


class Real:
    """A real clock that moves when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def real():
    return Real()


# --- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "expected"), [(1, 10), (600, 6000), (0.5, 5), (0, 0), ("auto", 0)])
def test_virtual_time_is_real_time_times_the_rate(real, rate, expected):
    clock = Clock(START, rate, real=real)

    real.seconds += 10

    assert START + expected == clock.time


def test_a_clock_without_a_start_begins_now():
    before = wall()
    clock = Clock()

    assert before <= clock.time <= wall() + 1


def test_now_is_the_second_that_has_begun(real):
    clock = Clock(START + 0.999, 0, real=real)

    assert START == clock.now
    assert isinstance(clock.now, int)


def test_utc_says_a_moment_as_a_date():
    assert datetime(2023, 3, 15, 7, 27, 48, tzinfo=UTC) == utc(START)


# --- moving ----------------------------------------------------------------------------------------------------------


def test_advance_jumps_and_time_goes_on_from_there(real):
    clock = Clock(START, 60, real=real)
    real.seconds += 1

    clock.advance(3600)
    real.seconds += 1

    assert START + 60 + 3600 + 60 == clock.time


@pytest.mark.parametrize("seconds", [-1, -1e-9, math.nan, math.inf, -math.inf])
def test_advance_refuses_what_is_not_a_way_forward_and_changes_nothing(real, seconds):
    clock = Clock(START, 0, real=real)

    with pytest.raises(ValueError, match="only goes forward"):
        clock.advance(seconds)

    assert START == clock.time


def test_advance_to_goes_to_the_exact_moment(real):
    clock = Clock(START, 600, real=real)
    real.seconds += 0.123

    clock.advance_to(START + 778)

    assert START + 778 == clock.time


@pytest.mark.parametrize("moment", [START - 0.001, 0, math.nan, math.inf])
def test_advance_to_refuses_the_past_and_changes_nothing(real, moment):
    clock = Clock(START, 0, real=real)

    with pytest.raises(ValueError, match="only goes forward"):
        clock.advance_to(moment)

    assert START == clock.time


def test_a_new_rate_counts_from_the_moment_it_is_set(real):
    clock = Clock(START, 600, real=real)
    real.seconds += 2

    clock.set_rate(1)
    real.seconds += 5

    assert (1, START + 1205) == (clock.rate, clock.time)


@pytest.mark.parametrize("rate", [-1, math.nan, math.inf])
def test_a_rate_that_makes_no_sense_is_refused_and_the_old_one_stays(real, rate):
    clock = Clock(START, 60, real=real)

    with pytest.raises(ValueError, match="at least 0, or auto"):
        clock.set_rate(rate)
    with pytest.raises(ValueError, match="at least 0, or auto"):
        Clock(START, rate)

    assert 60 == clock.rate


def test_a_held_clock_stands_still_until_it_is_released(real):
    clock = Clock(START, 600, held=True, real=real)
    real.seconds += 100
    assert (True, START) == (clock.held, clock.time)

    clock.release()
    real.seconds += 1

    assert (False, START + 600) == (clock.held, clock.time)


def test_releasing_a_running_clock_does_nothing(real):
    clock = Clock(START, 600, real=real)
    real.seconds += 1

    clock.release()

    assert START + 600 == clock.time


def test_a_held_clock_can_be_moved_by_hand_and_keeps_the_rate_it_is_given(real):
    clock = Clock(START, 1, held=True, real=real)

    clock.advance(10)
    clock.set_rate(60)
    real.seconds += 5
    assert START + 10 == clock.time
    clock.release()
    real.seconds += 1

    assert START + 70 == clock.time


moves = st.one_of(
    st.tuples(st.just("real"), st.floats(0, 1e6)),
    st.tuples(st.just("advance"), st.floats(0, 1e9)),
    st.tuples(st.just("set_rate"), st.one_of(st.just("auto"), st.floats(0, 1e4))),
    st.tuples(st.just("release"), st.none()),
)


@given(start=st.floats(0, 4e9), held=st.booleans(), told=st.lists(moves, max_size=30))
def test_time_never_goes_back_whatever_is_done_to_the_clock(start, held, told):
    real = Real()
    clock = Clock(start, 1, held=held, real=real)
    seen = [clock.time]

    for verb, value in told:
        if verb == "real":
            real.seconds += value
        elif verb == "release":
            clock.release()
        else:
            getattr(clock, verb)(value)
        seen.append(clock.time)

    assert sorted(seen) == seen


def test_time_ends_with_the_last_date_that_can_be_written(real):
    clock = Clock(LAST - 10, 1, real=real)

    for move, beyond in ((clock.advance, 11), (clock.advance_to, LAST + 1), (clock.advance, 1e300)):
        with pytest.raises(ValueError, match="until the year 9999"):
            move(beyond)
    assert LAST - 10 == clock.time

    real.seconds += 1e9
    assert (LAST, "9999-12-31 23:59:59+00:00") == (clock.now, str(utc(clock.time)))


def test_reaching_a_moment_jumps_there_unless_it_has_passed(real):
    clock = Clock(START, 1, real=real)

    clock.reach(START + 10)
    assert START + 10 == clock.time
    clock.reach(START + 5)
    assert START + 10 == clock.time


# --- pinning ---------------------------------------------------------------------------------------------------------


def test_a_pinned_clock_reads_the_moment_it_is_pinned_to_and_then_the_time_again(real):
    clock = Clock(START, 1, real=real)

    with clock.at(START - 500.5):
        real.seconds += 3
        assert (START - 500.5, START - 501) == (clock.time, clock.now)
        with clock.at(7):
            assert 7 == clock.time
        assert START - 500.5 == clock.time

    assert START + 3 == clock.time


def test_a_pin_is_taken_out_when_the_block_fails(real):
    clock = Clock(START, 1, real=real)

    with pytest.raises(LookupError), clock.at(7):
        raise LookupError

    assert START == clock.time


# --- waiting ---------------------------------------------------------------------------------------------------------


async def waiting(*waits):
    """Begin to wait, in tasks that have come to a standstill when this returns."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    for _ in range(3):
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)
    return tasks


WAKING = {
    "advance": lambda clock: clock.advance(1),
    "advance_to": lambda clock: clock.advance_to(START + 1),
    "a new rate": lambda clock: clock.set_rate(5),
    "a release": lambda clock: clock.release(),
    "a notice": lambda clock: clock.notify(),
}


@pytest.mark.anyio
@pytest.mark.parametrize("wake", WAKING.values(), ids=WAKING)
async def test_whoever_waits_looks_again_when_something_happens_to_the_clock(real, wake):
    clock = Clock(START, 0, held=True, real=real)
    tasks = await waiting(clock.wait(START + 60), clock.wait(None))

    wake(clock)

    with anyio.fail_after(1):
        await asyncio.gather(*tasks)


@pytest.mark.anyio
@pytest.mark.parametrize("rate", [0, 1, "auto"])
async def test_a_moment_that_has_come_is_not_waited_for(real, rate):
    clock = Clock(START, rate, real=real)

    with anyio.fail_after(1):
        await clock.wait(START)
        await clock.wait(START - 1)
        await clock.sleep(0)

    assert START == clock.time


@pytest.mark.anyio
@pytest.mark.parametrize("until", [None, START + 1e6])
async def test_a_wait_lasts_at_most_so_many_real_seconds(real, until):
    clock = Clock(START, 1, real=real)

    with anyio.fail_after(1):
        await clock.wait(until, at_most=0.002)

    assert START == clock.time


@pytest.mark.anyio
async def test_a_fast_clock_is_waited_for_as_long_as_it_needs():
    clock = Clock(START, 1_000_000)

    with anyio.fail_after(1):
        await clock.sleep(3600)

    assert clock.time >= START + 3600


@pytest.mark.anyio
async def test_sleep_goes_on_after_being_woken_too_early(real):
    clock = Clock(START, 0, real=real)
    (task,) = await waiting(clock.sleep(10))

    clock.advance(9.5)
    for _ in range(3):
        await asyncio.sleep(0)
    assert not task.done()
    clock.advance(0.5)

    with anyio.fail_after(1):
        await task


@pytest.mark.anyio
async def test_a_wait_that_is_cancelled_leaves_nobody_behind(real):
    clock = Clock(START, 0, real=real)
    (task,) = await waiting(clock.wait(None))

    task.cancel()
    await asyncio.wait([task])

    assert {} == clock._waiters


# --- rate: auto ------------------------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_an_auto_clock_jumps_to_the_moment_somebody_waits_for(real):
    clock = Clock(START, "auto", real=real)

    with anyio.fail_after(1):
        await clock.sleep(3600)

    assert START + 3600 == clock.time


@pytest.mark.anyio
async def test_an_auto_clock_wakes_several_sleepers_each_at_its_own_moment(real):
    clock = Clock(START, "auto", real=real)
    woken = []

    async def sleeper(*naps):
        for seconds in naps:
            await clock.sleep(seconds)
            woken.append((naps, clock.time - START))

    with anyio.fail_after(1):
        await asyncio.gather(sleeper(30), sleeper(10, 5), sleeper(20), sleeper(20))

    assert [((10, 5), 10), ((10, 5), 15), ((20,), 20), ((20,), 20), ((30,), 30)] == woken


@pytest.mark.anyio
async def test_an_auto_clock_does_not_move_for_those_who_wait_for_no_moment(real):
    clock = Clock(START, "auto", real=real)
    tasks = await waiting(clock.wait(None), clock.wait(None))

    assert START == clock.time
    clock.notify()
    await asyncio.gather(*tasks)


@pytest.mark.anyio
async def test_an_auto_clock_that_is_held_jumps_only_once_it_is_released(real):
    clock = Clock(START, "auto", held=True, real=real)
    (task,) = await waiting(clock.sleep(60))
    assert (False, START) == (clock.auto, clock.time)

    clock.release()
    with anyio.fail_after(1):
        await task

    assert START + 60 == clock.time
