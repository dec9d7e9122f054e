"""A right body with one nasty value in it, in every place there is: answered or refused, never with a server error.

The values stand in the body as they are written, since some of them no JSON encoder would write.
"""

import json

import pytest

KEY = {"authorization": "Bearer sk-x", "content-type": "application/json"}

FUNCTION = {"name": "look_up", "parameters": {"type": "object", "properties": {"word": {"type": "string"}}}}
SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}
CALL = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": '{"word":"A"}'}}
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
ITEMS = [
    {
        "role": "user",
        "content": [{"type": "input_text", "text": "A"}, {"type": "input_image", "image_url": PIXEL}],
    },
    {"role": "assistant", "content": [{"type": "output_text", "text": "B"}], "status": "completed"},
    {"type": "function_call", "call_id": "call_1", "name": "look_up", "arguments": "{}"},
    {"type": "function_call_output", "call_id": "call_1", "output": [{"type": "input_text", "text": "C"}]},
]
BODIES = {
    "completions": {
        "model": "davinci-002",
        "prompt": ["A", "B"],
        "max_tokens": 2,
        "logit_bias": {"50": 1},
        "stop": ["\n"],
        "stream": True,
        "stream_options": {"include_usage": True},
    },
    "chat/completions": {
        "model": "gpt-4o-mini",
        "messages": [
            {"role": "system", "content": "A"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "A"},
                    {"type": "image_url", "image_url": {"url": PIXEL, "detail": "low"}},
                ],
            },
            {"role": "assistant", "content": None, "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "call_1", "content": "B"},
        ],
        "max_completion_tokens": 5,
        "n": 2,
        "seed": 1,
        "logit_bias": {"50": 1},
        "logprobs": True,
        "top_logprobs": 1,
        "stop": ["\n"],
        "store": True,
        "metadata": {"a": "b"},
        "tools": [{"type": "function", "function": FUNCTION}],
        "tool_choice": {"type": "function", "function": {"name": "look_up"}},
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "w", "schema": SCHEMA, "strict": True},
        },
    },
    "responses": {
        "model": "gpt-4o-mini",
        "input": ITEMS,
        "instructions": "A",
        "metadata": {"a": "b"},
        "include": ["message.input_image.image_url"],
        "max_output_tokens": 20,
        "tools": [{"type": "function", **FUNCTION, "strict": False}],
        "tool_choice": {"type": "function", "name": "look_up"},
        "text": {"format": {"type": "json_schema", "name": "w", "schema": SCHEMA, "strict": True}},
        "temperature": 1,
        "truncation": "auto",
    },
    "responses/input_tokens": {"model": "gpt-4o-mini", "input": ITEMS, "instructions": "A"},
    "responses/compact": {"model": "gpt-4o-mini", "input": ITEMS},
    "embeddings": {
        "model": "text-embedding-3-small",
        "input": ["A", "B"],
        "dimensions": 2,
        "encoding_format": "float",
        "user": "A",
    },
    "moderations": {
        "model": "omni-moderation-latest",
        "input": [{"type": "text", "text": "A"}, {"type": "image_url", "image_url": {"url": PIXEL}}],
    },
    "edits": {"model": "text-davinci-edit-001", "input": "A", "instruction": "B", "n": 2, "temperature": 0},
    "conversations": {"metadata": {"a": "b"}, "items": ITEMS},
}
DEEP = 100
VALUES = {
    "null": b"null",
    "nothing": b'""',
    "a zero byte": b'"\\u0000"',
    "half of a surrogate pair": b'"\\ud800"',
    "a character of another plane": '"💩"'.encode(),
    "100,000 letters": b'"' + b"a" * 100_000 + b'"',
    "a line break": b'"\\r\\nX: y"',
    "a boolean": b"true",
    "zero": b"0",
    "less than nothing": b"-1",
    "a fraction": b"0.5",
    "2 to the 64th": b"18446744073709551616",
    "400 digits": b"9" * 400,
    "1e308": b"1e308",
    "1e400": b"1e400",
    "no items": b"[]",
    "1,000 numbers": json.dumps(list(range(1000))).encode(),
    "an empty object": b"{}",
    "another object": b'{"type":"nothing","":[null]}',
    "lists in each other": b"[" * DEEP + b"]" * DEEP,
    "objects in each other": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
}
HERE = "\N{SNOWMAN}"


def places(body):
    """Yield the body with a mark in every place of it in turn."""
    pairs = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in pairs:
        for marked in (HERE, *places(value)):
            copy = body.copy()
            copy[key] = marked
            yield copy


@pytest.mark.parametrize("path", BODIES)
def test_the_right_bodies_are_right(server, http, path):
    answer = http.post(f"{server.url}/{path}", json=BODIES[path], headers=KEY)

    assert 200 == answer.status_code, answer.text


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("path", BODIES)
def test_a_nasty_value_in_a_right_body_does_no_harm(server, http, refused, path, value):
    for marked in places(BODIES[path]):
        body = json.dumps(marked, ensure_ascii=False).encode().replace(f'"{HERE}"'.encode(), value)
        answer = http.post(f"{server.url}/{path}", content=body, headers=KEY)
        if answer.status_code != 200:
            refused(answer, 400, 404, 429)  # the wish for 2 to the 64th tokens is over the limit of a minute
