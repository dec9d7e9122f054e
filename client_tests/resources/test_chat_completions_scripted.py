"""Chat completions of a scenario: every kind of reply, plain and streamed."""

import openai
import pytest

MODEL = "gpt-4o"
ASKED = [{"role": "user", "content": "Hello!"}]

STORY = """
version: 1
clock: {rate: 0}
replies:
  - match: {endpoint: chat.completions, last_user: {contains: text}}
    reply: {text: "Once upon a time.", id: chatcmpl-mine, headers: {x-story: "1"}}
  - match: {last_user: {contains: refuse}}
    reply: {refusal: "I would rather not."}
  - match: {last_user: {contains: echo}}
    reply: {echo: true}
  - match: {last_user: {contains: value}}
    reply: {value: {city: Oslo, degrees: -3}}
  - match: {last_user: {contains: error}}
    reply: {error: rate_limit_exceeded}
  - match: {last_user: {contains: raw}}
    reply: {status: 418, body: {teapot: true}}
  - match: {last_user: {contains: filter}}
    reply: {text: "Once", finish_reason: content_filter}
  - match: {last_user: {contains: cost}}
    reply: {text: "Once", usage: {prompt_tokens: 1000, completion_tokens: 200}}
  - match: {last_user: {regex: "my name is (?P<name>\\\\w+)"}}
    reply: {text: "Hello, {name}!"}
  - match: {last_user: {contains: weather}}
    replies:
      - tool_calls:
          - {name: get_weather, arguments: {city: Oslo}, id: call_mine}
          - {name: tell_time, arguments: "not JSON"}
        text: "Let me see."
      - {text: "It is snowing."}
"""


@pytest.fixture
def story(open_world):
    return open_world(yaml=STORY)


def say(story, text, **asked):
    told = {"model": MODEL, "messages": [{"role": "user", "content": text}]}
    with story.client() as client:
        answer = client.chat.completions.create(**told | asked)
        return list(answer) if asked.get("stream") else answer


def joined(chunks, word="content"):
    return "".join(getattr(choice.delta, word) or "" for chunk in chunks for choice in chunk.choices)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("a text", "Once upon a time."),
        ("echo this", "echo this"),
        ("a value", '{"city": "Oslo", "degrees": -3}'),
        ("my name is Ann", "Hello, Ann!"),
    ],
)
def test_a_reply_is_said_plain_and_streamed(story, asked, told):
    plain = say(story, asked)

    assert (told, "stop") == (plain.choices[0].message.content, plain.choices[0].finish_reason)
    assert told == joined(say(story, asked, stream=True))


def test_a_reply_has_its_id_and_headers(story):
    with story.client() as client:
        raw = client.chat.completions.with_raw_response.create(
            model=MODEL, messages=[{"role": "user", "content": "text"}]
        )

    assert ("chatcmpl-mine", "1") == (raw.parse().id, raw.headers["x-story"])


def test_a_refusal_is_no_content(story):
    [choice] = say(story, "refuse").choices
    first, *chunks = say(story, "refuse", stream=True, logprobs=True)

    assert (None, "I would rather not.", "stop") == (
        choice.message.content,
        choice.message.refusal,
        choice.finish_reason,
    )
    assert {"role": "assistant", "content": None, "refusal": ""} == first.choices[0].delta.model_dump(
        exclude_unset=True
    )
    assert "I would rather not." == joined(chunks, "refusal")
    scores = [chunk.choices[0].logprobs for chunk in chunks[:-1]]
    assert all(each.content is None and 1 == len(each.refusal) for each in scores)


def test_an_error_and_a_raw_response_are_sent_as_they_are(story):
    with pytest.raises(openai.RateLimitError):
        say(story, "error")
    with pytest.raises(openai.APIStatusError) as refused:
        say(story, "raw")

    assert (418, {"teapot": True}) == (refused.value.status_code, refused.value.response.json())


def test_a_reply_says_why_it_ends_and_what_it_costs(story):
    assert "content_filter" == say(story, "filter").choices[0].finish_reason
    assert "content_filter" == say(story, "filter", stream=True)[-1].choices[0].finish_reason
    usage = say(story, "cost").usage
    assert (1000, 200, 1200) == (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens)


@pytest.mark.parametrize("streamed", [False, True])
def test_calls_come_first_and_then_the_next_reply(story, streamed):
    answers = [say(story, "the weather", stream=streamed) for _ in range(2)]

    if streamed:
        calls = [
            call for chunk in answers[0] for choice in chunk.choices for call in choice.delta.tool_calls or ()
        ]
        told = {
            place: "".join(call.function.arguments for call in calls if call.index == place)
            for place in (0, 1)
        }
        texts = [joined(answer) for answer in answers]
    else:
        message = answers[0].choices[0].message
        assert "call_mine" == message.tool_calls[0].id
        told = {place: call.function.arguments for place, call in enumerate(message.tool_calls)}
        texts = [answer.choices[0].message.content for answer in answers]
    assert ['{"city":"Oslo"}', "not JSON"] == list(told.values())
    assert ["Let me see.", "It is snowing."] == texts


def test_a_reply_is_cut_at_the_limit_and_before_a_stop(story):
    cut = say(story, "a text", max_tokens=2).choices[0]
    stopped = say(story, "a text", stop=" time").choices[0]

    assert ("Once upon", "length") == (cut.message.content, cut.finish_reason)
    assert ("Once upon a", "stop") == (stopped.message.content, stopped.finish_reason)


def test_a_stream_keeps_its_pace(open_world):
    story = open_world(
        yaml="version: 1\nclock: {rate: auto}\nstream: {time_to_first_token: 2s, tokens_per_second: 4}\n"
        'replies: [{reply: {text: "Once upon a time"}}]'
    )
    began = story.world.clock.time

    assert "Once upon a time" == joined(say(story, "anything", stream=True))
    assert began + 2 + 5 / 4 == pytest.approx(story.world.clock.time)


# --- eras ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "model", "fields", "message", "details"),
    [
        ("2023-03-15", "gpt-3.5-turbo", [], [], []),
        ("2023-11-08", "gpt-3.5-turbo", ["system_fingerprint"], [], []),
        ("2024-08-10", "gpt-4o", ["system_fingerprint"], ["refusal"], []),
        (
            "2024-10-05",
            "gpt-4o",
            ["system_fingerprint"],
            ["refusal"],
            ["completion_tokens_details", "prompt_tokens_details"],
        ),
        (
            "2025-06-01",
            "gpt-4o",
            ["service_tier", "system_fingerprint"],
            ["annotations", "refusal"],
            ["completion_tokens_details", "prompt_tokens_details"],
        ),
    ],
)
def test_an_answer_has_the_fields_of_its_day(open_world, day, model, fields, message, details):
    client = open_world(yaml=f"version: 1\nas_of: {day}\nclock: {{rate: 0}}").client()

    body = client.chat.completions.create(model=model, messages=ASKED).to_dict()
    first = next(iter(client.chat.completions.create(model=model, messages=ASKED, stream=True)))

    usual = {"id", "object", "created", "model", "choices", "usage"}
    assert fields == sorted(body.keys() - usual)
    assert message == sorted(body["choices"][0]["message"].keys() - {"role", "content"})
    assert details == sorted(body["usage"].keys() - {"prompt_tokens", "completion_tokens", "total_tokens"})
    delta = first.choices[0].delta.model_dump(exclude_unset=True)
    assert ({"role"} if day < "2023-06-13" else {"role", "content"}) == delta.keys() - {"refusal"}
