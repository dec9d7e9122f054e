"""What was said in a request, whichever endpoint it was sent to and whatever it looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.scenario import conversation
from mockserver.scenario.matchers import Match

CHAT = {
    "endpoint": "chat.completions",
    "messages": [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": "Weather in Oslo?"},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1"}]},
        {"role": "tool", "tool_call_id": "call_1", "content": '{"degrees": -3, "sky": "snow"}'},
        {"role": "user", "content": [{"type": "text", "text": "And "}, {"type": "text", "text": "Rome?"}]},
    ],
    "tools": [{"type": "function", "function": {"name": "get_weather"}}, {"type": "web_search"}],
}
RESPONSE = {
    "endpoint": "responses",
    "instructions": "Be brief.",
    "input": [
        {"role": "user", "content": "Weather in Oslo?"},
        {"type": "function_call", "call_id": "call_1", "name": "get_weather"},
        {"type": "function_call_output", "call_id": "call_1", "output": '{"degrees": -3, "sky": "snow"}'},
        {"role": "user", "content": [{"type": "input_text", "text": "And Rome?"}]},
    ],
    "tools": [{"type": "function", "name": "get_weather"}],
}


@pytest.mark.parametrize("facts", [CHAT, RESPONSE], ids=["chat", "responses"])
def test_both_kinds_of_conversation_are_read_alike(facts):
    assert ["Be brief."] == conversation.system(facts)
    assert "And Rome?" == conversation.last_user(facts)
    assert "Weather in Oslo?" == conversation.opening(facts)
    assert 2 == conversation.turn(facts)
    assert ["get_weather"] == conversation.tool_names(facts)


@pytest.mark.parametrize("facts", [CHAT, RESPONSE], ids=["chat", "responses"])
@pytest.mark.parametrize(
    "match",
    [
        {"message": {"contains": "Oslo"}},
        {"last_user": {"starts_with": "And"}, "turn": 2},
        {"system": "Be brief."},
        {"tool_results": {"absent": True}},
        {"tool_names": "get_weather"},
        {"turn": {"gte": 2}},
    ],
)
def test_a_match_asks_about_a_conversation(facts, match):
    assert Match.parse(match).check(facts).why is None


@pytest.mark.parametrize(
    ("facts", "place"), [(CHAT, "messages"), (RESPONSE, "input")], ids=["chat", "responses"]
)
def test_what_tools_have_answered_counts_until_the_user_speaks_again(facts, place):
    match = Match.parse({"tool_results": {"json_path": {"$.degrees": {"lte": 0}, "$.sky": "snow"}}})
    before = facts | {place: facts[place][:-1]}

    assert ['{"degrees": -3, "sky": "snow"}'] == conversation.tool_results(before)
    assert match.check(before).why is None
    assert [] == conversation.tool_results(facts)
    assert not match.check(facts).ok


def test_input_that_is_a_text_is_what_the_user_said():
    assert ("Hi", "Hi", 1) == (
        conversation.last_user({"input": "Hi"}),
        conversation.opening({"input": "Hi"}),
        conversation.turn({"input": "Hi"}),
    )


def test_a_completion_begins_with_its_prompt_and_has_no_messages():
    facts = {"endpoint": "completions", "prompt": "Once upon"}

    assert ("Once upon", 1, None) == (
        conversation.opening(facts),
        conversation.turn(facts),
        conversation.last_user(facts),
    )
    assert not Match.parse({"message": {"contains": ""}}).check(facts).ok


def test_functions_of_2023_are_tools_too():
    facts = {
        "functions": [{"name": "old"}],
        "messages": [{"role": "function", "name": "old", "content": "7"}],
    }

    assert (["old"], ["7"]) == (conversation.tool_names(facts), conversation.tool_results(facts))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["user", "tool", "text"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "content", "text", "function", "name", "output", "type"]), inner
        )
    ),
)


@given(
    st.dictionaries(
        st.sampled_from(["messages", "input", "instructions", "tools", "functions", "prompt"]), JSON
    )
)
def test_whatever_is_sent_can_be_asked_about(facts):
    """The body has not been validated yet."""
    for key in ("message", "last_user", "system", "tool_results", "tool_names"):
        Match.parse({key: {"contains": "x"}}).check(facts)

    assert 1 <= conversation.turn(facts)
    assert isinstance(conversation.opening(facts), str)
