"""What every answer keeps to, over 2,000 requests that nobody has thought of.

Usage is tiktoken's count of what was asked and answered; no answer has a stop sequence in it, is longer than its
limit, or crosses its model's context with its prompt; it says truly why it ends; put together from a stream it is the
one given at once, and the same one for the same seed.

A character that a limit cuts in two is U+FFFD at the end of an answer, and in no other place. A token that a stop
sequence cuts in two may be more tokens then than there was room for; no more than those are paid for. What thoughts
cost is what the usage says of them; what they are, nobody is told.
"""

import pytest
from contract.questions import CONTEXTS, chat, chats, completions, response, responses
from contract.texts import SCENARIO
from contract.tiktokens import decode, encode, shown
from contract.told import at_once, in_pieces
from hypothesis import HealthCheck, given, settings

CUT = "\N{REPLACEMENT CHARACTER}"
#: long prompts take their time
UNHURRIED = (HealthCheck.too_slow, HealthCheck.data_too_large)


@pytest.fixture(scope="module")
def ask(mock, http):
    """`ask(path, body)`: the response of a world whose scenario knows the speakers."""
    opened = http.post(f"{mock.url}/_mock/worlds", json={"yaml": SCENARIO}).json()

    def ask_(path, body):
        headers = {"authorization": "Bearer sk-test-key"}
        return http.post(f"{opened['base_url']}/{path}", json=body, headers=headers)

    yield ask_
    assert 200 == http.delete(f"{mock.url}/_mock/worlds/{opened['id']}").status_code


def over(questions, how_many):
    """Run a test over so many questions, the same ones every time."""

    def decorate(test):
        drawn = settings(
            max_examples=how_many,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=UNHURRIED,
        )
        return drawn(given(question=questions)(test))

    return decorate


@over(completions(), 800)
def test_completions_hold(ask, question):
    hold(ask, question)


@over(chats(), 800)
def test_chat_completions_hold(ask, question):
    hold(ask, question)


@over(responses(), 400)
def test_responses_hold(ask, question):
    hold(ask, question)


LONG = [{"role": "user", "content": "word " * 3000}]
#: scores are told of tokens, and the last of these ends in the midst of a character
CUT_SHORT = {"user": "merry", "max_output_tokens": 17, "include": ["message.output_text.logprobs"]}
RARE = {
    "no room for a chat": chat({"model": "gpt-4", "messages": LONG, "user": "endless"}),
    "no room for a response": response({"model": "gpt-4", "input": LONG, "user": "endless"}),
    "the longest chat": chat({"model": "gpt-3.5-turbo", "messages": LONG, "user": "endless"}),
    "the longest response": response({"model": "gpt-3.5-turbo", "input": LONG, "user": "endless"}),
    "scores of a cut character": response({"model": "gpt-4o-mini", "input": "Hello", **CUT_SHORT}),
}


@pytest.mark.parametrize("question", RARE.values(), ids=RARE.keys())
def test_what_is_seldom_asked_holds(ask, question):
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
        cost += min(len(tokens), room)
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
    """Assert that an answer ends where it must, and says truly why; an end of its own is a token that needs room."""
    assert not any(stop in said for stop in stops)
    if reason == "length":
        assert room == cost
    else:
        assert "stop" == reason
        assert cost < room or stops


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
    if not question.scored:
        assert [] == choice.scores
        return
    if question.path != "completions":
        assert [list(raw) for raw in shown(tokens, question.model)] == [one["bytes"] for one in choice.scores]
        assert all(one["logprob"] <= 0 for one in choice.scores)
        return
    if question.body.get("echo"):
        tokens, text = [*question.tokens[place], *tokens], choice.text
    else:
        text = question.prompts[place] + choice.text
    assert [name(raw) for raw in shown(tokens, question.model)] == [one["tokens"] for one in choice.scores]
    for one in choice.scores:
        assert one["tokens"].startswith("bytes:") or text.startswith(one["tokens"], one["text_offset"])


def name(raw):
    """Return how a token is shown in completions: a part of a character by its bytes."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "bytes:" + raw.decode("ascii", "backslashreplace")
