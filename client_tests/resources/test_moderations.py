"""Moderations, through the real clients over a real socket."""

import json

import openai
import pytest
from matrix.environments import environment
from matrix.shell import Shell

from mockserver.domain import usage

OMNI = "omni-moderation-latest"
BAD = "I want to kill them."
PICTURE = {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}
TEXT = {"type": "text", "text": BAD}
CATEGORIES = [
    "hate",
    "hate/threatening",
    "harassment",
    "harassment/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
]


@pytest.fixture
def judge(client):
    """Have something judged, and return what the wire said."""

    def judge_(given, by=client, **asked):
        return json.loads(by.moderations.with_raw_response.create(input=given, **asked).text)

    return judge_


@pytest.fixture
def refused(client):
    """Ask for something that is refused, and return the status and what the refusal says."""

    def refused_(given="Hello", by=client, **asked):
        with pytest.raises(openai.APIStatusError) as error:
            by.moderations.create(input=given, **asked)
        return error.value.status_code, error.value.body

    return refused_


@pytest.fixture
def told(open_world):
    """Open a world whose replies are these, on a clock that goes on when somebody waits."""

    def open_(replies):
        return open_world(yaml=f"version: 1\nclock: {{rate: auto}}\nreplies:\n{replies}")

    return open_


def flagged(result):
    return {category for category, is_flagged in result["categories"].items() if is_flagged}


def invalid(message, param=None, code=None):
    return 400, {"message": message, "type": "invalid_request_error", "param": param, "code": code}


def test_a_moderation_has_the_official_fields(judge):
    body = judge(BAD)

    assert ["id", "model", "results"] == list(body)
    assert body["id"].startswith("modr-")
    assert OMNI == body["model"]
    [result] = body["results"]
    assert ["flagged", "categories", "category_scores", "category_applied_input_types"] == list(result)
    assert [CATEGORIES] * 3 == [list(told) for told in list(result.values())[1:]]


def test_a_bad_text_is_flagged_and_a_good_one_is_not(client):
    bad, good = client.moderations.create(input=[BAD, "I want to hug them."]).results

    assert bad.flagged
    assert bad.categories.violence
    assert bad.categories.harassment_threatening
    assert not bad.categories.sexual
    assert bad.category_scores.violence > 0.9 > bad.category_scores.sexual
    assert not good.flagged
    assert not any(good.categories.to_dict().values())


def test_every_string_has_a_result_of_its_own(judge):
    assert [[True], [False, True], []] == [
        [result["flagged"] for result in judge(given)["results"]] for given in (BAD, ["hug", BAD], [])
    ]


def test_a_text_is_judged_the_same_each_time_under_a_new_id(judge):
    first, second = judge("Hello"), judge("Hello")

    assert first["results"] == second["results"]
    assert first["id"] != second["id"]


def test_parts_are_one_input_and_tell_where_a_category_was_looked_for(judge):
    def types(*parts):
        [result] = judge(list(parts))["results"]
        told = result["category_applied_input_types"]
        return flagged(result) > set(), told["violence"], told["hate"]

    assert (True, ["text"], ["text"]) == types(TEXT)
    assert (True, ["text", "image"], ["text"]) == types(TEXT, PICTURE)
    assert (False, ["image"], []) == types(PICTURE)


def test_text_moderation_has_eleven_categories_and_says_which_version_it_is(judge):
    body = judge(BAD, model="text-moderation-stable")

    [result] = body["results"]
    assert "text-moderation-007" == body["model"]
    assert [each for each in CATEGORIES if "illicit" not in each] == list(result["categories"])
    assert ["flagged", "categories", "category_scores"] == list(result)


def test_what_is_judged_is_counted_and_costs_nothing(server, client):
    client.moderations.create(input=["Hello", "world"])

    [entry] = usage.entries(server.world)
    assert ("moderations.create", OMNI, 1, 2, 0) == (
        entry.operation,
        entry.model,
        entry.requests,
        entry.read,
        entry.cost(),
    )


def test_an_unknown_field_is_ignored(client):
    assert client.moderations.create(input=BAD, extra_body={"user": "me"}).results[0].flagged


@pytest.mark.anyio
async def test_the_asynchronous_client_gets_the_same(server, judge):
    async with openai.AsyncOpenAI(base_url=server.url, api_key="sk-test-key") as client:
        done = await client.moderations.create(input=BAD)

    assert judge(BAD)["results"][0]["category_scores"]["violence"] == done.results[0].category_scores.violence


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["gpt-4o", "text-embedding-3-small", "omni-moderation-1999"])
def test_a_model_that_does_not_judge_is_refused(refused, model):
    message = f"Invalid value for 'model' = {model}. Please check the OpenAI documentation and try again."

    assert invalid(message, "model") == refused(model=model)


def test_a_request_has_one_picture_at_most(refused):
    refusal = invalid("Number of images (2) exceeds maximum of 1", "input", "too_many_images")

    assert refusal == refused([PICTURE, TEXT, PICTURE])


def test_text_moderation_reads_no_parts(refused):
    message = "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference."

    assert invalid(message) == refused([TEXT], model="text-moderation-latest")


def test_what_is_no_input_is_refused(refused):
    assert "invalid_type" == refused(3)[1]["code"]
    assert 400 == refused([{"type": "video"}])[0]
    assert 400 == refused([TEXT, "and a string"])[0]


# --- other days ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "version", "categories"),
    [
        ("2022-09-01", "text-moderation-001", 7),
        ("2023-03-15", "text-moderation-004", 7),
        ("2023-09-01", "text-moderation-005", 11),
        ("2023-12-01", "text-moderation-006", 11),
        ("2024-03-01", "text-moderation-007", 11),
        ("2025-01-01", OMNI, 13),
        ("2026-01-01", OMNI, 13),
    ],
)
def test_on_another_day_another_model_judged(open_world, judge, as_of, version, categories):
    with open_world(yaml=f"version: 1\nas_of: {as_of}\n").client() as client:
        body = judge(BAD, client)

    [result] = body["results"]
    assert (version, categories) == (body["model"], len(result["category_scores"]))
    assert (version == OMNI) == ("category_applied_input_types" in result)
    assert result["flagged"]


def test_text_moderation_is_gone_since_its_last_day(open_world, refused):
    with open_world(yaml="version: 1\nas_of: 2025-11-01\n").client() as client:
        assert "model" == refused(by=client, model="text-moderation-latest")[1]["param"]


# --- scenarios -------------------------------------------------------------------------------------------------------


def test_a_scenario_flags_what_it_wants_and_the_rest_follows(told, judge):
    world = told(
        "- match: {endpoint: moderations, message: {contains: cat}}\n"
        "  reply: {value: {categories: {sexual: true}, category_scores: {hate: 0.7}}, headers: {x-told: yes}}\n"
    )
    with world.client() as client:
        [cat] = judge("a cat", client)["results"]
        [dog] = judge("a dog", client)["results"]

    assert (True, {"sexual", "hate"}) == (cat["flagged"], flagged(cat))
    assert (0.99, 0.7) == (cat["category_scores"]["sexual"], cat["category_scores"]["hate"])
    assert CATEGORIES == list(cat["categories"])
    assert not dog["flagged"]


def test_a_scenario_clears_what_was_flagged(told, judge):
    with told("- reply: {value: {categories: {violence: false}}}\n").client() as client:
        [result] = judge("a murder", client)["results"]

    assert (False, 0.01) == (result["flagged"], result["category_scores"]["violence"])


def test_a_scenario_may_contradict_itself_if_it_says_so(told, judge):
    reply = "{value: {flagged: true, category_applied_input_types: {violence: [image]}}}"
    with told(f"- reply: {reply}\n").client() as client:
        [result] = judge("Hello", client)["results"]

    assert (True, set()) == (result["flagged"], flagged(result))
    assert ["image"] == result["category_applied_input_types"]["violence"]


def test_a_scenario_judges_each_input(told, judge, refused):
    with told("- reply: {value: [{flagged: true}, {}]}\n").client() as client:
        assert [True, False] == [each["flagged"] for each in judge(["a", "b"], client)["results"]]
        assert invalid("The scenario tells 2 moderations; the request has 1 inputs.") == refused("a", client)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{categories: {rude: true}}", "categories: rude: Input should be 'hate',"),
        ("{category_scores: {hate: 2}}", "category_scores: hate: Input should be less than or equal to 1."),
        ("{mood: bad}", "mood: Extra inputs are not permitted."),
        ("word", "Input should be a valid dictionary"),
    ],
)
def test_what_is_no_moderation_is_refused(told, refused, value, said):
    with told(f"- reply: {{value: {value}}}\n").client() as client:
        status, body = refused(by=client)

    assert 400 == status
    assert body["message"].startswith(f"The scenario's value is no moderation: {said}")


def test_parts_match_by_their_text(told, judge):
    world = told("- {match: {message: {contains: kill}}, reply: {value: {flagged: false}}}\n")
    with world.client() as client:
        [result] = judge([PICTURE, TEXT], client)["results"]

    assert not result["flagged"]


def test_a_scenario_refuses_waits_and_answers_in_its_own_way(told, refused):
    world = told(
        "- replies:\n"
        "  - {error: {name: rate_limit_exceeded, message: Not now.}}\n"
        "  - {delay: 90s}\n"
        "  - {status: 202, body: {later: true}}\n"
    )
    before = world.world.clock.now
    with world.client() as client:
        status, body = refused(by=client)
        assert (429, "Not now.") == (status, body["message"])
        assert not client.moderations.create(input="Hello").results[0].flagged
        assert 90 <= world.world.clock.now - before < 120
        raw = client.moderations.with_raw_response.create(input="Hello")

    assert (202, {"later": True}) == (raw.status_code, json.loads(raw.text))


# --- other clients ---------------------------------------------------------------------------------------------------

V0 = """
import openai
for model in (None, "text-moderation-stable"):
    done = openai.Moderation.create("I want to kill them.", model=model)
    [result] = done["results"]
    print(done["model"], result["flagged"], result["categories"]["violence"], len(result["category_scores"]))
"""
V1 = """
import openai
client = openai.OpenAI()
for model in (None, "text-moderation-stable"):
    done = client.moderations.create(input="I want to kill them.", **({"model": model} if model else {}))
    [result] = done.results
    scores = [score for score in result.category_scores.model_dump(by_alias=True).values() if score is not None]
    print(done.model, result.flagged, result.categories.violence, len(scores))
"""


@pytest.mark.parametrize(
    ("version", "script"),
    [
        pytest.param("0.28.1", V0, id="0.28.1"),
        pytest.param("1.109.1", V1, id="1.109.1"),
        pytest.param("2.54.0", V1, id="2.54.0"),
    ],
)
def test_older_clients_are_told_the_same(server, tmp_path, version, script):
    printed = Shell(environment(version), tmp_path, server.url).python(script)

    assert "" == printed.stderr
    assert [f"{OMNI} True True 13", "text-moderation-007 True True 11"] == printed.stdout.splitlines()
