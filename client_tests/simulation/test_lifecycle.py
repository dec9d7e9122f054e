"""The table of a job's life, walked by hand and by chance."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.lifecycle import FINAL, JOB, IllegalMoveError, move

STATES = {state for state, _ in JOB} | set(JOB.values())
TRIGGERS = {trigger for _, trigger in JOB}


def walk(*triggers):
    states = ["validating_files"]
    for trigger in triggers:
        states.append(move(JOB, states[-1], trigger))
    return states


def test_a_job_that_succeeds():
    assert ["validating_files", "queued", "running", "succeeded"] == walk("validated", "start", "succeed")


@pytest.mark.parametrize("before", [(), ("validated",), ("validated", "start")])
def test_a_job_can_fail_while_it_is_validated_queued_or_running(before):
    assert "failed" == walk(*before, "fail")[-1]


@pytest.mark.parametrize(
    "before",
    [(), ("validated",), ("validated", "start"), ("validated", "pause"), ("validated", "start", "pause")],
)
def test_a_job_can_be_cancelled_as_long_as_it_has_not_ended(before):
    assert "cancelled" == walk(*before, "cancel")[-1]


@pytest.mark.parametrize("before", [("validated",), ("validated", "start")])
def test_a_paused_job_returns_to_the_queue(before):
    assert ["paused", "queued", "running"] == walk(*before, "pause", "resume", "start")[-3:]


def test_the_states_are_those_of_the_official_api():
    assert {"validating_files", "queued", "running", "paused", "succeeded", "failed", "cancelled"} == STATES


@pytest.mark.parametrize("state", sorted(STATES))
@pytest.mark.parametrize("trigger", sorted(TRIGGERS | {"unheard of"}))
def test_a_move_that_is_not_in_the_table_raises_and_says_so(state, trigger):
    if (state, trigger) in JOB:
        assert JOB[state, trigger] == move(JOB, state, trigger)
        return

    with pytest.raises(IllegalMoveError, match=f"a {state} job cannot {trigger}") as caught:
        move(JOB, state, trigger)

    assert (state, trigger) == (caught.value.state, caught.value.trigger)


def test_nothing_leads_out_of_a_final_state_and_out_of_every_other_there_is_a_way_to_the_end():
    assert STATES - {state for state, _ in JOB} == FINAL
    reached = set(FINAL)
    for _ in STATES:
        reached |= {state for (state, _), after in JOB.items() if after in reached}
    assert reached == STATES


@given(st.lists(st.sampled_from(sorted(TRIGGERS)), max_size=30))
def test_illegal_moves_change_nothing_whatever_is_tried(triggers):
    state, table = "validating_files", dict(JOB)
    for trigger in triggers:
        with contextlib.suppress(IllegalMoveError):
            state = move(JOB, state, trigger)

    legal = "validating_files"
    for trigger in triggers:
        legal = JOB.get((legal, trigger), legal)
    assert (legal, table) == (state, JOB)
