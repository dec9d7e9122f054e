"""What the last client of the 0.x years makes of faults, where it differs: no retries, but for one that never ends."""

import json

import pytest
from matrix.environments import environment
from matrix.shell import Shell

ASK = """
import openai
try:
    print(openai.Completion.create(model="gpt-3.5-turbo-instruct", prompt="Hi", max_tokens=1{more})["object"])
except Exception as error:
    print(type(error).__name__)
"""
FOLLOW = "openai api fine_tunes.follow -i {}"


@pytest.fixture
def shell(tmp_path):
    """A terminal of that time at a world."""
    return lambda world: Shell(environment("0.28.1"), tmp_path, world.url)


@pytest.fixture
def ask(shell):
    """Ask for a completion; returns what comes of it."""

    def ask_(world, more=""):
        told = shell(world).python(ASK.format(more=more))
        assert 0 == told.returncode, told.stderr
        return told.stdout.strip()

    return ask_


def requests(world):
    return world.control("GET", "requests", params={"limit": 1000})["total"]


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ({"status": 429}, "RateLimitError"),
        ({"status": 500}, "APIError"),
        ({"status": 503}, "ServiceUnavailableError"),
        ("html_error", "APIError"),
        ("bad_json", "APIError"),
        ("reset", "APIConnectionError"),
        ("empty_close", "APIConnectionError"),
        ("garbage", "APIConnectionError"),
    ],
    ids=str,
)
def test_it_never_tries_again(broken, ask, fault, seen):
    world = broken(fault)

    assert seen == ask(world)
    assert 1 == requests(world)


def test_but_after_a_409_it_asks_again_at_once_until_something_else_comes(broken, ask):
    world = broken({"status": 409}, times=25)

    assert "text_completion" == ask(world)
    assert 26 == requests(world)


def test_a_409_that_stays_ends_only_with_the_callers_own_timeout(broken, ask):
    world = broken({"status": 409})

    assert "TryAgain" == ask(world, more=", timeout=0.2")
    assert 2 < requests(world)


@pytest.fixture
def told(tmp_path, pairs, open_world, shell):
    """Create a fine-tune in a world with these rules, and follow it; returns the world and what was printed."""
    (tmp_path / "data.jsonl").write_bytes(pairs)

    def create(*rules):
        world = open_world(yaml=f"clock: {{rate: auto}}\nfaults: {json.dumps(rules)}")
        printed = shell(world).openai("api", "fine_tunes.create", "-t", "data.jsonl", "-m", "ada")
        assert 0 == printed.returncode, printed.stderr
        return world, printed.stdout

    return create


@pytest.mark.parametrize(
    "fault",
    [
        {"follow_interrupted": 3},
        {"reset": {"after_events": 3}},
        {"malformed_chunk": {"after_events": 3}},
        {"malformed_event": 3},
        {"error_event": 3},
    ],
    ids=str,
)
def test_a_follower_is_told_how_to_go_on_and_hears_the_rest(told, shell, fault):
    rule = {"match": {"endpoint": "fine_tunes.list_events"}, "times": 1, "fault": fault}
    world, printed = told(rule)
    job = printed.partition("Created fine-tune: ")[2].split()[0]
    log = [line for line in printed.splitlines() if line.startswith("[2")]

    assert 3 == len(log)
    assert "Stream interrupted (client disconnected)." in printed
    assert FOLLOW.format(job) in printed

    again = shell(world).openai("api", "fine_tunes.follow", "-i", job).stdout
    whole = [line for line in again.splitlines() if line.startswith("[2")]
    assert log == whole[:3]
    assert whole[-1].endswith("Fine-tune succeeded")
    assert "Job complete! Status: succeeded" in again


def test_a_follower_whose_stream_ends_cleanly_takes_it_for_the_end(told):
    _, printed = told({"match": {"endpoint": "fine_tunes.list_events"}, "fault": {"stream_cut": 3}})

    assert "Stream interrupted" not in printed
    assert "Job complete!" not in printed
