"""Data written down as YAML reads back as the same data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.scenario.written import inline, written
from mockserver.scenario.yaml12 import parse

TRAPS = [
    "",
    " ",
    "no",
    "1e3",
    "0o17",
    "014",
    "12:30",
    "~",
    ".5",
    "-",
    "? a",
    "a: b",
    "#",
    "|",
    "a\n",
    "\n a\n\nb",
    "\x85",
    "…",
]
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(TRAPS)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)


@given(DATA)
def test_what_is_written_reads_back(data):
    assert data == parse(written(data)).root.value


@given(DATA)
def test_what_is_written_on_one_line_may_stand_anywhere(data):
    assert {"inside": [data, "it"]} == parse(f"{{inside: [{inline(data)}, it]}}").root.value
    assert "\n" not in inline(data)


@pytest.mark.parametrize(
    ("data", "yaml"),
    [
        (
            {"clock": {"rate": 600, "hold_until": "files.create"}},
            "clock: {rate: 600, hold_until: files.create}\n",
        ),
        ([{"after": 0.5, "cost": "auto"}], "- {after: 0.5, cost: auto}\n"),
        ({"reply": {"text": "one\ntwo\n"}}, "reply:\n  text: |\n    one\n    two\n"),
        ({"model": "1e3"}, 'model: "1e3"\n'),
        ({"title": "Zürich 東京 🎉", "models": ["a"]}, "title: Zürich 東京 🎉\nmodels: [a]\n"),
    ],
)
def test_it_looks_as_a_person_would_write_it(data, yaml):
    assert yaml == written(data)


def test_shared_values_are_written_where_they_stand():
    shared = {"rate": 0}

    assert "- {rate: 0}\n- {rate: 0}\n" == written([shared, shared])
