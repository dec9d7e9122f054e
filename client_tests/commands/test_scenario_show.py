"""`scenario show` prints what is written, or what is understood; `schema` what can be written at all."""

import json
import re

import jsonschema
import pytest

from mockserver.scenario.loader import load, shipped
from mockserver.scenario.models import schema
from mockserver.scenario.yaml12 import parse


@pytest.mark.parametrize("name", shipped())
def test_a_scenario_is_printed_as_it_is_written(run, name):
    told = run("scenario", "show", name)

    assert (0, shipped()[name].read_text(encoding="utf-8")) == (told.code, told.out)


def test_a_file_is_printed_as_it_is_written_wrong_or_not(run, here):
    (here / "wrong.yaml").write_text("titel: x # my first story\n")

    assert "titel: x # my first story\n" == run("scenario", "show", "wrong.yaml").out


@pytest.mark.parametrize("name", shipped())
def test_a_resolved_scenario_says_the_same_at_length(run, here, name):
    told = run("scenario", "show", name, "--resolved")
    (here / "resolved.yaml").write_text(told.out, encoding="utf-8")

    whole = load("resolved.yaml")

    assert 0 == told.code
    assert said(name) == said("resolved.yaml")
    assert "include" not in parse(told.out).root.value
    assert set(type(whole).model_fields) - whole.model_fields_set <= {"include", "as_of"}


def said(name):
    return load(name).model_dump(exclude={"include"})


def test_a_resolved_scenario_has_what_it_includes(run, here):
    (here / "base.yaml").write_text("training:\n  - {match: {model: ada}, takes: 1h}\n")
    (here / "story.yaml").write_text("title: mine\ninclude: [base.yaml]\n")

    resolved = parse(run("scenario", "show", "story.yaml", "--resolved").out).root.value

    assert ("mine", 3600.0) == (resolved["title"], resolved["training"][0]["takes"])


@pytest.mark.parametrize("words", [["show", "guide-2032"], ["show", "guide-2032", "--resolved"]])
def test_a_name_that_nothing_has_is_refused_with_the_nearest(run, words):
    told = run("scenario", *words)

    assert (2, "") == (told.code, told.out)
    assert told.err.endswith("(did you mean 'guide-2023'?)\n")


def test_a_file_that_is_not_there_is_refused(run):
    told = run("scenario", "show", "none.yaml")

    assert (2, "none.yaml: cannot be read: No such file or directory\n") == (told.code, told.err)


def test_what_is_wrong_cannot_be_resolved(run, here):
    (here / "wrong.yaml").write_text("titel: x\n")

    told = run("scenario", "show", "wrong.yaml", "--resolved")

    assert (2, "wrong.yaml:1:1: unknown key 'titel' (did you mean 'title'?)\n") == (told.code, told.err)


def test_the_schema_is_that_of_the_format_and_is_one(run):
    told = run("scenario", "schema")

    assert (0, schema()) == (told.code, json.loads(told.out))
    jsonschema.Draft202012Validator.check_schema(json.loads(told.out))


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_fits_the_schema(run, name):
    document = parse(run("scenario", "show", name).out).root.value

    jsonschema.validate(document, json.loads(run("scenario", "schema").out))


def test_a_resolved_scenario_begins_with_where_it_is_from(run):
    assert re.match(
        "# guide-2023, with what it includes", run("scenario", "show", "guide-2023", "--resolved").out
    )
