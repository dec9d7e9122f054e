"""Faults are known by existing, and a scenario with faults can be written down and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.faults.base import FAULTS, Fault
from mockserver.faults.rule import FaultRule
from mockserver.scenario.loader import load_text
from mockserver.scenario.models import Scenario, schema

SETTINGS = {"status": {"status": 503}, "latency": {"delay": 2.0}}


def read(fault):
    return FaultRule.model_validate({"fault": fault}).fault.only


def test_every_file_of_the_package_that_holds_a_fault_is_called_like_it():
    assert {name: f"mockserver.faults.{name}" for name in FAULTS} == {
        name: fault.__module__ for name, fault in FAULTS.items()
    }


def test_two_faults_cannot_have_one_name():
    before = dict(FAULTS)
    with pytest.raises(ValueError, match="two faults are called 'empty_close'"):

        class EmptyClose(Fault):
            pass

    assert before == FAULTS


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_says_what_it_does_and_so_does_each_of_its_settings(name):
    assert FAULTS[name].about().endswith(".")
    assert [] == [key for key, field in FAULTS[name].model_fields.items() if not field.description]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_with_defaults_is_its_bare_name(name):
    if name in SETTINGS:
        assert read({name: next(iter(SETTINGS[name].values()))}) == read({name: SETTINGS[name]})
    else:
        assert read(name) == read({name: {}}) == read({name: True})


@pytest.mark.parametrize("name", FAULTS)
def test_a_bare_value_stands_for_the_setting_that_matters(name):
    key = FAULTS[name].shorthand
    value = {"status": 502, "delay": 3, "at": "epoch 2", "content_type": "text/plain"}.get(key, 3)
    if key:
        assert read({name: {key: value}}) == read({name: value})


@given(st.sampled_from(sorted(FAULTS)), st.integers(1, 5) | st.none(), st.floats(0, 1))
def test_a_scenario_with_faults_written_down_reads_back_the_same(name, times, probability):
    rule = {"fault": {name: SETTINGS.get(name, {})}, "times": times, "probability": probability}
    scenario = Scenario.model_validate({"faults": [rule]})

    assert scenario == Scenario.model_validate_json(scenario.model_dump_json())
    assert scenario == Scenario.model_validate_json(scenario.model_dump_json(exclude_unset=True))
    assert scenario == Scenario.model_validate_json(scenario.model_dump_json(exclude_defaults=True))


def test_editors_are_offered_every_fault_its_name_and_its_shorthand():
    kinds = schema()["$defs"]

    choices = kinds["FaultRule"]["properties"]["fault"]["anyOf"]
    assert set(FAULTS) == set(kinds["OneFault"]["properties"])
    assert set(FAULTS) - set(SETTINGS) == set(choices[1]["enum"])
    assert {"type": "integer", "minimum": 400, "maximum": 599} in kinds["OneFault"]["properties"]["status"][
        "anyOf"
    ]


def test_a_header_may_not_carry_another_one():
    with pytest.raises(ValueError, match="one line"):
        load_text('faults: [{fault: {status: {status: 503, headers: {x-a: "b\\r\\nx-c: d"}}}}]')
