"""A clock that waits for a call: it starts with the first one that succeeds, at the exact second."""

import openai
import pytest

START = 1_678_865_268
HELD = "version: 1\nclock: {start: 2023-03-15T07:27:48Z, rate: 0.01, hold_until: files.create}\n"


@pytest.fixture
def held(open_world):
    return open_world(yaml=HELD)


def clock(world):
    told = world.control("GET", "clock")
    return told["held"], told["now"]


def test_a_held_clock_stands_still_while_other_calls_come(held):
    with held.client() as client:
        client.models.list()
        client.files.list()

    assert (True, START) == clock(held)


def test_the_awaited_call_happens_at_the_start_and_the_clock_runs_from_then(held, pairs):
    with held.client() as client:
        file = client.files.create(file=pairs, purpose="fine-tune")

    assert START == file.created_at
    assert not clock(held)[0]
    assert clock(held)[1] > START


def test_an_awaited_call_that_is_refused_does_not_start_the_clock(held, http):
    with held.client() as client, pytest.raises(openai.BadRequestError):
        client.files.create(file=b"x", purpose="nothing")
    http.post(f"{held.url}/files")

    assert (True, START) == clock(held)


def test_a_held_clock_can_be_released_by_hand(held):
    held.control("POST", "clock", json={"release": True})

    assert not clock(held)[0]


def test_a_reset_world_waits_again(held, pairs):
    with held.client() as client:
        client.files.create(file=pairs, purpose="fine-tune")

    held.control("POST", "reset")

    assert (True, START) == clock(held)
