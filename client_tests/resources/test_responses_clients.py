"""The journeys of responses, walked by real clients of three generations, each in an environment of its own."""

import json
import subprocess
from pathlib import Path

import pytest
from matrix.environments import environment, variables

PROGRAM = Path(__file__).with_name("responses_journeys.py")
LOOP = ["message", "function_call", "function_call_output"]


@pytest.mark.parametrize("version", ["1.109.1", "2.54.0", "3.54.0"])
def test_every_client_walks_the_journeys_of_responses(open_world, version):
    world = open_world(yaml="version: 1\nclock: {rate: auto}\n")
    told = subprocess.run(
        [environment(version).python, PROGRAM, world.url],
        capture_output=True,
        text=True,
        check=False,
        env=variables(),
    )
    assert told.returncode == 0, told.stderr

    walked = json.loads(told.stdout)
    assert 1 == len(set(walked["said"])), "the same was asked, however it was asked"
    assert ["get_weather", ["city"], "get_weather: snow", LOOP] == walked["loop"]
    assert [["title", "year"]] * 2 == walked["parsed"]
    assert [True, ["reasoning", "message"], 404] == walked["kept"]
    assert ["cancelled", "response.completed", True, True] == walked["background"]
