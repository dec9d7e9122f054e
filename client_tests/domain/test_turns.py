"""Sequences of replies: each has turns of its own, whoever else asks; `benchmarks/mixed_answers.py` asks more often."""

from concurrent.futures import ThreadPoolExecutor

import httpx2
import openai
import pytest

from mockserver.testing.server import MockServer

BASE = "davinci-002"
TURNS = 5
REPLIES = "".join(f"      - text: ' {{who}} hears {turn}'\n" for turn in range(TURNS))


def story(per):
    return (
        "version: 1\nreplies:\n"
        '  - match: {prompt: {regex: "^(?P<who>\\\\w+)"}}\n'
        f"    per: {per}\n    then: error\n    replies:\n{REPLIES}"
    )


def hear(url, names, key="sk-all"):
    """Take every turn of some conversations by turns, and return what was not as it should have been."""
    wrong = []
    with httpx2.Client(headers={"authorization": f"Bearer {key}"}, timeout=30) as http:
        for turn in range(TURNS):
            for name in names:
                answer = http.post(f"{url}/completions", json={"model": BASE, "prompt": f"{name} asks"})
                said = answer.json()["choices"][0]["text"] if answer.is_success else answer.text
                if said != f" {name} hears {turn}":
                    wrong.append((name, turn, said))
    return wrong


def test_two_threads_at_one_world_hear_every_conversation_in_its_order(open_world):
    url = open_world(yaml=story("conversation")).url
    with ThreadPoolExecutor(2) as threads:
        told = threads.map(lambda half: hear(url, [f"{half}{n}" for n in range(25)]), "ab")

    assert [[], []] == list(told)


def test_worlds_side_by_side_count_on_their_own(open_world):
    urls = [open_world(yaml=story("conversation")).url for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        told = threads.map(lambda url: hear(url, ["ann", "bob"]), urls)

    assert [[]] * 8 == list(told)


def test_keys_side_by_side_count_on_their_own(open_world):
    url = open_world(yaml=story("key")).url
    with ThreadPoolExecutor(2) as threads:
        told = threads.map(lambda key: hear(url, [key], f"sk-{key}"), ["ann", "bob"])

    assert [[], []] == list(told)


def test_the_models_of_two_jobs_count_on_their_own(open_world):
    world = open_world(
        yaml="clock: {rate: 0}\ntuned: [{id: mine, base: davinci-002}, {id: yours, base: davinci-002}]\n"
        "replies: [{per: job, replies: [{text: ' one'}, {text: ' two'}]}]\n"
    )

    def say(model, key):
        with world.client(api_key=key) as client:
            return client.completions.create(model=model, prompt="x").choices[0].text

    assert [" one", " two", " one", " two"] == [
        say(model, key) for model, key in [("mine", "a"), ("mine", "b"), ("yours", "a"), ("yours", "a")]
    ]


def test_a_sequence_goes_on_where_it_was_when_the_server_starts_again(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(story("key"))

    def say():
        with (
            MockServer(path, state=tmp_path / "state") as server,
            openai.OpenAI(base_url=server.base_url, api_key="sk-a") as client,
        ):
            return client.completions.create(model=BASE, prompt="ann").choices[0].text

    assert [" ann hears 0", " ann hears 1", " ann hears 2"] == [say(), say(), say()]


def test_rules_added_before_it_do_not_disturb_a_sequence(open_world):
    world = open_world(yaml=story("key"))
    before = hear(world.url, ["ann"], "sk-other")
    with world.client() as client:
        said = [client.completions.create(model=BASE, prompt="ann").choices[0].text]
        world.control("POST", "replies", json={"rules": [{"match": {"prompt": "never"}, "reply": {}}]})
        said.append(client.completions.create(model=BASE, prompt="ann").choices[0].text)

    assert ([], [" ann hears 0", " ann hears 1"]) == (before, said)


@pytest.mark.parametrize(
    "replies", ["reply: {text: ' a'}", "replies: [{text: ' a'}, {text: ' b'}], then: loop"]
)
def test_a_world_that_begins_anew_begins_its_sequences_anew(open_world, replies):
    world = open_world(yaml=f"replies: [{{{replies}}}]")
    with world.client() as client:
        first = client.completions.create(model=BASE, prompt="x").choices[0].text
        world.control("POST", "reset")
        again = client.completions.create(model=BASE, prompt="x").choices[0].text

    assert " a" == first == again
