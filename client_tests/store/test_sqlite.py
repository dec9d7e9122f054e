"""The store alone: objects in order, due steps in order, all or nothing, and files that cannot be read."""

import contextlib
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.store import Step, Store, StoreError, is_disk_full


@pytest.fixture(params=["in memory", "in a file"])
def store(request, tmp_path):
    opened = Store(tmp_path / "state.sqlite" if request.param == "in a file" else None)
    yield opened
    opened.close()


def put(store, *ids, kind="file", parent=None, **fields):
    for name in ids:
        store.put(kind, {"id": name, **fields}, parent=parent)


def ids(objects):
    return [one["id"] for one in objects]


# --- objects ---------------------------------------------------------------------------------------------------------


def test_an_object_comes_back_as_it_was_put(store):
    body = {"id": "a", "name": "Zoë 😀", "none": None, "list": [1, 2.5, True], "deep": {"er": "\u0000"}}

    store.put("file", body)

    assert body == store.get("file", "a")


def test_kinds_do_not_see_each_other(store):
    put(store, "a", kind="file", n=1)
    put(store, "a", kind="model", n=2)

    assert (1, 2, None) == (store.get("file", "a")["n"], store.get("model", "a")["n"], store.get("job", "a"))
    store.delete("file", "a")
    assert [2] == [one["n"] for one in store.all("model")]


def test_a_replaced_object_keeps_its_place(store):
    put(store, "a", "b", "c")

    put(store, "a", changed=True)

    assert ["a", "b", "c"] == ids(store.all("file"))
    assert store.get("file", "a")["changed"]


def test_objects_come_in_order_of_creation_or_newest_first(store):
    put(store, "c", "a", "b")

    assert ["c", "a", "b"] == ids(store.all("file"))
    assert ["b", "a", "c"] == ids(store.all("file", newest_first=True))


def test_a_cursor_keeps_its_place_after_its_object_is_deleted(store):
    put(store, "a", "b", "c", "d")

    store.delete("file", "b")

    assert ["a", "c", "d"] == ids(store.all("file"))
    assert ["c", "d"] == ids(store.all("file", after="b"))
    assert ["a"] == ids(store.all("file", after="b", newest_first=True))


def test_a_deleted_object_is_gone_but_known(store):
    put(store, "a")

    store.delete("file", "a")

    assert (None, True, False) == (store.get("file", "a"), store.known("file", "a"), store.known("file", "b"))


def test_deleting_what_is_not_there_does_nothing(store):
    store.delete("file", "a")

    assert not store.known("file", "a")


def test_an_id_can_be_reserved_once_and_its_object_put_later(store):
    assert store.reserve("job", "a")
    assert not store.reserve("job", "a")
    assert (None, []) == (store.get("job", "a"), list(store.all("job")))

    put(store, "b", kind="job")
    put(store, "a", kind="job")

    assert ["a", "b"] == ids(store.all("job"))


@pytest.mark.parametrize("before", ["put", "put and deleted"])
def test_an_id_that_was_ever_used_cannot_be_reserved(store, before):
    put(store, "a", kind="job")
    if before == "put and deleted":
        store.delete("job", "a")

    assert not store.reserve("job", "a")


def test_objects_can_be_asked_for_by_parent_and_by_field(store):
    put(store, "a", "b", parent="j1", purpose="fine-tune", n=1, none=None)
    put(store, "c", parent="j2", purpose="fine-tune", n=2, none=None)
    put(store, "d", purpose="batch", n=1)

    def found(**where):
        return ids(store.all("file", where=where))

    assert ["a", "b"] == ids(store.all("file", parent="j1"))
    assert ["b"] == ids(store.all("file", parent="j1", after="a"))
    assert (["d"], ["a", "b", "d"]) == (found(purpose="batch"), found(n=1))
    assert (["a", "b"], []) == (found(purpose="fine-tune", n=1), found(purpose="FINE-TUNE"))
    assert ["a", "b", "c", "d"] == found(none=None)


def test_an_unfinished_look_does_not_stand_in_the_way_of_writing(store):
    put(store, "a", "b", "c")
    look = store.all("file")
    next(look)

    with store.transaction():
        put(store, "d")

    assert ["b", "c"] == ids(look)[:2]


@pytest.mark.parametrize("odd", ["\ud800", "a\ud800b", "'; DROP TABLE objects; --", "\x00", "", "🎈" * 1000])
def test_an_id_nobody_could_have_made_is_not_found(store, odd):
    put(store, "a", purpose="x")

    assert (None, False) == (store.get("file", odd), store.known("file", odd))
    assert [] == ids(store.all("file", where={"purpose": odd}))
    store.delete("file", odd)
    assert ["a"] == ids(store.all("file"))


class Model:
    """What the store ought to hold: the ids in their order, and those that are there."""

    def __init__(self):
        self.order = []
        self.there = set()


writes = st.lists(
    st.tuples(st.sampled_from(["put", "delete", "reserve"]), st.sampled_from("abcdef")), max_size=40
)


@given(told=writes, after=st.sampled_from("abcdef"), newest_first=st.booleans())
def test_every_page_holds_what_lies_behind_its_cursor_whatever_happened_before(told, after, newest_first):
    store, model = Store(), Model()
    for verb, name in told:
        if verb == "reserve":
            assert (name not in model.order) == store.reserve("file", name)
        elif verb == "put":
            put(store, name)
            model.there.add(name)
        else:
            store.delete("file", name)
            model.there.discard(name)
        if verb != "delete" and name not in model.order:
            model.order.append(name)

    expected = model.order[::-1] if newest_first else model.order
    if store.known("file", after):
        found = ids(store.all("file", after=after, newest_first=newest_first))
        behind = expected[expected.index(after) + 1 :]
        assert [name for name in behind if name in model.there] == found
    store.close()


# --- due steps -------------------------------------------------------------------------------------------------------


def test_a_plan_is_due_step_after_step(store):
    store.schedule("j1", 100.5, [Step(10, "a"), Step(0, "b", {"n": 1}), Step(2.25, "c")])

    due = store.due_of("j1")

    assert [("a", 110.5, {}), ("b", 110.5, {"n": 1}), ("c", 112.75, {})] == [
        (step.kind, step.at, step.data) for step in due
    ]
    assert {"j1"} == {step.owner for step in due}


def test_steps_come_by_time_and_at_one_time_in_the_order_they_were_laid_down(store):
    store.schedule("j1", 0, [Step(2, "j1.a"), Step(0, "j1.b"), Step(3, "j1.c")])
    store.schedule("j2", 0, [Step(1, "j2.a"), Step(1, "j2.b"), Step(1, "j2.c")])
    expected = ["j2.a", "j1.a", "j1.b", "j2.b", "j2.c", "j1.c"]

    assert expected == [step.kind for step in store.upcoming(10)]
    assert expected[:2] == [step.kind for step in store.upcoming(2)]

    taken = []
    while step := store.next_due():
        store.drop(step)
        taken.append(step.kind)
    assert expected == taken


def test_a_step_is_due_at_its_moment_and_not_before(store):
    store.schedule("j1", 0, [Step(10, "a")])

    assert store.next_due(9.999) is None
    assert "a" == store.next_due(10).kind
    assert "a" == store.next_due().kind


def test_dropping_an_owner_leaves_the_steps_of_others(store):
    store.schedule("j1", 0, [Step(1, "a"), Step(1, "b")])
    store.schedule("j2", 0, [Step(1, "c")])

    store.drop_all("j1")

    assert (["c"], []) == ([step.kind for step in store.upcoming(10)], store.due_of("j1"))


# --- notes -----------------------------------------------------------------------------------------------------------


def test_a_note_is_remembered_under_its_name(store):
    store.note("clock", {"time": 1.5, "held": False})
    store.note("clock", {"time": 2.5, "held": False})

    assert {"time": 2.5, "held": False} == store.noted("clock")
    assert (None, 7) == (store.noted("nothing"), store.noted("nothing", 7))


# --- all or nothing --------------------------------------------------------------------------------------------------


def test_a_transaction_that_fails_leaves_nothing_behind(store):
    put(store, "a", n=1)

    with contextlib.suppress(LookupError), store.transaction():
        put(store, "a", n=2)
        put(store, "b")
        store.note("n", 1)
        store.schedule("j1", 0, [Step(1, "x")])
        raise LookupError

    assert (1, None, None, None) == (
        store.get("file", "a")["n"],
        store.get("file", "b"),
        store.noted("n"),
        store.next_due(),
    )


def test_an_inner_transaction_is_part_of_the_outer_one(store):
    with contextlib.suppress(LookupError), store.transaction():
        with store.transaction():
            put(store, "a")
        raise LookupError

    assert [] == list(store.all("file"))


def test_the_store_can_be_written_again_after_a_transaction_failed(store):
    for error in (LookupError, KeyboardInterrupt):
        with pytest.raises(error), store.transaction(), store.transaction():
            raise error

    with store.transaction():
        put(store, "a")

    assert ["a"] == ids(store.all("file"))


def full(store, pages=0):
    """Let the database grow no further than by so many pages."""
    (used,) = store._db.execute("PRAGMA page_count").fetchone()
    store._db.execute(f"PRAGMA max_page_count = {used + pages}")


def test_a_full_disk_takes_back_the_whole_transaction_and_the_store_goes_on(store):
    put(store, "a")
    full(store)

    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError) as caught, store.transaction():
            put(store, "b", "c", text="x" * 100_000)
        assert is_disk_full(caught.value)

    assert ["a"] == ids(store.all("file"))
    store._db.execute("PRAGMA max_page_count = 1000000")
    with store.transaction():
        put(store, "d")
    assert ["a", "d"] == ids(store.all("file"))


class FailsToCommit(sqlite3.Connection):
    """A connection whose disk is full at the very moment of its first commit."""

    failed = False

    def execute(self, query, *args):
        if query == "COMMIT" and not self.failed:
            self.failed = True
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(query, *args)


def test_a_commit_that_fails_is_taken_back_and_the_store_goes_on(monkeypatch):
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **rest: connect(path, factory=FailsToCommit, **rest))
    fragile = Store()

    with pytest.raises(sqlite3.OperationalError, match="full"), fragile.transaction():
        put(fragile, "a")
    with fragile.transaction():
        put(fragile, "b")

    assert ["b"] == ids(fragile.all("file"))
    fragile.close()


def test_what_was_written_is_there_when_the_file_is_opened_again(tmp_path):
    path = tmp_path / "state.sqlite"
    first = Store(path)
    put(first, "a", "b")
    first.delete("file", "a")
    first.schedule("j1", 5, [Step(1, "x", {"n": 1})])
    expected = (first.due_of("j1"), list(first.all("file")))
    first.close()

    again = Store(path)

    assert expected == (again.due_of("j1"), list(again.all("file")))
    assert again.known("file", "a")
    again.close()


# --- files that cannot be read ---------------------------------------------------------------------------------------


def garbage(path):
    path.write_bytes(b"this is no database" * 1000)


def torn(path):
    path.write_bytes(path.read_bytes()[:-5000])


def overwritten(path):
    whole = bytearray(path.read_bytes())
    whole[8192:-100] = b"\xff" * (len(whole) - 8292)
    path.write_bytes(whole)


@pytest.mark.parametrize("harm", [garbage, torn, overwritten])
def test_a_damaged_file_is_refused_in_a_sentence_that_says_which_and_what_to_do(tmp_path, harm):
    path = tmp_path / "state.sqlite"
    store = Store(path)
    put(store, *(f"file-{n}" for n in range(200)), text="x" * 200)
    store.close()

    harm(path)

    with pytest.raises(StoreError, match=r"state\.sqlite: .*move it away to start afresh"):
        Store(path)


def test_a_place_where_nothing_can_be_written_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(StoreError, match=r"missing/state\.sqlite"):
        Store(tmp_path / "missing" / "state.sqlite")
