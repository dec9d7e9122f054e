"""YAML 1.2 core schema: what each scalar means, where it stands, what is refused."""

import json
import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mockserver.scenario import yaml12
from mockserver.scenario.yaml12 import YamlError, parse


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request, monkeypatch):
    """Both parsers, for machines where PyYAML has no C library."""
    monkeypatch.setattr(yaml12, "_LOADER", getattr(yaml, request.param))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        # what YAML 1.1 would have turned into something else
        ("no", "no"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("12:30", "12:30"),
        ("12:30:00", "12:30:00"),
        ("2023-03-15", "2023-03-15"),
        ("2023-03-15T07:27:48Z", "2023-03-15T07:27:48Z"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("=", "="),
        (14, "014"),
        (0, "00"),
        ("-0x1", "-0x1"),
        # the core schema
        (None, ""),
        (None, "~"),
        (None, "null"),
        (None, "Null"),
        (None, "NULL"),
        ("nULL", "nULL"),
        (True, "true"),
        (True, "True"),
        (False, "FALSE"),
        ("tRue", "tRue"),
        (12, "12"),
        (12, "+12"),
        (-12, "-12"),
        (7, "0o7"),
        (255, "0xFF"),
        ("0o8", "0o8"),
        (0.5, ".5"),
        (1.0, "1."),
        (1000.0, "1e3"),
        (0.0, "0.0"),
        ("1e", "1e"),
        (".", "."),
        ("+", "+"),
        (math.inf, ".inf"),
        (-math.inf, "-.INF"),
        # quoted or tagged, everything is text
        ("12", "'12'"),
        ("true", '"true"'),
        ("", "''"),
        ("12", "!!str 12"),
        ("12", "! 12"),
    ],
)
@pytest.mark.usefixtures("loader")
def test_a_scalar_means_what_yaml_1_2_says(value, written):
    read = parse(f"key: {written}\n").root.value["key"]

    assert value == read
    assert type(value) is type(read)


def test_nan_is_a_number():
    assert math.isnan(parse(".nan").root.value)


# Control characters must be escaped in YAML; U+2028 and U+2029 (Zl, Zp) still end a line for PyYAML's parser.
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]))
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


@given(JSON)
def test_json_is_yaml(value):
    """YAML 1.2 was made so that JSON is YAML; nothing changes on the way, not even the type of a number."""
    assert repr(value) == repr(parse(json.dumps(value, ensure_ascii=False)).root.value)


@pytest.mark.usefixtures("loader")
def test_every_key_and_value_knows_its_place():
    text = "title: x\nfiles:\n  - id: file-a\n    rows: [{a: 1}, {a: 2}]\n  -\nempty:\né: |\n  block\n"
    document = parse(text)

    assert (1, 1) == document.position(())
    assert (1, 8) == document.position(("title",))
    assert (1, 1) == document.key_position(("title",))
    assert (3, 5) == document.key_position(("files", 0))
    assert (4, 12) == document.position(("files", 0, "rows", 0))
    assert (4, 24) == document.position(("files", 0, "rows", 1, "a"))
    assert (4, 21) == document.key_position(("files", 0, "rows", 1, "a"))
    assert (6, 1) == document.key_position(("empty",))
    assert (7, 4) == document.position(("é",))


def test_a_path_that_leads_nowhere_stands_for_the_last_value_on_its_way():
    document = parse("jobs:\n  - model: x\n")

    assert not document.has(("jobs", 0, "training_file"))
    assert (2, 5) == document.position(("jobs", 0, "training_file"))
    assert (2, 5) == document.key_position(("jobs", 0, "training_file"))
    assert {"model": "x"} == document.value(("jobs", 0, "training_file"))


def test_an_alias_is_the_anchored_value_and_points_at_it():
    document = parse("a: &x {n: 1}\nb: *x\n")

    assert {"a": {"n": 1}, "b": {"n": 1}} == document.root.value
    assert (1, 11) == document.position(("b", "n"))


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("place", "sentence", "text"),
    [
        ((2, 1), "duplicate key 'a' (first on line 1)", "a: 1\na: 2\n"),
        ((3, 5), "duplicate key 'b' (first on line 2)", "x:\n  - b: 1\n    b: 2\n"),
        ((1, 1), "a key must be text; put it in quotes", "1: x\n"),
        ((1, 1), "a key must be text; put it in quotes", "true: x\n"),
        ((1, 3), "a key must be text; put it in quotes", "? [a]\n: x\n"),
        ((1, 4), "tags are not used here: tag:yaml.org,2002:int", "a: !!int 1\n"),
        (
            (1, 4),
            "tags are not used here: tag:yaml.org,2002:python/object:os.system",
            "a: !!python/object:os.system x\n",
        ),
        ((1, 4), "tags are not used here: !mine", "a: !mine {}\n"),
        ((1, 4), "no anchor &x stands before this alias", "a: *x\n"),
        ((1, 8), "no anchor &x stands before this alias", "a: &x [*x]\n"),
        ((3, 1), "a second document; a file holds one", "a: 1\n---\nb: 2\n"),
        ((1, 101), "nested more than 100 levels deep", "[" * 100_000),
        ((4, 36), "aliases unfold to more than 10,000 values", BOMB),
        ((1, 2), "not YAML: this character is not allowed", "é\x07"),
        ((2, 4), "not YAML: this character is not allowed", "a: 1\nb: \ud800\n"),
    ],
)
@pytest.mark.usefixtures("loader")
def test_what_is_refused_and_where(place, sentence, text):
    with pytest.raises(YamlError) as caught:
        parse(text)

    assert [(place, sentence)] == caught.value.faults


@pytest.mark.parametrize(
    ("place", "text"),
    [((1, 5), "a: b: c"), ((1, 1), "\ta: 1"), ((2, 3), "a: 1\n b: 2"), ((1, 6), "a: 'x")],
)
@pytest.mark.usefixtures("loader")
def test_a_mistake_of_syntax_is_placed_too(place, text):
    with pytest.raises(YamlError) as caught:
        parse(text)

    assert [place] == [position for position, _ in caught.value.faults]
    assert caught.value.faults[0][1].startswith("not YAML: ")


def test_every_duplicate_is_reported_at_once():
    with pytest.raises(YamlError) as caught:
        parse("a: 1\na: 2\nb: {c: 1, c: 2}\n")

    assert [(2, 1), (3, 11)] == [position for position, _ in caught.value.faults]


def test_a_number_too_long_to_read_is_refused():
    with pytest.raises(YamlError) as caught:
        parse("seed: " + "9" * 5000)

    assert (1, 7) == caught.value.faults[0][0]


def test_an_empty_text_is_nothing():
    assert parse("").root.value is None
    assert parse("# only a comment\n").root.value is None
