"""The tiny language model: a real distribution over words that are single tokens everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation import tokens
from mockserver.simulation.text import GRAMMAR, after, language

MODELS = ("davinci", "text-davinci-003", "davinci-002", "gpt-4o")
every_model = pytest.mark.parametrize("model", MODELS)
any_prompt = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def greedy(prompt, model, suffix="", limit=3000):
    context = after(tokens.encode(prompt, model), model, suffix)
    said = []
    while len(said) < limit:
        likely = context.expected()
        token = max(likely, key=likely.__getitem__)
        if token == context.language.end:
            return said
        said.append(token)
        context.read(token)
    return pytest.fail(f"no end after {limit} tokens")


@every_model
def test_every_place_has_a_prime_number_of_words_so_that_every_stride_visits_all(model):
    for place, words in language(model).places.items():
        assert all(len(words) % divisor for divisor in range(2, len(words))), place


@every_model
def test_a_word_leads_to_one_place_wherever_it_stands(model):
    places = {}
    for place, continuations in GRAMMAR.items():
        for following, words in continuations.items():
            for word in words.split():
                spoken = (word, place == "start")
                assert following == places.setdefault(spoken, following), word
    assert len(places) == len(language(model).leads_to)


@given(any_prompt, st.sampled_from(MODELS), st.integers(0, 40))
def test_likelihoods_are_positive_and_together_one(prompt, model, steps):
    context = after(tokens.encode(prompt, model), model)
    for _ in range(steps):
        likely = context.expected()
        assert all(value > 0 for value in likely.values())
        assert sum(likely.values()) == pytest.approx(1)
        context.read(min(likely))


@given(any_prompt, st.sampled_from(MODELS), st.integers(0, 50_000), st.booleans())
def test_a_token_that_comes_anyway_has_a_likelihood(prompt, model, token, taught):
    likely = after(tokens.encode(prompt, model), model).expecting(token, taught=taught)

    assert 0 < likely[token] < 1
    assert sum(likely.values()) == pytest.approx(1)
    assert not taught or token == max(likely, key=likely.__getitem__)


@given(any_prompt, st.sampled_from(MODELS))
def test_every_answer_comes_to_an_end_and_is_the_tokens_of_its_own_text(prompt, model):
    said = greedy(prompt, model)

    assert said == tokens.encode(tokens.decode(said, model), model)


@given(any_prompt, st.sampled_from(MODELS))
def test_who_answers_begins_without_a_space_and_who_goes_on_with_one(prompt, model):
    read = tokens.encode(prompt, model)
    likely = {anew: after(read, model, anew=anew).expected() for anew in (True, False)}
    starts = {
        anew: {tokens.decode([token], model)[:1] for token in found if token != language(model).end}
        for anew, found in likely.items()
    }

    assert starts[False] == {" "}
    assert " " not in starts[True]


def test_an_answer_is_made_of_sentences():
    text = tokens.decode(greedy("Say this is a test", "davinci"), "davinci")

    assert text == " Every tired painter moved the mirror behind that bridge."


def test_the_same_beginning_has_the_same_continuation_and_another_one_another():
    assert greedy("Once", "davinci") == greedy("Once", "davinci")
    told = {tuple(greedy(f"Story {number}:", "davinci")) for number in range(50)}
    assert len(told) == 50


def test_the_model_and_what_is_to_follow_decide_too():
    assert greedy("Once", "davinci") != greedy("Once", "curie")
    assert greedy("Once", "davinci") != greedy("Once", "davinci", suffix=" The end.")


def test_what_was_read_token_by_token_is_what_was_read_at_once():
    prompt = tokens.encode("Tell me about the sailor", "davinci")
    context = after(prompt[:2], "davinci")
    for token in prompt[2:]:
        context.read(token)

    assert after(prompt, "davinci").checksum == context.checksum
