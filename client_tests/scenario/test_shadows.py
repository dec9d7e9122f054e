"""Rules that can never answer are told, with their place and that of the rule in their way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario.made_up import FACTS, MATCHES

from mockserver.scenario.loader import load_checked, shipped
from mockserver.scenario.matchers import Match
from mockserver.scenario.shadows import shadowed


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({}, {}),
        ({}, {"model": "ada"}),
        ({"model": "ada"}, {"model": "ada"}),
        ({"model": "ada"}, {"model": {"equals": "ada"}, "temperature": 0}),
        ({"model": {"glob": "a*"}}, {"model": "ada"}),
        ({"model": {"in": ["ada", "curie"]}, "stream": False}, {"stream": False, "model": "ada"}),
        ({"prompt": {"contains": "sun"}}, {"prompt": "a sunny day"}),
        ({"temperature": {"gte": 0}}, {"temperature": 0}),
        ({"header": {"x-team": "a"}}, {"header": {"x-team": "a", "x-other": "b"}}),
        ({"any": [{"model": "a"}, {"model": "b"}]}, {"any": [{"model": "a"}, {"model": "b"}], "turn": 1}),
        ({"not": {"model": "a"}}, {"not": {"model": "a"}, "prompt": "x"}),
        ({"all": [{"model": "a"}, {"prompt": "x"}]}, {"model": "a", "prompt": "x"}),
        ({"endpoint": "completions"}, {"endpoint": "completions", "prompt": {"regex": "x"}}),
    ],
)
def test_a_rule_behind_a_wider_one_is_never_reached(earlier, later):
    assert [(1, 0)] == list(shadowed([Match.parse(earlier), Match.parse(later)]))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"model": "ada"}, {}),
        ({"model": "ada"}, {"model": "curie"}),
        ({"model": "ada", "stream": True}, {"model": "ada"}),
        ({"model": {"glob": "a*"}}, {"model": {"glob": "ad*"}}),
        ({"model": {"absent": False}}, {"model": {"glob": "a*"}}),
        # who asks for the default agrees with a request that says nothing
        ({"temperature": {"absent": False}}, {"temperature": 1}),
        ({"header": {"x-team": "a"}}, {"header": {"x-other": "a"}}),
        ({"not": {"model": "a"}}, {"model": "b"}),
    ],
)
def test_a_rule_that_some_request_may_reach_is_not(earlier, later):
    assert [] == list(shadowed([Match.parse(earlier), Match.parse(later)]))


@given(st.lists(MATCHES, max_size=12), FACTS)
def test_whatever_a_shadowed_rule_is_about_is_answered_before(matches, facts):
    rules = [Match.parse(match) for match in matches]

    for later, earlier in shadowed(rules):
        assert earlier < later
        if rules[later].check(facts).ok:
            assert rules[earlier].check(facts).ok


def test_the_warning_names_both_places(tmp_path):
    (tmp_path / "base.yaml").write_text("replies:\n  - {match: {model: ada, turn: 1}, reply: {}}\n")
    path = tmp_path / "story.yaml"
    path.write_text(
        "include: [base.yaml]\ntraining: [{takes: 1s}, {match: {model: davinci}}]\n"
        "replies:\n  - match: {model: {glob: a*}}\n    reply: {text: x}\n"
    )

    scenario, warnings = load_checked(path)

    assert 2 == len(scenario.replies)
    behind = "never answers: what it is about is answered by"
    assert {
        f"{path}:2:25: training[1] {behind} training[0] in {path}, line 2",
        f"{tmp_path}/base.yaml:2:5: replies[1] {behind} replies[0] in {path}, line 4",
    } == set(map(str, warnings))


def test_every_shipped_scenario_is_free_of_them():
    assert {name: [] for name in shipped()} == {name: load_checked(name)[1] for name in shipped()}
