"""The server against its own OpenAPI document: schemathesis plays thousands of requests, right ones and wrong ones.

Every check of schemathesis runs. One is told more than a schema can say: `positive_data_acceptance` takes for a
fault what is a rule of the domain (a training file has to exist), so the rules are written down in `RULES`, and
only a refusal in one of these words is accepted for a request that fits the document.
"""

import re

import pytest
import requests
import schemathesis
from hypothesis import settings
from schemathesis.checks import CHECKS

from mockserver.app import create_api
from mockserver.scenario.loader import load_text
from mockserver.testing.server import MockServer

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

#: how the server refuses what its schemas allow (the code, the words), and what no JSON Schema can say
RULES = {
    # files and training
    r"invalid_file: ": "a file has to exist",
    r"invalid_file_purpose: ": "a file has to be uploaded for training",
    r"model_not_available: ": "which models can be trained is a list of the day",
    r"None: Invalid base model: ": "the same, in 2023",
    r"invalid_job_state: ": "a job's state allows some moves only",
    r"None: Expected file to have JSONL format": "the lines of a training file are JSON objects",
    r"None: Not allowed to download files of purpose": "some purposes keep their files private",
    r"missing_required_parameter: Missing required parameter: '(expires_after|method)\.": "one calls for another",
    r"None: compute_classification_metrics requires": "one calls for another",
    r"invalid_value: Invalid value: .*'string_check'": "a grader is checked by a parser of its own",
    # lists and reports
    r"invalid_value: Invalid 'after': no object with id": "a cursor is an id this list has had",
    r"invalid_value: Invalid 'page': no page": "a cursor is one this report has given out",
    r"integer_above_max_value: Invalid 'limit': .* <= (31|168|1440)": "a page is shorter if its buckets are longer",
    # completions and edits
    r"None: The '(stream_options|metadata|top_logprobs)' parameter is only allowed when": "one calls for another",
    r"None: You requested that the server return more choices": "n is at most best_of",
    r"None: Cannot stream with 'best_of'": "one excludes the other",
    r"None: exactly one of ": "one excludes the other",
    r"None: Invalid (token in '(prompt|input)'|key in 'logit_bias')": "a model has so many tokens",
    r"context_length_exceeded: ": "prompt and answer share the model's context",
    # chats
    r"None: Invalid parameter: (messages with role 'tool' must|'tool_call_id' of )": "a tool answers a call",
    r"None: An assistant message with 'tool_calls' must be followed": "a call is answered by its tool",
    r"None: Invalid value for 'content': expected a string": "an assistant says something, or calls something",
    r"None: Invalid value for '(tool_choice|function_call)': ": "only what is offered can be chosen",
    r"None: Invalid value for 'parallel_tool_calls': ": "one calls for another",
    r"invalid_parameter_combination: Setting 'max_tokens' and": "one excludes the other",
    r"None: Invalid content type\. .* is only supported by certain models": "not every model sees and hears",
    r"missing_required_parameter: Missing required parameter: '.*\.file\.file_id'": "a file is named, or is there",
    r"invalid_value: File '.*' not found": "a file has to exist",
    r"invalid_value: Invalid '.*'. Expected a valid URL": "an address leads somewhere",
    r"unsupported_(parameter|value): Unsupported \w+: '.*' (is not supported|does not support) .*model": "models differ",
    r"unsupported_parameter: logprobs are not supported with reasoning models": "models differ",
    r"None: Unrecognized request argument supplied: reasoning_effort": "models differ",
    r"None: Response input messages must contain the word 'json'": "JSON is asked for in words as well",
    r"None: 'messages' must contain the word 'json'": "JSON is asked for in words as well",
    r"None: Encrypted content is not supported with this model": "models differ",
    # items
    r"None: Duplicate item found with id": "an item is there once",
    r"missing_mutually_exclusive_parameters: ": "a part is somewhere: in a file, at a URL or in itself",
    # embeddings and moderations
    r"None: This model does not support specifying dimensions": "which models shorten vectors is their affair",
    r"None: Invalid value for 'dimensions' = ": "a vector cannot be made longer",
    r"None: Invalid value for 'model' = ": "which models judge is a list of the day",
    r"too_many_images: ": "one picture is judged at a time",
    # responses
    r"missing_required_parameter: (Missing required parameter: '(model|input)'|One of \"input\")": "one of several has to be there",
    r"(unsupported_model|model_not_found): The requested model": "which models answer is a list of the day",
    r"previous_response_not_found: ": "a response has to exist",
    r"mutually_exclusive_parameters: ": "one excludes the other",
    r"invalid_value: Invalid 'conversation(\.id)?': .* Expected an ID that begins": "an id says whose it is",
    r"None: No tool (call|output) found for function call": "a call has an output, an output a call",
    r"None: Tool choice '.*' not found in 'tools'": "only what is offered can be chosen",
    r"None: Cannot cancel a synchronous response": "only what was made in the background can be cancelled",
    r"invalid_request_error: This response cannot be streamed": "only what was made in the background can be watched",
    r"None: Duplicate tool name": "tools are told apart by their names",
    r"invalid_(function_parameters|json_schema): Invalid schema": "strict mode takes some schemas only",
    # the server's own
    r"None: Nothing is planned for": "a job has to exist",
    r"invalid_scenario: ": "a scenario is checked by a loader of its own",
    r"None: The clock only goes forward": "the clock knows what time it is",
    r"None: Invalid value for 'advance(_to)?': must be": "a moment is in the calendar, nobody waits 100 years",
    # everywhere
    r"invalid_type: .* (an integer|or 'auto'), but got a decimal number": "1.0 is no integer here",
}


def dictionaries(known, place=""):
    """Return the values that parameters may have as schemathesis wants them told."""
    return {f"{place}{name}": {"values": values} for name, values in known.items()}


def parameters(known, place="", probability=0.6):
    return {name: {"dictionary": f"{place}{name}", "probability": probability} for name in known}


#: what has items in it, in dozens of forms: they take long to make up
VAST = ["/v1/chat/completions", "/v1/conversations", "/v1/responses"]
#: the same items again, of which not every value at its limits has to be tried once more
VAST_AGAIN = [
    "/v1/conversations/{conversation_id}/items",
    "/v1/responses/compact",
    "/v1/responses/input_tokens",
]

OPTIONS = {
    "dictionaries": dictionaries(KNOWN)
    | {
        name: told
        for place, known in KNOWN_THERE.items()
        for name, told in dictionaries(known, place).items()
    },
    "parameters": parameters(KNOWN),
    "operations": [
        {"include-operation-id": place, "parameters": parameters(known, place, 0.9)}
        for place, known in KNOWN_THERE.items()
    ]
    + [
        {"include-path": [*VAST, *VAST_AGAIN], "generation": {"max-examples": 25}},
        {"include-path": VAST_AGAIN, "phases": {"coverage": {"enabled": False}}},
    ],
    "headers": {"Authorization": "Bearer sk-contract"},
    "generation": {"deterministic": True, "max-examples": 40},
    "checks": {"positive_data_acceptance": {"enabled": False}},
}


@schemathesis.check
def fits_and_is_accepted(ctx, response, case):
    """What fits the document is accepted, unless a rule that no schema can tell forbids it."""
    if 400 == response.status_code:
        error = response.json()["error"]
        if any(re.match(rule, f"{error['code']}: {error['message']}", re.DOTALL) for rule in RULES):
            return None
    return CHECKS.get_one("positive_data_acceptance")(ctx, response, case)


#: what would take away the world that the other calls are made in
ENDING = ["mock.worlds.delete", "mock.scenario.play"]
#: what changes how the next calls are answered
CHANGING = ["mock.faults.add", "mock.replies.add", "mock.reset"]
everything = schemathesis.openapi.from_dict(
    create_api().openapi(), config=schemathesis.Config.from_dict(OPTIONS)
)
schema = everything.exclude(operation_id=ENDING)


@everything.hook.apply_to(path=list(FILLED))
def map_body(context, body):
    """Fill in what may be left out but for a refusal, or hardly any body would come further than to that."""
    return FILLED[context.operation.path] | body if isinstance(body, dict) else body


@pytest.fixture(scope="module")
def story():
    with MockServer(load_text(STORY)) as running:
        yield running


@pytest.fixture(scope="module")
def begin_anew(story, http):
    def reset():
        assert 200 == http.post(f"{story.url}/_mock/reset").status_code
        for path, body, made in MADE.values():
            answer = http.post(f"{story.base_url}/{path}", json=body, headers=OPTIONS["headers"])
            assert made == answer.json()["id"]

    return reset


@pytest.fixture(scope="module")
def calls(story):
    """How schemathesis calls: over one connection, to the story."""
    with requests.Session() as session:
        yield {"base_url": story.url, "session": session}


@schema.parametrize()
def test_every_operation_does_what_its_document_says(case, calls, begin_anew):
    """Each case meets the same world: what one has changed is undone before the next."""
    response = case.call(**calls)
    case.validate_response(response, transport_kwargs=calls)
    if response.status_code < 300 and case.method != "GET":
        begin_anew()


def test_calls_that_follow_from_each_other_agree(calls, begin_anew):
    """What was created can be fetched, what was deleted cannot: along the links between the operations."""

    class Walk(schema.exclude(operation_id=CHANGING).as_state_machine()):
        def setup(self):
            begin_anew()

        def get_call_kwargs(self, _case):
            return calls

    Walk.run(
        settings=settings(
            max_examples=40, stateful_step_count=8, derandomize=True, database=None, deadline=None
        )
    )
