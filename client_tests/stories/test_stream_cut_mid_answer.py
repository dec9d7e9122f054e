"""A stream ends in the middle of its answer: no error says so, only the finish_reason that never came."""

ANSWER = " Take the second door on the left, and whatever you do, do not press the red button."


def listen(client):
    """Return the text of a stream, and why it ended."""
    asked = {"model": "davinci-002", "prompt": "How do I get out?", "max_tokens": 50}
    chunks = [chunk.choices[0] for chunk in client.completions.create(**asked, stream=True)]
    return "".join(chunk.text for chunk in chunks), chunks[-1].finish_reason


def test_only_the_finish_reason_tells_half_an_answer_from_a_whole_one(client):
    assert (" Take the second door on the left, and", None) == listen(client)
    assert (ANSWER, "stop") == listen(client)
