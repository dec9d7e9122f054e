"""The journeys of chat, walked by real clients of every generation, each in an environment of its own."""

import json
import subprocess
from pathlib import Path

import pytest
from matrix.environments import environment, variables

PROGRAM = Path(__file__).with_name("chat_journeys.py")
HELPED = ["chunk", "tool_calls.function.arguments.delta", "tool_calls.function.arguments.done"]


@pytest.mark.parametrize("version", ["0.28.1", "1.109.1", "2.54.0", "3.54.0"])
def test_every_client_walks_the_journeys_of_chat(server, version):
    told = subprocess.run(
        [environment(version).python, PROGRAM, server.url],
        capture_output=True,
        text=True,
        check=False,
        env=variables(),
    )
    assert told.returncode == 0, told.stderr

    walked = json.loads(told.stdout)
    assert 1 == len(set(walked["said"] + walked["streamed"])), "one seed, one answer, however it is asked for"
    assert 12 == walked["usage"]
    assert ["get_weather", ["city"]] == walked["called"]
    assert "get_weather: snow" == walked["final"]
    assert [400, "messages"] == walked["refused"]
    if version != "0.28.1":
        assert [["title", "year"]] * 2 == walked["parsed"]
        assert HELPED == walked["events"]
