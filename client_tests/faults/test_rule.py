"""When a rule strikes: for whom, how often, at which attempt, and with what chance."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from faults.clients import STYLES, ask

HEADERS = {"authorization": "Bearer sk-test-key"}


@pytest.fixture
def world_of(open_world):
    """`world_of(rule, rule, seed=7)`: a world with these rules."""

    def open_(*rules, seed=0):
        return open_world(yaml=f"version: 1\nseed: {seed}\nfaults: {json.dumps(rules)}\n")

    return open_


@pytest.fixture
def statuses(http):
    """`statuses(world, n)`: the statuses of n equal requests, by a client that does not count its retries."""

    def statuses_(world, count, path="models", **request):
        request = {"headers": HEADERS} | request
        return [http.get(f"{world.url}/{path}", **request).status_code for _ in range(count)]

    return statuses_


def test_without_limits_a_rule_strikes_every_request(world_of, statuses):
    assert [503, 503, 503] == statuses(world_of({"fault": {"status": 503}}), 3)


def test_a_rule_strikes_as_often_as_it_says(world_of, statuses):
    assert [503, 503, 200, 200] == statuses(world_of({"times": 2, "fault": {"status": 503}}), 4)


def test_only_requests_that_match_are_struck_and_counted(world_of, statuses):
    world = world_of({"match": {"endpoint": "files.list"}, "times": 1, "fault": {"status": 503}})

    assert [200, 200] == statuses(world, 2)
    assert [503, 200] == statuses(world, 2, path="files")


def test_a_body_can_be_matched_and_is_still_there_for_the_handler(world_of):
    world = world_of({"match": {"prompt": {"contains": "story"}}, "fault": {"latency": 0}})

    assert "ok" == ask("sync", world.url).outcome


def test_the_first_rule_that_strikes_counts_and_one_that_is_used_up_lets_the_next_one(world_of, statuses):
    world = world_of(
        {"times": 1, "fault": {"status": 500}},
        {"times": 2, "fault": {"status": 429}},
        {"match": {"endpoint": "files.list"}, "fault": {"status": 400}},
        {"fault": {"status": 503}},
    )

    assert [500, 429, 429, 503, 503] == statuses(world, 5)


def test_a_rule_of_another_endpoint_alone_is_passed_over(world_of, statuses):
    world = world_of({"times": 1, "fault": "file_stuck"}, {"times": 1, "fault": {"status": 503}})

    assert [503, 200] == statuses(world, 2)
    assert [0, 1] == [rule["asked"] for rule in world.control("GET", "faults")["data"]]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("attempt", "counts"), [(1, "0 1"), (2, "0"), ([1, 2], "0 1 2"), ([1, 2, 3], "0 1 2")]
)
@pytest.mark.usefixtures("waits")
def test_an_attempt_is_counted_as_the_client_counts_its_retries(broken, retries, style, attempt, counts):
    world = broken({"status": 503}, attempt=attempt)

    assert ("ok" if attempt != [1, 2, 3] else "openai.InternalServerError") == ask(style, world.url).outcome
    assert counts.split() == retries(world)


def test_a_client_that_does_not_count_makes_the_next_attempt_by_asking_the_same_again(world_of, statuses):
    world = world_of({"attempt": [2, 4], "fault": {"status": 503}})

    assert [200, 503, 200, 503, 200] == statuses(world, 5)


def test_the_same_again_is_the_same_key_method_path_query_and_body(world_of, http):
    world = world_of({"attempt": 2, "fault": {"status": 503}})

    def told(method, path, key="sk-one", **body):
        headers = {"authorization": f"Bearer {key}"}
        return http.request(method, f"{world.url}/{path}", headers=headers, **body).status_code

    first = [
        told("GET", "files"),
        told("GET", "files?limit=1"),
        told("GET", "models"),
        told("GET", "files", key="sk-two"),
        told("POST", "completions", json={"model": "none", "prompt": "1"}),
        told("POST", "completions", json={"model": "none", "prompt": "2"}),
    ]

    assert [200, 200, 200, 200, 404, 404] == first
    assert 503 == told("GET", "files", key="sk-two")
    assert 503 == told("POST", "completions", json={"model": "none", "prompt": "1"})


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"prompt": "\\ud800"}', b'{"n": 1e999}', b"\xff"]
)
def test_a_body_that_is_no_request_is_counted_and_refused_like_any_other(world_of, http, body):
    world = world_of({"attempt": 2, "fault": {"status": 503}})
    headers = HEADERS | {"content-type": "application/json"}

    answers = [http.post(f"{world.url}/completions", headers=headers, content=body) for _ in range(2)]

    assert [400, 503] == [answer.status_code for answer in answers]


def test_chance_is_decided_by_the_seed(world_of, statuses):
    rule = {"probability": 0.5, "fault": {"status": 503}}
    one, same, other = (statuses(world_of(rule, seed=seed), 40) for seed in (7, 7, 8))

    assert one == same
    assert one != other
    assert 8 < one.count(503) < 32


def test_chance_is_counted_by_requests_that_match_so_that_others_do_not_shift_it(world_of, statuses):
    rule = {"match": {"endpoint": "models.list"}, "probability": 0.5, "fault": {"status": 503}}
    alone, among_others = world_of(rule), world_of(rule)

    told = []
    for _ in range(20):
        told += statuses(among_others, 1)
        statuses(among_others, 2, path="files")

    assert statuses(alone, 20) == told


@pytest.mark.parametrize(("probability", "status"), [(0, 200), (1, 503)])
def test_a_probability_of_0_is_never_and_of_1_is_always(world_of, statuses, probability, status):
    assert [status] * 10 == statuses(world_of({"probability": probability, "fault": {"status": 503}}), 10)


def test_a_rule_that_did_not_strike_by_chance_lets_the_next_one(world_of, statuses):
    world = world_of({"probability": 0, "fault": {"status": 500}}, {"fault": {"status": 429}})

    assert [429] == statuses(world, 1)


def test_each_world_counts_for_itself(world_of, statuses):
    one, other = (world_of({"times": 1, "fault": {"status": 503}}) for _ in range(2))

    assert [503, 200] == statuses(one, 2)
    assert [503, 200] == statuses(other, 2)


def test_of_many_requests_at_once_as_many_are_struck_as_the_rule_says(world_of, statuses):
    world = world_of({"times": 50, "fault": {"status": 503}})
    with ThreadPoolExecutor(8) as pool:
        told = list(chain.from_iterable(pool.map(lambda _: statuses(world, 25), range(8))))

    assert (50, 150) == (told.count(503), told.count(200))


def test_a_reset_world_counts_from_the_start(world_of, statuses):
    world = world_of({"times": 1, "fault": {"status": 503}})
    statuses(world, 2)

    world.control("POST", "reset")

    assert [503, 200] == statuses(world, 2)


def test_nothing_happens_to_the_control_api_or_to_a_wrong_key(open_world, http):
    world = open_world(yaml="account: {api_keys: [sk-right]}\nfaults: [{fault: {status: 503}}]")

    assert world.control("GET", "clock")
    assert 401 == http.get(f"{world.url}/models", headers=HEADERS).status_code
