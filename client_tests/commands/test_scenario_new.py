"""`scenario new` writes a file that can be played at once, and never over another."""

import json
import re

import jsonschema
import pytest

from mockserver.commands.scenario_new import beginning
from mockserver.scenario.loader import load, load_text, shipped
from mockserver.scenario.models import schema
from mockserver.scenario.yaml12 import parse


def test_a_new_scenario_can_be_played(run):
    told = run("scenario", "new", "mine.yaml")

    assert (0, "wrote mine.yaml\n") == (told.code, told.out)
    assert (0, "1 of 1 scenario can be played\n") == (
        (checked := run("scenario", "check", "mine.yaml")).code,
        checked.out,
    )


def test_it_says_how_to_go_on_with_its_own_name(run, here):
    run("scenario", "new", "mine.yaml")

    text = (here / "mine.yaml").read_text(encoding="utf-8")

    assert "mockserver serve --scenario mine.yaml --watch\n" in text
    assert "{" not in text[: text.index("version")]


def test_everything_that_is_switched_off_in_it_works_when_it_is_switched_on():
    """Prose has one space behind its #."""
    text = re.sub(r"^#(?! \S)", "", beginning("mine.yaml"), flags=re.MULTILINE)
    assert text.count("\n#") < beginning("mine.yaml").count("\n#")

    load_text(text)
    jsonschema.validate(parse(text).root.value, json.loads(json.dumps(schema())))


def test_a_file_that_is_there_stays_as_it_is(run, here):
    (here / "mine.yaml").write_text("title: precious\n")

    told = run("scenario", "new", "mine.yaml")

    assert (2, "mine.yaml: is there already; nothing was written\n") == (told.code, told.err)
    assert "title: precious\n" == (here / "mine.yaml").read_text()


@pytest.mark.parametrize("name", shipped())
def test_a_copy_of_a_shipped_scenario_tells_the_same_story(run, name):
    told = run("scenario", "new", "deep/mine.yaml", "--from", name)

    assert 0 == told.code, told.err
    assert story(shipped()[name]) == story("deep/mine.yaml")


def story(source):
    """Return what a scenario says, with the contents of its files in the place of their paths."""
    scenario = load(source)
    return scenario.model_dump(exclude={"files": {"__all__": {"path"}}}), [
        file.content() for file in scenario.files
    ]


def test_the_data_of_a_copy_lies_beside_it(run, here):
    told = run("scenario", "new", "mine.yaml", "--from", "guide-2023")

    assert "wrote mine.yaml\nwrote guide-2023/data.jsonl\n" == told.out
    assert load("mine.yaml").files[0].path == here / "guide-2023" / "data.jsonl"
    assert "$schema=scenario.schema.json\n" in (here / "mine.yaml").read_text(encoding="utf-8")


def test_nothing_is_written_if_something_is_in_the_way(run, here):
    (here / "guide-2023").mkdir()
    (here / "guide-2023" / "data.jsonl").write_text("precious")

    told = run("scenario", "new", "mine.yaml", "--from", "guide-2023")

    assert (2, "guide-2023/data.jsonl: is there already; nothing was written\n") == (told.code, told.err)
    assert ["guide-2023"] == [path.name for path in here.iterdir()]
    assert "precious" == (here / "guide-2023" / "data.jsonl").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mine"], "mine: the name of a scenario's file ends with .yaml or .yml\n"),
        (["mine.yaml", "--from", "guide-2032"], "(did you mean 'guide-2023'?)\n"),
        (["mine.yaml", "--from", "other.yaml"], "no such scenario"),
        (["file/mine.yaml"], "file/mine.yaml: cannot be written: "),
    ],
)
def test_what_makes_no_sense_is_refused(run, here, words, said):
    (here / "file").write_text("in the way")

    told = run("scenario", "new", *words)

    assert 2 == told.code
    assert said in told.err
    assert ["file"] == [path.name for path in here.iterdir()]
