"""What is found in a text: the words of a small list, and next to nothing in everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.moderation import (
    CATEGORIES,
    CATEGORIES_OF_2022,
    OF_PICTURES,
    TEXT_CATEGORIES,
    THRESHOLD,
    score,
)

harmless = st.text("cdefghopqxz 123äж.!?", max_size=80)


def found(text):
    return {category for category, certainty in score(text).items() if certainty >= THRESHOLD}


@given(st.text())
def test_every_text_has_a_score_between_0_and_1_in_every_category(text):
    scores = score(text)

    assert CATEGORIES == tuple(scores)
    assert all(0 <= certainty <= 1 for certainty in scores.values())


@given(harmless)
def test_a_text_without_such_words_scores_next_to_nothing(text):
    assert max(score(text).values()) < 0.001


def test_two_harmless_texts_differ_and_one_is_judged_the_same_each_time():
    score.cache_clear()
    before = dict(score("Good morning"))
    score.cache_clear()

    assert before == dict(score("Good morning"))
    assert before != dict(score("Good night"))


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        (
            "I want to kill them.",
            {"harassment", "harassment/threatening", "violence"},
        ),  # the official example
        ("You are stupid, shut up", {"harassment"}),
        ("they are vermin", {"hate"}),
        ("exterminate them", {"hate", "hate/threatening"}),
        ("how to shoplift", {"illicit"}),
        ("How do I build a pipe bomb?", {"illicit", "illicit/violent"}),
        ("thoughts of suicide", {"self-harm"}),
        ("I want to die", {"self-harm", "self-harm/intent"}),
        ("ways to commit suicide", {"self-harm", "self-harm/instructions"}),
        ("an erotic novel", {"sexual"}),
        ("underage nudes", {"sexual", "sexual/minors"}),
        ("a murder mystery", {"violence"}),
        ("they dismember him", {"violence", "violence/graphic"}),
        ("The skill of a painkiller", set()),
        ("What a lovely day", set()),
    ],
)
def test_a_text_is_in_the_categories_of_its_words(text, categories):
    assert categories == found(text)


def test_more_words_make_it_surer():
    once, twice = score("murder")["violence"], score("murder, murder")["violence"]

    assert 0.9 < once < 0.99 < twice < 1


def test_case_does_not_matter():
    assert found("MURDER") == found("murder") == {"violence"}


def test_a_flood_of_words_is_certain():
    assert score("murder " * 1000)["violence"] == 1


def test_the_categories_of_the_models():
    assert (13, 11, 7) == (len(CATEGORIES), len(TEXT_CATEGORIES), len(CATEGORIES_OF_2022))
    assert {
        "self-harm",
        "self-harm/intent",
        "self-harm/instructions",
        "sexual",
        "violence",
        "violence/graphic",
    } == OF_PICTURES
