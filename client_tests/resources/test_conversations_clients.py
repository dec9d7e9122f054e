"""The same walk through conversations, by clients of three generations in their own environments."""

import json

import pytest
from matrix.environments import environment
from matrix.shell import Shell

#: the walk itself; it is run by each client, sync and async, and prints what it has seen
WALK = """
import asyncio, json, os
import openai

TURNS = [{"role": ("user", "assistant")[n % 2], "content": f"turn {n}"} for n in range(50)]
NAMED = {"api_key": "sk-x", "base_url": os.environ["OPENAI_BASE_URL"], "_strict_response_validation": True}


def sync():
    client = openai.OpenAI(**NAMED)
    talk = client.conversations.create(metadata={"topic": "walk"}, items=TURNS[:20])
    for start in (20, 40):
        client.conversations.items.create(talk.id, items=TURNS[start:start + 20])
    found = list(client.conversations.items.list(talk.id, order="asc", limit=7))
    left = client.conversations.items.delete(found[1].id, conversation_id=talk.id)
    newest = [item.id for item in client.conversations.items.list(talk.id, limit=100)]
    one = client.conversations.items.retrieve(found[0].id, conversation_id=talk.id)
    changed = client.conversations.update(talk.id, metadata={"topic": "end"})
    gone = client.conversations.delete(talk.id)
    try:
        client.conversations.retrieve(talk.id)
    except openai.NotFoundError as error:
        refused = error.body["message"]
    return told(talk, found, left, newest, one, changed, gone, refused)


async def awaited():
    client = openai.AsyncOpenAI(**NAMED)
    talk = await client.conversations.create(metadata={"topic": "walk"}, items=TURNS[:20])
    for start in (20, 40):
        await client.conversations.items.create(talk.id, items=TURNS[start:start + 20])
    found = [item async for item in client.conversations.items.list(talk.id, order="asc", limit=7)]
    left = await client.conversations.items.delete(found[1].id, conversation_id=talk.id)
    newest = [item.id async for item in client.conversations.items.list(talk.id, limit=100)]
    one = await client.conversations.items.retrieve(found[0].id, conversation_id=talk.id)
    changed = await client.conversations.update(talk.id, metadata={"topic": "end"})
    gone = await client.conversations.delete(talk.id)
    try:
        await client.conversations.retrieve(talk.id)
    except openai.NotFoundError as error:
        refused = error.body["message"]
    return told(talk, found, left, newest, one, changed, gone, refused)


def told(talk, found, left, newest, one, changed, gone, refused):
    return {
        "texts": [item.content[0].text for item in found],
        "kinds": sorted({(item.type, item.status, item.content[0].type) for item in found}),
        "left": left.id == talk.id,
        "newest": newest == [item.id for item in reversed(found) if item is not found[1]],
        "one": one == found[0],
        "metadata": [talk.metadata, changed.metadata],
        "gone": [gone.deleted, gone.object, gone.id == talk.id],
        "refused": refused.replace(talk.id, "ID"),
    }


print(json.dumps([sync(), asyncio.run(awaited())]))
"""


@pytest.mark.parametrize("version", ["1.109.1", "2.54.0", "3.54.0"])
def test_a_client_of_any_generation_finds_what_it_has_put_in(server, tmp_path, version):
    shell = Shell(environment(version), tmp_path, server.url)

    printed = shell.python(WALK)

    assert 0 == printed.returncode, printed.stderr
    for seen in json.loads(printed.stdout):
        assert {
            "texts": [f"turn {n}" for n in range(50)],
            "kinds": [["message", "completed", "input_text"], ["message", "completed", "output_text"]],
            "left": True,
            "newest": True,
            "one": True,
            "metadata": [{"topic": "walk"}, {"topic": "end"}],
            "gone": [True, "conversation.deleted", True],
            "refused": "Conversation with id 'ID' not found.",
        } == seen
