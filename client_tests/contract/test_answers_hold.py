"""What every answer keeps to, over 2,000 requests that nobody has thought of.

Usage is tiktoken's count of what was asked and answered; no answer has a stop sequence in it, is longer than its
limit, or crosses its model's context with its prompt; it says truly why it ends; put together from a stream it is the
one given at once, and the same one for the same seed.

Whether a character that a limit cuts in two is told of as U+FFFD is the server's decision; that a cut character is
nowhere else is a law.
"""

import pytest
from contract.questions import CONTEXTS, SCENARIO, chats, completions, responses
from contract.tiktokens import decode, encode, shown
from contract.told import at_once, in_pieces
from hypothesis import HealthCheck, given, settings

CUT = "\N{REPLACEMENT CHARACTER}"


@pytest.fixture(scope="module")
def ask(mock, http):
    """`ask(question)`: the answer at once and that in pieces, of which one or both may be None: a refusal."""
    opened = http.post(f"{mock.url}/_mock/worlds", json={"yaml": SCENARIO}).json()

    def ask_(path, body):
        url, headers = f"{opened['base_url']}/{path}", {"authorization": "Bearer sk-test-key"}
        return http.post(url, json=body, headers=headers)

    yield ask_
    assert 200 == http.delete(f"{mock.url}/_mock/worlds/{opened['id']}").status_code


def many(questions, how_many):
    """Draw so many questions, the same ones every time."""

    def decorate(test):
        slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
        drawn = settings(
            max_examples=how_many, derandomize=True, database=None, deadline=None, suppress_health_check=slow
        )
        return drawn(given(question=questions)(test))

    return decorate


@many(completions(), 800)
def test_completions_hold(ask, question):
    hold(ask, question)


@many(chats(), 800)
def test_chat_completions_hold(ask, question):
    hold(ask, question)


@many(responses(), 400)
def test_responses_hold(ask, question):
    hold(ask, question)


def hold(ask, question):
    """Ask at once and in pieces: both answers keep to the laws; to each other, where chance has no part in them."""
    whole = ask(question.path, question.body)
    if not question.fits:
        assert 400 == whole.status_code
        assert "context_length_exceeded" == whole.json()["error"]["code"]
        return
    assert 200 == whole.status_code, whole.text
    answer = at_once(question.path, whole.content)
    check(question, answer)
    is_streamed = question.candidates == question.n  # the best of several are not
    again = ask(question.path, question.body | (question.streaming if is_streamed else {}))
    assert 200 == again.status_code, again.text
    other = (in_pieces if is_streamed else at_once)(question.path, again.content)
    if question.settled:
        assert answer == other
    else:
        check(question, other)


def check(question, answer):
    """Assert what is true of every answer to a question."""
    n, model = question.n, question.model
    assert sum(question.read) == answer.read
    assert len(question.read) * n == len(answer.choices)
    thought, rest = divmod(answer.thought, n)
    assert 0 == rest
    cost = 0
    for index, choice in enumerate(answer.choices):
        place = index // n
        room = question.room(place) - thought
        assert question.read[place] + thought + room <= CONTEXTS[model][0]
        said = after_prompt(question, place, choice)
        script = question.script[place]
        if script is None:
            tokens = encode(said, model)
            assert CUT not in said
        else:
            tokens = check_told(said, script, choice.reason, room, question)
        check_end(said, len(tokens), choice.reason, room, question.stops)
        check_scores(question, place, choice, tokens)
        cost += len(tokens)
    check_cost(question, cost, answer.said - answer.thought)


def after_prompt(question, place, choice):
    """Return what is said after the prompt, which is echoed as it came."""
    if not question.body.get("echo"):
        return choice.text
    prompt = question.prompts[place]
    assert prompt == choice.text[: len(prompt)]
    return choice.text[len(prompt) :]


def check_told(said, script, reason, room, question):
    """Assert that a model says what it is told as far as it may, and return the tokens of that."""
    script = encode(script, question.model)
    tokens = script[:room]
    text = decode(tokens, question.model)
    places = [place for stop in question.stops if (place := text.find(stop)) >= 0]
    if places:
        text = text[: min(places)]
        tokens = encode(text, question.model)
    assert text == said
    assert ("length" if len(script) >= room and not places else "stop") == reason
    return tokens


def check_end(said, cost, reason, room, stops):
    """Assert that an answer ends where it must, and says truly why: its end is a token that needs room, too."""
    assert not any(stop in said for stop in stops)
    if reason == "length":
        assert room == cost
    else:
        assert "stop" == reason
        assert cost < room or (stops and cost == room)


def check_cost(question, cost, said):
    """Assert that all candidates are paid for, also those that were not the best."""
    unseen = question.candidates - question.n
    if unseen == 0:
        assert cost == said
    elif question.alike:
        assert cost * question.candidates == said * question.n
    else:
        assert cost <= said <= cost + unseen * len(question.read) * question.limit


def check_scores(question, place, choice, tokens):
    """Assert that scores are told if they are wanted, of the tokens of the text, each at its place."""
    wanted = question.body.get("logprobs", False)
    if wanted is False:
        assert [] == choice.scores
    elif wanted is True:
        assert [list(raw) for raw in shown(tokens, question.model)] == [one["bytes"] for one in choice.scores]
        assert all(one["logprob"] <= 0 for one in choice.scores)
    else:
        prompt = question.prompts[place]
        if question.body.get("echo"):
            tokens, text = [*question.tokens[place], *tokens], choice.text
        else:
            text = prompt + choice.text
        assert [name(raw) for raw in shown(tokens, question.model)] == [
            one["tokens"] for one in choice.scores
        ]
        for one in choice.scores:
            assert one["tokens"].startswith("bytes:") or text.startswith(one["tokens"], one["text_offset"])


def name(raw):
    """Return how a token is shown in completions: a part of a character by its bytes."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "bytes:" + raw.decode("ascii", "backslashreplace")
