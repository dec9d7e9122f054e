"""Every response, and every event of its stream, is of the form the official document describes."""

import json
from copy import deepcopy

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

HELLO = {"model": "gpt-4o-mini", "input": "Hello."}
FUNCTION = {
    "type": "function",
    "name": "get_weather",
    "description": "Tell the weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
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


@pytest.fixture(scope="session")
def complaints(official):
    """Say what the official document has against a value; in its own examples, users and usages can be null."""
    document = deepcopy(official)
    schemas = document["components"]["schemas"]
    for place, field in (
        (schemas["ModelResponseProperties"], "user"),
        (schemas["Response"]["allOf"][2], "usage"),
    ):
        place["properties"][field] = {"anyOf": [place["properties"][field], {"type": "null"}]}
    registry = Registry().with_resource("official:", DRAFT202012.create_resource(document))

    def complain(name, value):
        reference = {"$ref": f"official:#/components/schemas/{name}"}
        validator = Draft202012Validator(reference, registry=registry)
        return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]

    return complain


@pytest.fixture
def said(http, server):
    """Create a response and return its bytes."""

    def create(**asked):
        answer = http.post(
            f"{server.url}/responses", json=asked, headers={"authorization": "Bearer sk-test-key"}
        )
        assert answer.status_code == 200, answer.text
        return answer.content

    return create


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_response_is_what_the_official_document_says(said, complaints, asked):
    assert [] == complaints("Response", json.loads(said(**asked)))


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_every_event_is_what_the_official_document_says(said, complaints, official, asked):
    schemas = official["components"]["schemas"]
    names = [each["$ref"].rpartition("/")[2] for each in schemas["ResponseStreamEvent"]["anyOf"]]
    by_type = {schemas[name]["properties"]["type"]["enum"][0]: name for name in names}
    for block in said(**asked, stream=True).decode().removesuffix("\n\n").split("\n\n"):
        event = json.loads(block.partition("\ndata: ")[2])

        assert [] == complaints(by_type[event["type"]], event), event["type"]
