"""Replies: what one may say, what stands for its placeholders, what is refused before anybody is answered."""

import pytest

from mockserver.scenario.loader import load_text
from mockserver.scenario.models import Pacing, Reply, ReplyRule, Scenario
from mockserver.scenario.official import NAMED, Asker
from mockserver.scenario.problems import ScenarioError
from mockserver.scenario.replies import quoted
from mockserver.scenario.selection import counted_for, explain

EVERYTHING = """
stream: {time_to_first_token: 2s, tokens_per_second: 20, jitter: 0.1}
on_unmatched: error
replies:
  - match:
      endpoint: chat.completions
      all: [{turn: {gte: 2}}, {header: {X-Team: {regex: "(?P<team>\\\\w+)"}}}]
      any: [{tool_names: get_weather}, {metadata: {kind: demo}}]
      not: {body: {json_path: {"$.tools[*].type": web_search}}}
    replies:
      - {tool_calls: [{name: get_weather, arguments: {city: "{team}"}, id: call_1}, {name: now}]}
      - {refusal: "No, {team}."}
      - {value: {a: [1, {b: "{model}"}]}}
      - {error: rate_limit_exceeded, headers: {Retry-After: "2"}, delay: 1s}
      - {error: {name: server_error, message: "Not today, {team}."}}
      - {status: 503, body: {error: 1}, headers: {x-a: b}}
      - {body: "<html>"}
      - {status: 204}
      - {from_training_file: true, usage: {prompt_tokens: 7}}
      - {echo: true, stream: {tokens_per_second: 5}}
      - {text: "Hello", finish_reason: length, id: chatcmpl-1}
      - {}
    per: conversation
    then: error
"""


def rules(text):
    return load_text(f"replies:\n{text}").replies


def test_a_reply_may_say_all_this_and_be_written_down():
    scenario = load_text(EVERYTHING)

    again = Scenario.model_validate_json(scenario.model_dump_json())
    kept = Scenario.model_validate_json(scenario.model_dump_json(exclude_unset=True))

    assert 12 == len(scenario.replies[0].turns)
    assert scenario.model_dump() == again.model_dump() == kept.model_dump()


@pytest.mark.parametrize(
    ("written", "raw"),
    [
        ({}, False),
        ({"text": "a"}, False),
        ({"error": {"name": "server_error"}}, False),
        ({"headers": {"a": "b"}}, False),
        ({"status": 200}, True),
        ({"body": ""}, True),
        ({"body": []}, True),
    ],
)
def test_a_status_or_a_body_makes_a_response_of_its_own(written, raw):
    assert raw == Reply.model_validate(written).is_raw


def test_placeholders_stand_for_captures_and_for_the_request():
    reply = load_text(
        'replies: [{match: {prompt: {regex: "in (?P<city>\\\\w+)(?P<rest>!)?"}}, reply: {text: '
        '"{city}{rest}: {model} at {temperature}, {max_tokens}, {stream}, {suffix}. {{city}}"}}]'
    ).replies[0]
    facts = {"endpoint": "completions", "model": "ada", "prompt": "in Oslo", "temperature": 0.5}

    said = reply.reply.filled(quoted(reply.match.check(facts).captures, facts))

    assert "Oslo: ada at 0.5, 16, false, . {city}" == said.text


def test_placeholders_are_filled_in_everywhere():
    reply = Reply.model_validate(
        {
            "tool_calls": [
                {"name": "f", "arguments": {"a": ["{city}"]}},
                {"name": "g", "arguments": "{city"},
            ],
            "headers": {"x-city": "{city}"},
        }
    ).filled(quoted({"city": "Oslo"}, {}))
    error = Reply.model_validate({"error": {"name": "server_error", "message": "{city}"}})

    assert [{"a": ["Oslo"]}, "{city"] == [call.arguments for call in reply.tool_calls]
    assert {"x-city": "Oslo"} == reply.headers
    assert "Oslo" == error.filled(quoted({"city": "Oslo"}, {})).error.message


def test_a_capture_is_meant_before_a_field_of_the_same_name():
    [rule] = rules('- {match: {model: {regex: "^(?P<model>\\\\w+)"}}, reply: {text: "{model}"}}\n')
    facts = {"model": "davinci:ft-x"}

    assert "davinci" == rule.reply.filled(quoted(rule.match.check(facts).captures, facts)).text


def test_a_branch_that_did_not_match_has_captured_nothing():
    [rule] = rules(
        '- {match: {any: [{prompt: {regex: "(?P<a>x)"}}, {prompt: {regex: "(?P<b>y)"}}]}, reply: {text: "{a}-{b}"}}\n'
    )
    facts = {"prompt": "y"}

    assert "-y" == rule.reply.filled(quoted(rule.match.check(facts).captures, facts)).text


@pytest.mark.parametrize(
    ("said", "written"),
    [
        # what a request can be quoted with
        (
            "1:20: unknown placeholder 'promt' (did you mean 'prompt'?)",
            'replies: [{reply: {"text": "x {promt}"}}]',
        ),
        (
            "3:18: unknown placeholder 'ctiy' (did you mean 'city'?)",
            'replies:\n- match: {prompt: {regex: "(?P<city>x)"}}\n  replies: [{}, {text: "{ctiy}"}]',
        ),
        ("1:20: unknown placeholder 'message'", 'replies: [{reply: {text: "{message}"}}]'),
        (
            "1:36: unknown placeholder 'cty'",
            'replies: [{reply: {value: {a: [1, {b: "{cty}"}]}}}]',
        ),
        (
            "1:43: unknown placeholder 'zzzz'",
            'replies: [{reply: {tool_calls: [{name: f, arguments: "{zzzz}"}]}}]',
        ),
        # what only chat can say
        (
            "1:52: a completion has no 'refusal'",
            "replies: [{match: {endpoint: completions}, reply: {refusal: no}}]",
        ),
        (
            "1:62: a completion has no 'tool_calls'",
            "replies: [{match: {endpoint: completions.create}, replies: [{tool_calls: [{name: f}]}]}]",
        ),
        ("1:46: an edit has no 'refusal'", "replies: [{match: {endpoint: edits}, reply: {refusal: no}}]"),
        (
            "1:51: an embedding has no 'text'",
            "replies: [{match: {endpoint: embeddings}, reply: {text: a}}]",
        ),
        (
            "1:59: a moderation has no 'echo'",
            "replies: [{match: {endpoint: moderations.create}, reply: {echo: true}}]",
        ),
        # one thing at a time
        ("1:29: 'echo' and 'text' exclude each other", "replies: [{reply: {text: a, echo: true}}]"),
        ("1:20: 'status' and 'text' exclude each other", "replies: [{reply: {status: 500, text: a}}]"),
        (
            "1:41: 'usage' and 'error' exclude each other",
            "replies: [{reply: {error: server_error, usage: {prompt_tokens: 1}}}]",
        ),
        # headers
        (
            "1:39: 'Content-Length' is for the server to say",
            "replies: [{reply: {body: a, headers: {Content-Length: '3'}}}]",
        ),
        (
            "1:44: x-a must be one line, not 'a\\r\\nb: c'",
            'replies: [{reply: {body: a, headers: {x-a: "a\\r\\nb: c"}}}]',
        ),
        (
            "1:39: the name of a header has letters, digits and - only",
            'replies: [{reply: {body: a, headers: {"x a": b}}}]',
        ),
    ],
)
def test_what_cannot_be_said_is_refused(said, written):
    with pytest.raises(ScenarioError) as caught:
        load_text(written, "s.yaml")

    assert [f"s.yaml:{said}"] == [f"{line}" for line in str(caught.value).splitlines()]


def test_an_error_has_an_official_name():
    with pytest.raises(ScenarioError) as caught:
        load_text("replies: [{reply: {error: rate_limit}}]", "s.yaml")

    expected = "error must be the code of an official error, such as rate_limit_exceeded, not 'rate_limit'"
    assert f"s.yaml:1:27: {expected} (did you mean 'rate_limit_exceeded'?)" == str(caught.value)


@pytest.mark.parametrize("name", NAMED)
def test_an_official_error_carries_its_own_name(name):
    error = NAMED[name](Asker("ada", "org-x", "sk-1234"))

    assert name in {error.code, error.type}
    assert 400 <= error.status < 600
    assert error.message.strip()


def test_a_pacing_is_as_usual_where_it_says_nothing():
    usual = Pacing(time_to_first_token=2.0, tokens_per_second=20, jitter=0.5)

    own = Pacing.model_validate({"tokens_per_second": 5, "jitter": 0}).over(usual)

    assert (2.0, 5, 0) == (own.time_to_first_token, own.tokens_per_second, own.jitter)
    assert usual == Pacing().over(usual)


@pytest.mark.parametrize(
    ("per", "one", "same", "other"),
    [
        ("key", {"key": "a", "prompt": "x"}, {"key": "a", "prompt": "y"}, {"key": "b", "prompt": "x"}),
        (
            "conversation",
            {"key": "a", "prompt": "x"},
            {"key": "a", "prompt": "x"},
            {"key": "a", "prompt": "y"},
        ),
        (
            "conversation",
            {"key": "a", "messages": [{"role": "user", "content": "x"}]},
            {"key": "a", "messages": [{"role": "user", "content": "x"}, {"role": "user", "content": "y"}]},
            {"key": "a", "messages": [{"role": "user", "content": "y"}]},
        ),
        ("job", {"key": "a", "job": "ft-1"}, {"key": "b", "job": "ft-1"}, {"key": "a", "job": "ft-2"}),
        ("job", {"model": "ada", "job": None}, {"model": "ada"}, {"model": "curie"}),
    ],
)
def test_turns_are_counted_for_a_key_a_job_or_a_conversation(per, one, same, other):
    rule = ReplyRule.model_validate({"reply": {}, "per": per})

    assert counted_for(rule, one) == counted_for(rule, same) != counted_for(rule, other)


def test_explain_says_of_every_rule_what_it_says():
    scenario = load_text(
        "replies:\n- {match: {model: curie}, reply: {}}\n- {match: {model: ada}, reply: {}}\n- {reply: {}}\n"
    )

    assert [
        (0, "model is not 'curie': it is 'ada'"),
        (1, "answers"),
        (2, "would answer, but replies[1] comes first"),
    ] == explain(scenario, {"model": "ada"})
