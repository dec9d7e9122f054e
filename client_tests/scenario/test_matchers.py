"""Matches: every operator on every kind of key, defaults, captures, and the sentence that says why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scenario.made_up import FACTS, MATCHES

from mockserver.scenario import keys
from mockserver.scenario.keys import Key
from mockserver.scenario.matchers import Match
from mockserver.scenario.operators import OPERATORS

GUIDE = {"model": {"glob": "davinci:ft-*"}, "prompt": {"contains": "How to jump"}, "temperature": 0}


@pytest.mark.parametrize(
    ("ok", "match", "facts"),
    [
        (True, {}, {}),
        (True, {}, {"model": "x"}),
        # a bare value means equals
        (True, {"model": "davinci"}, {"model": "davinci"}),
        (False, {"model": "davinci"}, {"model": "Davinci"}),
        (False, {"model": "davinci"}, {"model": "davinci-002"}),
        (False, {"model": "davinci"}, {}),
        (True, {"model": {"equals": "davinci"}}, {"model": "davinci"}),
        # text
        (True, {"prompt": {"contains": "jump"}}, {"prompt": "How to jump?"}),
        (False, {"prompt": {"contains": "Jump"}}, {"prompt": "How to jump?"}),
        (True, {"prompt": {"starts_with": "How"}}, {"prompt": "How to jump?"}),
        (False, {"prompt": {"starts_with": "to"}}, {"prompt": "How to jump?"}),
        (True, {"prompt": {"ends_with": "?\nAgent:"}}, {"prompt": "How?\nAgent:"}),
        (False, {"prompt": {"ends_with": "How"}}, {"prompt": "How?\nAgent:"}),
        (True, {"prompt": {"regex": "(?i)WEATHER"}}, {"prompt": "the weather today"}),
        (True, {"prompt": {"regex": "^the .* today$"}}, {"prompt": "the weather today"}),
        (False, {"prompt": {"regex": "^weather"}}, {"prompt": "the weather today"}),
        (True, {"model": {"in": ["ada", "babbage"]}}, {"model": "ada"}),
        (False, {"model": {"in": ["ada", "babbage"]}}, {"model": "curie"}),
        # a glob is the whole text; * and ? are its only signs
        (True, {"model": {"glob": "davinci:ft-*"}}, {"model": "davinci:ft-personal-2023-03-15-09-11-14"}),
        (False, {"model": {"glob": "davinci:ft-*"}}, {"model": "curie:ft-personal-2023-03-15-03-15-09"}),
        (False, {"model": {"glob": "DAVINCI*"}}, {"model": "davinci"}),
        (False, {"model": {"glob": "davinci"}}, {"model": "davinci-002"}),
        (True, {"model": {"glob": "gpt-?o*"}}, {"model": "gpt-4o-mini"}),
        (False, {"model": {"glob": "gpt-?"}}, {"model": "gpt-"}),
        (True, {"prompt": {"glob": "a*z"}}, {"prompt": "a\nz"}),
        (True, {"prompt": {"glob": "[ab]*"}}, {"prompt": "[ab] and more"}),
        (False, {"prompt": {"glob": "[ab]"}}, {"prompt": "a"}),
        (False, {"prompt": {"glob": "a.c"}}, {"prompt": "abc"}),
        # numbers
        (True, {"temperature": 0}, {"temperature": 0.0}),
        (True, {"temperature": 0.0}, {"temperature": 0}),
        (False, {"temperature": 0}, {"temperature": 0.1}),
        (True, {"temperature": {"in": [0, 0.5]}}, {"temperature": 0.5}),
        # what is left out, or null, is the official default
        (False, {"temperature": 0}, {}),
        (True, {"temperature": 1}, {}),
        (True, {"temperature": 1}, {"temperature": None}),
        (True, {"stream": False}, {}),
        (False, {"stream": True}, {"stream": None}),
        (True, {"stream": True}, {"stream": True}),
        (True, {"max_tokens": 16}, {"endpoint": "completions"}),
        (False, {"max_tokens": 16}, {"endpoint": "chat.completions"}),
        (True, {"max_tokens": 100}, {"endpoint": "completions", "max_tokens": 100}),
        # absent looks at the request, not at the default
        (True, {"temperature": {"absent": True}}, {"temperature": None}),
        (True, {"max_tokens": {"absent": True}}, {"endpoint": "completions"}),
        (False, {"suffix": {"absent": True}}, {"suffix": "x"}),
        (True, {"suffix": {"absent": False}}, {"suffix": "x"}),
        (False, {"suffix": {"absent": False}}, {}),
        # operators of one key all hold; keys all hold
        (True, {"prompt": {"starts_with": "a", "ends_with": "z"}}, {"prompt": "a to z"}),
        (False, {"prompt": {"starts_with": "a", "ends_with": "z"}}, {"prompt": "a to y"}),
        (True, {"api": "legacy", "model": "ada"}, {"api": "legacy", "model": "ada"}),
        (False, {"api": "legacy", "model": "ada"}, {"api": "modern", "model": "ada"}),
        # a prompt that is not text never equals text
        (False, {"prompt": {"contains": "a"}}, {"prompt": ["a"]}),
        # numbers can be compared
        (True, {"temperature": {"gte": 0.5, "lte": 1}}, {}),
        (False, {"temperature": {"gte": 0.5}}, {"temperature": 0.4}),
        (False, {"max_tokens": {"lte": 100}}, {"endpoint": "chat.completions"}),
        (False, {"n": {"gte": 0}}, {"n": True}),
        (True, {"n": 1}, {}),
        # a flag is no number
        (False, {"temperature": 1}, {"temperature": True}),
        (False, {"temperature": {"in": [0, 1]}}, {"temperature": False}),
        # a call has a short name and a long one
        (True, {"endpoint": "completions"}, {"endpoint": "completions.create"}),
        (True, {"endpoint": "chat.completions.create"}, {"endpoint": "chat.completions"}),
        (True, {"endpoint": {"glob": "files.*"}}, {"endpoint": "files.create"}),
        (False, {"endpoint": {"starts_with": "file."}}, {"endpoint": "files.create"}),
        (True, {"endpoint": {"absent": True}}, {"endpoint": None}),
        # the client counts its tries in a header
        (True, {"attempt": 1}, {}),
        (True, {"attempt": 3}, {"headers": {"x-stainless-retry-count": "2"}}),
        (True, {"attempt": 2}, {"attempt": 2, "headers": {}}),
        (True, {"attempt": 1}, {"headers": {"x-stainless-retry-count": "many"}}),
        # headers are asked about by name, in any case; metadata by the very name
        (True, {"header": {"X-Team": "blue"}}, {"headers": {"x-team": "blue"}}),
        (
            True,
            {"header": {"x-team": {"contains": "l"}, "x-a": {"absent": True}}},
            {"headers": {"X-Team": "blue"}},
        ),
        (False, {"header": {"x-team": "blue"}}, {"headers": {"x-team": "red"}}),
        (False, {"header": {"x-team": "blue"}}, {}),
        (True, {"metadata": {"Kind": {"in": ["demo"]}}}, {"metadata": {"Kind": "demo"}}),
        (False, {"metadata": {"kind": "demo"}}, {"metadata": {"Kind": "demo"}}),
        (False, {"metadata": {"kind": "demo"}}, {"metadata": ["kind"]}),
        # paths into the body, and into texts that are JSON
        (
            True,
            {"body": {"json_path": {"$.tools[*].type": "web"}}},
            {"body": {"tools": [{"type": "a"}, {"type": "web"}]}},
        ),
        (False, {"body": {"json_path": {"$.tools[*].type": "web"}}}, {"body": {"tools": []}}),
        (True, {"body": {"json_path": {"$.a": None}}}, {"body": {"a": None}}),
        (True, {"body": {"json_path": {"$.a": {"absent": True}}}}, {"body": {}}),
        (False, {"body": {"json_path": {"$.a": {"absent": False}}}}, {"body": {}}),
        (True, {"body": {"json_path": {"$.a": {"equals": {"b": [1]}}}}}, {"body": {"a": {"b": [1.0]}}}),
        (True, {"body": {"json_path": {"$.a": True, "$.b": {"gte": 2}}}}, {"body": {"a": True, "b": 2}}),
        (False, {"body": {"json_path": {"$.a": 1}}}, {"body": {"a": True}}),
        (False, {"body": {"json_path": {"$.a": {"contains": "1"}}}}, {"body": {"a": 1}}),
        (True, {"body": {"contains": "x"}}, {"body": "xyz"}),
        (True, {"prompt": {"json_path": {"$.city": "Oslo"}}}, {"prompt": '{"city": "Oslo"}'}),
        (False, {"prompt": {"json_path": {"$.city": "Oslo"}}}, {"prompt": "city: Oslo"}),
        # matches of matches
        (True, {"any": [{"model": "a"}, {"model": "b"}]}, {"model": "b"}),
        (False, {"any": [{"model": "a"}, {"model": "b"}]}, {"model": "c"}),
        (True, {"all": [{"prompt": {"contains": "a"}}, {"prompt": {"contains": "b"}}]}, {"prompt": "ab"}),
        (False, {"all": [{"prompt": {"contains": "a"}}, {"prompt": {"contains": "b"}}]}, {"prompt": "a"}),
        (True, {"not": {"model": "a"}}, {"model": "b"}),
        (True, {"not": {"model": "a"}}, {}),
        (False, {"not": {"model": "a"}}, {"model": "a"}),
        (False, {"not": {}}, {}),
        (True, {"not": {"any": [{"model": "a"}, {"not": {"stream": True}}]}}, {"model": "b", "stream": True}),
        (False, {"model": "a", "not": {"stream": True}}, {"model": "a", "stream": True}),
        # the example of the design
        (True, GUIDE, {"model": "davinci:ft-x", "prompt": "How to jump there?", "temperature": 0.0}),
        (False, GUIDE, {"model": "davinci:ft-x", "prompt": "How to jump there?"}),
    ],
)
def test_a_match_agrees_when_every_operator_of_every_key_holds(ok, match, facts):
    verdict = Match.parse(match).check(facts)

    assert ok is verdict.ok
    assert ok is (verdict.why is None)


@pytest.mark.parametrize(
    ("why", "match", "facts"),
    [
        ("model is not 'davinci': it is 'ada'", {"model": "davinci"}, {"model": "ada"}),
        ("model is not 'davinci': it is absent", {"model": "davinci"}, {}),
        ("temperature is not 0: it is 1", {"temperature": 0}, {}),
        ("stream is not true: it is false", {"stream": True}, {}),
        ("prompt does not contain 'x': it is 'abc'", {"prompt": {"contains": "x"}}, {"prompt": "abc"}),
        ("prompt does not start with 'x': it is 'abc'", {"prompt": {"starts_with": "x"}}, {"prompt": "abc"}),
        ("prompt does not end with 'x': it is 'abc'", {"prompt": {"ends_with": "x"}}, {"prompt": "abc"}),
        ("prompt does not match the regex 'x$': it is 'abc'", {"prompt": {"regex": "x$"}}, {"prompt": "abc"}),
        ("model does not match the glob 'x*': it is 'ada'", {"model": {"glob": "x*"}}, {"model": "ada"}),
        ("model is none of 'a' or 'b': it is 'ada'", {"model": {"in": ["a", "b"]}}, {"model": "ada"}),
        ("suffix is 'x'", {"suffix": {"absent": True}}, {"suffix": "x"}),
        ("suffix is absent", {"suffix": {"absent": False}}, {}),
        ("api is not 'legacy': it is 'modern'", {"api": "legacy", "model": "x"}, {"api": "modern"}),
        ("temperature is not at least 1: it is 0.5", {"temperature": {"gte": 1}}, {"temperature": 0.5}),
        ("header X-Team is not 'blue': it is absent", {"header": {"X-Team": "blue"}}, {}),
        (
            "body $[*].a is not true: it is 1 or 2",
            {"body": {"json_path": {"$[*].a": True}}},
            {"body": [{"a": 1}, {"a": 2}]},
        ),
        (
            "message is not 'x': it is '0', '1', '2' or …",
            {"message": "x"},
            {"messages": [{"role": "user", "content": str(n)} for n in range(5)]},
        ),
        (
            "not any: model is not 'a': it is 'c'; model is not 'b': it is 'c'",
            {"any": [{"model": "a"}, {"model": "b"}]},
            {"model": "c"},
        ),
        ("what 'not' denies is so", {"not": {"model": "a"}}, {"model": "a"}),
    ],
)
def test_a_verdict_says_which_condition_said_no_first(why, match, facts):
    assert why == Match.parse(match).check(facts).why


def test_a_long_value_is_shortened_in_the_sentence():
    why = Match.parse({"prompt": "x"}).check({"prompt": "y" * 10_000}).why

    assert f"prompt is not 'x': it is '{'y' * 37}…'" == why


def test_the_named_groups_of_every_regex_are_captured():
    match = Match.parse(
        {"prompt": {"regex": "in (?P<city>[A-Z]\\w+)(?P<no>!)?"}, "model": {"regex": "^(?P<base>\\w+):"}}
    )

    verdict = match.check({"prompt": "weather in Oslo", "model": "davinci:ft-x"})

    assert {"city": "Oslo", "no": "", "base": "davinci"} == verdict.captures


def test_captures_come_from_the_branch_that_agreed_and_never_from_a_denial():
    match = Match.parse(
        {
            "any": [{"prompt": {"regex": "(?P<a>sun)"}}, {"prompt": {"regex": "(?P<b>rain)"}}],
            "all": [{"message": {"regex": "in (?P<city>\\w+)"}}],
            "not": {"model": {"regex": "(?P<c>x)"}},
            "tool_results": {"json_path": {"$.sky": {"regex": "(?P<sky>.+)"}}},
        }
    )
    facts = {
        "prompt": "rain",
        "model": "ada",
        "messages": [
            {"role": "user", "content": "hi"},
            {"role": "user", "content": "in Oslo"},
            {"role": "tool", "content": '{"sky": "grey"}'},
        ],
    }

    assert {"b": "rain", "city": "Oslo", "sky": "grey"} == match.check(facts).captures
    assert {"a", "b", "city", "sky"} == set(match.captured())


def test_only_the_regex_captures():
    assert (
        {}
        == Match.parse({"model": {"glob": "*"}, "prompt": "x"}).check({"model": "a", "prompt": "x"}).captures
    )


@pytest.mark.parametrize(
    ("place", "message", "match"),
    [
        (("modle",), "unknown key 'modle'", {"modle": "x"}),
        (("prompt", "contain"), "unknown operator 'contain'", {"prompt": {"contain": "x"}}),
        (("prompt",), "must be text", {"prompt": 3}),
        (("prompt",), "must be text", {"prompt": None}),
        (("prompt",), "must be text", {"prompt": ["a"]}),
        (("prompt", "contains"), "must be text", {"prompt": {"contains": 3}}),
        (("prompt", "in"), "must be a list of at least 1", {"prompt": {"in": []}}),
        (("prompt", "in", 1), "must be text", {"prompt": {"in": ["a", 1]}}),
        (("temperature",), "must be a number", {"temperature": "0"}),
        (("temperature",), "must be a number", {"temperature": True}),
        (("temperature",), "must be a number", {"temperature": float("nan")}),
        (
            ("temperature", "glob"),
            "'glob' compares text, and temperature is not text",
            {"temperature": {"glob": "*"}},
        ),
        (("stream",), "must be true or false", {"stream": 1}),
        (("suffix", "absent"), "must be true or false", {"suffix": {"absent": "yes"}}),
        (("api",), "must be 'legacy' or 'modern'", {"api": "legasy"}),
        (("api", "in", 1), "must be 'legacy' or 'modern'", {"api": {"in": ["legacy", "new"]}}),
        (("prompt",), f"must be a value or operators ({', '.join(OPERATORS)})", {"prompt": {}}),
        (("prompt", "gte"), "'gte' compares numbers, and prompt is not a number", {"prompt": {"gte": 1}}),
        (("turn", "gte"), "must be a number", {"turn": {"gte": "2"}}),
        (("stream", "json_path"), "unknown operator 'json_path'", {"stream": {"json_path": {"$": 1}}}),
        (("header",), "must be a mapping of names", {"header": "x-team"}),
        (
            ("header", "x-team", "contain"),
            "unknown operator 'contain'",
            {"header": {"x-team": {"contain": "x"}}},
        ),
        (("metadata",), "must be a mapping of names", {"metadata": {}}),
        (("body", "json_path"), "must be a mapping of paths", {"body": {"json_path": "$.a"}}),
        (
            ("body", "json_path", "a.b"),
            """a path must be a path such as $.messages[-1].content, $.tools[*].type or $["a name"]""",
            {"body": {"json_path": {"a.b": 1}}},
        ),
        (("any",), "must be a list of at least 1", {"any": []}),
        (("any", 1), "must be a mapping", {"any": [{}, "x"]}),
        (("all", 0, "modle"), "unknown key 'modle'", {"all": [{"modle": "x"}]}),
        (("not", "any", 0, "prompt"), "must be text", {"not": {"any": [{"prompt": 1}]}}),
    ],
)
def test_a_match_that_cannot_be_meant_is_refused(place, message, match):
    with pytest.raises(ValidationError) as caught:
        Match.parse(match)

    assert [(place, message)] == [(error["loc"], error["msg"]) for error in caught.value.errors()]


def test_a_bad_regex_is_refused_with_its_reason():
    with pytest.raises(ValidationError, match=r"must be a regular expression \(missing \), unterminated"):
        Match.parse({"prompt": {"regex": "(ab"}})


def test_every_mistake_of_a_match_is_told_at_once():
    with pytest.raises(ValidationError) as caught:
        Match.parse({"modle": 1, "prompt": {"contain": 1, "regex": "("}, "temperature": "0"})

    places = [("modle",), ("prompt", "contain"), ("prompt", "regex"), ("temperature",)]
    assert places == [error["loc"] for error in caught.value.errors()]


def test_a_key_is_one_entry(monkeypatch):
    """A feature of the future registers its key, and matches can ask about it at once."""
    monkeypatch.setattr(keys, "KEYS", keys.KEYS)
    message = Key("message", "text", "The last message.", take=lambda facts: facts["messages"][-1])
    monkeypatch.setitem(keys.KEYS, "message", message)

    assert Match.parse({"message": {"contains": "Oslo"}}).check({"messages": ["hi", "in Oslo?"]}).ok


def test_a_key_is_registered_only_once():
    with pytest.raises(ValueError, match="'model' is registered twice"):
        keys.register(Key("model", "text", "Another one."))


@given(st.text(), st.text(), st.text())
def test_text_operators_agree_with_each_other(before, middle, after):
    text = before + middle + after

    assert (
        Match.parse({"prompt": {"contains": middle, "starts_with": before, "ends_with": after}})
        .check({"prompt": text})
        .ok
    )
    assert Match.parse({"prompt": {"equals": text, "in": [text]}}).check({"prompt": text}).ok


@given(st.text(), st.text())
def test_a_glob_without_signs_is_equality(pattern, text):
    literal = pattern.replace("*", "").replace("?", "")

    assert (literal == text) == Match.parse({"prompt": {"glob": literal}}).check({"prompt": text}).ok
    assert Match.parse({"prompt": {"glob": f"{literal}*"}}).check({"prompt": literal + text}).ok


def test_what_is_written_down_is_the_same_match():
    match = Match.parse({**GUIDE, "api": {"in": ["legacy"]}, "suffix": {"absent": False, "starts_with": "a"}})

    assert match == Match.parse(match.written())


@given(MATCHES, FACTS)
def test_a_match_agrees_or_says_why_not(raw, facts):
    match = Match.parse(raw)
    verdict, again = match.check(facts), Match.parse(match.written()).check(facts)

    assert verdict.ok is (verdict.why is None)
    assert (verdict.ok, verdict.why, verdict.captures) == (again.ok, again.why, again.captures)
    assert verdict.ok is not Match.parse({"not": raw}).check(facts).ok
    assert (
        verdict.ok
        is Match.parse({"any": [raw]}).check(facts).ok
        is Match.parse({"all": [raw]}).check(facts).ok
    )
