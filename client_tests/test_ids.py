"""Ids: the official shapes, and what they depend on."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.chance import Chance
from mockserver.ids import SHAPES, Ids, Kind

kinds = st.sampled_from(get_args(Kind))


def test_every_kind_has_a_shape_and_every_shape_a_kind():
    assert set(get_args(Kind)) == set(SHAPES)


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("file", r"file-[0-9A-Za-z]{24}"),
        ("ft", r"ft-[0-9A-Za-z]{24}"),
        ("ftjob", r"ftjob-[0-9A-Za-z]{24}"),
        ("cmpl", r"cmpl-[0-9A-Za-z]{29}"),
        ("snapperm", r"snapperm-[0-9A-Za-z]{24}"),
        ("model", r"[0-9A-Za-z]{8}"),
        ("req", r"req_[0-9a-f]{32}"),
        ("world", r"world-[0-9a-z]{12}"),
    ],
)
def test_an_id_looks_like_those_of_the_real_api(kind, shape):
    ids = Ids(Chance(7))

    assert all(re.fullmatch(shape, ids.new(kind)) for _ in range(20))


@given(seed=st.integers(), kind=kinds, between=st.lists(kinds))
def test_an_id_depends_on_the_seed_its_kind_and_its_number_alone(seed, kind, between):
    quiet, busy = Ids(Chance(seed)), Ids(Chance(seed))
    expected = [quiet.new(kind), quiet.new(kind)]

    first = busy.new(kind)
    for other in between:
        if other != kind:
            busy.new(other)

    assert expected == [first, busy.new(kind)]


def test_another_seed_gives_other_ids():
    assert Ids(Chance(1)).new("file") != Ids(Chance(2)).new("file")


@pytest.mark.parametrize("kind", get_args(Kind))
def test_no_id_comes_twice_over_several_starts(kind):
    starts = [Ids(Chance(7), generation) for generation in range(4)]
    made = [ids.new(kind) for ids in starts for _ in range(100)]

    assert 400 == len(set(made))


def test_the_id_that_belongs_to_a_name_is_always_the_same_and_counts_for_nothing():
    ids = Ids(Chance(7))
    belonging = ids.of("snapperm", "ada")

    assert belonging == ids.of("snapperm", "ada")
    assert belonging != ids.of("snapperm", "babbage")
    assert belonging == Ids(Chance(7), generation=3).of("snapperm", "ada")
    assert Ids(Chance(7)).new("snapperm") == ids.new("snapperm")
