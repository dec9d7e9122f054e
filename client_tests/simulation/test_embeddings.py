"""Texts become points on a sphere: the same each time, of length 1, closer to what shares their words."""

import math
from operator import mul

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mockserver.simulation.embeddings import embed, floats, pack, shortens, size

SMALL, LARGE, ADA = "text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002"
PINNED = [0.03061401, 0.03143564, -0.01668066, -0.00478424]
words = st.text("abcdefghijklmnopqrstuvwxyzäßж", min_size=4, max_size=8)


def cosine(one, other, model=SMALL, dimensions=None):
    return sum(map(mul, *(floats(embed(text, model, dimensions)) for text in (one, other))))


def length(vector):
    return math.sqrt(sum(number * number for number in floats(vector)))


@given(st.text(), st.sampled_from([SMALL, LARGE, ADA, "text-similarity-curie-001"]))
def test_every_text_has_a_vector_of_its_models_size_and_of_length_1(text, model):
    vector = embed(text, model)

    assert size(model) == len(floats(vector))
    assert pytest.approx(1, abs=1e-6) == length(vector)


@given(st.lists(words, min_size=9, max_size=9, unique_by=str.lower))
def test_a_text_is_nearer_to_one_that_shares_words_than_to_one_that_shares_none(some):
    text, like, unlike = " ".join(some[:4]), " ".join([*some[:3], some[4]]), " ".join(some[5:])

    assert cosine(text, like) > 0.2 > cosine(text, unlike)


def test_the_more_words_two_texts_share_the_nearer_they_are():
    question = "How do I reset my password?"
    answers = [
        "To reset my password, how do I begin?",
        "The password reset is in the settings",
        "Your password is too short",
        "Bananas are rich in potassium",
    ]

    near = [cosine(question, answer) for answer in answers]

    assert sorted(near, reverse=True) == near
    assert near[-1] < 0.1


def test_long_words_tell_more_than_short_ones():
    text = "the capital of the country of Liechtenstein"

    assert cosine(text, "Liechtenstein") > cosine(text, "the of the of")


def test_the_same_words_in_another_order_case_or_punctuation_are_near_and_not_the_same():
    text = "The dog bites the postman"

    for other in ("The postman bites the dog", "the DOG bites: the postman!"):
        assert 0.9 < cosine(text, other) < 0.999


def test_languages_without_spaces_share_their_characters():
    assert (
        cosine("東京の天気は晴れです", "明日の東京の天気") > 0.4 > cosine("東京の天気は晴れです", "犬が好き")
    )


def test_texts_without_any_word_differ():
    assert cosine("!?", "…") < 0.1
    assert cosine("", " ") < 0.1


@given(st.text(min_size=1), st.sampled_from([SMALL, LARGE]), st.integers(1, 1536))
def test_fewer_dimensions_are_the_first_ones_at_length_1(text, model, dimensions):
    whole = floats(embed(text, model))[:dimensions]
    scale = math.sqrt(sum(number * number for number in whole))
    assume(scale > 1e-3)

    short = embed(text, model, dimensions)

    assert pytest.approx([number / scale for number in whole], abs=1e-6) == floats(short)
    assert pytest.approx(1, abs=1e-6) == length(short)


def test_one_dimension_is_1_or_minus_1():
    assert {1, -1} == {floats(embed(str(number), SMALL, 1))[0] for number in range(2000)}


def test_in_256_dimensions_texts_that_share_words_are_still_the_nearer_ones():
    text, like, unlike = "a red fox in the snow", "the fox is red", "quarterly revenue grew"

    assert cosine(text, like, dimensions=256) > 0.3 > cosine(text, unlike, dimensions=256)


def test_each_model_has_a_space_of_its_own():
    texts = [floats(embed("Hello", model)) for model in (SMALL, ADA)]

    assert abs(sum(map(mul, *texts))) < 0.1


def test_models_of_2022_for_questions_and_documents_share_a_space():
    pairs = [
        ("text-search-ada-query-001", "text-search-ada-doc-001"),
        ("davinci-search-query", "davinci-search-document"),
        ("code-search-babbage-text-001", "code-search-babbage-code-001"),
    ]

    assert all(embed("Hello", query) == embed("Hello", document) for query, document in pairs)


@pytest.mark.parametrize(
    ("model", "numbers"),
    [
        (SMALL, 1536),
        (LARGE, 3072),
        (ADA, 1536),
        ("text-similarity-ada-001", 1024),
        ("babbage-similarity", 2048),
        ("curie-search-query", 4096),
        ("text-search-davinci-doc-001", 12288),
        ("something-new", 1536),
    ],
)
def test_a_vector_is_as_long_as_the_model_says(model, numbers):
    assert numbers == size(model)


def test_only_the_third_generation_can_be_shortened():
    assert [True, True, False] == [shortens(model) for model in (SMALL, LARGE, ADA)]


def test_a_text_lies_where_it_lay_yesterday():
    """Whoever keeps vectors can compare them with those of later versions: a change here is a breaking one."""
    assert PINNED == pytest.approx(floats(embed("The food was delicious", SMALL))[:4], abs=1e-7)


@given(st.text(min_size=2050, max_size=2100))
def test_long_texts_have_vectors_too(text):
    assert pytest.approx(1, abs=1e-6) == length(embed(text, SMALL))


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1))
def test_what_is_packed_comes_out_again(numbers):
    assert numbers == floats(pack(numbers))


def test_a_number_that_32_bits_cannot_hold_is_refused():
    with pytest.raises(OverflowError):
        pack([1e39])
