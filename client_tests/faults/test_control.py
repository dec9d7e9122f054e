"""Faults of a running world: added in front of the others, counted, taken away again; a wrong one changes nothing."""

import contextlib

import httpx2
import pytest

HEADERS = {"authorization": "Bearer sk-test-key"}
SCENARIO = "version: 1\nfaults: [{times: 1, fault: {status: 500}}]\n"


@pytest.fixture
def world(open_world):
    return open_world(yaml=SCENARIO)


@pytest.fixture
def add(world, http):
    """Add rules; returns the answer, whatever it is."""
    return lambda *rules: http.post(f"{world.control_url}/faults", json={"rules": rules})


@pytest.fixture
def status(world, http):
    return lambda: http.get(f"{world.url}/models", headers=HEADERS).status_code


def listed(world):
    return [
        (each["id"], each["asked"], each["fired"], each["left"])
        for each in world.control("GET", "faults")["data"]
    ]


def test_added_rules_are_asked_first_in_their_order(world, add, status):
    add({"fault": {"status": 503}, "times": 1})
    add({"fault": {"status": 429}, "times": 1}, {"fault": {"status": 409}, "times": 1})

    assert ["added-1", "added-2", "added-0", "scenario-0"] == [name for name, *_ in listed(world)]
    assert [429, 409, 503, 500, 200] == [status() for _ in range(5)]


def test_a_rule_tells_what_it_has_done(world, add, status):
    add({"fault": {"status": 503}, "probability": 0}, {"fault": {"status": 503}, "times": 3})
    status()

    assert [("added-0", 1, 0, None), ("added-1", 1, 1, 2), ("scenario-0", 0, 0, 1)] == listed(world)


def test_a_rule_is_shown_as_a_scenario_writes_it(add):
    rule = {"match": {"endpoint": "files.create"}, "times": 2, "fault": {"reset": {"after_events": 3}}}

    assert rule == add(rule).json()["data"][0]["rule"]
    assert {"fault": {"hang": {}}} == add({"fault": "hang"}).json()["data"][0]["rule"]


def test_clearing_takes_the_added_rules_away_and_leaves_those_of_the_scenario(world, add, status):
    add({"fault": {"status": 503}}, {"fault": "hang"})

    assert {"cleared": 2} == world.control("DELETE", "faults")
    assert {"cleared": 0} == world.control("DELETE", "faults")
    assert [500, 200] == [status(), status()]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            {"fault": "hnag"},
            "must be a fault: its name, or its name with its settings, not 'hnag' (did you mean 'hang'?)",
        ),
        ({"fault": {"statsu": 503}}, "unknown key 'statsu' (did you mean 'status'?)"),
        ({"fault": {"status": 200}}, "status must be a number of at least 400, not 200"),
        ({"times": 1}, "'fault' is missing"),
        ({"fault": "status"}, "'status' is missing"),
        ({"match": {"endpont": "x"}, "fault": "hang"}, "unknown key 'endpont' (did you mean 'endpoint'?)"),
        (
            {"fault": {"reset": {"after_bytes": 1, "after_events": 2}}},
            "'after_events' and 'after_bytes' exclude each other",
        ),
        ({"fault": {"hang": 3}}, "hang must be a mapping, not 3"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place_and_none_is_added(world, add, rule, said):
    answer = add({"fault": "hang"}, rule)

    error = answer.json()["error"]
    assert (400, "rules", "invalid_scenario") == (answer.status_code, error["param"], error["code"])
    assert error["message"].startswith("rules[1]: ")
    assert said in error["message"]
    assert ["scenario-0"] == [name for name, *_ in listed(world)]


def test_a_reset_world_has_only_the_rules_of_its_scenario(world, add):
    add({"fault": "hang"})

    world.control("POST", "reset")

    assert [("scenario-0", 0, 0, 1)] == listed(world)


def test_another_scenario_begins_with_its_own_rules(world, add, status):
    add({"fault": "hang"})

    world.control("POST", "scenario", json={"yaml": "faults: [{fault: {status: 418}}]"})

    assert 418 == status()


def test_other_worlds_are_spared(add, open_world, http):
    add({"fault": {"status": 503}})

    assert 200 == http.get(f"{open_world(yaml='version: 1').url}/models", headers=HEADERS).status_code


@pytest.mark.parametrize(
    ("fault", "status"), [("empty_close", None), ({"status": 503}, 503), ("bad_json", 200)], ids=str
)
def test_a_struck_request_is_in_the_journal_with_its_operation(world, add, http, fault, status):
    add({"fault": fault})
    with contextlib.suppress(httpx2.RemoteProtocolError):
        http.get(f"{world.url}/models", headers=HEADERS)

    (exchange,) = world.control("GET", "requests")["data"]
    assert ("models.list", status) == (exchange["operation"], exchange["status"])
