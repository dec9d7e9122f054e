import asyncio
import json

import openai
import pytest

TOO_MANY = (
    "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with "
    "17 properties instead."
)
LONG_NAME = (
    "Invalid property name in 'metadata': 'kkk...kkk' is too long. Expected a string with maximum length 64, but got "
    "a string with length 65 instead."
)
LONG_VALUE = (
    "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, but got a string with length "
    "513 instead."
)
LONG_LIST = (
    "Invalid 'items': array too long. Expected an array with maximum length 20, but got an array with length 21 "
    "instead."
)


@pytest.fixture
def begin(client):
    return client.conversations.create


def refusal(error):
    """Return the status, message, param and code of what a client raised."""
    return error.status_code, error.body["message"], error.body["param"], error.body["code"]


def test_a_conversation_is_what_it_was_created_as(server, client, begin):
    made = begin(metadata={"topic": "demo"}, items=[{"role": "user", "content": "Hello!"}])

    assert made.id.startswith("conv_")
    assert "conversation" == made.object
    assert {"topic": "demo"} == made.metadata
    assert int(server.control("GET", "clock")["now"]) == made.created_at
    assert made == client.conversations.retrieve(made.id)


def test_a_conversation_needs_nothing_to_begin_with(client, begin):
    made = begin()

    assert {} == made.metadata
    assert [] == list(client.conversations.items.list(made.id))


def test_null_is_the_same_as_nothing(begin):
    assert {} == begin(metadata=None, items=None).metadata


def test_metadata_is_replaced_as_a_whole(client, begin):
    made = begin(metadata={"topic": "demo", "kept": "no"})

    changed = client.conversations.update(made.id, metadata={"topic": "other"})

    assert {"topic": "other"} == changed.metadata
    assert changed == client.conversations.retrieve(made.id)
    assert (made.id, made.created_at) == (changed.id, changed.created_at)


def test_a_deleted_conversation_is_gone_and_its_items_are_not(server, client, begin):
    made = begin(items=[{"role": "user", "content": "Hello!"}])
    (item,) = client.conversations.items.list(made.id)

    gone = client.conversations.delete(made.id)

    assert (made.id, True, "conversation.deleted") == (gone.id, gone.deleted, gone.object)
    for verb in (
        client.conversations.retrieve,
        client.conversations.delete,
        client.conversations.items.list,
    ):
        with pytest.raises(openai.NotFoundError) as caught:
            verb(made.id)
        assert (404, f"Conversation with id '{made.id}' not found.", None, None) == refusal(caught.value)
    other = begin(items=[{"type": "item_reference", "id": item.id}])
    assert [item] == list(client.conversations.items.list(other.id))


@pytest.mark.parametrize("verb", ["retrieve", "update", "delete"])
def test_an_id_that_no_conversation_has_is_refused(client, verb):
    more = {"metadata": {}} if verb == "update" else {}

    with pytest.raises(openai.NotFoundError) as caught:
        getattr(client.conversations, verb)("conv_none", **more)

    assert (404, "Conversation with id 'conv_none' not found.", None, None) == refusal(caught.value)


@pytest.mark.parametrize("verb", ["retrieve", "update", "delete"])
def test_the_id_of_something_else_is_told_apart(client, verb):
    more = {"metadata": {}} if verb == "update" else {}

    with pytest.raises(openai.BadRequestError) as caught:
        getattr(client.conversations, verb)("resp_1", **more)

    message = "Invalid 'conversation_id': 'resp_1'. Expected an ID that begins with 'conv'."
    assert (400, message, "conversation_id", "invalid_value") == refusal(caught.value)


@pytest.mark.parametrize(
    ("metadata", "message", "param", "code"),
    [
        ({f"k{n}": "v" for n in range(17)}, TOO_MANY, "metadata", "object_above_max_properties"),
        ({"k" * 65: "v"}, LONG_NAME, f"metadata.{'k' * 65}", "property_name_above_max_length"),
        ({"k": "v" * 513}, LONG_VALUE, "metadata.k", "string_above_max_length"),
        (
            {"k": 1},
            "Invalid type for 'metadata.k': expected a string, but got an integer instead.",
            "metadata.k",
            "invalid_type",
        ),
    ],
)
@pytest.mark.parametrize("verb", ["create", "update"])
def test_metadata_has_limits(client, begin, verb, metadata, message, param, code):
    to_whom = [begin().id] if verb == "update" else []

    with pytest.raises(openai.BadRequestError) as caught:
        getattr(client.conversations, verb)(*to_whom, metadata=metadata)

    assert (400, message, param, code) == refusal(caught.value)


def test_metadata_at_the_limits_is_fine(client, begin):
    metadata = {f"{n:064}": "v" * 512 for n in range(16)}

    assert metadata == client.conversations.retrieve(begin(metadata=metadata).id).metadata


def test_a_conversation_begins_with_up_to_twenty_items(client, begin):
    some = [{"role": "user", "content": str(n)} for n in range(21)]

    assert 20 == len(list(client.conversations.items.list(begin(items=some[:20]).id)))
    with pytest.raises(openai.BadRequestError) as caught:
        begin(items=some)
    assert (400, LONG_LIST, "items", "array_above_max_length") == refusal(caught.value)


def test_what_is_refused_leaves_nothing_behind(server, begin):
    with pytest.raises(openai.BadRequestError):
        begin(items=[{"role": "user", "content": "fine"}, {"role": "user"}])

    assert [] == list(server.world.store.all("conversation"))
    assert [] == list(server.world.store.all("item"))


def test_a_field_nobody_knows_is_refused(begin):
    with pytest.raises(openai.BadRequestError) as caught:
        begin(extra_body={"name": "x"})

    assert (400, "Unknown parameter: 'name'.", "name", "unknown_parameter") == refusal(caught.value)


def test_an_update_needs_metadata(client, begin):
    with pytest.raises(openai.BadRequestError) as caught:
        client.post(f"/conversations/{begin().id}", body={}, cast_to=object)

    assert (
        400,
        "Missing required parameter: 'metadata'.",
        "metadata",
        "missing_required_parameter",
    ) == refusal(caught.value)


def test_there_were_no_conversations_before_august_2025(open_world):
    world = open_world(yaml="version: 1\nas_of: 2025-08-20\n")
    with world.client() as client, pytest.raises(openai.NotFoundError, match="Invalid URL"):
        client.conversations.create()


def test_the_raw_answer_has_the_official_fields_in_their_order(client, begin):
    raw = client.conversations.with_raw_response.create(metadata={"a": "b"})
    deleted = client.conversations.with_raw_response.delete(raw.parse().id)

    assert ["id", "object", "metadata", "created_at"] == list(json.loads(raw.content))
    assert ["object", "deleted", "id"] == list(json.loads(deleted.content))


def test_an_asynchronous_client_walks_the_same_way(server):
    async def walk():
        async with openai.AsyncOpenAI(
            base_url=server.url, api_key="sk-x", _strict_response_validation=True
        ) as client:
            made = await client.conversations.create(metadata={"a": "b"})
            changed = await client.conversations.update(made.id, metadata={"c": "d"})
            assert changed == await client.conversations.retrieve(made.id)
            return changed.metadata, (await client.conversations.delete(made.id)).deleted

    assert ({"c": "d"}, True) == asyncio.run(walk())
