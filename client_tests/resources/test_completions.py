"""Completions, through the real client over a real socket."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.simulation import tokens

BASE = "davinci-002"


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
