"""An answer comes slowly, word by word; on a clock that is auto nobody has to wait for it."""

import pytest

STORY = " Once upon a time there was a server that never hurried, and everybody who waited for it was happy."


@pytest.fixture
def passed(server):
    """Let waiting move the clock, and tell how many seconds have passed since."""
    began = server.control("POST", "clock", json={"rate": "auto"})["now"]
    return lambda: server.control("GET", "clock")["now"] - began


def test_it_takes_two_seconds_to_think_and_a_fifth_of_a_second_a_token(client, passed):
    asked = {"model": "davinci-002", "prompt": "A story, please.", "max_tokens": 100}

    chunks = [chunk.choices[0].text for chunk in client.completions.create(**asked, stream=True)]

    assert STORY == "".join(chunks)
    pauses = len([chunk for chunk in chunks if chunk]) - 1
    assert 0.8 * (2 + pauses / 5) <= passed() <= 1.2 * (2 + pauses / 5)


def test_an_answer_that_is_not_streamed_is_there_at_once(client, passed):
    answer = client.completions.create(model="davinci-002", prompt="A story, please.", max_tokens=100)

    assert (STORY, 0) == (answer.choices[0].text, passed())
