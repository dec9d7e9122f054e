"""The metrics agree with sums done by hand and with the examples of the libraries that define them."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.similarity import METRICS, similarity

CAT_SAT = "the cat sat on the mat"
CAT_IS = "the cat is on the mat"
SYMMETRIC = sorted(METRICS.keys() - {"bleu", "meteor"})

every_metric = pytest.mark.parametrize("metric", METRICS)
# Few different words, so that texts have something in common.
texts = st.lists(st.sampled_from(["a", "b", "C", "c", "été", ".", "!", "x_1"]), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("metric", "text", "reference", "expected"),
    [
        # 20 of 22 and 21 characters are common; the second is the example in rapidfuzz's README.
        ("fuzzy_match", CAT_SAT, CAT_IS, 40 / 43),
        ("fuzzy_match", "this is a test", "this is a test!", 28 / 29),
        ("fuzzy_match", "ABC", "abc", 0.0),
        # Word counts (2,1,1,1,1) and (2,1,1,1,1) with four words in common: 7 / sqrt(8 * 8).
        ("cosine", CAT_SAT, CAT_IS, 7 / 8),
        ("cosine", "Red, red!", "red", 1.0),
        # Precisions 5/6, 4/5, 3/4 and 2/3 multiply to 1/3.
        ("bleu", CAT_SAT, "the cat sat on the rug", (1 / 3) ** 0.25),
        # 4/6 * 3/5 * 2/4 * 1/3.
        ("bleu", CAT_SAT, "the cat sat on", (1 / 15) ** 0.25),
        # All precisions 1, only too short: exp(1 - 6/4), and with two words exp(1 - 3/2).
        ("bleu", "the cat sat on", CAT_SAT, math.exp(-0.5)),
        ("bleu", "the cat", "the cat sat", math.exp(-0.5)),
        # A repeated word counts once if the reference has it once.
        ("bleu", "the the", "the", 0.0),
        # No four words in a row are common, and nothing is smoothed.
        ("bleu", CAT_SAT, CAT_IS, 0.0),
        # 5 + 3 + 1 + 0 of 6 + 5 + 4 + 3 n-grams.
        ("gleu", CAT_SAT, CAT_IS, 9 / 18),
        # Five matches in two runs: 5/6 * (1 - 0.5 * (2/5)^3).
        ("meteor", CAT_SAT, CAT_IS, 5 / 6 * (1 - 0.5 * 0.4**3)),
        # Precision 1, recall 2/3, one run of two: 20/29 * (1 - 0.5 / 8).
        ("meteor", "the cat", "The cat sat", 75 / 116),
        # Every word matches, in two runs.
        ("meteor", "b a", "a b", 0.5),
        # The second `the` continues its run although an earlier one is free.
        ("meteor", "on the mat", "the man on the mat", (1 * 0.6) / (0.9 + 0.1 * 0.6) * (1 - 0.5 / 27)),
        ("meteor", "THE CAT", "the cat", 1.0),
        ("rouge_1", CAT_SAT, CAT_IS, 5 / 6),
        ("rouge_2", CAT_SAT, CAT_IS, 3 / 5),
        ("rouge_3", CAT_SAT, CAT_IS, 1 / 4),
        ("rouge_4", CAT_SAT, CAT_IS, 0.0),
        ("rouge_4", "one two three four five", "one two three four", 2 / 3),
        ("rouge_5", "one two three four five six", "one two three four five", 2 / 3),
        ("rouge_l", CAT_SAT, CAT_IS, 5 / 6),
        ("rouge_l", "a b c d", "d a c", 4 / 7),
        # The example in the README of Google's rouge-score: F1 of 6/8 and 6/9, of 5/8 and 5/9.
        (
            "rouge_1",
            "The quick brown dog jumps on the log.",
            "The quick brown fox jumps over the lazy dog",
            12 / 17,
        ),
        (
            "rouge_l",
            "The quick brown dog jumps on the log.",
            "The quick brown fox jumps over the lazy dog",
            10 / 17,
        ),
    ],
)
def test_a_metric_gives_what_its_definition_gives(metric, text, reference, expected):
    assert pytest.approx(expected, abs=1e-12) == similarity(metric, text, reference)


@every_metric
@pytest.mark.parametrize("text", ["", "!", "one", "two words", "été à Zürich", "日本 語"])
def test_the_same_text_is_1_however_short(metric, text):
    assert similarity(metric, text, text) == 1.0


@every_metric
@pytest.mark.parametrize(("text", "reference"), [("", "word"), ("word", ""), ("?!", "one two three")])
def test_nothing_in_common_is_0(metric, text, reference):
    assert similarity(metric, text, reference) == 0.0


@every_metric
@given(text=texts, reference=texts)
def test_every_metric_stays_between_0_and_1(metric, text, reference):
    assert 0.0 <= similarity(metric, text, reference) <= 1.0


@pytest.mark.parametrize("metric", SYMMETRIC)
@given(one=texts, two=texts)
def test_all_metrics_but_bleu_and_meteor_are_symmetric(metric, one, two):
    assert similarity(metric, one, two) == similarity(metric, two, one)


@pytest.mark.parametrize("metric", ["bleu", "meteor"])
def test_bleu_and_meteor_judge_one_text_against_the_other(metric):
    assert similarity(metric, "the cat", "the cat sat") != similarity(metric, "the cat sat", "the cat")


@given(one=st.text("abc", max_size=9), two=st.text("abc", max_size=9))
def test_fuzzy_match_finds_the_longest_common_subsequence(one, two):
    table = dict.fromkeys(product(range(-1, len(one)), range(-1, len(two))), 0)
    for row, column in product(range(len(one)), range(len(two))):
        table[row, column] = (
            table[row - 1, column - 1] + 1
            if one[row] == two[column]
            else max(table[row - 1, column], table[row, column - 1])
        )
    common = table[len(one) - 1, len(two) - 1]

    assert similarity("fuzzy_match", one, two) == (2 * common / (len(one) + len(two)) if one or two else 1.0)


@given(one=texts, two=texts)
def test_words_in_order_are_never_more_than_words(one, two):
    assert similarity("rouge_l", one, two) <= similarity("rouge_1", one, two)
