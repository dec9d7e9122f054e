"""Worlds: time that is applied in one place, and what is still true after a restart."""

import asyncio
import errno
import shutil
from contextlib import closing, suppress
from itertools import count

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.clock import wall
from mockserver.config import UserError
from mockserver.errors import ApiError
from mockserver.scenario.loader import load_text
from mockserver.store import Step, StoreError
from mockserver.world import on_step
from mockserver.worlds import DEFAULT, Worlds

START = 1_678_865_268
STILL = "version: 1\nseed: 7\nclock: {start: 2023-03-15T07:27:48Z, rate: 0}\n"
FAST = "version: 1\nclock: {start: 2023-03-15T07:27:48Z, rate: 600}\n"
HELD = "version: 1\nclock: {start: 2023-03-15T07:27:48Z, rate: 600, hold_until: files.create}\n"
AUTO = "version: 1\nclock: {start: 2023-03-15T07:27:48Z, rate: auto}\n"
REAL = "version: 1\n"


@on_step("test.mark")
def mark(world, step):
    """Write down that the step came, and what time it was then."""
    world.store.put(
        "mark", {"id": f"{step.owner}-{step.number}", "owner": step.owner, "at": world.clock.time}
    )


@on_step("test.chain")
def chain(world, step):
    """Lay down another step, due at once or later."""
    world.store.schedule(step.owner, world.clock.time, [Step(step.data["after"], "test.mark")])


@on_step("fragile.broken")
@on_step("fragile.abandoned")
@on_step("test.broken")
def broken(world, step):
    """Do half of something."""
    mark(world, step)
    raise LookupError


@on_step("test.no_room")
def no_room(world, step):
    """Find the disk full."""
    raise OSError(errno.ENOSPC, "full")


def nobody(world):
    """Populate a world with nothing."""


def worlds(text=STILL, state=None, populate=nobody):
    return closing(Worlds(load_text(text), populate, state))


@pytest.fixture
def world():
    with worlds() as opened:
        yield opened[DEFAULT]


def marks(world):
    return [(one["owner"], one["at"]) for one in world.store.all("mark")]


def plan(*after, kind="test.mark"):
    return [Step(seconds, kind) for seconds in after]


# --- settle ----------------------------------------------------------------------------------------------------------


def test_steps_are_applied_in_order_each_at_its_own_moment_however_far_the_clock_jumped(world):
    world.store.schedule("a", START, plan(10, 20, 30))
    world.store.schedule("b", START, plan(15, 15))

    world.clock.advance(86_400)
    world.settle()

    assert [("a", 10), ("b", 15), ("a", 30), ("b", 30), ("a", 60)] == [
        (owner, at - START) for owner, at in marks(world)
    ]
    assert START + 86_400 == world.clock.time


def test_a_step_is_not_applied_before_its_moment(world):
    world.store.schedule("a", START, plan(10))

    world.clock.advance(9.999)
    world.settle()
    assert [] == marks(world)

    world.clock.advance_to(START + 10)
    world.settle()
    assert [("a", START + 10)] == marks(world)


@pytest.mark.parametrize(("after", "applied"), [(0, True), (5, True), (50, False)])
def test_what_a_step_plans_is_applied_in_the_same_settling_if_it_is_due_by_now(world, after, applied):
    world.store.schedule("a", START, [Step(10, "test.chain", {"after": after})])

    world.clock.advance(20)
    world.settle()

    assert [("a", START + 10 + after)] * applied == marks(world)


def test_a_step_that_fails_has_done_nothing_and_is_told_once(world):
    world.store.schedule("a", START, [*plan(10), *plan(10, kind="test.broken"), *plan(10)])
    world.store.schedule("b", START, plan(40))
    world.clock.advance(100)

    with pytest.raises(LookupError):
        world.settle()
    world.settle()

    assert [("a", START + 10), ("a", START + 30), ("b", START + 40)] == marks(world)
    assert [] == world.store.upcoming(5)
    told = {"at": START + 20, "owner": "a", "kind": "test.broken", "data": {}, "error": "LookupError: "}
    assert [told] == world.failed
    assert START + 100 == world.clock.time


def test_an_owner_that_can_be_abandoned_is_when_one_of_its_steps_fails(world):
    world.store.schedule("a", START, [*plan(10, kind="fragile.broken"), *plan(10)])
    world.clock.advance(100)

    with pytest.raises(LookupError):
        world.settle()
    with pytest.raises(LookupError):  # so is the one that takes its place
        world.settle()
    world.settle()

    assert ["fragile.broken", "fragile.abandoned"] == [step["kind"] for step in world.failed]
    assert [] == marks(world)


def test_a_step_for_which_there_is_no_room_on_the_disk_is_still_due(world):
    world.store.schedule("a", START, plan(10, kind="test.no_room"))
    world.clock.advance(100)

    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            world.settle()

    assert (["test.no_room"], []) == ([step.kind for step in world.store.upcoming(5)], world.failed)


def test_a_step_that_fails_when_a_server_starts_is_told_of_and_the_server_starts(tmp_path, caplog):
    with worlds(STILL, tmp_path) as opened:
        opened[DEFAULT].store.schedule("a", START - 20, plan(10, kind="test.broken"))

    with worlds(STILL, tmp_path) as opened:
        assert ["a"] == [step["owner"] for step in opened[DEFAULT].failed]
    assert "LookupError" in caplog.text


@given(st.lists(st.lists(st.integers(0, 1000), min_size=1, max_size=6), max_size=5), st.data())
def test_one_long_jump_and_many_short_ones_come_to_the_same(plans, data):
    jumps = data.draw(st.lists(st.integers(0, 400), min_size=1, max_size=10))
    outcomes = []
    for steps in (jumps, [sum(jumps)]):
        with worlds() as opened:
            world = opened[DEFAULT]
            for number, told in enumerate(plans):
                world.store.schedule(str(number), START, plan(*told))
            for seconds in steps:
                world.clock.advance(seconds)
                world.settle()
            outcomes.append(marks(world))

    assert outcomes[0] == outcomes[1]


def test_two_handlers_for_one_kind_of_step_are_a_mistake():
    with pytest.raises(ValueError, match=r"two handlers for steps of kind 'test\.mark'"):
        on_step("test.mark")(broken)


def test_a_moment_is_one_time_and_all_or_nothing():
    with worlds(FAST) as opened:
        world = opened[DEFAULT]
        with world.moment():
            first = world.clock.time
            assert first == world.clock.time
        with suppress(LookupError), world.moment():
            world.store.note("x", 1)
            raise LookupError

        assert world.store.noted("x") is None


# --- run_until and look ----------------------------------------------------------------------------------------------


def test_run_until_stops_at_the_step_that_fulfils_the_condition(world):
    world.store.schedule("a", START, plan(10, 10, 10))

    assert world.run_until(lambda: len(marks(world)) == 2)

    assert START + 20 == world.clock.time


def test_run_until_does_not_move_the_clock_when_the_condition_holds_already(world):
    world.store.schedule("a", START, plan(10))

    assert world.run_until(lambda: True)

    assert START == world.clock.time


def test_run_until_says_so_when_nothing_is_due_any_more(world):
    world.store.schedule("a", START, plan(10))

    assert not world.run_until(lambda: False)

    assert START + 10 == world.clock.time


@pytest.mark.parametrize("move", ["run_until", "look"])
def test_a_moment_that_passes_while_one_is_about_to_jump_there_is_no_error(move, monkeypatch):
    """On a clock that runs, time goes on between reading it and moving it."""
    with worlds(FAST) as opened:
        world = opened[DEFAULT]
        world.store.schedule("a", world.clock.time, plan(*[0.5] * 50))
        monkeypatch.setattr(world.clock, "_real", count(world.clock._anchored_at, 0.0005).__next__)
        if move == "look":
            monkeypatch.setattr(type(world.clock), "auto", True)
            for _ in range(60):
                world.look("a")
        else:
            assert world.run_until(lambda: len(marks(world)) == 50)

        assert 50 == len(marks(world))


def test_a_poll_moves_an_auto_clock_to_the_next_step_of_what_it_looks_at():
    with worlds(AUTO) as opened:
        world = opened[DEFAULT]
        world.store.schedule("a", START, plan(10, 10))
        world.store.schedule("b", START, plan(5))

        world.look("a")

        assert [("b", START + 5), ("a", START + 10)] == marks(world)
        assert START + 10 == world.clock.time


@pytest.mark.parametrize("text", [STILL, HELD])
def test_a_poll_does_not_move_any_other_clock(text):
    with worlds(text) as opened:
        world = opened[DEFAULT]
        world.store.schedule("a", START, plan(10))

        world.look("a")

        assert START == world.clock.time


# --- wait ------------------------------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_waiting_on_an_auto_clock_lets_the_next_step_happen():
    with worlds(AUTO) as opened:
        world = opened[DEFAULT]
        world.store.schedule("a", START, plan(3600, 60))

        with anyio.fail_after(1):
            await world.wait(at_most=600)
        assert [("a", START + 3600)] == marks(world)

        with anyio.fail_after(1):
            await world.wait(at_most=600)
        assert [("a", START + 3600), ("a", START + 3660)] == marks(world)


@pytest.mark.anyio
async def test_waiting_ends_when_the_clock_is_moved_when_something_changes_and_when_the_world_ends(world):
    world.store.schedule("a", START, plan(10))
    for wake in (lambda: world.clock.advance(10), world.touch, world.end_streams):
        task = asyncio.ensure_future(world.wait(at_most=600))
        await asyncio.sleep(0)
        assert not task.done()

        wake()
        with anyio.fail_after(1):
            await task

    assert [("a", START + 10)] == marks(world)


@pytest.mark.anyio
async def test_waiting_lasts_at_most_so_many_real_seconds(world):
    with anyio.fail_after(1):
        await world.wait(at_most=0.002)

    assert START == world.clock.time


# --- several worlds --------------------------------------------------------------------------------------------------


def test_worlds_do_not_see_each_other():
    with worlds() as opened:
        one, other = opened.create(load_text(STILL)), opened.create(load_text(STILL))
        one.store.put("file", {"id": "a"})
        one.store.schedule("a", START, plan(10))
        one.clock.advance(50)
        one.settle()
        other.clock.advance(5)

        assert [("a", START + 10)] == marks(one)
        assert [None, []] == [other.store.get("file", "a"), marks(other)]
        assert (START, START + 50, START + 5) == tuple(world.clock.time for world in opened)
        assert {DEFAULT, one.id, other.id} == {world.id for world in opened}


def test_two_worlds_of_one_scenario_are_the_same_story():
    with worlds() as opened:
        one, other = opened.create(load_text(STILL)), opened.create(load_text(STILL))

        assert [one.ids.new("file") for _ in range(3)] == [other.ids.new("file") for _ in range(3)]
        assert one.chance.stream("x").random() == other.chance.stream("x").random()


def test_a_removed_world_is_gone_and_nothing_of_it_is_left(tmp_path):
    with worlds(state=tmp_path) as opened:
        world = opened.create(load_text(STILL))
        world.blobs.create().commit("file-1")

        opened.remove(world.id)

        with pytest.raises(ApiError, match=f"No such world: {world.id}"):
            opened[world.id]
        with pytest.raises(ApiError, match=f"No such world: {world.id}"):
            opened.remove(world.id)
        assert ["default"] == [path.name for path in tmp_path.iterdir()]


def test_a_reset_world_begins_anew_and_tells_the_same_story_again():
    def populate(world):
        world.store.put("file", {"id": world.ids.new("file")})
        world.store.schedule("a", START - 100, plan(10))

    with worlds(populate=populate) as opened:
        before = opened[DEFAULT]
        expected = (list(before.store.all("file")), marks(before), before.clock.time)
        before.store.put("file", {"id": "b"})
        before.clock.advance(50)

        opened.reset(DEFAULT)

        after = opened[DEFAULT]
        assert expected == (list(after.store.all("file")), marks(after), after.clock.time)
        assert (True, False) == (before.closing, after.closing)


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_world_whose_reset_fails_goes_on_as_it_was(tmp_path, is_kept):
    def populate(world):
        if fails:
            raise LookupError
        world.store.put("file", {"id": "whole"})

    fails = False
    state = tmp_path if is_kept else None
    with worlds(STILL, state, populate) as opened:
        world = opened[DEFAULT]
        world.store.put("file", {"id": "b"})
        fails = True

        with pytest.raises(LookupError):
            opened.reset(DEFAULT)

        assert opened[DEFAULT] is world
        assert not world.closing
        assert ["whole", "b"] == [one["id"] for one in world.store.all("file")]
    assert ([DEFAULT] if is_kept else []) == [path.name for path in tmp_path.iterdir()]


def test_what_happened_before_the_story_begins_has_happened_when_the_world_opens():
    def populate(world):
        with world.clock.at(START - 1000):
            world.store.schedule("a", world.clock.time, plan(10, 2000))

    with worlds(populate=populate) as opened:
        assert [("a", START - 990)] == marks(opened[DEFAULT])
        assert START == opened[DEFAULT].clock.time


# --- restarts --------------------------------------------------------------------------------------------------------


def crash(state):
    """Return the state folder as a killed server leaves it: nothing was closed, everything committed is there."""
    return shutil.copytree(state, state.with_name(f"{state.name}-after-kill"))


@pytest.fixture(params=["stopped", "killed"])
def restart(request, tmp_path):
    """Run something on a world that is kept, then return the same world after a restart."""

    def restarted(text, act=nobody, populate=nobody):
        state = tmp_path / "state"
        with worlds(text, state, populate) as opened:
            act(opened[DEFAULT])
            if request.param == "killed":
                state = crash(state)
        again = Worlds(load_text(text), populate, state)
        request.addfinalizer(again.close)
        return again[DEFAULT]

    return restarted


def test_a_scripted_clock_stands_while_the_server_is_stopped(restart):
    def act(world):
        world.clock.advance(500)
        world.touch()

    assert START + 500 == restart(STILL, act).clock.time


def test_time_does_not_go_back_behind_a_moment_somebody_was_told(restart):
    def act(world):
        with world.moment():
            told.append(world.clock.time)
            world.store.put("file", {"id": "a"})

    told = []

    assert restart(FAST, act).clock.time >= told[0]


def test_time_does_not_go_back_behind_now_when_a_step_of_long_ago_was_applied(restart):
    """A step is applied at its own moment, but the world's time is the one that is kept."""

    def act(world):
        world.store.schedule("a", START, plan(10))
        world.clock.advance(86_400)
        world.settle()

    assert START + 86_400 == restart(STILL, act).clock.time


def test_a_world_in_real_time_is_still_in_real_time_when_its_jobs_lie_in_the_past(restart):
    def populate(world):
        with world.clock.at(START), world.moment():
            world.store.schedule("a", START, plan(10))

    assert restart(REAL, populate=populate).clock.time == pytest.approx(wall(), abs=5)


def test_a_world_in_real_time_keeps_its_lead(restart):
    def act(world):
        world.clock.advance(3600)
        world.touch()

    assert restart(REAL, act).clock.time == pytest.approx(wall() + 3600, abs=5)


def test_a_clock_that_was_held_is_still_held_and_has_not_moved(restart):
    world = restart(HELD)

    assert (True, START) == (world.clock.held, world.clock.time)


def test_a_clock_that_was_released_runs_on(restart):
    def act(world):
        world.clock.release()
        world.touch()

    assert (False, 600) == ((world := restart(HELD, act)).clock.held, world.clock.rate)


def test_a_rate_that_was_set_is_kept(restart):
    def act(world):
        world.clock.set_rate("auto")
        world.touch()

    assert "auto" == restart(FAST, act).clock.rate


def test_due_steps_are_still_due_and_applied_at_their_own_moments(restart):
    def act(world):
        world.store.schedule("a", START, plan(10, 20, 30))
        world.clock.advance(15)
        world.settle()

    world = restart(STILL, act)
    assert [("a", START + 10)] == marks(world)
    world.clock.advance(1000)
    world.settle()

    assert [("a", START + 10), ("a", START + 30), ("a", START + 60)] == marks(world)


def test_steps_that_became_due_while_the_server_was_stopped_have_happened_at_their_moments(restart):
    """Only a world in real time lives on while the server is stopped."""

    def act(world):
        world.store.schedule("a", wall() - 100, plan(10))

    (at,) = (at for _, at in marks(restart(REAL, act)))

    assert at == pytest.approx(wall() - 90, abs=5)


def test_a_restarted_world_hands_out_no_id_twice(restart):
    def act(world):
        made.extend(world.ids.new("file") for _ in range(50))

    made = []
    world = restart(STILL, act)
    made.extend(world.ids.new("file") for _ in range(50))

    assert 100 == len(set(made))


def test_a_world_is_populated_once(restart):
    def populate(world):
        world.store.put("file", {"id": world.ids.new("file")})

    assert 1 == len(list(restart(STILL, populate=populate).store.all("file")))


def test_a_world_that_could_not_be_populated_is_populated_at_the_next_start(tmp_path):
    """What is wrong with a scenario is found at the first start; once it is right, the world is as it should be."""

    def failing(world):
        world.store.put("file", {"id": "half"})
        raise LookupError

    def populate(world):
        world.store.put("file", {"id": "whole"})

    with pytest.raises(LookupError):
        Worlds(load_text(STILL), failing, tmp_path)

    with worlds(STILL, tmp_path, populate) as opened:
        assert ["whole"] == [one["id"] for one in opened[DEFAULT].store.all("file")]


def test_a_world_that_could_not_be_populated_is_not_there(tmp_path):
    def populate(world):
        if world.id != DEFAULT:
            raise LookupError

    with worlds(STILL, tmp_path, populate) as opened:
        with pytest.raises(LookupError):
            opened.create(load_text(STILL))

        assert [DEFAULT] == [world.id for world in opened]
    with worlds(STILL, tmp_path) as opened:
        assert [DEFAULT] == [world.id for world in opened]


def test_a_world_that_was_reset_is_the_one_that_is_kept(tmp_path):
    with worlds(STILL, tmp_path) as opened:
        other = opened.create(load_text("version: 1\ntitle: Other"))
        for world_id in (DEFAULT, other.id):
            opened[world_id].store.put("file", {"id": "old"})
            for number in range(11):
                world = opened.reset(world_id)
                world.store.put("file", {"id": f"new-{number}"})

    assert 2 == len(list(tmp_path.iterdir()))
    with worlds(STILL, tmp_path) as opened:
        assert {DEFAULT, other.id} == {world.id for world in opened}
        assert [["new-10"]] * 2 == [[one["id"] for one in world.store.all("file")] for world in opened]
        assert "Other" == opened[other.id].scenario.title


@pytest.mark.parametrize("is_whole", [False, True])
def test_a_reset_that_was_killed_has_happened_or_not(tmp_path, is_whole):
    """Both folders are there for a moment: the new one counts as soon as it is whole."""
    with worlds(STILL, tmp_path / "state") as opened:
        opened[DEFAULT].store.put("file", {"id": "old"})
        old = shutil.copytree(tmp_path / "state" / DEFAULT, tmp_path / "old")
        opened.reset(DEFAULT).store.put("file", {"id": "new"})
    shutil.move(old, tmp_path / "state" / DEFAULT)
    if not is_whole:
        (tmp_path / "state" / f"{DEFAULT}.2" / "scenario.json").unlink()

    with worlds(STILL, tmp_path / "state") as opened:
        assert ["new" if is_whole else "old"] == [one["id"] for one in opened[DEFAULT].store.all("file")]
        assert 1 == len(list((tmp_path / "state").iterdir()))


def test_a_state_belongs_to_one_server_at_a_time(tmp_path):
    with worlds(STILL, tmp_path) as opened:
        opened.reset(DEFAULT)
        for _ in range(2):
            with pytest.raises(
                StoreError, match=r"state\.sqlite: another server keeps its state here; stop it"
            ):
                Worlds(load_text(STILL), nobody, tmp_path)
        opened[DEFAULT].store.put("file", {"id": "a"})

    with worlds(STILL, tmp_path) as opened:
        assert {"id": "a"} == opened[DEFAULT].store.get("file", "a")


def test_every_world_is_kept_with_its_own_scenario(tmp_path):
    with worlds(STILL, tmp_path) as opened:
        made = opened.create(load_text("version: 1\ntitle: Zoë's world\nclock: {rate: auto}"))
        made.store.put("file", {"id": "a"})

    with worlds(STILL, tmp_path) as opened:
        assert [DEFAULT, made.id] == [world.id for world in opened]
        assert ("Zoë's world", "auto") == (opened[made.id].scenario.title, opened[made.id].clock.rate)
        assert {"id": "a"} == opened[made.id].store.get("file", "a")
        assert made.id != opened.create(load_text(STILL)).id


def test_a_blob_is_kept_with_its_world(tmp_path):
    with worlds(STILL, tmp_path) as opened:
        writer = opened[DEFAULT].blobs.create()
        writer.write(b"kept")
        writer.commit("file-1")

    with worlds(STILL, tmp_path) as opened:
        assert b"kept" == opened[DEFAULT].blobs.path("file-1").read_bytes()


def test_a_damaged_database_ends_the_start_with_a_sentence(tmp_path):
    with worlds(STILL, tmp_path):
        pass
    (tmp_path / DEFAULT / "state.sqlite").write_bytes(b"garbage" * 1000)

    with pytest.raises(StoreError, match=r"default/state\.sqlite: .*move it away to start afresh"):
        Worlds(load_text(STILL), nobody, tmp_path)


@pytest.mark.parametrize("kept", [b"", b"{", b'{"clock": 7}', b"\xff"])
def test_a_damaged_scenario_of_a_kept_world_ends_the_start_with_a_sentence(tmp_path, kept):
    with worlds(STILL, tmp_path) as opened:
        made = opened.create(load_text(STILL))
    (tmp_path / made.id / "scenario.json").write_bytes(kept)

    with pytest.raises(UserError, match=rf"{made.id}/scenario\.json: .*move it away"):
        Worlds(load_text(STILL), nobody, tmp_path)
