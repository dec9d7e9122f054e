"""Every operation that asks a model something, or keeps what it said, called with a judge of every answer."""

CHAT = "/chat/completions/{completion_id}"
CONVERSATION = "/conversations/{conversation_id}"
RESPONSE = "/responses/{response_id}"

WEATHER = {
    "name": "get_weather",
    "description": "Tells the weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}
PERSON = {
    "name": "person",
    "schema": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
        "required": ["name", "age"],
        "additionalProperties": False,
    },
    "strict": True,
}
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
QUESTION = [{"role": "user", "content": "Who is it?"}]


def tell_of_inference(judge, server):
    tell_of_completions(judge)
    tell_of_chats(judge)
    tell_of_stored_chats(judge)
    tell_of_embeddings_and_moderations(judge)
    tell_of_responses(judge, server)
    tell_of_conversations(judge)
    tell_of_usage(judge, server)


def tell_of_completions(judge):
    for asked in (
        {},
        {"prompt": ["one", "two"], "n": 2, "best_of": 3, "max_tokens": 3},
        {"prompt": "one two", "logprobs": 2, "echo": True, "stop": ["\n"], "seed": 1},
        {"prompt": [3, 4, 5], "suffix": "!", "logit_bias": {"50": -100}, "max_tokens": 0, "echo": True},
        {"prompt": "one", "stream": True, "logprobs": 1},
        {"prompt": "one", "stream": True, "n": 2, "stream_options": {"include_usage": True}},
    ):
        judge("POST", "/completions", json={"model": "davinci-002", "prompt": "one"} | asked)


def tell_of_chats(judge):
    tool = {"type": "function", "function": WEATHER | {"strict": True}}
    custom = {"type": "custom", "custom": {"name": "note", "format": {"type": "text"}}}
    picture = {"type": "image_url", "image_url": {"url": PIXEL, "detail": "low"}}
    for asked in (
        {},
        {"n": 2, "logprobs": True, "top_logprobs": 2, "max_completion_tokens": 4, "seed": 1, "stop": ["\n"]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, picture]}]},
        {"tools": [tool], "tool_choice": "required"},
        {"tools": [tool], "tool_choice": {"type": "function", "function": {"name": "get_weather"}}},
        {"tools": [custom], "tool_choice": "required", "model": "gpt-5"},
        {"functions": [WEATHER], "function_call": {"name": "get_weather"}},
        {"response_format": {"type": "json_schema", "json_schema": PERSON}},
        {"model": "o4-mini", "reasoning_effort": "high"},
        {"moderation": {"model": "omni-moderation-latest"}},
        {
            "modalities": ["text", "audio"],
            "audio": {"voice": "alloy", "format": "pcm16"},
            "model": "gpt-audio",
        },
        {"service_tier": "priority", "prediction": {"type": "content", "content": "Nobody."}},
    ):
        body = {"model": "gpt-4o-mini", "messages": QUESTION} | asked
        judge("POST", "/chat/completions", json=body)
        chunks = judge(
            "POST",
            "/chat/completions",
            json=body | {"stream": True, "stream_options": {"include_usage": True}},
        )
        assert [] == chunks[-1]["choices"]


def tell_of_stored_chats(judge):
    asked = {"model": "gpt-4o-mini", "messages": QUESTION, "store": True, "metadata": {"a": "b"}}
    judge("GET", "/chat/completions")
    kept = [judge("POST", "/chat/completions", json=asked | {"n": n})["id"] for n in (1, 2, 1)]
    judge("GET", "/chat/completions", params={"limit": 2, "order": "desc", "metadata[a]": "b"})
    judge("GET", CHAT, kept[0])
    judge("POST", CHAT, kept[0], json={"metadata": {"a": "c"}})
    judge("GET", CHAT + "/messages", kept[0], params={"limit": 1})
    judge("DELETE", CHAT, kept[0])


def tell_of_embeddings_and_moderations(judge):
    for asked in ({"input": ["A", "B"]}, {"input": [1, 2], "dimensions": 8, "encoding_format": "float"}):
        judge("POST", "/embeddings", json={"model": "text-embedding-3-small"} | asked)
    picture = {"type": "image_url", "image_url": {"url": PIXEL}}
    for given in ("A", ["I will kill you", "B"], [{"type": "text", "text": "A"}, picture]):
        judge("POST", "/moderations", json={"input": given})


def tell_of_responses(judge, server):
    ask = {"model": "gpt-4o-mini", "input": "Who is it?"}
    first = judge("POST", "/responses", json=ask | {"metadata": {"a": "b"}, "instructions": "Be brief."})[
        "id"
    ]
    judge("POST", "/responses", json=ask | {"previous_response_id": first, "stream": True})
    judge("GET", RESPONSE, first, params={"include[]": "message.output_text.logprobs"})
    judge("GET", RESPONSE + "/input_items", first, params={"limit": 1, "order": "asc"})
    judge("POST", "/responses/input_tokens", json=ask | {"instructions": "Be brief."})
    judge("POST", "/responses/compact", json=ask)
    judge("DELETE", RESPONSE, first)
    later = [judge("POST", "/responses", json=ask | {"background": True})["id"] for _ in range(2)]
    judge("GET", RESPONSE, later[0])
    judge("POST", RESPONSE + "/cancel", later[0])
    server.advance(100)
    assert ["cancelled", "completed"] == [judge("GET", RESPONSE, each)["status"] for each in later]
    judge("GET", RESPONSE, later[1], params={"stream": "true", "starting_after": 1})


def tell_of_conversations(judge):
    call = {"type": "function_call", "call_id": "call_1", "name": "look_up", "arguments": "{}"}
    picture = {"type": "input_image", "image_url": PIXEL, "detail": "low"}
    items = [
        {"role": "user", "content": "Hello."},
        {"role": "assistant", "content": "Hello."},
        call,
        {"type": "function_call_output", "call_id": "call_1", "output": "B"},
        {"type": "message", "role": "user", "content": [picture]},
    ]
    kept = judge("POST", "/conversations", json={"metadata": {"a": "b"}, "items": items[:1]})["id"]
    judge("GET", CONVERSATION, kept)
    judge("POST", CONVERSATION, kept, json={"metadata": {"a": "c"}})
    added = judge("POST", CONVERSATION + "/items", kept, json={"items": items[1:]})["data"]
    judge("POST", "/responses", json={"model": "gpt-4o-mini", "input": "Who?", "conversation": kept})
    judge("GET", CONVERSATION + "/items", kept)
    judge(
        "GET",
        CONVERSATION + "/items",
        kept,
        params={"limit": 2, "include[]": "message.input_image.image_url"},
    )
    for item in added:
        judge("GET", CONVERSATION + "/items/{item_id}", kept, item["id"])
    judge("DELETE", CONVERSATION + "/items/{item_id}", kept, added[0]["id"])
    judge("DELETE", CONVERSATION, kept)
    judge("GET", CONVERSATION + "/items", judge("POST", "/conversations", json={})["id"])


def tell_of_usage(judge, server):
    """Ask for every report of the last day, in each of its groups."""
    now = int(server.control("GET", "clock")["now"])
    paths = [path for path in judge.document["paths"] if path.startswith("/organization/usage/")]
    for path in (*paths, "/organization/costs"):
        judge("GET", path, params={"start_time": now - 3600, "limit": 2})
        for group in groups(judge.document["paths"][path]["get"]):
            judge("GET", path, params={"start_time": now - 86400, "group_by[]": group})


def groups(operation):
    """Return what a report can be grouped by."""
    parameters = {each["name"].removesuffix("[]"): each["schema"] for each in operation["parameters"]}
    return parameters["group_by"]["items"]["enum"]
