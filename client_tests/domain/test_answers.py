"""What a world answers when its scenario speaks: every kind of reply, as the newest client and as the wire see it."""

import json
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

BASE = "davinci-002"
PAIRS = '[{prompt: "1 in French?", completion: " un"}, {prompt: "2 in French?", completion: " deux"}]'


@pytest.fixture
def told(open_world):
    """Open a world whose replies are these, on a clock that stands still."""

    def open_(replies, more=""):
        return open_world(yaml=f"version: 1\nclock: {{rate: 0}}\n{more}\nreplies:\n{replies}")

    return open_


def complete(world, prompt="Hello", **asked):
    with world.client() as client:
        return client.completions.create(model=BASE, prompt=prompt, **asked)


def raw(world, http, **asked):
    """Ask without a client between."""
    body = {"model": BASE, "prompt": "Hello", **asked}
    return http.post(f"{world.url}/completions", json=body, headers={"authorization": "Bearer sk-test-key"})


def test_an_answer_quotes_what_was_captured_and_what_was_asked(told):
    world = told(
        '- match: {prompt: {regex: "weather in (?P<city>\\\\w+)"}}\n'
        '  reply: {text: " Snow in {city}, says {model}; not {{city}}."}\n'
    )

    assert (
        f" Snow in Oslo, says {BASE}; not {{city}}."
        == complete(world, "The weather in Oslo?", max_tokens=50).choices[0].text
    )


def test_a_reply_echoes_the_prompt(told):
    assert "Hello" == complete(told("- reply: {echo: true}\n")).choices[0].text


def test_a_structured_value_is_said_as_its_json(told):
    world = told('- reply: {value: {city: Oslo, degrees: [-3, null], "é": true}}\n')

    text = complete(world, max_tokens=100).choices[0].text

    assert '{"city": "Oslo", "degrees": [-3, null], "é": true}' == text


def test_an_empty_reply_leaves_the_words_to_the_model(told, open_world):
    """It still labels them."""
    world = told("- reply: {finish_reason: content_filter}\n")

    done, usual = complete(world), complete(open_world(yaml="clock: {rate: 0}"))

    assert usual.choices[0].text == done.choices[0].text
    assert "content_filter" == done.choices[0].finish_reason


def test_a_tuned_model_answers_from_its_training_file_and_others_have_none(told):
    world = told(
        "- match: {prompt: {ends_with: '?'}}\n  reply: {from_training_file: true, usage: {prompt_tokens: 1000}}\n",
        f"files: [{{id: file-a, filename: a.jsonl, rows: {PAIRS}}}]\n"
        "tuned: [{id: 'davinci:ft-acme-2023-01-01-00-00-00', base: davinci, training_file: file-a}]",
    )
    with world.client() as client:
        done = client.completions.create(
            model="davinci:ft-acme-2023-01-01-00-00-00", prompt="2 in French?", temperature=0
        )
        with pytest.raises(openai.BadRequestError, match=f"the training file, and {BASE} has none"):
            client.completions.create(model=BASE, prompt="2 in French?")

    assert (" deux", 1000) == (done.choices[0].text, done.usage.prompt_tokens)


def test_usage_is_as_told_and_adds_up(told):
    world = told("- reply: {text: ' one two', usage: {prompt_tokens: 7, completion_tokens: 9}}\n")

    usage = complete(world).usage
    with world.client() as client:
        *_, last = client.completions.create(
            model=BASE, prompt="Hello", stream=True, stream_options={"include_usage": True}
        )

    assert (7, 9, 16) == (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens)
    assert usage == last.usage


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("rate_limit_exceeded", openai.RateLimitError, "rate_limit_exceeded"),
        ("insufficient_quota", openai.RateLimitError, "insufficient_quota"),
        ("invalid_api_key", openai.AuthenticationError, "invalid_api_key"),
        ("model_not_found", openai.NotFoundError, "model_not_found"),
        ("context_length_exceeded", openai.BadRequestError, "context_length_exceeded"),
        (
            "unsupported_country_region_territory",
            openai.PermissionDeniedError,
            "unsupported_country_region_territory",
        ),
        ("server_error", openai.InternalServerError, None),
        ("server_is_overloaded", openai.InternalServerError, "server_is_overloaded"),
    ],
)
def test_an_official_error_is_what_the_client_takes_it_for(told, name, error, code):
    with pytest.raises(error) as caught:
        complete(told(f"- reply: {{error: {name}}}\n"))

    assert code == caught.value.code


def test_an_error_says_what_it_was_told_to_say(told, http):
    world = told(
        '- match: {user: {regex: "(?P<who>.+)"}}\n'
        '  reply: {error: {name: rate_limit_exceeded, message: "Slowly, {who}."}, headers: {Retry-After: "7"}}\n'
    )

    answer = raw(world, http, user="Ann")

    assert (429, "7") == (answer.status_code, answer.headers["retry-after"])
    assert {"message": "Slowly, Ann.", "type": "requests", "param": None, "code": "rate_limit_exceeded"} == (
        answer.json()["error"]
    )


def test_a_client_that_tries_again_gets_the_next_reply(told):
    world = told("- replies: [{error: server_error, headers: {retry-after-ms: '1'}}, {text: ' Fine.'}]\n")
    with world.client(max_retries=1) as client:
        assert " Fine." == client.completions.create(model=BASE, prompt="Hello").choices[0].text


def test_a_raw_response_is_sent_as_it_is(told, http):
    world = told(
        "- match: {prompt: html}\n"
        "  reply: {status: 502, body: '<h1>Bad Gateway</h1>', headers: {Content-Type: text/html}}\n"
        "- match: {prompt: json}\n  reply: {body: {any: [thing]}, headers: {x-a: b}}\n"
        "- match: {prompt: nothing}\n  reply: {status: 204}\n"
        "- match: {prompt: text}\n  reply: {body: 'café'}\n"
    )

    html, other = raw(world, http, prompt="html"), raw(world, http, prompt="json")
    nothing, text = raw(world, http, prompt="nothing"), raw(world, http, prompt="text", stream=True)

    assert (502, "text/html", "<h1>Bad Gateway</h1>") == (
        html.status_code,
        html.headers["content-type"],
        html.text,
    )
    assert (200, "application/json", {"any": ["thing"]}, "b") == (
        other.status_code,
        other.headers["content-type"],
        other.json(),
        other.headers["x-a"],
    )
    assert (204, b"") == (nothing.status_code, nothing.content)
    assert (200, "café".encode()) == (text.status_code, text.content)


@pytest.mark.parametrize("stream", [False, True])
def test_headers_stand_beside_the_usual_ones(told, http, stream):
    answer = raw(told("- reply: {text: ' Hi.', headers: {x-team: blue}}\n"), http, stream=stream)

    assert (200, "blue") == (answer.status_code, answer.headers["x-team"])
    assert answer.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(
    ("user", "header"), [("a\r\nset-cookie: b=c", "a set-cookie: b=c"), ("nul\0l", "nul l"), ("雪", "?")]
)
def test_nobody_writes_headers_by_what_they_ask(told, http, user, header):
    answer = raw(told("- reply: {text: ' Hi.', headers: {x-user: '{user}'}}\n"), http, user=user)

    assert header == answer.headers["x-user"]
    assert "set-cookie" not in answer.headers


def test_a_reply_waits_on_the_worlds_clock(told):
    world = told("- reply: {text: ' Late.', delay: 90s}\n")
    began = world.control("POST", "clock", json={"rate": "auto"})["now"]

    assert " Late." == complete(world).choices[0].text
    assert 90 == pytest.approx(world.control("GET", "clock")["now"] - began)


def test_who_waits_for_a_reply_hears_when_the_world_ends(http, mock):
    """A still clock would never come to an answer."""
    yaml = "clock: {rate: 0}\nreplies: [{reply: {text: ' x', delay: 90s}}]"
    opened = http.post(f"{mock.url}/_mock/worlds", json={"yaml": yaml}).json()
    client = openai.OpenAI(base_url=opened["base_url"], api_key="sk-a", max_retries=0)
    with client, ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(client.completions.create, model=BASE, prompt="x")
        while "completions" not in http.get(f"{opened['control_url']}/requests").text:
            assert not waiting.done()
        assert 200 == http.delete(f"{mock.url}/_mock/worlds/{opened['id']}").status_code
        with pytest.raises(openai.InternalServerError, match="This world has ended"):
            waiting.result(10)


def test_a_stream_keeps_the_pace_it_was_told(told):
    """Two seconds to think, then ten tokens a second, to the millisecond, however it is cut into chunks."""
    world = told(
        "- reply: {text: ' one two three four', stream: {tokens_per_second: 10}}\n",
        "stream: {time_to_first_token: 2s, tokens_per_second: 1}",
    )
    began = world.control("POST", "clock", json={"rate": "auto"})["now"]
    with world.client() as client:
        moments = [
            (chunk.choices[0].text, world.control("GET", "clock")["now"] - began)
            for chunk in client.completions.create(model=BASE, prompt="Count", stream=True)
        ]

    assert [" one", " two", " three", " four", ""] == [text for text, _ in moments]
    assert moments[0][1] >= 2
    assert 2.4 == pytest.approx(moments[-1][1], abs=0.001)


def test_jitter_is_drawn_by_chance_and_the_same_each_time(open_world):
    yaml = (
        "clock: {rate: 0}\nstream: {tokens_per_second: 10, jitter: 0.5}\n"
        "replies: [{reply: {text: ' one two three'}}]"
    )

    def takes(seed):
        world = open_world(yaml=f"seed: {seed}\n{yaml}")
        began = world.control("POST", "clock", json={"rate": "auto"})["now"]
        with world.client() as client:
            list(client.completions.create(model=BASE, prompt="Hello", stream=True))
        return round(world.control("GET", "clock")["now"] - began, 6)

    assert takes(1) == takes(1) != takes(2)
    assert 0.2 <= takes(1) <= 0.6


def test_without_a_match_a_strict_scenario_says_which_reply_came_nearest(told):
    world = told(
        "- match: {model: curie}\n  reply: {}\n"
        f"- match: {{model: {BASE}, prompt: {{contains: Oslo}}}}\n  reply: {{}}\n",
        "on_unmatched: error",
    )

    with pytest.raises(openai.BadRequestError) as caught:
        complete(world, "Rome")

    assert "no_reply_matches" == caught.value.code
    assert (
        "the nearest is replies[1], but prompt does not contain 'Oslo': it is 'Rome'." in caught.value.message
    )
    assert complete(world, "Oslo").choices[0].text


def test_a_strict_scenario_without_replies_answers_nothing(open_world):
    with pytest.raises(openai.BadRequestError, match=r"\(on_unmatched: error\): it has none\."):
        complete(open_world(yaml="on_unmatched: error"))


@pytest.mark.parametrize("key", ["tool_calls: [{name: f}]", "refusal: 'No.'"])
def test_what_only_chat_can_say_is_refused_where_a_completion_is_asked(told, key):
    with pytest.raises(openai.BadRequestError, match=r"replies\[0\].*a completion has no"):
        complete(told(f"- reply: {{{key}}}\n"))


def test_everything_of_a_request_can_be_asked_about(told):
    world = told(
        "- match:\n"
        "    endpoint: completions\n"
        "    header: {x-team: blue}\n"
        "    key: sk-test-key\n"
        "    user: ann\n"
        "    seed: {gte: 7}\n"
        "    n: 1\n"
        "    attempt: 1\n"
        "    turn: 1\n"
        "    stream: false\n"
        "    body: {json_path: {$.stop: .}}\n"
        "  reply: {text: ' Yes'}\n",
        "on_unmatched: error",
    )

    done = complete(world, user="ann", seed=7, stop=".", extra_headers={"x-team": "blue"})

    assert " Yes" == done.choices[0].text


def test_each_prompt_of_a_request_is_matched_on_its_own(told):
    world = told(
        "- match: {prompt: a}\n  reply: {text: ' one'}\n- match: {prompt: b}\n  reply: {text: ' two'}\n"
    )

    assert [" one", " two", " one"] == [choice.text for choice in complete(world, ["a", "b", "a"]).choices]


def test_a_thousand_replies_loaded_while_a_world_runs_count_at_once(told):
    world = told("- reply: {text: ' old'}\n")
    before = complete(world).choices[0].text
    rules = [{"match": {"prompt": f"Order {n}?"}, "reply": {"text": f" {n}"}} for n in range(1000)]
    world.control("POST", "replies", json={"rules": rules})

    assert (" old", " 999", " old") == (
        before,
        complete(world, "Order 999?").choices[0].text,
        complete(world, "Order 1000?").choices[0].text,
    )


def test_a_value_can_be_read_back(told):
    world = told('- match: {prompt: {regex: "(?P<word>\\\\S+)$"}}\n  reply: {value: {said: ["{word}"]}}\n')

    said = complete(world, 'He said "hi"', max_tokens=100).choices[0].text

    assert {"said": ['"hi"']} == json.loads(said)
