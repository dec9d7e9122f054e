"""Finding, reading and keeping scenarios."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.scenario import loader
from mockserver.scenario.loader import load, load_text, shipped
from mockserver.scenario.models import Scenario
from mockserver.scenario.problems import ScenarioError


def said(call, *arguments):
    with pytest.raises(ScenarioError) as caught:
        call(*arguments)
    return str(caught.value)


def test_the_shortest_scenario_is_three_lines():
    scenario = load_text("training:\n  - match: {model: davinci}\n    takes: 5m\n")

    assert 300.0 == scenario.training[0].takes


def test_an_empty_mapping_is_a_usable_world():
    assert Scenario().model_dump() == load_text("{}").model_dump()


def test_a_scenario_is_loaded_by_name_or_by_path(tmp_path):
    (tmp_path / "mine.yml").write_text("title: mine\n")

    assert "The guide of March 2023" == load("guide-2023").title
    assert "mine" == load(str(tmp_path / "mine.yml")).title
    assert "mine" == load(tmp_path / "mine.yml").title


def test_the_wheel_carries_its_own_scenarios(tmp_path, monkeypatch):
    (tmp_path / "_scenarios").mkdir()
    (tmp_path / "_scenarios" / "b.yaml").write_text("title: b\n")
    (tmp_path / "_scenarios" / "a.yaml").write_text("title: a\n")
    monkeypatch.setattr(loader.mockserver, "__file__", str(tmp_path / "__init__.py"))

    assert ["a", "b"] == list(shipped())
    assert "a" == load("a").title


def test_an_unknown_name_is_refused_with_the_nearest_shipped_one():
    message = said(load, "guide-2032")

    assert message.startswith("guide-2032: no such scenario; there are ")
    assert " default, " in message
    assert message.endswith("(did you mean 'guide-2023'?)")


def test_a_missing_file_is_refused_with_its_nearest_neighbour(tmp_path):
    (tmp_path / "story.yaml").write_text("{}")

    message = f"{tmp_path}/stroy.yaml: cannot be read: No such file or directory (did you mean 'story.yaml'?)"
    assert message == said(load, tmp_path / "stroy.yaml")


def test_a_folder_is_not_a_scenario(tmp_path):
    assert f"{tmp_path}: cannot be read: Is a directory" == said(load, tmp_path)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    (tmp_path / "latin.yaml").write_bytes("title: café\n".encode("latin-1"))

    assert f"{tmp_path}/latin.yaml: not UTF-8: byte 10 cannot be read" == said(load, tmp_path / "latin.yaml")


def test_a_byte_order_mark_is_not_part_of_a_file(tmp_path):
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbftitle: x\n")

    assert "x" == load(tmp_path / "bom.yaml").title


def test_mistakes_name_the_file_as_it_was_given(tmp_path, monkeypatch):
    (tmp_path / "wrong.yaml").write_text("version: 1\ntitel: x\n")
    monkeypatch.chdir(tmp_path)

    assert "wrong.yaml:2:1: unknown key 'titel' (did you mean 'title'?)" == said(load, "wrong.yaml")


def test_a_path_is_taken_from_the_folder_of_the_scenario(tmp_path, monkeypatch):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "data.jsonl").write_bytes(b"{}\r\n")
    (tmp_path / "deep" / "s.yaml").write_text("files: [{filename: a, path: data.jsonl}]")
    monkeypatch.chdir(tmp_path)
    scenario = load("deep/s.yaml")
    monkeypatch.chdir("/")

    assert b"{}\r\n" == scenario.files[0].content()


def test_a_path_to_nothing_is_refused(tmp_path):
    (tmp_path / "s.yaml").write_text("files:\n  - filename: a\n    path: data.jsonl\n")

    sentence = f"path must be the path of a file (from {tmp_path}), not 'data.jsonl'"
    assert f"{tmp_path}/s.yaml:3:11: {sentence}" == said(load, tmp_path / "s.yaml")


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret", "data.jsonl"])
def test_a_scenario_from_a_text_cannot_read_files_of_this_machine(path):
    message = said(load_text, f"files: [{{filename: a, path: {path}}}]")

    assert "<scenario>:1:23: 'path' needs a scenario that is a file itself; use 'rows' or 'text'" == message


def problems_of(text):
    try:
        load_text(text)
    except ScenarioError as error:
        return error.problems
    return []


@given(st.text(max_size=200))
def test_any_text_is_a_scenario_or_is_refused_with_places(text):
    assert all(problem.line and problem.column for problem in problems_of(text))


KEYS = st.sampled_from([*Scenario.model_fields, "reply", "match", "timeline", "failed", "after", "x"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["auto", "5m", "file-a", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(st.sampled_from(list(Scenario.model_fields)), VALUES))
def test_any_data_is_a_scenario_or_is_refused_with_places(data):
    """JSON is YAML, so this brings every kind of value to every section."""
    assert all(problem.line and problem.column for problem in problems_of(json.dumps(data)))
