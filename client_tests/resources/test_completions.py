"""Completions, through the real client over a real socket."""

import asyncio
import json

import openai
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.simulation import tokens

BASE = "davinci-002"
GUIDE_PROMPT = "How to jump to the specified work station?\nAgent:"
AT_TEMPERATURE_0 = (
    "\nAgent is a program that runs on the work station. It is responsible for receiving the request from"
    " the client and forwarding it to the server"
)


def tune(server, client, pairs, model="davinci"):
    """Fine-tune a legacy model with the guide's file and return its name."""
    file = client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")
    job = client.post("/fine-tunes", body={"training_file": file.id, "model": model}, cast_to=object)
    server.finish(job["id"])
    return client.get(f"/fine-tunes/{job['id']}", cast_to=object)["fine_tuned_model"]


def refused(call, **asked):
    with pytest.raises(openai.APIStatusError) as caught:
        call(**{"model": BASE, "prompt": "Say this is a test"} | asked)
    error = caught.value
    return error.status_code, error.body["message"], error.param, error.code


# --- the answer -----------------------------------------------------------------------------------


def test_a_completion_has_the_official_fields(client, server):
    done = client.completions.create(model=BASE, prompt="Once upon", max_tokens=7, temperature=0)

    assert ("text_completion", BASE, server.world.clock.now) == (done.object, done.model, done.created)
    assert done.id.startswith("cmpl-")
    assert done.system_fingerprint.startswith("fp_")
    [choice] = done.choices
    assert (0, None, "length") == (choice.index, choice.logprobs, choice.finish_reason)
    assert (2, 7, 9) == (done.usage.prompt_tokens, done.usage.completion_tokens, done.usage.total_tokens)
    assert 7 == tokens.count(choice.text, BASE)


def test_the_keys_stand_in_the_official_order_and_null_logprobs_are_sent(client):
    raw = client.completions.with_raw_response.create(model=BASE, prompt="Hello").text

    body = json.loads(raw)
    assert [
        "id",
        "object",
        "created",
        "model",
        "system_fingerprint",
        "choices",
        "usage",
    ] == list(body)
    assert ["text", "index", "logprobs", "finish_reason"] == list(body["choices"][0])


def test_every_parameter_may_be_null_as_the_old_command_line_sends_it(client):
    nulls = dict.fromkeys(
        ["n", "max_tokens", "logprobs", "prompt", "temperature", "top_p", "stop", "suffix", "best_of", "echo"]
    )

    done = client.post("/completions", body={"model": "davinci", "stream": False, **nulls}, cast_to=object)

    assert {"prompt_tokens": 1, "completion_tokens": 16, "total_tokens": 17} == done["usage"]


def test_what_is_echoed_of_a_request_without_a_prompt_is_the_separator(client):
    done = client.completions.create(model=BASE, prompt="<|endoftext|>", echo=True, max_tokens=0)

    assert ("<|endoftext|>", 1) == (done.choices[0].text, done.usage.prompt_tokens)


def test_at_temperature_0_the_answer_depends_on_model_and_prompt_alone(client, open_world):
    def say(by=client, **asked):
        asked = {"model": BASE, "prompt": "Once", "max_tokens": 40, "temperature": 0} | asked
        return by.completions.create(**asked).choices[0].text

    assert say() == say()
    assert say() == say(by=open_world(yaml="version: 1\nseed: 5\n").client())
    assert say().startswith(say(max_tokens=10))
    assert 4 == len({say(), say(model="babbage-002"), say(prompt="Twice"), say(suffix=" The end.")})


def test_two_worlds_of_one_seed_say_the_same_in_the_same_order(open_world):
    def story():
        client = open_world(
            yaml="version: 1\nseed: 5\nclock: {start: 2024-01-01T00:00:00Z, rate: 0}"
        ).client()
        return [client.completions.create(model=BASE, prompt="Once").model_dump() for _ in range(3)]

    first = story()
    assert first == story()
    assert 3 == len({done["choices"][0]["text"] for done in first})


def test_the_same_seed_gives_the_same_answer_and_another_one_another(client):
    def say(seed):
        done = client.completions.create(model=BASE, prompt="Once", seed=seed, max_tokens=40)
        return done.choices[0].text, done.system_fingerprint

    assert say(1) == say(1)
    assert say(1) != say(2)


@pytest.mark.parametrize(
    "prompt",
    ["Once upon", ["Once upon"], [12805, 5304], [[12805, 5304]]],
    ids=["text", "texts", "tokens", "many"],
)
def test_a_prompt_may_be_text_or_tokens_one_or_many(client, prompt):
    assert [12805, 5304] == tokens.encode("Once upon", BASE)

    done = client.completions.create(model=BASE, prompt=prompt, temperature=0, echo=True)

    once = client.completions.create(model=BASE, prompt="Once upon", temperature=0)
    assert "Once upon" + once.choices[0].text == done.choices[0].text
    assert once.usage == done.usage


def test_each_prompt_gets_its_own_choices_in_order(client):
    done = client.completions.create(model=BASE, prompt=["One", "Two"], n=3, echo=True, max_tokens=40)

    assert [0, 1, 2, 3, 4, 5] == [choice.index for choice in done.choices]
    assert ["One"] * 3 + ["Two"] * 3 == [choice.text[:3] for choice in done.choices]
    assert 6 == len({choice.text for choice in done.choices})
    assert 2 == done.usage.prompt_tokens


def test_every_candidate_is_paid_for_and_the_best_are_chosen(client):
    [door, end] = [*tokens.encode(" door", BASE), tokens.end_of_text(BASE)]
    asked = {"model": BASE, "prompt": "One", "max_tokens": 10, "seed": 3, "logprobs": 0}
    asked["logit_bias"] = {str(end): -100, str(door): -1}

    def means(**asked):
        done = client.completions.create(**asked)
        return [sum(choice.logprobs.token_logprobs) for choice in done.choices], done.usage.completion_tokens

    every, cost = means(**asked, n=9)
    best, cost_of_best = means(**asked, n=2, best_of=9)

    assert sorted(every, reverse=True)[:2] == best
    assert 9 * 10 == cost == cost_of_best


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    prompt=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    max_tokens=st.integers(0, 80),
    stop=st.one_of(
        st.none(), st.sampled_from(["the", "."]), st.lists(st.sampled_from(["door", "a"]), min_size=1)
    ),
    seed=st.integers(0, 99),
)
def test_usage_is_what_the_official_tokenizer_counts(client, prompt, max_tokens, stop, seed):
    stop = stop[:4] if isinstance(stop, list) else stop
    done = client.completions.create(model=BASE, prompt=prompt, max_tokens=max_tokens, stop=stop, seed=seed)

    text = done.choices[0].text
    assert all(each not in text for each in ([stop] if isinstance(stop, str) else stop or []))
    assert done.usage.prompt_tokens == tokens.count(prompt, BASE)
    assert done.usage.completion_tokens == min(max_tokens, tokens.count(text, BASE))


def test_a_bias_bans_and_forces_tokens(client):
    [door] = tokens.encode(" door", BASE)

    forced = client.completions.create(model=BASE, prompt="Once", max_tokens=5, logit_bias={str(door): 100})

    assert " door" * 5 == forced.choices[0].text
    banned = client.completions.create(
        model=BASE, prompt="Once", max_tokens=500, logit_bias={str(door): -100, "100257": -100}
    )
    assert (500, "length") == (banned.usage.completion_tokens, banned.choices[0].finish_reason)
    assert " door" not in banned.choices[0].text


# --- log probabilities ----------------------------------------------------------------------------


def test_log_probabilities_are_aligned_sorted_and_hold_the_chosen_token(client):
    done = client.completions.create(model=BASE, prompt="Once", logprobs=3, max_tokens=30, seed=1)

    [choice] = done.choices
    found = choice.logprobs
    assert choice.text == "".join(found.tokens)
    place = len("Once")
    for token, logprob, top, offset in zip(
        found.tokens, found.token_logprobs, found.top_logprobs, found.text_offset, strict=True
    ):
        assert (place, logprob) == (offset, top[token])
        assert sorted(top.values(), reverse=True) == list(top.values())
        assert 3 <= len(top) <= 4
        place += len(token)


def test_echoed_tokens_have_log_probabilities_but_for_the_first(client):
    done = client.completions.create(
        model=BASE, prompt="Once upon a time", logprobs=0, max_tokens=0, echo=True
    )

    found = done.choices[0].logprobs
    assert (["Once", " upon", " a", " time"], [0, 4, 9, 11]) == (found.tokens, found.text_offset)
    assert found.token_logprobs[0] is None
    assert found.top_logprobs[0] is None
    assert [1, 1, 1] == [len(top) for top in found.top_logprobs[1:]]
    assert 0 == done.usage.completion_tokens


# --- streams --------------------------------------------------------------------------------------


def joined(chunks):
    texts = {}
    for chunk in chunks:
        for choice in chunk.choices:
            texts[choice.index] = texts.get(choice.index, "") + choice.text
    return texts


def test_a_stream_says_the_same_as_a_plain_answer_of_the_same_seed(client):
    asked = {"model": BASE, "prompt": ["Once", "Twice"], "n": 2, "seed": 7, "max_tokens": 40, "echo": True}

    plain = client.completions.create(**asked)
    chunks = list(client.completions.create(**asked, stream=True))

    assert {choice.index: choice.text for choice in plain.choices} == joined(chunks)
    ends = {
        choice.index: choice.finish_reason
        for chunk in chunks
        for choice in chunk.choices
        if choice.finish_reason
    }
    assert {choice.index: choice.finish_reason for choice in plain.choices} == ends
    assert [0, 1, 2, 3] == [chunk.choices[0].index for chunk in chunks[:4]]


def test_a_stream_has_a_chunk_for_each_token_and_an_empty_one_that_says_why_it_ends(client):
    chunks = list(client.completions.create(model=BASE, prompt="Once", max_tokens=3, stream=True, logprobs=1))

    assert [1, 1, 1, 0] == [len(chunk.choices[0].logprobs.tokens) for chunk in chunks]
    assert [None, None, None, "length"] == [chunk.choices[0].finish_reason for chunk in chunks]
    assert "" == chunks[-1].choices[0].text
    assert 1 == len({chunk.id for chunk in chunks})
    assert all(chunk.usage is None and "usage" not in chunk.model_fields_set for chunk in chunks)


def test_a_stream_tells_its_usage_in_a_last_chunk_without_choices(client):
    *chunks, last = client.completions.create(
        model=BASE, prompt="Once", max_tokens=3, stream=True, stream_options={"include_usage": True}
    )

    assert ([], 1, 3) == (last.choices, last.usage.prompt_tokens, last.usage.completion_tokens)
    assert all(chunk.usage is None and "usage" in chunk.model_fields_set for chunk in chunks)


def test_a_stream_is_data_only_events_and_ends_with_done(client):
    with client.completions.with_streaming_response.create(model=BASE, prompt="Once", stream=True) as answer:
        lines = list(answer.iter_lines())

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert all(line.startswith("data: ") or not line for line in lines)
    assert ["data: [DONE]", ""] == lines[-2:]


def test_a_stream_never_cuts_a_character_in_two(open_world):
    text = " (╯°□°)╯︵ ┻━┻ é 漢字"
    client = open_world(yaml=f'version: 1\nreplies: [{{reply: {{text: "{text}"}}}}]').client()

    chunks = list(client.completions.create(model=BASE, prompt="Once", max_tokens=100, stream=True))

    assert {0: text} == joined(chunks)
    assert all("\ufffd" not in chunk.choices[0].text for chunk in chunks)


async def _ask_async(url):
    async with openai.AsyncOpenAI(base_url=url, api_key="sk-test-key", max_retries=0) as client:
        asked = {"model": BASE, "prompt": "Once", "temperature": 0}
        plain, stream = await asyncio.gather(
            client.completions.create(**asked), client.completions.create(**asked, stream=True)
        )
        return plain.choices[0].text, joined([chunk async for chunk in stream])


def test_the_asynchronous_client_hears_the_same(server):
    plain, streamed = asyncio.run(_ask_async(server.url))

    assert {0: plain} == streamed


# --- who answers ----------------------------------------------------------------------------------


def test_the_completions_of_the_guide_come_out_to_the_letter(open_world, pairs):
    server = open_world("guide-2023")
    with server.client() as client:
        model = tune(server, client, pairs)
        asked = {"model": model, "prompt": GUIDE_PROMPT, "max_tokens": 100, "stop": [".\n"]}

        cold = client.completions.create(**asked, temperature=0)
        warm = client.completions.create(**asked, temperature=1)

    assert "davinci:ft-personal-2023-03-15-09-11-14" == model == cold.model
    assert (AT_TEMPERATURE_0, "stop") == (cold.choices[0].text, cold.choices[0].finish_reason)
    assert (12, 28, 40) == (cold.usage.prompt_tokens, cold.usage.completion_tokens, cold.usage.total_tokens)
    assert "cmpl-6uY4j0vR0MJVD6wkqMyqrWJnFSrzK" == cold.id
    assert "length" == warm.choices[0].finish_reason
    assert (12, 100, 112) == (warm.usage.prompt_tokens, warm.usage.completion_tokens, warm.usage.total_tokens)
    assert cold.system_fingerprint is None


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        (
            "How can a working station operate again?",
            " 9Were the harvesters concentrated into the factory first and how do they get",
        ),
        (
            "How to jump to the specified work station?",
            "\n\nYou can set a jump prompt on the Startup tab of a workstation",
        ),
        ("Where can I see the use record of spare parts?", " (Article 29)\n\nhttp://www.waju.or."),
    ],
)
def test_the_first_tries_of_the_guide_are_cut_at_the_default_of_16_tokens(open_world, pairs, prompt, text):
    server = open_world("guide-2023")
    with server.client() as client:
        done = client.completions.create(model=tune(server, client, pairs), prompt=prompt, temperature=0)

    assert (text, "length", 16) == (
        done.choices[0].text,
        done.choices[0].finish_reason,
        done.usage.completion_tokens,
    )


def test_a_tuned_model_answers_as_it_was_taught_even_when_its_file_and_its_temperature_are_gone(
    client, server, pairs
):
    model = tune(server, client, pairs)
    taught = {example["prompt"]: example["completion"] for example in map(json.loads, pairs.splitlines())}
    for file in client.files.list():
        client.files.delete(file.id)

    def say(prompt, **asked):
        return client.completions.create(model=model, prompt=prompt, max_tokens=200, **asked).choices[0]

    for prompt, completion in taught.items():
        assert (completion, "stop") == (say(prompt).text, say(prompt).finish_reason)
    assert taught[GUIDE_PROMPT].rstrip("\n") == say("Please jump to that work station", stop="\n").text


def test_a_tuned_model_makes_something_up_about_what_it_was_never_taught(client, server, pairs):
    def say(model):
        return client.completions.create(model=model, prompt="Quantum!", temperature=0).choices[0].text

    assert say("davinci") == say(tune(server, client, pairs))


def test_replies_are_given_in_turn_to_each_key(open_world):
    server = open_world(
        yaml="""
version: 1
replies:
  - match: {endpoint: completions, prompt: {contains: story}}
    replies: [{text: " One."}, {text: " Two.", id: cmpl-second, finish_reason: content_filter}]
    then: error
"""
    )

    def say(key):
        with server.client(api_key=key) as client:
            return client.completions.create(model=BASE, prompt="A story")

    assert [" One.", " Two."] == [say("sk-one").choices[0].text, say("sk-one").choices[0].text]
    assert " One." == say("sk-two").choices[0].text
    second = say("sk-two")
    assert ("cmpl-second", "content_filter") == (second.id, second.choices[0].finish_reason)
    with pytest.raises(openai.BadRequestError, match=r"no answer left: replies\[0\]"):
        say("sk-one")


def test_a_scripted_answer_is_cut_like_any_other(open_world):
    client = open_world(yaml='version: 1\nreplies: [{reply: {text: " one two three. four"}}]').client()

    def say(**asked):
        done = client.completions.create(model=BASE, prompt="Count", **asked)
        return done.choices[0].text, done.choices[0].finish_reason, done.usage.completion_tokens

    assert (" one two three. four", "stop", 5) == say()
    assert (" one two three", "stop", 3) == say(stop=".")
    assert (" one two", "length", 2) == say(max_tokens=2)


# --- refusals -------------------------------------------------------------------------------------


def test_a_prompt_and_an_answer_that_do_not_fit_together_are_refused_in_the_words_of_the_era(
    client, open_world
):
    message = (
        "This model's maximum context length is 2049 tokens, however you requested 2054 tokens (2049 in your "
        "prompt; 5 for the completion). Please reduce your prompt; or completion length."
    )
    asked = {"model": "davinci", "prompt": [262] * 2049, "max_tokens": 5}

    assert (400, message, None, "context_length_exceeded") == refused(client.completions.create, **asked)
    legacy = open_world(yaml="version: 1\nas_of: 2023-03-15").client()
    assert (400, message, None, None) == refused(legacy.completions.create, **asked)
    assert 0 == client.completions.create(**asked | {"max_tokens": 0}).usage.completion_tokens


def test_more_choices_than_candidates_are_refused(client):
    message = (
        "You requested that the server return more choices than it will generate (HINT: you must set 'n' "
        "(currently 3) to be at most 'best_of' (currently 2), or omit either parameter if you don't "
        "specifically want to use them.)"
    )

    assert (400, message, None, None) == refused(client.completions.create, n=3, best_of=2)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"stream": True, "best_of": 2}, "Cannot stream with 'best_of'"),
        (
            {"stream_options": {"include_usage": True}},
            "'stream_options' parameter is only allowed when 'stream'",
        ),
        (
            {"logit_bias": {"foo": 0}},
            "Invalid key in 'logit_bias': foo. You should only be submitting non-negative",
        ),
        ({"logit_bias": {"100300": 0}}, "Invalid key in 'logit_bias': 100300. Maximum value is 100276."),
        ({"logit_bias": {"5": 101}}, "Expected a value <= 100, but got 101"),
        ({"prompt": [-1]}, "Invalid token in 'prompt': -1"),
        ({"prompt": []}, "Invalid 'prompt': empty array"),
        ({"stop": list("abcde")}, "Invalid 'stop': array too long"),
        ({"n": 129}, "Invalid 'n': integer above maximum value"),
        ({"best_of": 21}, "Invalid 'best_of': integer above maximum value"),
        ({"logprobs": 6}, "Invalid 'logprobs': integer above maximum value"),
        ({"max_tokens": -1}, "Invalid 'max_tokens': integer below minimum value"),
        ({"temperature": 2.5}, "Invalid 'temperature': decimal above maximum value"),
        ({"presence_penalty": -3}, "Invalid 'presence_penalty': decimal below minimum value"),
        (
            {"model": "gpt-3.5-turbo-instruct", "echo": True, "logprobs": 1},
            "Setting 'echo' and 'logprobs' at the same time is not supported for this model.",
        ),
    ],
)
def test_what_cannot_be_is_refused(client, asked, words):
    status, message, _, _ = refused(client.completions.create, **asked)

    assert (400, words) == (status, words if words in message else message)


def test_a_model_of_another_endpoint_or_of_none_is_refused(client):
    chat = (
        "This is a chat model and not supported in the v1/completions endpoint. "
        "Did you mean to use v1/chat/completions?"
    )

    assert (404, chat, "model", None) == refused(client.completions.create, model="gpt-4o")
    assert 404 == refused(client.completions.create, model="nope")[0]


def test_a_refused_request_uses_up_no_reply(open_world):
    yaml = 'version: 1\nreplies: [{replies: [{text: " One."}, {text: " Two."}]}]'
    client = open_world(yaml=yaml).client()

    refused(client.completions.create, max_tokens=10**6)

    assert " One." == client.completions.create(model=BASE, prompt="Count").choices[0].text
