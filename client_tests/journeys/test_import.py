"""A log that the legacy command line printed, made into a scenario: the command line prints the same log again.

The command is the one that the scenario itself names; only ids are masked. A log in older words comes back in those
of 2023.
"""

import re
import shlex
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from matrix.environments import environment
from matrix.shell import Shell
from typer.testing import CliRunner

from mockserver.cli import app
from mockserver.scenario.loader import load
from mockserver.scenario.models import Scenario
from mockserver.testing.server import MockServer

DATA = Path(__file__).parent.parent / "data"
GUIDE = (DATA / "guide-log.txt").read_text(encoding="utf-8")
CHINA, UTC = "CST-8", "UTC0"


def log(*told: tuple[int, str], start: str = "2023-02-20 10:00:00") -> str:
    """Return a log as it was printed: seconds since the line before, and the words."""
    moment = datetime.fromisoformat(start)
    lines = []
    for after, words in told:
        moment += timedelta(seconds=after)
        lines.append(f"[{moment}] {words}\n")
    return "".join(lines)


CREATED = (0, "Created fine-tune: ft-AbCdEfGhIjKlMnOpQrStUvWx")
QUEUED = [CREATED, (476, "Fine-tune costs $0.00"), (1, "Fine-tune enqueued")]
QUEUED += [
    (168, "Fine-tune is in the queue. Queue number: 1"),
    (363, "Fine-tune is in the queue. Queue number: 0"),
]
RUNNING = [*QUEUED, (174, "Fine-tune started"), (14, "Completed epoch 1/4"), (0, "Completed epoch 2/4")]
TRAINED = [*RUNNING, (1, "Completed epoch 3/4"), (1, "Completed epoch 4/4")]
UPLOADED = (15, "Uploaded model: ada:ft-acme-2023-02-20-10-20-13")
DONE = [(1, "Uploaded result file: file-AbCdEfGhIjKlMnOpQrStUvWx"), (0, "Fine-tune succeeded")]
FAILED = (90, "Fine-tune failed. The machine it ran on is gone.")

TERMINAL = (
    "Windows PowerShell\r\nPS C:\\demo> openai api fine_tunes.create -t .\\data_prepared.jsonl -m davinci\r\n"
    "Upload progress: 100%|\u2588\u2588| 1.29k/1.29k [00:00<00:00, 1.26Mit/s]\r\n"
    "Uploaded file from .\\data_prepared.jsonl: file-aaaaaaaaaaaaaaaaaaaaaaaa\r\n"
    "Created fine-tune: ft-kF14mQsWGkU4qRwDSsZL1Wr0\r\nStreaming events until fine-tuning is complete...\r\n\r\n"
    "(Ctrl-C will interrupt the stream, but not cancel the fine-tune)\r\n"
    + "\r\n".join(GUIDE.splitlines()[:20])
    + "\r\n\r\nStream interrupted (client disconnected).\r\nTo resume the stream, run:\r\n\r\n"
    "  openai api fine_tunes.follow -i ft-kF14mQsWGkU4qRwDSsZL1Wr0\r\n\r\n"
    "PS C:\\demo> openai api fine_tunes.follow -i ft-kF14mQsWGkU4qRwDSsZL1Wr0\r\n"
    + GUIDE.replace("\n", "\r\n")
    + "PS C:\\demo> exit\r\n"
)

STORIES = {
    "a small ada of 2023": log(*TRAINED, UPLOADED, *DONE),
    "a name with a suffix": log(
        *TRAINED, (15, "Uploaded model: ada:ft-acme:my-bot-2023-02-20-10-20-13"), *DONE
    ),
    "sixteen epochs": log(
        *QUEUED,
        (5, "Fine-tune started"),
        *((11, f"Completed epoch {n}/16") for n in range(1, 17)),
        (9, "Uploaded model: davinci:ft-acme-2023-02-20-10-19-58"),
        *DONE,
    ),
    "a first epoch nobody heard of": log(
        *QUEUED, (174, "Fine-tune started"), *TRAINED[-3:], (29, UPLOADED[1]), *DONE
    ),
    "the queue's number beside the word enqueued": log(
        *QUEUED[:2],
        (1, "Fine-tune enqueued. Queue number: 1"),
        *QUEUED[4:],
        *TRAINED[5:],
        (183, UPLOADED[1]),
        *DONE,
    ),
    "a failure before its costs are known": log(CREATED, FAILED),
    "a failure before it is queued": log(*QUEUED[:2], FAILED),
    "a failure in the queue": log(*QUEUED, FAILED),
    "a failure before the first epoch": log(*RUNNING[:6], FAILED),
    "a failure between two epochs": log(*RUNNING, FAILED),
    "a failure after the last epoch": log(*TRAINED, FAILED),
    "a failure after the model is there": log(*TRAINED, UPLOADED, FAILED),
}

#: a log, and what comes back
OLDER = {
    "the words of 2021": (
        log(
            (0, "Job enqueued. Waiting for jobs ahead to complete. Queue number: 0."),
            (4, "Job started."),
            (505, "Uploaded snapshot: curie:ft-acmeco-2021-03-03-21-44-21."),
            (3, "Uploaded result files: file-XGinujblHPwGLSztz8cPS8XY."),
            (0, "Job succeeded."),
            start="2021-03-03 21:35:52",
        ),
        log(
            (0, "Created fine-tune: ft-…"),
            (0, "Fine-tune costs $0.00"),
            (0, "Fine-tune enqueued. Queue number: 0"),
            (4, "Fine-tune started"),
            *((0, f"Completed epoch {n}/4") for n in (1, 2, 3, 4)),
            (505, "Uploaded model: curie:ft-acmeco-2021-03-03-21-44-21"),
            (3, "Uploaded result file: file-XGinujblHPwGLSztz8cPS8XY"),
            (0, "Fine-tune succeeded"),
            start="2021-03-03 21:35:52",
        ),
    ),
}


@pytest.fixture
def imported(tmp_path):
    """Import a log; returns the scenario's file and the command it names."""

    def import_(text: str, *options: str) -> tuple[Path, list[str]]:
        (tmp_path / "log.txt").write_bytes(text.encode())
        (tmp_path / "data.jsonl").write_bytes((DATA / "data_prepared.jsonl").read_bytes())
        story = tmp_path / "story.yaml"
        told = CliRunner().invoke(
            app, ["scenario", "import", str(tmp_path / "log.txt"), "-o", str(story), *options]
        )
        assert 0 == told.exit_code, told.output
        [command] = re.findall(r"#   openai (.+)", story.read_text(encoding="utf-8"))
        return story, shlex.split(command)

    return import_


@pytest.fixture
def replayed(imported, tmp_path):
    """Import a log and let the command line print it again, whose clock jumps; returns what it prints of the log."""

    def replay(text: str, *options: str, timezone: str = UTC, version: str = "0.27.2") -> list[str]:
        story, command = imported(text, *options)
        with MockServer(paced(story, rate="auto")) as server:
            printed = Shell(environment(version), tmp_path, server.base_url, timezone=timezone).openai(
                *command
            )
        assert 0 == printed.returncode, printed.stderr
        return printed.stdout[printed.stdout.index("[2") :].splitlines()

    return replay


def paced(story: Path, **clock: object) -> Scenario:
    """Return a scenario with another clock."""
    scenario = load(story)
    return scenario.model_copy(update={"clock": scenario.clock.model_copy(update=clock)})


def masked(lines: list[str]) -> list[str]:
    return [re.sub(r"\b(ft|file)-\w{24}\b", r"\1-…", line) for line in lines]


@pytest.mark.parametrize("version", ["0.27.2", "0.28.1"])
def test_the_guides_log_comes_back_line_by_line(replayed, version):
    assert masked(GUIDE.splitlines()) == masked(replayed(GUIDE, timezone=CHINA, version=version))


def test_even_the_guides_ids_come_back(replayed):
    assert GUIDE.splitlines() == replayed(GUIDE, timezone=CHINA)


@pytest.mark.parametrize("name", STORIES)
def test_every_story_comes_back_line_by_line(replayed, name):
    lines = STORIES[name].splitlines()

    assert lines == replayed(STORIES[name])[: len(lines)]


def test_a_terminal_around_the_log_leaves_no_trace(imported):
    alone, _ = imported(GUIDE)
    bare = alone.read_text(encoding="utf-8")
    alone.unlink()

    around, _ = imported(TERMINAL)

    assert bare == around.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", OLDER)
def test_a_log_in_older_words_comes_back_in_those_of_2023(replayed, name):
    text, expected = OLDER[name]

    printed = replayed(text)[: len(expected.splitlines())]
    assert masked(expected.splitlines()) == masked(printed)


def test_a_log_that_ends_with_a_cancellation_comes_back_when_somebody_cancels(imported, tmp_path, http):
    text = log(*QUEUED, (90, "Fine-tune cancelled"))
    story, command = imported(text, "--utc-offset", "+00:00")
    with MockServer(paced(story, rate=0)) as server:
        shell = Shell(environment("0.27.2"), tmp_path, server.base_url, timezone=UTC)
        shell.openai(*command, "--no_follow")
        http.post(f"{server.url}/_mock/clock", json={"advance": (1008 + 90)})
        shell.openai("api", "fine_tunes.cancel", "-i", "ft-AbCdEfGhIjKlMnOpQrStUvWx")
        printed = shell.openai("api", "fine_tunes.follow", "-i", "ft-AbCdEfGhIjKlMnOpQrStUvWx").stdout

    assert text == printed[: len(text)]
