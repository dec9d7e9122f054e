"""Names in braces: what is filled in, what is left as it is, what nobody knows."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.scenario.placeholders import fill, unknown_names

KNOWN = {"city": "Oslo", "n": "3"}


@pytest.mark.parametrize(
    ("filled", "written"),
    [
        ("Oslo", "{city}"),
        ("In Oslo, 3 times Oslo.", "In {city}, {n} times {city}."),
        ("{city}", "{{city}}"),
        ("{city}", "{{city}"),
        ("{ and {", "{{ and {{"),
        ("{Oslo}", "{{{city}}"),
        # what is not a name in braces is no placeholder
        ('{"city": "Oslo"}', '{"city": "{city}"}'),
        ('{"a": {"b": 1}}', '{"a": {"b": 1}}'),
        ("{} {1} {a b} { city }", "{} {1} {a b} { city }"),
        ("f(x) { return y }", "f(x) { return y }"),
        # in every text of a value, but not in its keys
        ({"{n}": ["Oslo", 3, None, {"a": "Oslo"}]}, {"{n}": ["{city}", 3, None, {"a": "{city}"}]}),
        (7, 7),
    ],
)
def test_every_name_in_braces_is_filled_in(filled, written):
    assert filled == fill(written, KNOWN.__getitem__)


def test_what_is_filled_in_is_not_looked_at_again():
    assert "{n}" == fill("{city}", {"city": "{n}"}.__getitem__)


@given(
    st.recursive(st.text("ab {}:\"'"), lambda inner: st.lists(inner) | st.dictionaries(st.text("ab"), inner))
)
def test_what_has_only_known_names_can_be_filled_in(value):
    names: set[str] = set()
    fill(value, lambda name: names.add(name) or "")

    assert [] == list(unknown_names(value, names))
    assert sorted(names) == sorted({error.message()[21:-1] for _, error in unknown_names(value, ())})


@given(st.dictionaries(st.text("abc"), st.integers() | st.text("abc ")))
def test_json_is_left_as_it_is(value):
    written = json.dumps({"value": value})

    assert written == fill(written, lambda _: "never")


def test_a_name_that_nothing_stands_for_is_told_with_its_place():
    [(path, error)] = unknown_names({"a": ["{city}", {"b": "{ctiy}"}]}, KNOWN)

    assert ("a", 1, "b") == path
    assert ("unknown placeholder 'ctiy'", "city") == (error.message(), error.context["hint"])
