"""The shape of an answer is a function of the day."""

import itertools
from datetime import UTC, datetime

from mockserver.domain.chat.shapes import SINCE, fields


def at(day):
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def test_every_era_at_once_has_every_field():
    assert frozenset(SINCE) == fields(None)


def test_a_field_is_there_from_its_day_on():
    for name, day in SINCE.items():
        assert name in fields(at(day))
        assert name not in fields(at(day) - 1)


def test_fields_never_go_away():
    days = sorted({at(day) for day in SINCE.values()})

    assert all(fields(before) <= fields(after) for before, after in itertools.pairwise(days))
