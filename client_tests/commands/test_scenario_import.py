"""`scenario import` as a command: where a log may come from, where the scenario goes, what is said beside it.

That its replay prints the same log is shown in `journeys/test_import.py`.
"""

import io
import sys
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.commands.scenario_import import story_of
from mockserver.scenario.loader import load, load_text
from mockserver.simulation.cli_log import parse

LOG = Path(__file__).parent.parent / "data" / "guide-log.txt"
GUIDE = LOG.read_text(encoding="utf-8")
CREATED = "[2023-03-15 15:27:48] Created fine-tune: ft-abc\n"
QUEUED = CREATED + "[2023-03-15 15:28:00] Fine-tune costs $0.03\n[2023-03-15 15:28:01] Fine-tune enqueued\n"
STARTED = "[2023-03-15 15:30:00] Fine-tune started\n"


def test_the_guides_log_becomes_the_scenario_that_was_written_by_hand(run):
    run("scenario", "import", LOG, "-o", "story.yaml")
    mine, shipped = load("story.yaml"), load("guide-2023")

    def steps(scenario):
        return [
            (step.after, step.chosen, None if step.cost else getattr(step, step.chosen))
            for step in scenario.training[0].timeline
        ]

    assert (shipped.clock, shipped.as_of) == (mine.clock, mine.as_of)
    assert steps(shipped) == steps(mine)
    assert ("personal", {"model": "davinci"}) == (mine.account.slug, mine.training[0].match.written())
    ids, theirs = mine.training[0].ids, shipped.training[0].ids
    assert (theirs.job, theirs.result_file) == (ids.job, ids.result_file)
    assert 0.03 == mine.training[0].timeline[0].cost


def test_it_reads_as_a_person_would_write_it(run):
    """The whole text, but for the queue."""
    lines = run("scenario", "import", LOG).out.splitlines()

    assert [
        "# The log of ft-kF14mQsWGkU4qRwDSsZL1Wr0, printed at UTC+08:00. To see it again:",
        "#   mockserver serve --scenario story.yaml",
        "#   openai api fine_tunes.create -t data.jsonl -m davinci",
        "version: 1",
        "title: A fine-tune of davinci on 2023-03-15",
        "as_of: 2023-03-15",
        "clock: {start: 2023-03-15T07:27:48Z, rate: 600, hold_until: fine_tunes.create}",
        "account: {slug: personal}",
        "training:",
        "  - match: {model: davinci}",
        "    ids: {job: ft-kF14mQsWGkU4qRwDSsZL1Wr0, result_file: file-pH9nCn1Eqt51N7AgrZ2GXVwg}",
        "    timeline:",
        "      - {after: 12m 58s, cost: 0.03}",
        "      - {after: 1s, enqueued: true}",
        "      - {after: 54m 4s, queue: 31}",
    ] == lines[:15]
    assert "      - {after: 0s, succeeded: true}" == lines[-1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_log_may_be_encoded_as_a_terminal_redirects_it(run, here, encoding):
    (here / "log.txt").write_text(GUIDE, encoding=encoding)

    told = run("scenario", "import", "log.txt")

    assert (0, run("scenario", "import", LOG).out, "") == (told.code, told.out, told.err)


def test_bytes_of_another_encoding_do_not_hide_the_log(run, here):
    (here / "log.txt").write_bytes("Gerät\n".encode("latin-1") + GUIDE.encode())

    assert 0 == run("scenario", "import", "log.txt").code


def test_a_log_may_come_from_standard_input(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GUIDE.encode())))

    assert run("scenario", "import", LOG).out == run("scenario", "import", "-").out


def test_a_file_that_is_there_stays_as_it_is(run, here):
    (here / "story.yaml").write_text("precious")

    told = run("scenario", "import", LOG, "-o", "story.yaml")

    assert (2, "story.yaml: is there already; nothing was written\n") == (told.code, told.err)
    assert "precious" == (here / "story.yaml").read_text()


def test_where_it_was_written_is_said(run):
    told = run("scenario", "import", LOG, "--output", "deep/story.yaml")

    assert "wrote deep/story.yaml; play it with: mockserver serve --scenario deep/story.yaml\n" == told.out


@pytest.mark.parametrize(
    ("told", "start"),
    [
        ("+08:00", "2023-03-15T07:27:48"),
        ("+8", "2023-03-15T07:27:48"),
        ("-0330", "2023-03-15T18:57:48"),
        ("+00:00", "2023-03-15T15:27:48"),
    ],
)
def test_a_log_without_a_models_name_is_told_its_time_zone(run, here, told, start):
    (here / "log.txt").write_text(QUEUED + STARTED)

    said = run("scenario", "import", "log.txt", "--utc-offset", told)

    assert (0, "") == (said.code, said.err)
    assert f"clock: {{start: {start}Z, rate: 600, hold_until: fine_tunes.create}}\n" in said.out


def test_without_any_time_zone_it_is_utc_and_that_is_said(run, here):
    (here / "log.txt").write_text(QUEUED + STARTED)

    said = run("scenario", "import", "log.txt")

    assert (
        "log.txt:1:1: no model's name tells the time zone; taken to be UTC, unless --utc-offset tells\n"
        == said.err
    )
    assert "start: 2023-03-15T15:27:48Z" in said.out


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (
            "+07:00",
            "--utc-offset: +07:00 contradicts davinci:ft-personal-2023-03-15-09-11-14, whose log is at +08:00\n",
        ),
        ("8", "--utc-offset: '8' is not an offset such as +08:00\n"),
        ("+25", "--utc-offset: '+25' is not an offset such as +08:00\n"),
        ("+08:60", "--utc-offset: '+08:60' is not an offset such as +08:00\n"),
        ("China", "--utc-offset: 'China' is not an offset such as +08:00\n"),
    ],
)
def test_an_offset_that_cannot_be_is_refused(run, offset, said):
    told = run("scenario", "import", LOG, "--utc-offset", offset)

    assert (2, said, "") == (told.code, told.err, told.out)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Hello\n",
            "log.txt: no line of a fine-tune's log, such as '[2023-03-15 15:27:48] Fine-tune started'\n",
        ),
        (CREATED + STARTED + CREATED.replace("abc", "def"), "log.txt:3:1: a second fine-tune, ft-def; "),
    ],
)
def test_a_text_without_one_story_is_refused_in_one_line(run, here, text, said):
    (here / "log.txt").write_text(text)

    told = run("scenario", "import", "log.txt")

    assert (2, "", 1) == (told.code, told.out, told.err.count("\n"))
    assert told.err.startswith(said)


def test_a_log_that_is_not_there_is_refused(run):
    told = run("scenario", "import", "log.txt")

    assert (2, "log.txt: cannot be read: No such file or directory\n") == (told.code, told.err)


def log_of(*words):
    """Return a log in which something happens every minute."""
    return CREATED + "".join(f"[2023-03-15 15:{minute}:00] {said}\n" for minute, said in enumerate(words, 30))


def imported(text, offset=timedelta()):
    return story_of(parse(text), offset, "story.yaml")


def notes(story):
    return [(note.line, note.message) for note in story.notes]


def test_what_is_not_said_again_is_noted_with_its_line():
    text = log_of("Fine-tune costs $1.00", "Fine-tune enqueued", "Lunch", "Fine-tune started")

    assert [(4, "left out, nobody knows what it means: Lunch")] == notes(imported(text))


def test_a_queue_number_beside_the_word_enqueued_stays_there():
    story = imported(log_of("Fine-tune costs $1.00", "Fine-tune enqueued. Queue number: 2"))

    assert "      - {after: 1m, enqueued: 2}\n" in story.text
    assert [] == notes(story)


def test_what_the_server_says_but_the_log_does_not_is_noted():
    text = log_of("Fine-tune enqueued", "Fine-tune started", "Fine-tune succeeded")

    assert [(1, "the log does not tell of costs, epoch, model or result_file; the server does")] == notes(
        imported(text)
    )
    assert [] == notes(imported(log_of("Fine-tune costs $1.00", "Fine-tune enqueued", "Fine-tune started")))


def test_a_model_is_there_in_the_second_of_its_name():
    text = QUEUED + STARTED + "[2023-03-15 15:31:00] Completed epoch 1/1\n"
    text += "[2023-03-15 15:40:01] Uploaded model: ada:ft-x-2023-03-15-15-40-00\n"
    text += "[2023-03-15 15:40:02] Uploaded result file: file-x\n"

    story = imported(text)

    assert "{after: 9m, model: true}" in story.text
    assert "{after: 2s, result_file: true}" in story.text
    assert [(6, "said again at 15:40:00, the second in the name")] == notes(story)


def test_what_others_have_masked_is_drawn_anew():
    text = GUIDE.replace("ft-kF14mQsWGkU4qRwDSsZL1Wr0", "ft-…").replace(
        "file-pH9nCn1Eqt51N7AgrZ2GXVwg", "file-***"
    )

    story = story_of(parse(text), None, "story.yaml").text

    assert "ids:" not in story
    assert story.startswith("# The log of a fine-tune, ")


def test_a_log_of_a_day_whose_models_the_server_does_not_know_has_no_as_of():
    story = imported((QUEUED + STARTED).replace("2023", "2021"))

    assert "as_of" not in story.text
    assert [(1, "the server cannot fine-tune curie as of that day, so as_of is left out")] == notes(story)


@pytest.mark.parametrize(
    ("end", "remark"),
    [
        ("", ["      # The log ends here; what is left follows at once."]),
        (
            "[2023-03-15 15:42:30] Fine-tune cancelled\n",
            [
                "      - {after: 1d, epoch: 1} # did not come: 12m 30s after the line before it,",
                "      # its owner gave it up: openai api fine_tunes.cancel",
            ],
        ),
        (
            "[2023-03-15 15:42:30] Fine-tune failed. It broke.\n",
            [
                "      - {after: 1d, epoch: 1} # did not come",
                "    outcome: {failed: {at: 14m 42s, message: It broke.}}",
            ],
        ),
    ],
)
def test_where_the_log_knows_no_more_the_scenario_says_so(end, remark):
    assert remark == imported(QUEUED + STARTED + end).text.splitlines()[-len(remark) :]


STAGES = (
    "Fine-tune costs $1.50",
    "Fine-tune enqueued",
    *(["Fine-tune is in the queue. Queue number: 3"] * 3),
)
STAGES += ("Fine-tune started", *(f"Completed epoch {n}/3" for n in (1, 2, 3)))
GAPS = st.lists(st.integers(0, 100_000), min_size=len(STAGES), max_size=len(STAGES))


@given(GAPS, st.sets(st.sampled_from(range(len(STAGES))), max_size=8), st.integers(-56, 56))
def test_every_moment_of_a_log_is_a_moment_of_its_scenario(gaps, missing, quarters):
    start = datetime.fromisoformat("2022-06-01T00:00:00")
    moments = [start + timedelta(seconds=seconds) for seconds in accumulate(gaps)]
    told = [(moments[n], STAGES[n]) for n in range(len(STAGES)) if n not in missing]
    text = f"[{start}] Created fine-tune: ft-abc\n" + "".join(
        f"[{moment}] {words}\n" for moment, words in told
    )
    offset = timedelta(minutes=15 * quarters)

    scenario = load_text(imported(text, offset).text)

    steps = scenario.training[0].timeline
    clock = scenario.clock.start.replace(tzinfo=None)
    assert start - offset == clock
    assert [moment - start for moment, _ in told] == [
        timedelta(seconds=seconds) for seconds in accumulate(step.after for step in steps)
    ]
