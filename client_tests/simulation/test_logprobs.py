r"""Tokens as they are shown: aligned arrays, offsets in characters, parts of characters as `bytes:\x…`."""

from hypothesis import given
from hypothesis import strategies as st

from mockserver.chance import Chance
from mockserver.simulation import tokens
from mockserver.simulation.choices import Wish, complete
from mockserver.simulation.logprobs import read_out

MODEL = "davinci"
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def read(told=None, prompt="Once upon a time", **asked):
    wish = Wish(MODEL, tokens.encode(prompt, MODEL), **asked)
    [choice], _ = complete(wish, Chance(0).stream("test"), told)
    return choice, read_out(wish, choice, taught=told is not None)


@given(any_text, any_text, st.booleans(), st.integers(0, 12), st.one_of(st.none(), st.integers(0, 5)))
def test_the_texts_of_the_tokens_are_the_text_and_offsets_say_where_they_stand(
    told, prompt, echo, limit, top
):
    choice, found = read(told, prompt, echo=echo, limit=limit, logprobs=top)

    assert (prompt if echo else "") + choice.text == "".join(token.text for token in found)
    expected = 0 if echo else len(prompt)
    for token in found:
        assert expected == token.offset
        expected += len(token.text)


def test_a_part_of_a_character_shows_its_bytes_and_finishes_none():
    _, found = read("╯°", limit=10)

    assert [
        (r"bytes:\xe2\x95", "", 16),
        (r"bytes:\xaf", "╯", 16),
        ("°", "°", 17),
    ] == [(token.shown, token.text, token.offset) for token in found]


def test_without_scores_nothing_is_scored():
    _, found = read(echo=True)

    assert all(token.logprob is None and token.top is None for token in found)


def test_only_the_first_token_of_an_echoed_prompt_has_no_score():
    _, found = read(echo=True, logprobs=2, limit=3)

    assert (None, None) == (found[0].logprob, found[0].top)
    assert all(token.logprob is not None and token.shown in token.top for token in found[1:])


def test_a_text_has_the_same_scores_whether_said_or_echoed():
    """All but at the seam: an answer begins a sentence, whatever the prompt ends with."""
    choice, said = read(limit=20, logprobs=3)
    prompt = "Once upon a time"
    _, echoed = read(prompt=prompt + choice.text, echo=True, logprobs=3, limit=0)

    assert said[1:] == echoed[len(tokens.encode(prompt, MODEL)) + 1 :]
