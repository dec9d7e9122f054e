"""Conversations that are held with a model, turn by turn, through responses."""

import openai
import pytest

MODEL = "gpt-4o-mini"


@pytest.fixture
def client(server):
    with server.client(_strict_response_validation=True) as client:
        yield client


@pytest.fixture
def say(client):
    """Say something in a conversation; return the response."""

    def say(conversation, *sent, **more):
        return client.responses.create(
            model=MODEL, conversation=conversation, input=list(sent), max_output_tokens=16, **more
        )

    return say


def user(text):
    return {"role": "user", "content": text}


def told(client, conversation):
    return list(client.conversations.items.list(conversation, order="asc", limit=100))


def test_fifty_turns_are_in_the_conversation_exactly(client, say):
    talk = client.conversations.create().id
    answers = [say(talk, user(f"turn {n}")) for n in range(50)]

    items = told(client, talk)

    assert ["user", "assistant"] * 50 == [item.role for item in items]
    assert [f"turn {n}" for n in range(50)] == [item.content[0].text for item in items[::2]]
    assert [answer.output_text for answer in answers] == [item.content[0].text for item in items[1::2]]
    assert [answer.output[0].id for answer in answers] == [item.id for item in items[1::2]]


def test_what_was_said_before_is_read_again(client, say):
    talk = client.conversations.create(items=[user("word " * 100)]).id

    first, second = say(talk, user("Go")), say(talk, user("Go"))

    assert first.usage.input_tokens > 100
    read = first.usage.input_tokens + first.usage.output_tokens
    assert second.usage.input_tokens > read


def test_an_item_that_was_deleted_is_not_read_any_more(client, say):
    talk = client.conversations.create(items=[user("word " * 100)]).id
    (long,) = told(client, talk)
    client.conversations.items.delete(long.id, conversation_id=talk)

    assert say(talk, user("Go")).usage.input_tokens < 100


def test_a_streamed_turn_is_a_turn(client, say):
    talk = client.conversations.create().id

    with say(talk, user("Go"), stream=True) as events:
        *_, last = events

    assert [last.response.output_text] == [
        item.content[0].text for item in told(client, talk) if item.role == "assistant"
    ]


def test_a_call_and_its_output_stay_in_the_conversation(client, say):
    talk = client.conversations.create().id
    tool = {"type": "function", "name": "get_weather", "parameters": None, "strict": False}
    (call,) = say(talk, user("Weather?"), tools=[tool], tool_choice="required").output
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "snow"}

    say(talk, output, tools=[tool])

    kinds = ["message", "function_call", "function_call_output", "message"]
    assert kinds == [item.type for item in told(client, talk)]


def test_an_item_of_the_conversation_can_be_referred_to_in_another_one(client, say):
    talk = client.conversations.create().id
    said = say(talk, user("Go")).output[0]
    other = client.conversations.create().id

    say(other, {"type": "item_reference", "id": said.id}, user("Go on"))

    assert said.id == told(client, other)[0].id


@pytest.mark.parametrize(
    ("conversation", "status", "message"),
    [
        ("conv_none", 404, "Conversation with id 'conv_none' not found."),
        ("talk", 400, "Invalid 'conversation': 'talk'. Expected an ID that begins with 'conv'."),
    ],
)
def test_there_has_to_be_a_conversation_to_hold(say, conversation, status, message):
    with pytest.raises(openai.APIStatusError) as caught:
        say(conversation, user("Go"))

    assert (status, message) == (caught.value.status_code, caught.value.body["message"])


def test_what_is_refused_is_not_said(client, say):
    talk = client.conversations.create().id
    with pytest.raises(openai.BadRequestError):
        say(talk, user("Go"), {"role": "user"})

    assert [] == told(client, talk)
