"""Background responses: queued, in progress and ended as the world's time passes, watched, resumed and cancelled."""

import threading

import openai
import pytest

MODEL = "gpt-4o-mini"
HELLO = {"model": MODEL, "input": "Hello.", "background": True}


def test_a_background_response_is_queued_then_in_progress_then_completed(server, client):
    made = client.responses.create(**HELLO)
    seen = [made]
    for seconds in (0.5, 0.5, 60):
        server.advance(seconds)
        seen.append(client.responses.retrieve(made.id))

    assert ["queued", "queued", "in_progress", "completed"] == [each.status for each in seen]
    assert [[], [], []] == [each.output for each in seen[:3]]
    assert [None, None, None] == [each.usage for each in seen[:3]]
    done = seen[-1]
    assert done.output_text
    assert done.background
    assert made.created_at < done.completed_at <= made.created_at + 60


def test_it_ends_at_its_own_moment_however_far_the_clock_jumps(server, client):
    ends = []
    for seconds in (60, 86400):
        made = client.responses.create(**HELLO, temperature=0)
        server.advance(seconds)
        ends.append(client.responses.retrieve(made.id).completed_at - made.created_at)

    assert ends[0] == ends[1] < 60


def test_polling_alone_brings_it_to_its_end_on_a_clock_that_jumps(open_world):
    client = open_world(yaml="version: 1\nclock: {rate: auto}").client()
    made = client.responses.create(**HELLO)

    statuses = [client.responses.retrieve(made.id).status for _ in range(2)]
    assert ["in_progress", "completed"] == statuses


def test_a_cancelled_response_stays_cancelled(server, client):
    for seconds in (0, 1.5):
        made = client.responses.create(**HELLO)
        server.advance(seconds)
        cancelled = client.responses.cancel(made.id)
        server.advance(60)

        assert ("cancelled", []) == (cancelled.status, cancelled.output)
        assert cancelled == client.responses.retrieve(made.id) == client.responses.cancel(made.id)


def test_a_response_that_has_ended_is_not_cancelled(server, client):
    made = client.responses.create(**HELLO)
    server.advance(60)

    assert "completed" == client.responses.cancel(made.id).status


def test_only_background_responses_can_be_cancelled_or_watched(client):
    made = client.responses.create(model=MODEL, input="Hello.")

    with pytest.raises(openai.BadRequestError, match="Cannot cancel a synchronous response"):
        client.responses.cancel(made.id)
    with pytest.raises(openai.BadRequestError, match="not created with background=true") as refused:
        client.responses.retrieve(made.id, stream=True)
    assert "stream" == refused.value.param


def test_a_deleted_background_response_never_ends(server, client):
    made = client.responses.create(**HELLO)
    client.responses.delete(made.id)
    server.advance(60)

    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(made.id)


def test_an_ended_response_can_be_watched_from_any_event_on(server, client):
    made = client.responses.create(**HELLO)
    server.advance(60)
    whole = list(client.responses.retrieve(made.id, stream=True))

    assert ["created", "queued", "in_progress"] == [
        event.type.removeprefix("response.") for event in whole[:3]
    ]
    assert whole[-1].response == client.responses.retrieve(made.id)
    for start in (0, 2, 7, len(whole) - 2):
        assert whole[start + 1 :] == list(
            client.responses.retrieve(made.id, stream=True, starting_after=start)
        )
    assert [] == list(client.responses.retrieve(made.id, stream=True, starting_after=len(whole)))


def test_a_dropped_stream_is_resumed_where_it_was(server, client):
    got = []
    with client.responses.create(**HELLO, stream=True) as stream:
        for event in stream:
            got.append(event)
            if event.type == "response.queued":
                break
    server.advance(60)
    got += client.responses.retrieve(got[0].response.id, stream=True, starting_after=got[-1].sequence_number)

    assert list(range(len(got))) == [event.sequence_number for event in got]
    assert "response.completed" == got[-1].type
    texts = [event.delta for event in got if event.type == "response.output_text.delta"]
    assert got[-1].response.output_text == "".join(texts)


def test_its_events_come_when_the_clock_says_so(server, client):
    stream = client.responses.create(**HELLO, stream=True)
    told = iter(stream)
    first = [next(told).type for _ in range(2)]
    server.advance(1)
    third = next(told)
    threading.Timer(0.1, server.advance, [60]).start()
    *_, last = told

    assert ["response.created", "response.queued"] == first
    assert "response.in_progress" == third.type
    assert "response.completed" == last.type


def test_a_watched_stream_ends_when_its_response_is_cancelled(client):
    stream = client.responses.create(**HELLO, stream=True)
    first = next(iter(stream))
    threading.Timer(0.1, client.responses.cancel, [first.response.id]).start()

    assert "response.queued" == [event.type for event in stream][-1]


def test_the_clients_own_helper_resumes_a_background_stream(open_world):
    with open_world(yaml="version: 1\nclock: {rate: auto}").client() as client:
        with client.responses.stream(**HELLO) as stream:
            events = [event for _, event in zip(range(6), stream, strict=False)]
        with client.responses.stream(
            response_id=events[0].response.id, starting_after=events[-1].sequence_number
        ) as again:
            rest = list(again)
            final = again.get_final_response()
        kept = client.responses.retrieve(final.id)

    assert events[-1].sequence_number + 1 == rest[0].sequence_number
    assert kept.output_text == final.output_text


def test_its_words_enter_a_conversation_when_it_ends(server, client):
    conversation = client.conversations.create()
    client.responses.create(**HELLO, conversation=conversation.id)

    assert [] == client.conversations.items.list(conversation.id).data
    server.advance(60)
    assert 2 == len(client.conversations.items.list(conversation.id).data)


def test_nothing_follows_a_response_that_has_not_ended(server, client):
    made = client.responses.create(**HELLO)
    with pytest.raises(openai.BadRequestError):
        client.responses.create(model=MODEL, input="And?", previous_response_id=made.id)
    server.advance(60)

    assert client.responses.create(model=MODEL, input="And?", previous_response_id=made.id).output_text


def test_a_failure_in_the_background_is_told_by_the_response(open_world):
    world = open_world(yaml="version: 1\nclock: {rate: 0}\nreplies: [{reply: {error: server_error}}]")
    client = world.client()
    made = client.responses.create(**HELLO)
    world.advance(60)
    failed = client.responses.retrieve(made.id)
    *_, last = client.responses.retrieve(made.id, stream=True)

    assert ("failed", "server_error", None) == (failed.status, failed.error.code, failed.usage)
    assert "response.failed" == last.type
    with pytest.raises(openai.InternalServerError):
        client.responses.create(model=MODEL, input="Hello.")


def test_the_pace_of_a_scenario_is_that_of_the_background(open_world):
    world = open_world(
        yaml="version: 1\nclock: {rate: 0}\nstream: {time_to_first_token: 10s, tokens_per_second: 1}\n"
        "replies: [{reply: {text: one two three four}}]"
    )
    client = world.client()
    made = client.responses.create(**HELLO)
    world.advance(60)

    done = client.responses.retrieve(made.id)
    assert 11 + done.usage.output_tokens == done.completed_at - made.created_at
