"""What schemathesis finds in the world it plays in, so that a made-up request comes further than to a 404."""

#: a world in which there is something to find: files, a job that is done in each API, one that runs
STORY = """
version: 1
clock: {start: 2026-08-01T12:00:00Z, rate: 0}
account: {api_keys: [sk-contract]}
files:
  - {id: file-pairs, filename: pairs.jsonl, created_at: 2026-07-01, rows: [{prompt: A, completion: B}]}
  - id: file-chats
    filename: chats.jsonl
    created_at: 2026-07-01
    rows:
      - &chat {messages: [{role: user, content: A}, {role: assistant, content: B}]}
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
      - *chat
jobs:
  - api: modern
    model: gpt-4o-mini-2024-07-18
    training_file: file-chats
    created_at: 2026-07-01
    ids: {job: ftjob-done, result_file: file-results, model_suffix: done}
  - api: legacy
    model: davinci
    training_file: file-pairs
    created_at: 2026-07-02
    ids: {job: ft-done}
  - api: modern
    model: gpt-4o-mini-2024-07-18
    training_file: file-chats
    created_at: 2026-08-01T11:00:00Z
    takes: 2h
    ids: {job: ftjob-live}
"""
PAIRS = '{"prompt": "A", "completion": "B"}\n'

#: what else there is: where it is made, of what, and its id, which is the same in every world that begins so
MADE = {
    "completion": (
        "chat/completions",
        {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "A"}], "store": True},
        "chatcmpl-zYTbXFXmrMHNwd4A5qUErazoYUQtt",
    ),
    "conversation": (
        "conversations",
        {"items": [{"id": "msg_kept", "role": "user", "content": "A"}]},
        "conv_45ce0992a29da35cb7fd5081191f449ae107611faec75411",
    ),
    "response": (
        "responses",
        {"model": "gpt-4o-mini", "input": [{"id": "msg_asked", "role": "user", "content": "A"}]},
        "resp_1efb3a7f488e3dda0af77942f04b5f2a9f23c56db63f2607",
    ),
}
COMPLETION, CONVERSATION, RESPONSE = (made for _, _, made in MADE.values())

#: what a request may name, so that it comes further than to a 404
KNOWN = {
    "body.file": [PAIRS, "[]", "{"],
    "body.training_file": ["file-chats", "file-pairs", "file-results"],
    "body.validation_file": ["file-chats", "file-pairs", "file-results"],
    "body.model": ["ft:gpt-4o-mini-2024-07-18:personal::done", "davinci", "gpt-4o-mini-2024-07-18"],
    "body.previous_response_id": [RESPONSE],
    "body.conversation": [CONVERSATION],
    "path.file_id": ["file-chats", "file-pairs", "file-results"],
    "path.fine_tune_id": ["ftjob-done", "ft-done", "ftjob-live"],
    "path.fine_tuning_job_id": ["ftjob-done", "ft-done", "ftjob-live"],
    "path.model": ["ft:gpt-4o-mini-2024-07-18:personal::done", "davinci"],
    "path.engine_id": ["ft:gpt-4o-mini-2024-07-18:personal::done", "davinci"],
    "path.fine_tuned_model_checkpoint": ["ft:gpt-4o-mini-2024-07-18:personal::done"],
    "path.completion_id": [COMPLETION],
    "path.conversation_id": [CONVERSATION],
    "path.item_id": ["msg_kept"],
    "path.response_id": [RESPONSE],
}
#: the same where one operation wants something of its own
KNOWN_THERE = {
    "completions.create": {"body.model": ["davinci-002"]},
    "embeddings.create": {"body.model": ["text-embedding-3-small"]},
    "moderations.create": {"body.model": ["omni-moderation-latest"]},
    "edits.create": {"body.model": ["text-davinci-edit-001"]},
    "chat.completions.create": {"body.model": ["gpt-4o-mini", "o4-mini"]},
    "chat.completions.list": {"query.after": [COMPLETION]},
    "conversations.items.list": {"query.after": ["msg_kept"]},
    "chat.completions.messages.list": {"query.after": [f"{COMPLETION}-0"]},
    "fine_tunes.list_events": {"path.fine_tune_id": ["ftjob-done", "ft-done"]},
    "files.list": {"query.after": ["file-chats"]},
    "fine_tuning.jobs.list": {"query.after": ["ftjob-done"]},
    "responses.create": {"body.model": ["gpt-4o-mini", "o4-mini"]},
    "responses.compact": {"body.model": ["gpt-4o-mini"]},
    "responses.input_tokens.count": {"body.model": ["gpt-4o-mini"]},
    "responses.input_items.list": {"query.after": ["msg_asked"]},
}

#: what a body has if it says nothing else, since the server asks for it, and the document does not
FILLED = {
    "/v1/responses": {"model": "gpt-4o-mini", "input": "A"},
    "/v1/responses/compact": {"input": "A"},
    "/v1/responses/input_tokens": {"model": "gpt-4o-mini"},
}
