"""The order of a chat: tools speak when they were called, and only then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mockserver.domain.chat.messages import ChatCompletionRequestMessage
from mockserver.domain.chat.reading import check_order
from mockserver.errors import ApiError

MESSAGES = TypeAdapter(list[ChatCompletionRequestMessage])


def call(number):
    return {"id": f"call_{number}", "type": "function", "function": {"name": "look", "arguments": "{}"}}


@st.composite
def conversations(draw):
    """A conversation in order: rounds of words, and of calls that are all answered in any order."""
    messages, made = [], 0
    for _ in range(draw(st.integers(1, 4))):
        messages.append({"role": draw(st.sampled_from(["user", "system", "developer"])), "content": "x"})
        if count := draw(st.integers(0, 3)):
            numbers = list(range(made, made := made + count))
            messages.append({"role": "assistant", "tool_calls": [call(number) for number in numbers]})
            messages += [
                {"role": "tool", "tool_call_id": f"call_{number}", "content": "x"}
                for number in draw(st.permutations(numbers))
            ]
        else:
            messages.append({"role": "assistant", "content": "x"})
    return messages


@given(conversations())
def test_a_conversation_in_order_is_read(messages):
    check_order(MESSAGES.validate_python(messages))


@given(conversations(), st.data())
def test_a_conversation_with_one_tool_missing_is_refused(messages, data):
    tools = [index for index, message in enumerate(messages) if message["role"] == "tool"]
    if not tools:
        return
    del messages[(place := data.draw(st.sampled_from(tools)))]

    with pytest.raises(ApiError, match="did not have response messages: call_") as refused:
        check_order(MESSAGES.validate_python(messages))

    assert int(refused.value.param.split("[")[1].split("]")[0]) >= place - 1


@given(conversations())
def test_a_tool_that_was_called_before_is_not_heard_again(messages):
    messages.append({"role": "tool", "tool_call_id": "call_0", "content": "x"})
    if messages[-2]["role"] == "tool" and any(
        each["id"] == "call_0"
        for each in next(m for m in reversed(messages) if m.get("tool_calls"))["tool_calls"]
    ):
        check_order(MESSAGES.validate_python(messages))
        return

    with pytest.raises(
        ApiError, match=r"must be a response to a preceeding message|not found in 'tool_calls'"
    ):
        check_order(MESSAGES.validate_python(messages))
