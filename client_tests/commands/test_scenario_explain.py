"""`scenario explain` names the rule that answers and, for each of the others, what said no."""

import json

import pytest

STORY = """version: 1
replies:
  - match: {endpoint: completions, model: davinci, prompt: {contains: snow}}
    reply: {text: " It is white."}
  - match: {endpoint: completions, prompt: {regex: "(?i)weather"}}
    reply: {text: " It is snowing."}
  - match: {endpoint: completions, prompt: {starts_with: What}}
    reply: {text: " Who knows?"}
  - match: {endpoint: chat.completions, last_user: {contains: weather}, header: {x-team: blue}}
    reply: {text: "It is snowing in Oslo."}
"""
WEATHER = {"model": "davinci", "prompt": "What is the weather?"}
CHAT = {"model": "gpt-4o", "messages": [{"role": "user", "content": "The weather?"}]}


@pytest.fixture
def explain(run, here):
    def explain_(story: str, request: object, *options: str) -> list[str]:
        (here / "story.yaml").write_text(story)
        told = run("scenario", "explain", "story.yaml", "--request", json.dumps(request), *options)
        assert (0, "") == (told.code, told.err)
        return told.out.splitlines()

    return explain_


def test_the_rule_that_answers_is_named_and_what_each_other_one_missed(explain):
    assert [
        "replies[0]: prompt does not contain 'snow': it is 'What is the weather?'",
        "replies[1]: answers",
        "replies[2]: would answer, but replies[1] comes first",
        "replies[3]: endpoint is not 'chat.completions': it is 'completions' or 'completions.create'",
    ] == explain(STORY, WEATHER, "--endpoint", "completions")


def test_the_endpoint_may_stand_in_the_request_and_have_its_long_name(explain):
    expected = explain(STORY, WEATHER, "--endpoint", "completions")

    assert expected == explain(STORY, {"endpoint": "completions", **WEATHER})
    assert expected == explain(STORY, {"endpoint": "completions.create", **WEATHER})
    assert expected == explain(STORY, {"endpoint": "completions", "body": WEATHER})


def test_what_stands_around_the_body_may_be_told_beside_it(explain):
    assert "replies[3]: header x-team is not 'blue': it is absent" in explain(
        STORY, CHAT, "--endpoint", "chat.completions"
    )
    assert "replies[3]: answers" in explain(
        STORY, {**CHAT, "endpoint": "chat.completions", "headers": {"X-Team": "blue"}}
    )


def test_a_request_may_come_from_a_file(run, here):
    (here / "story.yaml").write_text(STORY)
    (here / "request.json").write_text(json.dumps(WEATHER))

    told = run("scenario", "explain", "story.yaml", "--request", "@request.json", "--endpoint", "completions")

    assert (0, True) == (told.code, "replies[1]: answers\n" in told.out)


@pytest.mark.parametrize(
    ("on_unmatched", "said"),
    [("generate", "the model answers by itself"), ("error", "the request is refused")],
)
def test_it_is_said_what_happens_when_no_rule_answers(explain, on_unmatched, said):
    lines = explain(
        f"{STORY}on_unmatched: {on_unmatched}\n", {"prompt": "Hello"}, "--endpoint", "completions"
    )

    assert f"no reply rule answers: {said}" == lines[-1]


def test_each_of_several_prompts_is_asked_about(explain):
    lines = explain(STORY, {**WEATHER, "prompt": ["snow", "weather"]}, "--endpoint", "completions")

    assert ["prompt 1 of 2:", "replies[0]: answers"] == lines[:2]
    assert [
        "prompt 2 of 2:",
        "replies[0]: prompt does not contain 'snow': it is 'weather'",
        "replies[1]: answers",
    ] == lines[5:8]


FAULTY = """version: 1
faults:
  - match: {endpoint: files.create}
    times: 2
    fault: {status: 503}
  - match: {endpoint: completions}
    attempt: [2, 3]
    fault: reset
  - match: {endpoint: completions}
    probability: 0.25
    times: 1
    fault: hang
  - fault: follow_interrupted
  - fault: reset
"""


def test_the_fault_that_strikes_is_named_and_what_each_other_one_missed(explain):
    lines = explain(FAULTY, WEATHER, "--endpoint", "completions")

    assert "faults[0]: endpoint is not 'files.create': it is " in lines[0]
    assert [
        "faults[1]: attempt is not 2 or 3: it is 1",
        "faults[2]: strikes with hang, the first time, with a probability of 0.25",
        "faults[3]: follow_interrupted cannot happen to this call",
        "faults[4]: would strike, but faults[2] comes first",
    ] == lines[1:5]
    assert "faults[0]: strikes with status, the first 2 times" in explain(
        FAULTY, {}, "--endpoint", "files.create"
    )
    assert "faults[1]: strikes with reset" in explain(
        FAULTY, {**WEATHER, "endpoint": "completions", "attempt": 3}
    )


TRAINING = """version: 1
training:
  - match: {model: davinci, api: legacy}
    takes: 1h
  - match: {model: curie}
    takes: 2h
  - match: {suffix: mine}
    takes: 3h
"""


@pytest.mark.parametrize(
    ("request_", "endpoint", "lines"),
    [
        (
            {"model": "davinci"},
            "fine_tunes.create",
            ["training[0]: the job runs so", "training[1]: model is not 'curie': it is 'davinci'"],
        ),
        ({}, "fine_tunes.create", ["training[1]: the job runs so"]),
        (
            {"model": "davinci", "suffix": "mine"},
            "fine_tuning.jobs.create",
            ["training[0]: api is not 'legacy': it is 'modern'", "training[2]: the job runs so"],
        ),
        (
            {"model": "curie", "suffix": "mine"},
            "fine_tunes.create",
            ["training[2]: would do, but training[1] comes first"],
        ),
        ({"model": "ada"}, "fine_tunes.create", ["no training rule is about this job: it takes 20s"]),
    ],
)
def test_the_rule_a_job_runs_by_is_named(explain, request_, endpoint, lines):
    assert set(lines) <= set(explain(TRAINING, request_, "--endpoint", endpoint))


def test_replies_are_no_matter_of_calls_that_no_model_answers(explain):
    assert ["no rule is about files.list"] == explain(
        "replies:\n  - reply: {text: a}\n", {}, "--endpoint", "files.list"
    )


def test_an_endpoint_nobody_has_is_doubted_with_the_nearest(run, here):
    (here / "story.yaml").write_text(STORY)

    told = run("scenario", "explain", "story.yaml", "--request", "{}", "--endpoint", "chat.completion")

    assert 0 == told.code
    assert (
        "no call of this server is named 'chat.completion' (did you mean 'chat.completions'?)\n" == told.err
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--request", "{"], "--request: not JSON: "),
        (["--request", "[]"], "--request: must be a JSON object\n"),
        (["--request", "@none.json"], "none.json: cannot be read: No such file or directory\n"),
        (["--request", "{}"], "which endpoint is asked? Say --endpoint completions, "),
        (["--request", '{"endpoint": 7}'], "which endpoint is asked? Say --endpoint completions, "),
        ([], "--request"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(run, here, words, said):
    (here / "story.yaml").write_text(STORY)

    told = run("scenario", "explain", "story.yaml", *words)

    assert (2, "") == (told.code, told.out)
    assert said in told.err


def test_a_wrong_scenario_is_refused(run, here):
    (here / "story.yaml").write_text("titel: x\n")

    told = run("scenario", "explain", "story.yaml", "--request", "{}", "--endpoint", "completions")

    assert (2, "story.yaml:1:1: unknown key 'titel' (did you mean 'title'?)\n") == (told.code, told.err)
