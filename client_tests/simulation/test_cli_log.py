"""What is read from a printed log: the right lines, of one job, in an order that can be."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.cli_log import ENDS, LogError, ModelName, parse

GUIDE = (Path(__file__).parent.parent / "data" / "guide-log.txt").read_text(encoding="utf-8")
CREATED = "[2023-03-15 15:27:48] Created fine-tune: ft-A\n"
STARTED = "[2023-03-15 15:30:00] Fine-tune started\n"
UPLOADED = "[2023-03-15 17:11:14] Uploaded model: davinci:ft-personal-2023-03-15-{}\n"


def kinds(text):
    return [event.kind for event in parse(text).events]


def notes(text):
    return [(note.line, note.message) for note in parse(text).notes]


def refusal(text):
    with pytest.raises(LogError) as caught:
        parse(text)
    return caught.value.line, str(caught.value)


def test_the_guides_log_is_read_line_by_line_and_nothing_is_left_out():
    log = parse(GUIDE)

    assert ([*range(1, 42)], ()) == ([event.line for event in log.events], log.notes)
    assert ("ft-kF14mQsWGkU4qRwDSsZL1Wr0", datetime.fromisoformat("2023-03-15 15:27:48")) == (
        log.events[0].said["id"],
        log.events[0].moment,
    )
    assert ["31", "16", "16", "0"] == [log.events[n].said["number"] for n in (3, 17, 18, 32)]
    assert ({"epoch": "4", "epochs": "4"}, {"dollars": "0.03"}) == (log.events[37].said, log.events[1].said)


def test_the_guides_clocks_were_eight_hours_ahead():
    assert timedelta(hours=8) == parse(GUIDE).utc_offset


@pytest.mark.parametrize(
    ("second", "hours"),
    [
        ("09-11-14", 8),
        ("09-11-13", 8),
        ("11-41-14", 5.5),
        ("12-11-14", 5),
        ("17-11-14", 0),
        ("17-11-00", 0),
        ("23-11-14", -6),
        ("09-05-00", None),  # no name is six minutes older than the line that tells of it
        ("09-61-14", None),
    ],
)
def test_the_models_name_tells_the_time_zone(second, hours):
    offset = parse(CREATED + STARTED + UPLOADED.format(second)).utc_offset

    assert (None if hours is None else timedelta(hours=hours)) == offset


def test_a_name_from_another_day_tells_no_time_zone():
    assert (
        parse(CREATED + STARTED + UPLOADED.format("09-11-14").replace("03-15-09", "03-19-09")).utc_offset
        is None
    )


@pytest.mark.parametrize(
    ("name", "base", "slug", "suffix"),
    [
        ("davinci:ft-personal-{}", "davinci", "personal", None),
        ("ada:ft-acme-corp-{}", "ada", "acme-corp", None),
        ("ada:ft-acme:my-bot-{}", "ada", "acme", "my-bot"),
        ("ada:ft-acme:2023-03-15-{}", "ada", "acme", "2023-03-15"),
    ],
)
def test_a_models_name_is_taken_apart(name, base, slug, suffix):
    log = parse(CREATED + f"[2023-03-15 17:11:14] Uploaded model: {name.format('2023-03-15-09-11-14')}\n")

    assert ModelName(base, slug, suffix, datetime.fromisoformat("2023-03-15 09:11:14")) == log.model


@pytest.mark.parametrize("name", ["davinci", "ft:gpt-4o-mini:acme::abc", "davinci:ft-personal"])
def test_a_name_of_another_kind_tells_nothing(name):
    log = parse(CREATED + f"[2023-03-15 17:11:14] Uploaded model: {name}\n")

    assert (None, None) == (log.model, log.utc_offset)


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ("Fine-tune costs $5.07", "costs", {"dollars": "5.07"}),
        ("Fine-tune costs $1,005.30", "costs", {"dollars": "1,005.30"}),
        ("Fine-tune enqueued", "enqueued", {}),
        ("Fine-tune enqueued. Queue number: 2", "enqueued", {"number": "2"}),
        ("Job enqueued. Waiting for jobs ahead to complete. Queue number: 0.", "enqueued", {"number": "0"}),
        ("Fine-tune is in the queue. Queue number: 31", "queue", {"number": "31"}),
        ("Fine-tune started", "started", {}),
        ("Job started.", "started", {}),
        ("Completed epoch 1/16", "epoch", {"epoch": "1", "epochs": "16"}),
        ("Uploaded model: ada:ft-x", "model", {"id": "ada:ft-x"}),
        ("Uploaded snapshot: ada:ft-x.", "model", {"id": "ada:ft-x"}),
        ("Uploaded result file: file-a", "result_file", {"id": "file-a"}),
        ("Uploaded result files: file-a.", "result_file", {"id": "file-a"}),
        ("Fine-tune succeeded", "succeeded", {}),
        ("Job succeeded.", "succeeded", {}),
        ("Fine-tune failed", "failed", {}),
        ("Fine-tune failed. It broke.", "failed", {"message": "It broke."}),
    ],
)
def test_every_wording_of_a_line_is_known(words, kind, said):
    event = parse(f"{CREATED}[2023-03-15 15:30:00] {words}\n").events[1]

    assert (kind, said) == (event.kind, event.said)


def test_a_cancellation_is_known():
    assert ["created", "started", "cancelled"] == kinds(
        CREATED + STARTED + "[2023-03-15 16:00:00] Fine-tune cancelled"
    )


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "PS C:\\> {}\r",
        "> {}  ",
        "\x1b[0m{}",
        "Upload progress: 100%|##| 1k/1k [00:00<00:00, 2Mit/s]\r{}",
        "noise\n{}\nnoise",
    ],
)
def test_a_line_is_found_in_whatever_stands_around_it(around):
    assert ["created", "started"] == kinds(
        around.format(CREATED.rstrip()) + "\n" + around.format(STARTED.rstrip())
    )


def test_a_stream_that_was_followed_again_is_told_once_and_as_far_as_it_came():
    queued = "[2023-03-15 15:29:00] Fine-tune enqueued\n"

    assert ["created", "enqueued", "started"] == kinds(CREATED + queued + CREATED + queued + STARTED)
    assert ["created", "enqueued", "started"] == kinds(CREATED + queued + STARTED + CREATED + queued)
    assert ["created", "enqueued", "started"] == kinds(STARTED + CREATED + queued + STARTED)


def test_the_command_lines_last_words_tell_of_a_failure_that_no_line_told():
    last = "\nJob failed. Please contact support@openai.com if you need assistance.\n"

    assert ["created", "started", "failed"] == kinds(CREATED + STARTED + last)
    assert ["created", "failed"] == kinds(CREATED + "[2023-03-15 16:00:00] Fine-tune failed\n" + last)
    assert ["created", "started"] == kinds(last + CREATED + STARTED)


def test_what_nobody_knows_is_left_out_and_said():
    text = CREATED + "[2023-03-15 15:29:00] Fine-tune is having lunch\n" + STARTED

    assert ["created", "started"] == kinds(text)
    assert [(2, "left out, nobody knows what it means: Fine-tune is having lunch")] == notes(text)


def test_what_cannot_follow_is_left_out_and_said():
    text = CREATED + STARTED + "[2023-03-15 15:31:00] Fine-tune enqueued\n" + STARTED

    assert [
        (3, "left out: 'enqueued' cannot come after 'started'"),
        (4, "left out: 'started' cannot come after 'started'"),
    ] == notes(text)


def test_time_that_goes_back_stands_still_instead_and_it_is_said():
    text = CREATED + STARTED + "[2023-03-15 14:31:00] Completed epoch 1/4\n"

    assert datetime.fromisoformat("2023-03-15 15:30:00") == parse(text).events[2].moment
    assert [(3, "earlier than the line before it; taken to be of the same second")] == notes(text)


def test_a_log_without_its_first_line_begins_with_the_next():
    events = parse(STARTED + "[2023-03-15 15:31:00] Completed epoch 1/4\n").events

    assert [("created", {}), ("started", {}), ("epoch", {"epoch": "1", "epochs": "4"})] == [
        (event.kind, event.said) for event in events
    ]
    assert events[0].moment == events[1].moment


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", None, "no line of a fine-tune's log, such as '[2023-03-15 15:27:48] Fine-tune started'"),
        (
            "Fine-tune started\n",
            None,
            "no line of a fine-tune's log, such as '[2023-03-15 15:27:48] Fine-tune started'",
        ),
        (CREATED, 1, "nothing had happened to this fine-tune by then"),
        (
            CREATED + "[2023-03-15 16:00:00] Fine-tune cancelled",
            2,
            "nothing had happened to this fine-tune by then",
        ),
        (
            CREATED + STARTED + CREATED.replace("ft-A", "ft-B") + STARTED,
            3,
            "a second fine-tune, ft-B; the log of ft-A has to stand alone",
        ),
        ("[2023-02-30 15:27:48] Fine-tune started", 1, "'2023-02-30 15:27:48' is no time"),
    ],
)
def test_a_text_without_one_story_is_refused_with_its_line(text, line, sentence):
    assert (line, sentence) == refusal(text)


LINES = st.lists(
    st.sampled_from([*GUIDE.splitlines(), *STARTED.splitlines(), "Job failed. Please contact us"])
)


@given(LINES)
def test_any_heap_of_lines_is_a_possible_story_or_none(lines):
    try:
        events = parse("\n".join(lines)).events
    except LogError:
        return
    moments = [event.moment for event in events]

    assert sorted(moments) == moments
    assert "created" == events[0].kind
    assert not any(event.kind in ENDS for event in events[:-1])
