"""Replies are put in front of those of the scenario while a world runs, and taken away again."""

import pytest

STORY = """version: 1
clock: {start: 2023-03-15, rate: 0}
replies:
  - match: {prompt: {contains: counted}}
    replies: [{text: first}, {text: second}, {text: third}]
  - reply: {text: usual}
"""
SNOW = {"match": {"prompt": {"contains": "weather"}}, "reply": {"text": "It is snowing."}}
RAIN = {"match": {"prompt": {"contains": "weather"}}, "reply": {"text": "It is raining."}}


@pytest.fixture
def story(open_world):
    return open_world(yaml=STORY)


@pytest.fixture
def add(story, http):
    """Ask to add rules; returns the answer, whatever it is."""

    def ask(*rules):
        return http.post(f"{story.control_url}/replies", json={"rules": list(rules)})

    return ask


def said(story, prompt="The weather?"):
    with story.client() as client:
        return client.completions.create(model="davinci-002", prompt=prompt).choices[0].text


def test_an_added_rule_is_asked_before_those_of_the_scenario(story, add):
    assert "usual" == said(story)

    assert {"object": "list", "data": [SNOW]} == add(SNOW).json()

    assert ("It is snowing.", "usual") == (said(story), said(story, "Hello"))


def test_the_first_added_rule_is_asked_first_and_the_last_call_before_the_others(story, add):
    add(SNOW, RAIN)
    assert "It is snowing." == said(story)

    assert [RAIN, SNOW, RAIN] == add(RAIN).json()["data"]
    assert "It is raining." == said(story)


def test_added_rules_are_listed_without_those_of_the_scenario(story, add):
    assert [] == story.control("GET", "replies")["data"]

    add(SNOW)

    assert [SNOW] == story.control("GET", "replies")["data"]


def test_cleared_rules_leave_those_of_the_scenario(story, add):
    add(SNOW, RAIN)

    assert {"cleared": 2} == story.control("DELETE", "replies")

    assert [] == story.control("GET", "replies")["data"]
    assert "usual" == said(story)
    assert {"cleared": 0} == story.control("DELETE", "replies")


def test_a_rule_that_counts_goes_on_where_it_was(story, add):
    assert ["first", "second"] == [said(story, "counted"), said(story, "counted")]

    add(SNOW)

    assert "third" == said(story, "counted")


@pytest.mark.parametrize("end", ["scenario", "reset"])
def test_they_go_with_the_scenario_they_were_added_to(story, add, end):
    add(SNOW)

    story.control("POST", end, json={"yaml": STORY} if end == "scenario" else None)

    assert [] == story.control("GET", "replies")["data"]
    assert "usual" == said(story)


def test_another_world_does_not_have_them(story, add, open_world):
    other = open_world(yaml=STORY)

    add(SNOW)

    assert ("It is snowing.", "usual") == (said(story), said(other))


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([SNOW, {"reply": {"txt": "x"}}], "rules[1]: unknown key 'txt' (did you mean 'text'?)"),
        (
            [{"match": {"modle": "x"}, "reply": {"text": "x"}}],
            "rules[0]: unknown key 'modle' (did you mean 'model'?)",
        ),
        ([{"match": {}}], "rules[0]: "),
        ([], "rules"),
        (["text"], "rules"),
    ],
)
def test_wrong_rules_are_refused_by_their_number_and_none_is_added(story, add, rules, sentence):
    answer = add(*rules)

    assert 400 == answer.status_code
    assert sentence in answer.json()["error"]["message"]
    assert [] == story.control("GET", "replies")["data"]


def test_every_mistake_is_told(add):
    message = add({"reply": {"txt": "x"}}, {"replay": {}}).json()["error"]["message"]

    assert ["rules[0]", "rules[1]"] == [line.partition(":")[0] for line in message.splitlines()]


def test_any_text_a_rule_may_hold_arrives_as_it_was_sent(story, add):
    text = "line\nnext: 'quoted' \"twice\" # no comment {} \u2028 \x85 🎉 no 0o17"

    add({"reply": {"text": text}})

    with story.client() as client:
        answer = client.completions.create(model="davinci-002", prompt="x", max_tokens=200)
    assert text == answer.choices[0].text
