"""Responses that follow one another, or a conversation: what came before is read, listed and kept."""

import openai
import pytest

MODEL = "gpt-4o-mini"
TURNS = 50


def text(item):
    return item.content[0].text


def listed(client, response, **more):
    return list(client.responses.input_items.list(response.id, order="asc", limit=100, **more))


def test_fifty_turns_over_previous_response_id_hold_exactly_their_items(client):
    said, items, made = [], [], None
    for turn in range(TURNS):
        made = client.responses.create(
            model=MODEL,
            input=f"Turn {turn}.",
            previous_response_id=made.id if made else None,
            max_output_tokens=16,
        )
        said += [f"Turn {turn}.", made.output_text]
        items.append(made.output[0].id)

    found = listed(client, made)
    assert said[:-1] == [text(item) for item in found]
    assert items[:-1] == [item.id for item in found if item.role == "assistant"]
    assert ["user", "assistant"] * (TURNS - 1) + ["user"] == [item.role for item in found]
    assert len(found) == len({item.id for item in found})


def test_fifty_turns_over_a_conversation_hold_exactly_their_items(client):
    conversation = client.conversations.create(items=[{"role": "system", "content": "Be brief."}])
    said = ["Be brief."]
    for turn in range(TURNS):
        made = client.responses.create(
            model=MODEL, input=f"Turn {turn}.", conversation=conversation.id, max_output_tokens=16
        )
        said += [f"Turn {turn}.", made.output_text]

    kept = client.conversations.items.list(conversation.id, order="asc", limit=100)
    assert said == [text(item) for item in kept]
    assert said[:-1] == [text(item) for item in listed(client, made)]
    assert conversation.id == made.conversation.id


def test_every_turn_reads_all_turns_before_it(client):
    first = client.responses.create(model=MODEL, input="My name is Ada.")
    second = client.responses.create(model=MODEL, input="Who am I?", previous_response_id=first.id)
    counted = client.responses.input_tokens.count(
        model=MODEL, input="Who am I?", previous_response_id=first.id
    )

    assert counted.input_tokens == second.usage.input_tokens
    assert second.usage.input_tokens > first.usage.total_tokens


def test_instructions_are_not_carried_over(client):
    first = client.responses.create(model=MODEL, input="Hello.", instructions="Be brief. " * 50)
    asked = {"model": MODEL, "input": "And?", "previous_response_id": first.id}
    without = client.responses.create(**asked)
    told = client.responses.create(**asked, instructions="Be brief. " * 50)

    assert without.instructions is None
    assert without.usage.input_tokens + 100 < told.usage.input_tokens


def test_a_chain_can_fork(client):
    root = client.responses.create(model=MODEL, input="Root.")
    left, right = (
        client.responses.create(model=MODEL, input=words, previous_response_id=root.id) for words in "LR"
    )

    assert ["Root.", root.output_text, "L"] == [text(item) for item in listed(client, left)]
    assert ["Root.", root.output_text, "R"] == [text(item) for item in listed(client, right)]


def test_a_deleted_link_is_gone_and_the_later_ones_keep_what_they_hold(client):
    first = client.responses.create(model=MODEL, input="One.")
    second = client.responses.create(model=MODEL, input="Two.", previous_response_id=first.id)
    third = client.responses.create(model=MODEL, input="Three.", previous_response_id=second.id)
    before = listed(client, third)
    client.responses.delete(second.id)

    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(second.id)
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model=MODEL, input="Other.", previous_response_id=second.id)
    assert "previous_response_not_found" == refused.value.code
    assert before == listed(client, third)
    fourth = client.responses.create(model=MODEL, input="Four.", previous_response_id=third.id)
    assert [*before, *third.output] == listed(client, fourth)[:-1]


def test_the_items_of_a_response_come_page_by_page_newest_first(client):
    made = client.responses.create(
        model=MODEL, input=[{"role": "user", "content": f"Word {number}."} for number in range(5)]
    )
    pages = list(client.responses.input_items.list(made.id, limit=2).iter_pages())

    assert [["Word 4.", "Word 3."], ["Word 2.", "Word 1."], ["Word 0."]] == [
        [text(item) for item in page.data] for page in pages
    ]
    with pytest.raises(openai.BadRequestError):
        client.responses.input_items.list(made.id, after="msg_unknown")


def test_an_item_can_be_sent_by_reference(client):
    first = client.responses.create(model=MODEL, input="Hello.")
    second = client.responses.create(
        model=MODEL,
        input=[{"type": "item_reference", "id": first.output[0].id}, {"role": "user", "content": "And?"}],
    )

    assert [first.output_text, "And?"] == [text(item) for item in listed(client, second)]


def test_a_stateless_response_can_follow_and_add_to_a_conversation(client):
    conversation = client.conversations.create()
    made = client.responses.create(
        model=MODEL, input="Hello.", conversation={"id": conversation.id}, store=False
    )

    kept = client.conversations.items.list(conversation.id, order="asc")
    assert ["Hello.", made.output_text] == [text(item) for item in kept]


def test_a_streamed_response_can_be_followed(client):
    *_, last = client.responses.create(model=MODEL, input="Hello.", stream=True)
    second = client.responses.create(model=MODEL, input="And?", previous_response_id=last.response.id)

    assert ["Hello.", last.response.output_text, "And?"] == [text(item) for item in listed(client, second)]


def test_a_rule_of_a_scenario_sees_the_whole_chain(open_world):
    client = open_world(
        yaml="version: 1\nreplies: [{match: {turn: 3, message: {contains: Ada}}, reply: {text: You are Ada.}}]"
    ).client()
    made = client.responses.create(model=MODEL, input="I am Ada.")
    for words in ("Hm.", "Who am I?"):
        made = client.responses.create(model=MODEL, input=words, previous_response_id=made.id)

    assert "You are Ada." == made.output_text


# --- compaction ------------------------------------------------------------------------------------------------------


def test_a_compacted_conversation_is_the_users_words_and_one_sealed_item(client):
    first = client.responses.create(model=MODEL, input="Tell me a long story.")
    small = client.responses.compact(model=MODEL, previous_response_id=first.id, input="And on.")

    assert ["message", "message", "compaction"] == [item.type for item in small.output]
    assert ["Tell me a long story.", "And on."] == [text(item) for item in small.output[:2]]
    assert small.usage.input_tokens > first.usage.output_tokens


def test_what_was_compacted_is_the_input_of_the_next_response(open_world):
    client = open_world(yaml=f"version: 1\nreplies: [{{reply: {{text: {'word ' * 400}}}}}]").client()
    first = client.responses.create(model=MODEL, input="Tell me a long story.")
    small = client.responses.compact(model=MODEL, previous_response_id=first.id)
    said = [item.to_dict(warnings=False) for item in small.output]
    second = client.responses.create(model=MODEL, input=[*said, {"role": "user", "content": "And?"}])

    assert second.usage.input_tokens < first.usage.total_tokens / 2


def test_a_chain_is_compacted_where_its_threshold_is_reached(open_world):
    client = open_world(yaml=f"version: 1\nreplies: [{{reply: {{text: {'word ' * 2000}}}}}]").client()
    managed = {"context_management": [{"type": "compaction", "compact_threshold": 1000}], "model": MODEL}
    first = client.responses.create(**managed, input="Hello.")
    second = client.responses.create(**managed, input="And?", previous_response_id=first.id)
    third = client.responses.create(**managed, input="And?", previous_response_id=second.id)

    assert ["message"] == [item.type for item in first.output]
    assert ["compaction", "message"] == [item.type for item in second.output]
    assert third.usage.input_tokens < second.usage.total_tokens
    assert ["compaction", "message", "message"] == [item.type for item in listed(client, third)]
