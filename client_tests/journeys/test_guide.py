"""The guide of March 2023, typed again: the real command line of that time prints what the guide quotes.

Nothing is masked: the scenario tells the ids, the clock tells the times, the training file the costs.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openai
import pytest
from matrix.environments import environment
from matrix.shell import Shell

from mockserver.scenario.loader import load
from mockserver.testing.server import MockServer

DATA = Path(__file__).parent.parent / "data"
LOG = (DATA / "guide-log.txt").read_text(encoding="utf-8")
FILES = json.loads((DATA / "guide-files.json").read_bytes())
MODELS = json.loads((DATA / "guide-models.json").read_bytes())

JOB = "ft-kF14mQsWGkU4qRwDSsZL1Wr0"
RESULT_FILE = "file-pH9nCn1Eqt51N7AgrZ2GXVwg"
CURIE, DAVINCI = "curie:ft-personal-2023-03-15-03-15-09", "davinci:ft-personal-2023-03-15-09-11-14"
NOT_A_BASE = (
    "Error: Invalid base model: {} (model must be one of ada, babbage, curie, davinci) or a fine-tuned model "
    "created by your organization: org-3KbHduxfiYR8Ou7S4hUp2WsT (HTTP status code: 400)\n"
)
CHINA = "CST-8"  # eight hours ahead of UTC; a name such as Asia/Shanghai is not known to every system


@dataclass(frozen=True, slots=True)
class Walk:
    """The guide, walked to the end: where to go on, and what was printed on the way."""

    shell: Shell
    server: MockServer
    printed: dict[str, Any]


@pytest.fixture(scope="module", params=["0.27.2", "0.28.1"])
def version(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def walk(version, tmp_path_factory):
    """Every command of the guide in its order; nobody waits, because the clock jumps whenever somebody does."""
    with MockServer(_guide(rate="auto")) as server:
        shell = _terminal(version, tmp_path_factory.mktemp("guide"), server)
        prepare = ("tools", "fine_tunes.prepare_data", "-f", "data.jsonl", "-q")
        create = ("api", "fine_tunes.create", "-t", "./data_prepared.jsonl", "-m")
        (shell.folder / "data.jsonl").write_bytes((DATA / "data.jsonl").read_bytes())
        printed = {
            "files": shell.openai("api", "files.list"),
            "prepare": shell.openai(*prepare),
            "typo": shell.openai(*create, "davanci"),
            "chat model": shell.openai(*create, "gpt-3.5-turbo"),
            "create": shell.openai(*create, "davinci"),
        }
        yield Walk(shell, server, printed)


# --- the data, and models that cannot be tuned ------------------------------------------------------------------


def test_prepare_data_writes_the_guides_second_file_byte_for_byte(walk):
    assert (DATA / "data_prepared.jsonl").read_bytes() == (walk.shell.folder / "data_prepared.jsonl").read_bytes()
    assert "approximately take 2.47 minutes to train a `curie` model" in walk.printed["prepare"].stdout


def test_the_files_of_the_morning_are_listed(walk):
    """As printed in the guide; only the size of the result file, whose contents it does not show, is our own."""
    printed = json.loads(walk.printed["files"].stdout)
    results, training = printed["data"]

    assert FILES["data"][1] == training
    assert FILES["data"][0] | {"bytes": results["bytes"]} == results


@pytest.mark.parametrize(("said", "model"), [("typo", "davanci"), ("chat model", "gpt-3.5-turbo")])
def test_a_model_that_is_no_base_is_refused_in_the_guides_words(walk, said, model):
    refused = walk.printed[said]

    assert 1 == refused.returncode
    assert refused.stderr.endswith(NOT_A_BASE.format(model))
