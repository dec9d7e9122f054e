"""Tools of responses: functions called and answered, and the API's own."""

from base64 import b64decode

import pytest

from mockserver.simulation.pictures import size_of

MODEL, THINKER = "gpt-4o-mini", "o4-mini"
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Tell the weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["C", "F"]}},
        "required": ["city", "unit"],
        "additionalProperties": False,
    },
}
TIME = {
    "type": "function",
    "name": "get_time",
    "parameters": {"type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]},
}
NOTE = {"type": "custom", "name": "take_note", "description": "Write down whatever is said."}
#: a tool, words that invite to it, and the types of the items it makes
OWN = [
    ({"type": "web_search"}, "What is in the news today?", ["web_search_call", "message"]),
    ({"type": "web_search_preview"}, "Search the web.", ["web_search_call", "message"]),
    (
        {"type": "file_search", "vector_store_ids": ["vs_1"]},
        "Look into my files.",
        ["file_search_call", "message"],
    ),
    (
        {"type": "code_interpreter", "container": {"type": "auto"}},
        "Calculate 6 * 7.",
        ["code_interpreter_call", "message"],
    ),
    ({"type": "image_generation"}, "Draw a cat.", ["image_generation_call", "message"]),
    ({"type": "computer"}, "Open the browser.", ["computer_call"]),
    ({"type": "local_shell"}, "Use the shell.", ["local_shell_call"]),
    ({"type": "shell"}, "Use the shell.", ["shell_call"]),
    (
        {"type": "shell", "environment": {"type": "container_auto"}},
        "Use the shell.",
        ["shell_call", "shell_call_output", "message"],
    ),
    ({"type": "apply_patch"}, "Write a patch.", ["apply_patch_call"]),
    (
        {"type": "mcp", "server_label": "deepwiki", "server_url": "https://example.com/mcp"},
        "Hello.",
        ["mcp_list_tools", "message"],
    ),
]


def answer(client, call, words, **more):
    """Answer a call, as the next input."""
    output = {"type": "function_call_output", "call_id": call.call_id, "output": words}
    return client.responses.create(model=MODEL, input=[output], **more)


def test_a_tool_loop_over_previous_response_id_ends_in_the_tools_words(client):
    first = client.responses.create(model=MODEL, input="How is the weather in Oslo?", tools=[WEATHER])
    [call] = first.output
    second = answer(client, call, "Snow.", previous_response_id=first.id, tools=[WEATHER])

    assert ("function_call", "get_weather", "completed") == (call.type, call.name, call.status)
    assert "Snow." in second.output_text
    assert first.id == second.previous_response_id


def test_a_tool_loop_that_sends_everything_again_ends_there_too(client):
    said = [{"role": "user", "content": "How is the weather in Oslo?"}]
    first = client.responses.create(model=MODEL, input=said, tools=[WEATHER], store=False)
    said += [item.to_dict() for item in first.output]
    said += [{"type": "function_call_output", "call_id": first.output[0].call_id, "output": "Snow."}]
    second = client.responses.create(model=MODEL, input=said, tools=[WEATHER], store=False)

    assert "Snow." in second.output_text


def test_parallel_calls_are_made_unless_forbidden(client):
    asked = {"model": MODEL, "input": "The weather and the time, please.", "tools": [WEATHER, TIME]}

    assert {"get_weather", "get_time"} == {call.name for call in client.responses.create(**asked).output}
    assert 1 == len(client.responses.create(**asked, parallel_tool_calls=False).output)


@pytest.mark.parametrize(
    ("choice", "types"),
    [
        ("none", ["message"]),
        ("auto", ["message"]),
        ("required", ["function_call"]),
        ({"type": "function", "name": "get_time"}, ["function_call"]),
        ({"type": "custom", "name": "take_note"}, ["custom_tool_call"]),
        ({"type": "web_search_preview"}, ["web_search_call", "message"]),
        (
            {
                "type": "allowed_tools",
                "mode": "required",
                "tools": [{"type": "function", "name": "get_time"}],
            },
            ["function_call"],
        ),
    ],
    ids=str,
)
def test_a_tool_choice_means_what_it_says(client, choice, types):
    made = client.responses.create(
        model=MODEL, input="Hello.", tools=[WEATHER, TIME, NOTE, {"type": "web_search"}], tool_choice=choice
    )

    assert types == [item.type for item in made.output]
    if isinstance(choice, dict) and "name" in choice:
        assert choice["name"] == made.output[0].name
    assert choice == made.to_dict()["tool_choice"]


def test_a_custom_tool_is_given_text_and_answered(client):
    first = client.responses.create(model=MODEL, input="Take a note.", tools=[NOTE])
    [call] = first.output
    output = {"type": "custom_tool_call_output", "call_id": call.call_id, "output": "Noted."}
    second = client.responses.create(model=MODEL, input=[output], previous_response_id=first.id)

    assert ("custom_tool_call", "take_note", "Take a note.") == (call.type, call.name, call.input)
    assert "Noted." in second.output_text


def test_functions_are_strict_unless_they_cannot_be(client):
    open_ended = {
        **TIME,
        "name": "open",
        "parameters": {"type": "object", "additionalProperties": {"type": "string"}},
    }
    made = client.responses.create(
        model=MODEL,
        input="Hello.",
        tools=[WEATHER, TIME, open_ended, {**TIME, "name": "lax", "strict": False}],
    )

    told = {tool.name: tool for tool in made.tools}
    assert {"get_weather": True, "get_time": True, "open": False, "lax": False} == {
        name: tool.strict for name, tool in told.items()
    }
    assert TIME["parameters"] | {"additionalProperties": False} == told["get_time"].parameters
    assert TIME["parameters"] == told["lax"].parameters


def test_functions_of_a_namespace_say_where_they_come_from(client):
    tools = [{"type": "namespace", "name": "sky", "description": "The sky.", "tools": [WEATHER]}]
    made = client.responses.create(model=MODEL, input="How is the weather?", tools=tools)

    assert ("get_weather", "sky") == (made.output[0].name, made.output[0].namespace)


def test_calls_of_a_scenario_are_made_with_its_arguments(open_world):
    client = open_world(
        yaml="""
version: 1
replies:
  - match: {tool_names: get_weather}
    replies:
      - {tool_calls: [{name: get_weather, arguments: {city: Oslo, unit: C}}]}
      - {text: It is snowing in Oslo.}
"""
    ).client()
    first = client.responses.create(model=MODEL, input="Well?", tools=[WEATHER])
    second = answer(client, first.output[0], "Snow.", previous_response_id=first.id, tools=[WEATHER])

    assert '{"city":"Oslo","unit":"C"}' == first.output[0].arguments
    assert "It is snowing in Oslo." == second.output_text


@pytest.mark.parametrize(("tool", "words", "types"), OWN, ids=lambda each: str(each)[:40])
def test_a_tool_of_the_apis_own_is_used_when_words_invite_to_it(client, tool, words, types):
    asked = {"model": MODEL, "input": words, "tools": [tool]}
    made = client.responses.create(**asked)
    *_, last = client.responses.create(**asked, stream=True)

    assert types == [item.type for item in made.output] == [item.type for item in last.response.output]
    assert {"completed"} == {item.status for item in made.output if hasattr(item, "status")}


def test_no_tool_of_the_apis_own_is_used_without_need(client):
    tools = [tool for tool, _, _ in OWN if tool["type"] != "mcp"]
    made = client.responses.create(model=MODEL, input="Hello.", tools=tools)

    assert ["message"] == [item.type for item in made.output]


def test_a_scenario_says_what_is_said_after_a_search_and_instead_of_a_command(open_world):
    client = open_world(yaml="version: 1\nreplies: [{reply: {text: As told.}}]").client()
    search = client.responses.create(model=MODEL, input="Search the web.", tools=[{"type": "web_search"}])
    command = client.responses.create(model=MODEL, input="Use the shell.", tools=[{"type": "local_shell"}])

    assert ["web_search_call", "message"] == [item.type for item in search.output]
    assert ["message"] == [item.type for item in command.output]
    assert "As told." == search.output_text == command.output_text


def test_what_a_tool_has_found_is_told_to_who_asks_for_it(client):
    asked = {
        "model": MODEL,
        "input": "Calculate 6 * 7.",
        "tools": [{"type": "code_interpreter", "container": {"type": "auto"}}],
    }
    included = client.responses.create(**asked, include=["code_interpreter_call.outputs"])

    assert client.responses.create(**asked).output[0].outputs is None
    assert 'print("Calculate 6 * 7.")' == included.output[0].code
    assert "Calculate 6 * 7.\n" == included.output[0].outputs[0].logs


def test_a_picture_has_the_size_that_was_asked_for(client):
    made = client.responses.create(
        model=MODEL, input="Draw a cat.", tools=[{"type": "image_generation", "size": "1024x1536"}]
    )

    assert (1024, 1536) == size_of(b64decode(made.output[0].result))


def test_what_runs_on_the_callers_side_is_waited_for(client):
    tool = {"type": "local_shell"}
    first = client.responses.create(model=MODEL, input="Use the shell.", tools=[tool])
    output = {"type": "local_shell_call_output", "id": first.output[0].call_id, "output": "file.txt"}
    second = client.responses.create(model=MODEL, input=[output], previous_response_id=first.id, tools=[tool])

    assert ["echo", "Use the shell."] == first.output[0].action.command
    assert "file.txt" in second.output_text


def test_an_mcp_call_waits_for_approval_and_lists_its_tools_once(client):
    tool = {
        "type": "mcp",
        "server_label": "deepwiki",
        "server_url": "https://example.com/mcp",
        "allowed_tools": ["ask"],
    }
    first = client.responses.create(model=MODEL, input="Ask deepwiki.", tools=[tool])
    listed, request = first.output
    approval = {"type": "mcp_approval_response", "approval_request_id": request.id, "approve": True}
    second = client.responses.create(
        model=MODEL, input=[approval], previous_response_id=first.id, tools=[tool]
    )

    assert ["ask"] == [each.name for each in listed.tools]
    assert ("mcp_approval_request", "deepwiki", "ask") == (request.type, request.server_label, request.name)
    assert ["mcp_call", "message"] == [item.type for item in second.output]
    assert request.id == second.output[0].approval_request_id
