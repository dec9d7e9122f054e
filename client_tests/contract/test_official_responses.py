"""Every response, and every event of its stream, is of the form the official document describes."""

import pytest

HELLO = {"model": "gpt-4o-mini", "input": "Hello."}
FUNCTION = {
    "type": "function",
    "name": "get_weather",
    "description": "Tell the weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    "strict": False,
}
#: what is asked, by what it shows
ASKED = {
    "a text": HELLO,
    "thoughts": {
        "model": "o4-mini",
        "input": "Why?",
        "reasoning": {"summary": "auto"},
        "include": ["reasoning.encrypted_content"],
    },
    "logprobs": HELLO | {"include": ["message.output_text.logprobs"], "top_logprobs": 2},
    "a limit": HELLO | {"max_output_tokens": 16},
    "a schema": HELLO
    | {"text": {"format": {"type": "json_schema", "name": "a", "schema": FUNCTION["parameters"]}}},
    "a call": HELLO | {"tools": [FUNCTION], "tool_choice": "required"},
    "a custom call": HELLO | {"tools": [{"type": "custom", "name": "note"}], "tool_choice": "required"},
    "a web search": HELLO
    | {"tools": [{"type": "web_search"}], "tool_choice": {"type": "web_search_preview"}},
    "a file search": HELLO
    | {
        "tools": [{"type": "file_search", "vector_store_ids": ["vs_1"]}],
        "tool_choice": "required",
        "include": ["file_search_call.results"],
    },
    "a program": HELLO
    | {
        "tools": [{"type": "code_interpreter", "container": {"type": "auto"}}],
        "tool_choice": "required",
        "include": ["code_interpreter_call.outputs"],
    },
    "a picture": HELLO | {"tools": [{"type": "image_generation"}], "tool_choice": "required"},
    "a computer": HELLO | {"tools": [{"type": "computer"}], "tool_choice": "required"},
    "a shell": HELLO | {"tools": [{"type": "shell"}], "tool_choice": "required"},
    "a shell of the API's own": HELLO
    | {"tools": [{"type": "shell", "environment": {"type": "container_auto"}}], "tool_choice": "required"},
    "a local shell": HELLO | {"tools": [{"type": "local_shell"}], "tool_choice": "required"},
    "a patch": HELLO | {"tools": [{"type": "apply_patch"}], "tool_choice": "required"},
    "an approval": HELLO
    | {
        "tools": [{"type": "mcp", "server_label": "a", "server_url": "https://a.io", "allowed_tools": ["b"]}],
        "tool_choice": "required",
    },
    "a server's tool": HELLO
    | {
        "tools": [
            {
                "type": "mcp",
                "server_label": "a",
                "server_url": "https://a.io",
                "allowed_tools": ["b"],
                "require_approval": "never",
            }
        ],
        "tool_choice": "required",
    },
    "a compaction": HELLO
    | {"input": [{"role": "user", "content": "Hello."}, {"type": "compaction_trigger"}]},
    "every tool": HELLO
    | {
        "tools": [
            FUNCTION,
            {"type": "web_search", "user_location": {"type": "approximate", "city": "Oslo"}},
            {"type": "computer_use_preview", "environment": "mac", "display_width": 8, "display_height": 8},
            {
                "type": "namespace",
                "name": "more",
                "description": "More.",
                "tools": [FUNCTION | {"name": "b"}],
            },
            {"type": "tool_search"},
            {"type": "programmatic_tool_calling"},
        ]
    },
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_response_is_what_the_official_document_says(judge, asked):
    assert judge("POST", "/responses", json=asked)["status"] in {"completed", "incomplete"}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_every_event_is_what_the_official_document_says(judge, asked):
    events = judge("POST", "/responses", json=asked | {"stream": True})

    assert list(range(len(events))) == [event["sequence_number"] for event in events]
