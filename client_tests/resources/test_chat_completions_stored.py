"""Stored chat completions: kept if that is asked for, listed, changed, read again and deleted."""

import base64
import struct

import openai
import pytest

MODEL = "gpt-4o-mini"


@pytest.fixture
def chats_of(client):
    return client.chat.completions


def ask(client, text="Hello!", **asked):
    told = {"model": MODEL, "messages": [{"role": "user", "content": text}], "store": True}
    return client.chat.completions.create(**told | asked)


def test_only_what_is_to_be_stored_is(client, chats_of):
    ask(client, store=False)
    kept = ask(client)

    assert [kept.id] == [each.id for each in chats_of.list()]


def test_a_stored_completion_is_what_was_answered(client, chats_of):
    answer = ask(client, metadata={"topic": "greeting"}, temperature=0.5, seed=3)

    stored = chats_of.retrieve(answer.id)

    assert answer.choices == stored.choices
    assert answer.usage == stored.usage
    assert (answer.created, answer.model, answer.system_fingerprint) == (
        stored.created,
        stored.model,
        stored.system_fingerprint,
    )
    assert ({"topic": "greeting"}, 0.5, 3) == (stored.metadata, stored.temperature, stored.seed)


def test_a_streamed_completion_is_stored_as_a_whole(client, chats_of):
    chunks = list(ask(client, stream=True))

    [stored] = chats_of.list()

    said = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert (chunks[0].id, said) == (stored.id, stored.choices[0].message.content)


def test_lists_are_filtered_and_paged_in_either_order(client, chats_of):
    ids = [ask(client, f"Hello {n}", metadata={"even": str(n % 2 == 0)}).id for n in range(5)]
    other = ask(client, model="gpt-4o").id

    assert [*ids, other] == [each.id for each in chats_of.list(limit=2)]
    assert [other, *reversed(ids)] == [each.id for each in chats_of.list(order="desc", limit=4)]
    assert [other] == [each.id for each in chats_of.list(model="gpt-4o")]
    assert ids[::2] == [each.id for each in chats_of.list(metadata={"even": "True"}, limit=1)]
    page = chats_of.list(after=ids[2], limit=2)
    assert ([ids[3], ids[4]], True) == ([each.id for each in page.data], page.has_more)
    assert (ids[3], ids[4]) == (page.first_id, page.last_id)


def test_metadata_are_replaced(client, chats_of):
    answer = ask(client, metadata={"a": "1"})

    changed = chats_of.update(answer.id, metadata={"b": "2"})

    assert {"b": "2"} == changed.metadata == chats_of.retrieve(answer.id).metadata
    assert [] == list(chats_of.list(metadata={"a": "1"}))


def test_the_messages_of_a_request_are_kept(client, chats_of):
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 8, 8)).decode()
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}},
    ]
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": parts, "name": "Ann"}]
    answer = ask(client, messages=messages)

    kept = list(chats_of.messages.list(answer.id, limit=1))

    assert [f"{answer.id}-0", f"{answer.id}-1"] == [message.id for message in kept]
    assert [("system", "Be brief."), ("user", None)] == [(message.role, message.content) for message in kept]
    assert [None, parts] == [
        message.content_parts and [part.to_dict() for part in message.content_parts] for message in kept
    ]
    assert [f"{answer.id}-1"] == [each.id for each in chats_of.messages.list(answer.id, after=kept[0].id)]


def test_a_deleted_completion_is_gone(client, chats_of):
    answer = ask(client)

    deleted = chats_of.delete(answer.id)

    assert (answer.id, True, "chat.completion.deleted") == (deleted.id, deleted.deleted, deleted.object)
    assert [] == list(chats_of.list())
    for call in (chats_of.retrieve, chats_of.delete, chats_of.messages.list):
        with pytest.raises(openai.NotFoundError, match=f"Chat completion with id '{answer.id}' not found"):
            call(answer.id)


def test_what_was_not_stored_cannot_be_read_again(client, chats_of):
    answer = ask(client, store=False)

    with pytest.raises(openai.NotFoundError):
        chats_of.retrieve(answer.id)


def test_calls_are_stored(client, chats_of):
    tool = {"type": "function", "function": {"name": "look"}}
    answer = ask(client, tools=[tool], tool_choice="required")

    stored = chats_of.retrieve(answer.id)

    assert answer.choices[0].message.tool_calls == stored.choices[0].message.tool_calls
    assert [tool] == stored.tools
