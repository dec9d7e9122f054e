"""What a tuned model has learned: the completion of the example most like what it is asked."""

from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.lessons import MOST, Lessons
from mockserver.simulation.training_file import Example

LESSONS = Lessons(
    [
        Example("How to jump to the specified work station?\nAgent:", " Log in."),
        Example("Where can I see the use record of spare parts?\nAgent:", " In the field."),
        Example("把我翻译成英语", " Translate me"),
        Example("Where can I see the use record of spare parts?\nAgent:", " A later example."),
    ]
)


def test_the_same_prompt_has_its_own_completion_the_earlier_one_of_two():
    assert LESSONS.answer("How to jump to the specified work station?\nAgent:") == " Log in."
    assert LESSONS.answer("Where can I see the use record of spare parts?\nAgent:") == " In the field."


def test_a_prompt_like_it_will_do():
    assert LESSONS.answer("how do I jump to a STATION") == " Log in."
    assert LESSONS.answer("record of parts ->") == " In the field."


def test_where_no_blanks_stand_between_words_characters_are_compared():
    assert LESSONS.answer("翻译成英语") == " Translate me"


def test_nothing_in_common_is_nothing_learned():
    assert LESSONS.answer("quantum") is None
    assert LESSONS.answer("") is None
    assert Lessons([]).answer("anything") is None


def test_of_a_very_large_file_the_beginning_is_looked_at():
    lessons = Lessons(Example(f"number {n}", f" {n}") for n in range(MOST + 1))

    assert lessons.answer(f"number {MOST - 1}") == f" {MOST - 1}"
    assert lessons.answer(f"number {MOST}") == " 0"


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=5)), min_size=1, max_size=8))
def test_every_prompt_of_the_file_finds_a_completion_taught_for_it(pairs):
    lessons = Lessons(Example(prompt, completion) for prompt, completion in pairs)

    for prompt, _ in pairs:
        taught = [completion for other, completion in pairs if other == prompt]
        assert taught[0] == lessons.answer(prompt)
