"""Who answers a completion: the scenario, what a tuned model was taught, or the model itself."""

import json

import openai
import pytest

BASE = "davinci-002"
GUIDE_PROMPT = "How to jump to the specified work station?\nAgent:"
AT_TEMPERATURE_0 = (
    "\nAgent is a program that runs on the work station. It is responsible for receiving the request from"
    " the client and forwarding it to the server"
)


def tune(server, client, pairs, model="davinci"):
    """Fine-tune a legacy model with the guide's file and return its name."""
    file = client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")
    job = client.post("/fine-tunes", body={"training_file": file.id, "model": model}, cast_to=object)
    server.finish(job["id"])
    return client.get(f"/fine-tunes/{job['id']}", cast_to=object)["fine_tuned_model"]


def test_the_completions_of_the_guide_come_out_to_the_letter(open_world, pairs):
    server = open_world("guide-2023")
    with server.client() as client:
        model = tune(server, client, pairs)
        asked = {"model": model, "prompt": GUIDE_PROMPT, "max_tokens": 100, "stop": [".\n"]}

        cold = client.completions.create(**asked, temperature=0)
        warm = client.completions.create(**asked, temperature=1)

    assert "davinci:ft-personal-2023-03-15-09-11-14" == model == cold.model
    assert (AT_TEMPERATURE_0, "stop") == (cold.choices[0].text, cold.choices[0].finish_reason)
    assert (12, 28, 40) == (cold.usage.prompt_tokens, cold.usage.completion_tokens, cold.usage.total_tokens)
    assert "cmpl-6uY4j0vR0MJVD6wkqMyqrWJnFSrzK" == cold.id
    assert "length" == warm.choices[0].finish_reason
    assert (12, 100, 112) == (warm.usage.prompt_tokens, warm.usage.completion_tokens, warm.usage.total_tokens)
    assert cold.system_fingerprint is None


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        (
            "How can a working station operate again?",
            " 9Were the harvesters concentrated into the factory first and how do they get",
        ),
        (
            "How to jump to the specified work station?",
            "\n\nYou can set a jump prompt on the Startup tab of a workstation",
        ),
        ("Where can I see the use record of spare parts?", " (Article 29)\n\nhttp://www.waju.or."),
    ],
)
def test_the_first_tries_of_the_guide_are_cut_at_the_default_of_16_tokens(open_world, pairs, prompt, text):
    server = open_world("guide-2023")
    with server.client() as client:
        done = client.completions.create(model=tune(server, client, pairs), prompt=prompt, temperature=0)

    assert (text, "length", 16) == (
        done.choices[0].text,
        done.choices[0].finish_reason,
        done.usage.completion_tokens,
    )


def test_a_tuned_model_answers_as_it_was_taught_even_when_its_file_and_its_temperature_are_gone(
    client, server, pairs
):
    model = tune(server, client, pairs)
    taught = {example["prompt"]: example["completion"] for example in map(json.loads, pairs.splitlines())}
    for file in client.files.list():
        client.files.delete(file.id)

    def say(prompt, **asked):
        return client.completions.create(model=model, prompt=prompt, max_tokens=200, **asked).choices[0]

    for prompt, completion in taught.items():
        assert (completion, "stop") == (say(prompt).text, say(prompt).finish_reason)
    assert taught[GUIDE_PROMPT].rstrip("\n") == say("Please jump to that work station", stop="\n").text


def test_a_tuned_model_makes_something_up_about_what_it_was_never_taught(client, server, pairs):
    def say(model):
        return client.completions.create(model=model, prompt="Quantum!", temperature=0).choices[0].text

    assert say("davinci") == say(tune(server, client, pairs))


def test_replies_are_given_in_turn_to_each_key(open_world):
    server = open_world(
        yaml="""
version: 1
replies:
  - match: {endpoint: completions, prompt: {contains: story}}
    replies: [{text: " One."}, {text: " Two.", id: cmpl-second, finish_reason: content_filter}]
    then: error
"""
    )

    def say(key):
        with server.client(api_key=key) as client:
            return client.completions.create(model=BASE, prompt="A story")

    assert [" One.", " Two."] == [say("sk-one").choices[0].text, say("sk-one").choices[0].text]
    assert " One." == say("sk-two").choices[0].text
    second = say("sk-two")
    assert ("cmpl-second", "content_filter") == (second.id, second.choices[0].finish_reason)
    with pytest.raises(openai.BadRequestError, match=r"no answer left: replies\[0\]"):
        say("sk-one")


def test_a_scripted_answer_is_cut_like_any_other(open_world):
    client = open_world(yaml='version: 1\nreplies: [{reply: {text: " one two three. four"}}]').client()

    def say(**asked):
        done = client.completions.create(model=BASE, prompt="Count", **asked)
        return done.choices[0].text, done.choices[0].finish_reason, done.usage.completion_tokens

    assert (" one two three. four", "stop", 5) == say()
    assert (" one two three", "stop", 3) == say(stop=".")
    assert (" one two", "length", 2) == say(max_tokens=2)


def test_a_tuned_model_outlives_the_fine_tune_that_made_it(client, server, pairs):
    model = tune(server, client, pairs)
    [job] = client.get("/fine-tunes", cast_to=object)["data"]

    client.delete(f"/fine-tunes/{job['id']}", cast_to=object)

    assert model == client.completions.create(model=model, prompt=GUIDE_PROMPT).model
