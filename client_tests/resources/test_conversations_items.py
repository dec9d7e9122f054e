import asyncio
import json

import openai
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture
def client(server):
    """A client that takes nothing for granted."""
    with server.client(_strict_response_validation=True) as client:
        yield client


@pytest.fixture
def items(client):
    return client.conversations.items


@pytest.fixture
def conversation(client):
    return client.conversations.create().id


def refusal(error):
    return error.status_code, error.body["message"], error.body["param"], error.body["code"]


def turns(count):
    """Return the messages of a talk, by turns of the user and the assistant."""
    return [{"role": ("user", "assistant")[n % 2], "content": f"turn {n}"} for n in range(count)]


def texts(some):
    return [item.content[0].text for item in some]


def put(items, conversation, sent):
    """Add items, as many at a time as the API takes; return them as it answers."""
    batches = [sent[start : start + 20] for start in range(0, len(sent), 20)]
    return [item for batch in batches for item in items.create(conversation, items=batch).data]


def test_fifty_items_come_out_as_they_went_in(items, conversation):
    put_in = put(items, conversation, turns(50))

    assert [f"turn {n}" for n in range(50)] == texts(put_in)
    assert put_in == list(items.list(conversation, order="asc"))
    assert put_in[::-1] == list(items.list(conversation))
    assert put_in == [items.retrieve(item.id, conversation_id=conversation) for item in put_in]
    assert 50 == len({item.id for item in put_in})


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 7, 20, 50, 100])
def test_pages_follow_each_other_without_a_gap(items, conversation, order, limit):
    put_in = [item.id for item in put(items, conversation, turns(50))]
    expected = put_in if order == "asc" else put_in[::-1]
    seen, after = [], openai.omit

    while True:
        page = items.list(conversation, order=order, limit=limit, after=after)
        seen += [item.id for item in page.data]
        after = page.last_id
        assert (page.data[0].id, page.data[-1].id) == (page.first_id, page.last_id)
        if not page.has_more:
            break

    assert expected == seen


def test_a_page_has_twenty_items_unless_told(items, conversation):
    put(items, conversation, turns(21))

    page = items.list(conversation)

    assert (20, True) == (len(page.data), page.has_more)


def test_an_empty_conversation_has_an_empty_page(items, conversation):
    page = items.list(conversation)

    assert ([], False, "", "") == (page.data, page.has_more, page.first_id, page.last_id)


def test_a_deleted_item_is_gone_and_the_rest_stays(client, items, conversation):
    put_in = put(items, conversation, turns(5))

    left = items.delete(put_in[2].id, conversation_id=conversation)

    assert client.conversations.retrieve(conversation) == left
    assert put_in[:2] + put_in[3:] == list(items.list(conversation, order="asc"))
    for verb in (items.retrieve, items.delete):
        with pytest.raises(openai.NotFoundError) as caught:
            verb(put_in[2].id, conversation_id=conversation)
        assert (404, f"Item with id '{put_in[2].id}' not found.", None, None) == refusal(caught.value)


def test_a_page_can_begin_after_a_deleted_item(items, conversation):
    put_in = put(items, conversation, turns(3))
    items.delete(put_in[1].id, conversation_id=conversation)

    assert put_in[2:] == items.list(conversation, order="asc", after=put_in[1].id).data


def test_an_item_is_found_in_its_own_conversation_only(client, items, conversation):
    (item,) = put(items, conversation, turns(1))
    other = client.conversations.create().id

    with pytest.raises(openai.NotFoundError):
        items.retrieve(item.id, conversation_id=other)
    with pytest.raises(openai.BadRequestError, match="Invalid 'after'"):
        items.list(other, after=item.id)


def test_the_same_item_can_be_in_two_conversations(client, items, conversation):
    (item,) = put(items, conversation, turns(1))
    other = client.conversations.create().id
    put(items, other, [item.to_dict()])

    items.delete(item.id, conversation_id=conversation)

    assert [item] == list(items.list(other))


def test_an_item_that_is_there_already_stays_where_it_is(items, conversation):
    put_in = put(items, conversation, turns(3))

    put(items, conversation, [{"type": "item_reference", "id": put_in[0].id}])

    assert put_in == list(items.list(conversation, order="asc"))


def test_items_of_a_client_of_the_api_can_be_sent_as_they_came(items, conversation, client):
    put_in = put(items, conversation, turns(4))
    other = client.conversations.create(items=[item.to_dict() for item in put_in])

    assert put_in == list(items.list(other.id, order="asc"))


@pytest.mark.parametrize("verb", ["create", "list", "retrieve", "delete"])
@pytest.mark.parametrize(
    ("conversation_id", "status", "message"),
    [
        ("conv_none", 404, "Conversation with id 'conv_none' not found."),
        ("x", 400, "Invalid 'conversation_id': 'x'. Expected an ID that begins with 'conv'."),
    ],
)
def test_items_need_a_conversation(items, verb, conversation_id, status, message):
    call = {
        "create": lambda: items.create(conversation_id, items=turns(1)),
        "list": lambda: items.list(conversation_id),
        "retrieve": lambda: items.retrieve("msg_1", conversation_id=conversation_id),
        "delete": lambda: items.delete("msg_1", conversation_id=conversation_id),
    }

    with pytest.raises(openai.APIStatusError) as caught:
        call[verb]()

    assert (status, message) == refusal(caught.value)[:2]


@pytest.mark.parametrize(
    ("sent", "message", "param", "code"),
    [
        ({}, "Missing required parameter: 'items'.", "items", "missing_required_parameter"),
        (
            {"items": "x"},
            "Invalid type for 'items': expected an array, but got a string instead.",
            "items",
            "invalid_type",
        ),
        (
            {"items": ["x"]},
            "Invalid type for 'items[0]': expected an input item, but got a string instead.",
            "items[0]",
            "invalid_type",
        ),
        (
            {"items": [{"role": "user"}]},
            "Missing required parameter: 'items[0].content'.",
            "items[0].content",
            "missing_required_parameter",
        ),
        (
            {"items": [], "more": 1},
            "Unknown parameter: 'more'.",
            "more",
            "unknown_parameter",
        ),
    ],
)
def test_wrong_shapes_are_refused_in_the_official_words(client, conversation, sent, message, param, code):
    with pytest.raises(openai.BadRequestError) as caught:
        client.post(f"/conversations/{conversation}/items", body=sent, cast_to=object)

    assert (400, message, param, code) == refusal(caught.value)


def test_at_most_twenty_items_are_added_at_a_time(items, conversation):
    with pytest.raises(openai.BadRequestError, match="array too long"):
        items.create(conversation, items=turns(21))

    assert [] == list(items.list(conversation))


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_has_from_one_to_a_hundred_items(items, conversation, limit):
    with pytest.raises(openai.BadRequestError, match="limit"):
        items.list(conversation, limit=limit)


def test_only_what_can_be_asked_for_is_asked_for(items, conversation):
    with pytest.raises(openai.BadRequestError, match="Supported values are: 'file_search_call"):
        items.list(conversation, include=["bogus"])


def test_what_is_left_out_is_shown_to_who_asks(items, conversation, http, server):
    sent = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "sealed"}
    asked = ["reasoning.encrypted_content"]

    added = items.create(conversation, items=[sent], include=asked).data[0]

    assert "sealed" == added.encrypted_content
    assert items.list(conversation).data[0].encrypted_content is None
    assert "sealed" == items.list(conversation, include=asked).data[0].encrypted_content
    assert "sealed" == items.retrieve("rs_1", conversation_id=conversation, include=asked).encrypted_content
    plain = http.get(
        f"{server.url}/conversations/{conversation}/items?include=reasoning.encrypted_content",
        headers={"authorization": "Bearer sk-x"},
    )
    assert "sealed" == plain.json()["data"][0]["encrypted_content"]


EVERY_KIND = [
    {"role": "developer", "content": "Be brief"},
    {
        "role": "user",
        "content": [
            {"type": "input_text", "text": "See"},
            {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "low"},
            {"type": "input_file", "filename": "a.txt", "file_data": "aGVsbG8="},
        ],
    },
    {"role": "assistant", "content": [{"type": "refusal", "refusal": "No"}], "phase": "final_answer"},
    {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
    {"type": "function_call_output", "call_id": "c1", "output": "42"},
    {
        "type": "function_call_output",
        "call_id": "c2",
        "output": [{"type": "input_text", "text": "42"}],
    },
    {"type": "custom_tool_call", "call_id": "c3", "name": "sh", "input": "ls"},
    {"type": "custom_tool_call_output", "call_id": "c3", "output": "a.txt"},
    {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [{"type": "summary_text", "text": "Hm"}],
        "encrypted_content": "x",
    },
    {"type": "compaction", "encrypted_content": "x"},
    {"type": "file_search_call", "id": "fs_1", "status": "completed", "queries": ["x"]},
    {
        "type": "web_search_call",
        "id": "ws_1",
        "status": "completed",
        "action": {"type": "search", "query": "x"},
    },
    {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": "aGVsbG8="},
    {
        "type": "code_interpreter_call",
        "id": "ci_1",
        "status": "completed",
        "container_id": "cntr_1",
        "code": "1",
        "outputs": [{"type": "logs", "logs": "1"}],
    },
    {
        "type": "computer_call",
        "id": "cu_1",
        "status": "completed",
        "call_id": "c4",
        "action": {"type": "screenshot"},
        "pending_safety_checks": [],
    },
    {
        "type": "computer_call_output",
        "call_id": "c4",
        "output": {"type": "computer_screenshot", "image_url": "https://example.com/a.png"},
    },
    {"type": "tool_search_call", "arguments": {}},
    {"type": "tool_search_output", "tools": []},
    {"type": "additional_tools", "role": "developer", "tools": []},
    {
        "type": "local_shell_call",
        "id": "lsh_1",
        "status": "completed",
        "call_id": "c5",
        "action": {"type": "exec", "command": ["ls"], "env": {}},
    },
    {"type": "local_shell_call_output", "id": "lsho_1", "call_id": "c5", "output": "a.txt"},
    {"type": "shell_call", "call_id": "c6", "action": {"commands": ["ls"]}},
    {
        "type": "shell_call_output",
        "call_id": "c6",
        "output": [{"stdout": "a.txt", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}],
    },
    {
        "type": "apply_patch_call",
        "call_id": "c7",
        "status": "completed",
        "operation": {"type": "delete_file", "path": "a.txt"},
    },
    {"type": "apply_patch_call_output", "call_id": "c7", "status": "completed"},
    {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "s", "tools": []},
    {"type": "mcp_approval_request", "id": "mcpr_1", "server_label": "s", "name": "f", "arguments": "{}"},
    {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True},
    {"type": "mcp_call", "id": "mcp_1", "server_label": "s", "name": "f", "arguments": "{}"},
    {"type": "program", "id": "prg_1", "call_id": "c8", "code": "1", "fingerprint": "x"},
    {"type": "program_output", "id": "prgo_1", "call_id": "c8", "result": "1", "status": "completed"},
]


def test_every_kind_of_item_is_what_the_client_says_it_is(items, conversation):
    put_in = put(items, conversation, EVERY_KIND)

    assert [sent.get("type", "message") for sent in EVERY_KIND] == [item.type for item in put_in]
    assert put_in == list(items.list(conversation, order="asc"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.lists(st.tuples(st.sampled_from(["user", "assistant", "system"]), st.text()), max_size=20),
    limit=st.integers(1, 100),
    gone=st.sets(st.integers(0, 19)),
)
def test_a_conversation_holds_exactly_what_was_said_less_what_was_deleted(client, items, sent, limit, gone):
    conversation = client.conversations.create(
        items=[{"role": role, "content": text} for role, text in sent]
    ).id
    added = list(items.list(conversation, order="asc"))
    for place in gone & set(range(len(sent))):
        items.delete(added[place].id, conversation_id=conversation)

    left = [(item.role, item.content[0].text) for item in items.list(conversation, order="asc", limit=limit)]

    assert [said for place, said in enumerate(sent) if place not in gone] == left


def test_an_asynchronous_client_walks_the_same_way(server):
    async def walk():
        async with openai.AsyncOpenAI(
            base_url=server.url, api_key="sk-x", _strict_response_validation=True
        ) as client:
            talk = (await client.conversations.create(items=turns(20))).id
            for _ in range(2):
                await client.conversations.items.create(talk, items=turns(20))
            found = [item async for item in client.conversations.items.list(talk, order="asc", limit=7)]
            await client.conversations.items.delete(found[0].id, conversation_id=talk)
            left = [item async for item in client.conversations.items.list(talk, order="asc")]
            return found, left

    found, left = asyncio.run(walk())

    assert [said["content"] for said in turns(20)] * 3 == texts(found)
    assert found[1:] == left


def test_the_raw_page_has_the_official_fields_in_their_order(items, conversation):
    put(items, conversation, turns(1))

    page = json.loads(items.with_raw_response.list(conversation).content)

    assert ["object", "data", "has_more", "first_id", "last_id"] == list(page)
    assert ["type", "id", "status", "role", "content"] == list(page["data"][0])
