"""Edits, through the newest client's own `post`, since it has long forgotten them."""

import httpx2
import openai
import pytest

EDITORS = ["text-davinci-edit-001", "code-davinci-edit-001"]
ASKED = {
    "model": EDITORS[0],
    "input": "What day of the wek is it?",
    "instruction": "Fix the spelling mistakes",
}
STORY = """
version: 1
clock: {rate: 0}
replies:
  - match: {endpoint: edits.create, body: {json_path: {$.instruction: {contains: spelling}}}}
    reply: {text: "What day of the week is it?\\n", headers: {x-edited: "yes"}}
  - match: {endpoint: edits.create, temperature: 0.5}
    reply: {echo: true, usage: {prompt_tokens: 1, completion_tokens: 2}}
  - match: {endpoint: edits.create, temperature: 0.6}
    reply: {error: rate_limit_exceeded}
  - match: {endpoint: edits.create, temperature: 0.7}
    reply: {status: 418, body: short and stout}
"""


def edit(client, **asked):
    return client.post("/edits", cast_to=object, body=ASKED | asked)


def text(answer):
    [choice] = answer["choices"]
    return choice["text"]


def refused(client, **asked):
    with pytest.raises(openai.APIStatusError) as caught:
        edit(client, **asked)
    error = caught.value
    return error.status_code, error.body["message"], error.param, error.code


@pytest.fixture
def told(open_world):
    """A client of a world whose scenario knows some edits."""
    return open_world(yaml=STORY).client()


@pytest.mark.parametrize("model", EDITORS)
def test_an_edit_has_neither_id_nor_model(server, client, model):
    answer = edit(client, model=model)

    assert {
        "object": "edit",
        "created": int(server.control("GET", "clock")["now"]),
        "choices": [{"text": "What day of the wek is it?\n", "index": 0}],
        "usage": {"prompt_tokens": 25, "completion_tokens": 10, "total_tokens": 35},
    } == answer
    assert ["object", "created", "choices", "usage"] == list(answer)


@pytest.mark.parametrize(
    ("given", "edited"), [("Sky", "Sky\n"), ("Sky\n", "Sky\n"), ("a\n\n", "a\n\n"), ("", "\n")]
)
def test_without_a_reply_an_edit_is_the_input_as_a_line(client, given, edited):
    assert edited == text(edit(client, input=given))


def test_an_input_can_be_left_out(client):
    answer = client.post(
        "/edits", cast_to=object, body={"model": EDITORS[1], "input": None, "instruction": "Write a poem"}
    )

    assert "\n" == text(answer)


@pytest.mark.parametrize(
    ("given", "instruction", "prompt_tokens"),
    [
        ("What day of the wek is it?", "Fix the spelling mistakes", 25),
        ("test input 1", "test instruction 1", 18),
        (
            "",
            "write a python script to pickle a python list into a file called ~/.config/lockhart/history.pkl",
            35,
        ),
    ],
)
def test_a_prompt_counts_as_in_published_answers(client, given, instruction, prompt_tokens):
    assert prompt_tokens == edit(client, input=given, instruction=instruction)["usage"]["prompt_tokens"]


def test_every_edit_of_several_is_paid_for(client):
    one, three = edit(client), edit(client, n=3)

    assert [0, 1, 2] == [choice["index"] for choice in three["choices"]]
    assert 3 * one["usage"]["completion_tokens"] == three["usage"]["completion_tokens"]
    assert one["usage"]["prompt_tokens"] == three["usage"]["prompt_tokens"]


def test_a_scenario_knows_what_an_instruction_means(told):
    answer = told.post("/edits", cast_to=httpx2.Response, body=ASKED)

    assert "What day of the week is it?\n" == text(answer.json())
    assert "yes" == answer.headers["x-edited"]


def test_a_scenario_can_echo_count_refuse_and_answer_for_itself(told):
    asked = {"instruction": "Do as told"}

    echoed = edit(told, temperature=0.5, **asked)

    assert (ASKED["input"], 3) == (text(echoed), echoed["usage"]["total_tokens"])
    assert 429 == refused(told, temperature=0.6, **asked)[0]
    with pytest.raises(openai.APIStatusError) as caught:
        edit(told, temperature=0.7, **asked)
    assert (418, "short and stout") == (caught.value.status_code, caught.value.response.text)


@pytest.mark.parametrize("model", ["text-davinci-003", "gpt-4o", "text-embedding-ada-002"])
def test_only_the_edit_models_edit(client, model):
    message = f"The model '{model}' is not supported in the v1/edits endpoint."

    assert (404, message, "model", None) == refused(client, model=model)


def test_an_edit_model_does_not_complete(client):
    with pytest.raises(openai.NotFoundError):
        client.completions.create(model=EDITORS[0], prompt="Sky")


def test_an_unknown_model_is_refused(client):
    assert (404, "model_not_found") == refused(client, model="text-davinci-edit-002")[::3]


@pytest.mark.parametrize(
    "asked",
    [{"n": 0}, {"n": 21}, {"temperature": 2.1}, {"top_p": 1.1}, {"instruction": None}, {"max_tokens": 5}],
)
def test_what_an_edit_does_not_take_is_refused(client, asked):
    status, message, _, _ = refused(client, **asked)

    assert 400 == status
    assert next(iter(asked)) in message


def test_a_text_that_does_not_fit_into_the_context_is_refused(client):
    """The frame of 11 tokens counts too, and the line break behind the input."""
    fits = {"input": " the" * 2987, "instruction": "Sky"}

    assert 3000 == edit(client, **fits)["usage"]["prompt_tokens"]
    status, message, _, _ = refused(client, **fits | {"input": " the" * 2988})
    assert (400, True) == (status, "maximum context length is 3000 tokens" in message)


@pytest.mark.parametrize("day", ["2022-03-14", "2024-01-04"])
def test_edits_are_there_on_their_days_only(open_world, day):
    story = f"version: 1\nas_of: {day}\nclock: {{start: {day}T12:00:00Z, rate: 0}}\n"

    assert (404, "Invalid URL (POST /v1/edits)") == refused(open_world(yaml=story).client())[:2]
