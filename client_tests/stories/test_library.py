"""The library as a whole: a story is a scenario, a test that plays it, and no file that nobody reads."""

from pathlib import Path

import pytest

from mockserver.scenario.loader import load, shipped

HERE = Path(__file__).parent
#: stories whose tests stand elsewhere
ELSEWHERE = {"guide-2023": HERE.parent / "journeys" / "test_guide.py"}
FOLDER = shipped()["default"].parent


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_is_played_by_a_test_of_its_own(name):
    assert ELSEWHERE.get(name, HERE / f"test_{name.replace('-', '_')}.py").is_file()


@pytest.mark.parametrize("name", shipped())
def test_the_data_of_a_story_lies_in_the_folder_of_its_name(name):
    paths = [file.path for file in load(name).files if file.path]

    assert {FOLDER / name} >= {path.parent for path in paths}


def test_no_folder_is_without_a_story():
    assert set(shipped()) >= {path.name for path in FOLDER.iterdir() if path.is_dir()}


@pytest.mark.parametrize("name", shipped())
def test_a_story_is_told_on_one_screen(name):
    """The guide is the exception: its log alone has forty lines."""
    first, *lines = shipped()[name].read_text(encoding="utf-8").splitlines()

    assert first.startswith("# yaml-language-server: ")
    assert len(lines) < 40 or name in ELSEWHERE
    assert len(load(name).title) < 75
