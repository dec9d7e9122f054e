"""The same journeys on Azure's paths, by Azure's clients of every generation, and what is Azure's own."""

import pytest
from matrix import test_journeys as journeys
from matrix.remote import RefusedError
from matrix.test_journeys import (
    done,
    test_a_deleted_model_is_gone_everywhere,
    test_a_file_goes_up_comes_back_and_is_gone_when_deleted,
    test_a_job_begins_in_the_queue_and_ends_with_a_model_and_its_results,
    test_a_streamed_completion_is_the_whole_one_in_pieces,
    test_the_logprobs_are_those_of_the_text,
    test_the_tuned_model_says_what_it_was_taught,
    test_two_choices_are_paid_for_both,
)

__all__ = [
    "done",
    "test_a_deleted_model_is_gone_everywhere",
    "test_a_file_goes_up_comes_back_and_is_gone_when_deleted",
    "test_a_job_begins_in_the_queue_and_ends_with_a_model_and_its_results",
    "test_a_streamed_completion_is_the_whole_one_in_pieces",
    "test_the_logprobs_are_those_of_the_text",
    "test_the_tuned_model_says_what_it_was_taught",
    "test_two_choices_are_paid_for_both",
]

AZURES_OWN = [
    (version, style, "modern", "azure")
    for version in ("0.28.1", "1.109.1", "2.54.0", "3.54.0")
    for style in ("sync", "async")
]
WALKERS = [
    *AZURES_OWN,
    ("1.109.1", "sync", "modern", "azure-v1"),
    ("2.54.0", "async", "modern", "azure-v1"),
    ("3.54.0", "sync", "modern", "azure-v1"),
]
#: those of 0.x look for events where Azure has none: `/fine_tuning/jobs/…/events`, without `/openai`
READS_EVENTS = pytest.mark.parametrize(
    "who", [walker for walker in WALKERS if walker[0] != "0.28.1"], ids="-".join
)
MESSAGES = [{"role": "user", "content": "What are you?"}]
STORY = """
version: 1
clock: {rate: 0}
account:
  api_keys: [sk-test-key]
  deployments: {my-chat: gpt-4o-mini, my-vectors: text-embedding-3-small}
"""


@pytest.fixture(params=WALKERS, ids="-".join)
def who(request) -> tuple[str, ...]:
    """Azure's clients, sync and async (those of 0.x are told by `api_type`), and others at its newest paths."""
    return request.param


@pytest.fixture
def resource(open_world):
    """A world with deployments and one key."""
    return open_world(yaml=STORY)


@READS_EVENTS
def test_a_job_tells_what_happens_to_it_in_order(speaker, done):
    journeys.test_a_job_tells_what_happens_to_it_in_order(speaker, done)


@READS_EVENTS
def test_events_page_by_page_are_the_same_events(speaker, done):
    journeys.test_events_page_by_page_are_the_same_events(speaker, done)


@READS_EVENTS
def test_a_cancelled_job_says_so_and_leaves_no_model(server, speaker, lessons):
    journeys.test_a_cancelled_job_says_so_and_leaves_no_model(server, speaker, lessons)


def test_a_deployment_chats_at_once_and_in_pieces(resource, connect, who):
    speaker = connect(resource, *who)
    asked = {"model": "my-chat", "messages": MESSAGES, "temperature": 0}

    whole = speaker.chat(**asked)
    pieces = [
        choice["delta"].get("content") or ""
        for chunk in speaker.chat(**asked, stream=True)
        for choice in chunk["choices"]
    ]

    assert whole["choices"][0]["message"]["content"] == "".join(pieces)
    assert len(pieces) > 2
    assert whole["model"].startswith("gpt-4o-mini")


def test_a_deployment_embeds(resource, connect, who):
    speaker = connect(resource, *who)

    told = speaker.embed(model="my-vectors", input=["Sky", "Sea"], encoding_format="float")

    assert [1536, 1536] == [len(one["embedding"]) for one in told["data"]]


def test_a_model_spelled_as_on_azure_is_that_model(server, connect, who):
    told = connect(server, *who).chat(model="gpt-35-turbo", messages=MESSAGES)

    assert told["model"].startswith("gpt-3.5-turbo")


def test_a_deployment_that_does_not_exist_is_told_in_azures_words(resource, connect, who):
    with pytest.raises(RefusedError) as caught:
        connect(resource, *who).chat(model="no-such", messages=MESSAGES)

    refusal = caught.value.refusal
    assert (404, "DeploymentNotFound") == (refusal.status, refusal.code)
    assert refusal.kind in {"NotFoundError", "InvalidRequestError"}
    assert "The API deployment for this resource does not exist." in refusal.message


@pytest.mark.parametrize("who", AZURES_OWN, ids="-".join)
def test_a_wrong_key_is_told_in_azures_words(resource, connect, who):
    with pytest.raises(RefusedError) as caught:
        connect(resource, *who, key="sk-wrong").models()

    refusal = caught.value.refusal
    assert ("AuthenticationError", 401, "401") == (refusal.kind, refusal.status, refusal.code)
    assert "Access denied due to invalid subscription key" in refusal.message


def test_the_oldest_client_of_azure_completes_chats_and_lists_models(resource, connect):
    speaker = connect(resource, "0.27.2", "sync", "legacy", "azure")

    assert speaker.complete(model="davinci-002", prompt="Sky")["choices"]
    assert speaker.chat(model="my-chat", messages=MESSAGES)["choices"]
    assert "davinci-002" in [model["id"] for model in speaker.models()]
