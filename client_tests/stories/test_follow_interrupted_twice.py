"""The log of a fine-tune breaks off twice while it is followed; whoever follows again hears all of it."""

import pytest
from matrix.environments import environment
from matrix.shell import Shell

FOLLOW = """
import json, openai
from openai.cli import FineTune

job = openai.FineTune.create(training_file={file!r}, model="ada").id
for attempt in range(3):
    FineTune._stream_events(job)
    print("=====")
"""


@pytest.fixture
def told(server, client, pairs, tmp_path):
    """What the command line of the time prints, when a fine-tune is followed three times."""
    server.control("POST", "clock", json={"rate": "auto"})
    file = client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")
    shell = Shell(environment("0.28.1"), tmp_path, server.url)
    done = shell.python(FOLLOW.format(file=file.id))
    assert 0 == done.returncode, done.stderr
    return [part.strip().splitlines() for part in done.stdout.split("=====")[:3]]


def test_the_third_time_it_is_told_to_the_end(told):
    first, second, third = told

    for part, lines in (first, 2), (second, 5):
        assert third[:lines] == part[:lines]
        assert "Stream interrupted (client disconnected)." == part[lines + 1]
        assert part[-1].startswith("  openai api fine_tunes.follow -i ft-")
    assert "Job complete! Status: succeeded 🎉" in third
