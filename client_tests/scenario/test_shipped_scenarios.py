"""The scenarios that come with mockserver: they load, quickly, and the guide's is true to the guide."""

import hashlib
import re
from itertools import accumulate
from pathlib import Path
from time import perf_counter

import pytest

from mockserver.scenario.loader import load, shipped
from mockserver.scenario.models import TimelineStep
from mockserver.scenario.selection import choose, reply

# The guide's log: seconds since the fine-tune was created at 2023-03-15 07:27:48 UTC.
CREATED = 1678865268
LOG = [
    (778, "cost", "auto"),
    (779, "enqueued", True),
    (4023, "queue", 31),
    (4076, "queue", 30),
    (4103, "queue", 29),
    (4120, "queue", 28),
    (4170, "queue", 27),
    (4348, "queue", 26),
    (4383, "queue", 25),
    (4485, "queue", 24),
    (4594, "queue", 23),
    (4726, "queue", 22),
    (4728, "queue", 21),
    (4796, "queue", 20),
    (4854, "queue", 19),
    (4897, "queue", 18),
    (5124, "queue", 16),
    (5124, "queue", 16),
    (5208, "queue", 15),
    (5252, "queue", 14),
    (5282, "queue", 13),
    (5479, "queue", 12),
    (5512, "queue", 11),
    (5579, "queue", 10),
    (5697, "queue", 9),
    (5723, "queue", 8),
    (5726, "queue", 7),
    (5741, "queue", 6),
    (5752, "queue", 5),
    (5857, "queue", 4),
    (6005, "queue", 1),
    (6006, "queue", 0),
    (6012, "started", True),
    (6169, "epoch", 1),
    (6170, "epoch", 2),
    (6171, "epoch", 3),
    (6171, "epoch", 4),
    (6206, "model", True),
    (6207, "result_file", True),
    (6207, "succeeded", True),
]

TUNED = "davinci:ft-personal-2023-03-15-09-11-14"
SEPARATED = "How to jump to the specified work station?\nAgent:"


def log_of(timeline: list[TimelineStep]):
    moments = accumulate(step.after for step in timeline)
    return [
        (moment, step.chosen, getattr(step, step.chosen))
        for moment, step in zip(moments, timeline, strict=True)
    ]


@pytest.fixture(scope="module")
def guide():
    return load("guide-2023")


def test_the_first_scenarios_are_shipped():
    names = {"default", "guide-2023", "instant", "queue-31-deep", "training-fails-at-epoch-3"}

    assert names <= set(shipped())


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_loads_and_has_a_title(name):
    assert load(name).title


@pytest.mark.parametrize("path", shipped().values(), ids=list(shipped()))
def test_every_shipped_scenario_tells_editors_its_schema(path: Path):
    first = path.read_text().splitlines()[0]
    schema = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)

    assert schema
    assert (path.parent / schema[1]).is_file()


def test_the_default_scenario_loads_in_no_time():
    load("default")
    started = perf_counter()
    load("default")

    assert perf_counter() - started < 0.030


def test_a_default_job_takes_twenty_seconds_of_real_time():
    scenario = load("default")

    assert (1.0, None) == (scenario.clock.rate, scenario.clock.start)
    assert [20.0] == [rule.takes for rule in scenario.training]


def test_an_instant_job_takes_no_time():
    assert [(1.0, 0.0)] == [(load("instant").clock.rate, rule.takes) for rule in load("instant").training]


def test_a_queue_31_deep_is_over_in_seconds():
    scenario = load("queue-31-deep")
    rule = scenario.training[0]

    assert (31, 64.0) == (rule.queue, rule.queue_gap)
    assert (rule.queue * rule.queue_gap + rule.takes) / scenario.clock.rate < 5


def test_the_failing_training_fails_at_epoch_3():
    failure = load("training-fails-at-epoch-3").training[0].failure

    assert ("epoch", 3) == (failure.at.phase, failure.at.epoch)


def test_the_guides_clock_starts_with_its_first_call(guide):
    assert CREATED == guide.clock.start.timestamp()
    assert (600.0, "fine_tunes.create") == (guide.clock.rate, guide.clock.hold_until)
    assert "2023-03-15T00:00:00+00:00" == guide.as_of.isoformat()


def test_the_guides_afternoon_is_its_log_to_the_second(guide):
    rule = choose(guide.training, {"model": "davinci", "api": "legacy"}).rule

    assert LOG == log_of(rule.timeline)


def test_the_guides_model_has_the_name_of_its_second(guide):
    """davinci:ft-personal-2023-03-15-09-11-14 was made at 1678871474, as the guide's list of models says."""
    uploaded = next(moment for moment, stage, _ in log_of(guide.training[0].timeline) if stage == "model")

    assert 1678871474 == CREATED + uploaded


def test_other_models_are_trained_by_default_in_the_guides_world(guide):
    assert choose(guide.training, {"model": "curie", "api": "legacy"}).rule is None


def test_the_guides_ids_are_its_own(guide):
    ids, account = guide.training[0].ids, guide.account

    assert "ft-kF14mQsWGkU4qRwDSsZL1Wr0" == ids.job
    assert "file-pH9nCn1Eqt51N7AgrZ2GXVwg" == ids.result_file
    assert "snapperm-JQ4BJRHV5s3j8BDaUCkFiH73" == ids.permission
    assert ("org-3KbHduxfiYR8Ou7S4hUp2WsT", "personal") == (account.organization, account.slug)
    assert "user-shwt6sobzkcnzvcd500vqkvr" == account.user


def test_the_guides_first_file_is_there_byte_for_byte(guide):
    (file,) = guide.files

    assert ("file-wNtVrddnJeqAkmpy8WjYXyah", "file", "fine-tune") == (file.id, file.filename, file.purpose)
    assert 1678848638 == file.created_at
    assert 1607 == len(file.content())
    assert (
        "e0dd0a305cf1e79addd1996bd6d80a7ea78ae79648cf7394ea43b102b4ea5093"
        == hashlib.sha256(file.content()).hexdigest()
    )


def test_the_guides_morning_job_ended_when_its_model_says(guide):
    """curie:ft-personal-2023-03-15-03-15-09 and its result file were both made at 1678850109."""
    (job,) = guide.jobs
    moments = {stage: job.created_at + moment for moment, stage, _ in log_of(job.timeline)}

    assert ("legacy", "curie", guide.files[0].id) == (job.api, job.model, job.training_file)
    assert guide.files[0].created_at < job.created_at
    assert (1678850109, 1678850109) == (moments["model"], moments["result_file"])
    assert "file-K164kgEHnfwu9xpH39BxZ6Yg" == job.ids.result_file
    assert "snapperm-JBLNN03tghc62u22loQO2T4G" == job.ids.permission


# What the guide prints as JSON.
AT_0 = (
    "\nAgent is a program that runs on the work station. It is responsible for receiving the request "
    "from the client and forwarding it to the server"
)
AT_1 = (
    ' "can you help me to jump to the workstation that i have specified"\nManager: "sure, i will create a '
    'workOrder for you. Have lot of patience, we service all the customers one by one"\nAgent: ..."...." '
    "(\u256f\u00b0\u25a1\u00b0)\u256f\ufe35 \u253b\u2501\u253b\nIBM did a great job with the idea of Virtual "
    "Agent but no one cares about it\u2026\nEnvironment: 2012R2\nStrange error if you see"
)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (
            {"prompt": SEPARATED, "temperature": 0, "max_tokens": 100},
            ("cmpl-6uY4j0vR0MJVD6wkqMyqrWJnFSrzK", "stop", AT_0),
        ),
        (
            {"prompt": SEPARATED, "temperature": 1, "max_tokens": 100},
            ("cmpl-6uY5ykCmRSVAP7L0HNcqW23ki46N6", "length", AT_1),
        ),
        (
            {"prompt": SEPARATED, "max_tokens": 100},
            ("cmpl-6uY5ykCmRSVAP7L0HNcqW23ki46N6", "length", AT_1),
        ),
        (
            {"prompt": "How can a working station operate again?", "temperature": 0},
            (None, "length", " 9Were the harvesters concentrated into the factory first and how do they get"),
        ),
        (
            {"prompt": "How to jump to the specified work station?", "temperature": 0},
            (None, "length", "\n\nYou can set a jump prompt on the Startup tab of a workstation"),
        ),
        (
            {"prompt": "Where can I see the use record of spare parts?", "temperature": 0},
            (None, "length", " (Article 29)\n\nhttp://www.waju.or."),
        ),
    ],
)
def test_the_guides_completions_come_word_for_word(guide, asked, answer):
    facts = {"endpoint": "completions", "model": TUNED, **asked}

    given = reply(choose(guide.replies, facts).rule, 0)

    assert answer == (given.id, given.finish_reason, given.text)


@pytest.mark.parametrize(
    "facts",
    [
        {"model": "davinci"},
        {"model": "curie:ft-personal-2023-03-15-03-15-09"},
        {"temperature": 0.5},
        {"prompt": "How to jump to another work station?\nAgent:"},
        {"endpoint": "chat.completions"},
    ],
)
def test_other_questions_are_not_answered_by_the_guide(guide, facts):
    asked = {
        "endpoint": "completions",
        "model": TUNED,
        "prompt": SEPARATED,
        "temperature": 0,
        "max_tokens": 100,
    }

    assert choose(guide.replies, asked | facts).rule is None
