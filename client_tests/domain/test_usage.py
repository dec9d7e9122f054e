"""The ledger: what was answered is in it, once, and stays in it."""

from dataclasses import astuple
from decimal import Decimal
from shutil import copytree
from timeit import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain import models, usage
from mockserver.domain.seeding import populate
from mockserver.domain.usage_totals import Total, told, total
from mockserver.journal import Journal
from mockserver.scenario.loader import load_text
from mockserver.world import World

STORY = "version: 1\nclock: {start: 2025-01-31T23:58:30Z, rate: 0}\nmodels: [my-model]\n"
START = 1738367910
counts = st.integers(0, 10**6)


def open_world(folder=None, story=STORY):
    if folder:
        folder.mkdir(exist_ok=True)
    world = World("ledger", load_text(story, "story"), folder, Journal(0, 0))
    world.start(lambda _: None)
    return world


@pytest.fixture
def world():
    world = open_world()
    yield world
    world.close()


def note(
    world, read=10, said=5, *, model="davinci-002", key="sk-a", operation="completions.create", cached=0
):
    found = models.find(world, model)
    usage.note(world, found, operation=operation, key=key, read=read, said=said, cached=cached)


def test_what_one_key_asks_of_one_model_within_a_minute_is_one_entry(world):
    note(world)
    note(world, 7, 2)
    note(world, model="babbage-002")
    note(world, key="sk-b")
    note(world, operation="chat.completions.create")
    world.clock.advance(29)
    note(world, 1, 1)
    world.clock.advance(1)
    note(world)

    assert [
        (START - 30, "completions.create", "davinci-002", 3, 18, 8),
        (START - 30, "completions.create", "babbage-002", 1, 10, 5),
        (START - 30, "completions.create", "davinci-002", 1, 10, 5),
        (START - 30, "chat.completions.create", "davinci-002", 1, 10, 5),
        (START + 30, "completions.create", "davinci-002", 1, 10, 5),
    ] == [
        (one.at, one.operation, one.model, one.requests, one.read, one.said) for one in usage.entries(world)
    ]


def test_a_key_is_called_by_an_id_that_does_not_tell_it(tmp_path):
    world = open_world(tmp_path / "running")
    note(world, key="sk-very-secret-0123456789")

    (row,) = world.store.all("usage")

    assert "secret" not in str(row)
    assert usage.key_id("sk-very-secret-0123456789") in str(row)
    assert usage.key_id("sk-a") != usage.key_id("sk-b")


def test_what_was_noted_is_on_disk_at_once(tmp_path):
    running = open_world(tmp_path / "running")
    note(running)
    running.clock.advance(5)
    note(running)
    copytree(tmp_path / "running", tmp_path / "crashed")

    again = open_world(tmp_path / "crashed")

    assert [(2, 20, 10)] == [(one.requests, one.read, one.said) for one in usage.entries(again)]
    assert START + 5 == again.clock.now
    again.close()
    running.close()


def test_what_is_used_outlives_another_scenario(world):
    note(world)

    world.play(load_text("version: 1\n", "story"))

    assert 1 == len(list(usage.entries(world)))


def test_a_price_is_that_of_the_day_the_world_was_set_on():
    world = open_world(story="version: 1\nas_of: 2022-08-31\n")
    note(world, 1_000_000, 0, model="davinci")
    world.play(load_text("version: 1\nas_of: 2022-09-01\n", "story"))
    note(world, 1_000_000, 0, model="davinci")

    assert [Decimal(60), Decimal(20)] == [entry.cost() for entry in usage.entries(world)]
    world.close()


@given(counts, counts, counts)
def test_an_entry_costs_what_its_lines_cost(fresh, cached, said):
    entry = usage.Entry(
        0, "x", "gpt-4o-mini", "gpt-4o-mini", None, None, 1, read=fresh + cached, cached=cached, said=said
    )

    assert {
        item: (tokens, tokens * Decimal(price) / 1_000_000)
        for item, tokens, price in (
            ("input", fresh, "0.15"),
            ("cached input", cached, "0.075"),
            ("output", said, "0.6"),
        )
        if tokens
    } == {line.item: (line.tokens, line.usd) for line in entry.lines()}
    assert entry.cost() == sum(line.usd for line in entry.lines())


def test_a_model_of_the_scenarios_own_is_free(world):
    note(world, model="my-model")

    assert [Decimal(0)] == [entry.cost() for entry in usage.entries(world)]


def test_a_tuned_model_has_its_own_price_whatever_it_is_called():
    world = open_world(story="version: 1\ntuned: [{id: mine, base: gpt-4o-mini-2024-07-18}]\n")
    populate(world)
    note(world, 1_000_000, 1_000_000, model="mine")

    assert [Decimal("1.5")] == [entry.cost() for entry in usage.entries(world)]
    world.close()


# --- the month -------------------------------------------------------------------------------------------------------


def test_a_new_month_has_spent_nothing(world):
    note(world, 1_000_000, 0)
    assert Decimal(2) == usage.spent(world)
    note(world, 500_000, 0)
    assert Decimal(3) == usage.spent(world)

    world.clock.advance(90)

    assert Decimal(0) == usage.spent(world)
    note(world, 250_000, 0)
    assert Decimal("0.5") == usage.spent(world)


@given(st.lists(st.tuples(counts, st.integers(0, 20 * 86_400), st.booleans()), max_size=12))
def test_what_is_remembered_of_the_month_is_what_the_ledger_says(noted):
    world = open_world()
    for read, later, looked in noted:
        note(world, read)
        world.clock.advance(later)
        if looked:
            usage.spent(world)
    remembered = usage.spent(world)
    world.memory.clear()

    assert remembered == usage.spent(world)
    world.close()


# --- totals ----------------------------------------------------------------------------------------------------------

totals = st.builds(Total, counts, counts, counts, counts, counts, st.decimals(0, 10**6, places=9))


@given(totals, totals)
def test_totals_add_up(one, other):
    assert tuple(map(sum, zip(astuple(one), astuple(other), strict=True))) == astuple(one + other)
    assert one == one + other - other


def test_nothing_adds_up_to_nothing():
    assert Total() == total([])


@pytest.mark.parametrize(
    ("used", "words"),
    [
        (
            Total(214, 18201, 0, 4410, 0, Decimal("0.04")),
            "214 calls, 18,201 tokens read, 4,410 said: it would have cost $0.04.",
        ),
        (
            Total(1, 3, 0, 5, 0, Decimal("0.000016")),
            "1 call, 3 tokens read, 5 said: it would have cost $0.000016.",
        ),
        (Total(2, 9, 0, 0, 0, Decimal(0)), "2 calls, 9 tokens read, 0 said: it would have cost $0.00."),
        (
            Total(1, 0, 0, 0, 1008, Decimal("0.03024")),
            "1 call, 1,008 tokens trained: it would have cost $0.03.",
        ),
        (
            Total(3, 1000, 9, 5, 2000, Decimal("12345.678")),
            "3 calls, 1,000 tokens read, 5 said, 2,000 tokens trained: it would have cost $12,345.68.",
        ),
    ],
)
def test_a_total_is_told_in_a_sentence(used, words):
    assert words == told(used)


# --- how quick -------------------------------------------------------------------------------------------------------


def test_a_note_takes_no_time_to_speak_of(world):
    """Some 12 microseconds in memory; the bound is for slow machines."""
    assert min(repeat(lambda: note(world), number=200, repeat=10)) / 200 < 0.0002
