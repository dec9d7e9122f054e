import contextlib
import json
from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain import files, item_types, items
from mockserver.errors import ApiError
from mockserver.journal import Journal
from mockserver.scenario.models import Scenario
from mockserver.simulation.messages import Call, Message
from mockserver.world import World

KINDS = (
    "'additional_tools', 'apply_patch_call', 'apply_patch_call_output', 'code_interpreter_call', 'compaction', "
    "'compaction_trigger', 'computer_call', 'computer_call_output', 'custom_tool_call', 'custom_tool_call_output', "
    "'file_search_call', 'function_call', 'function_call_output', 'image_generation_call', 'item_reference', "
    "'local_shell_call', 'local_shell_call_output', 'mcp_approval_request', 'mcp_approval_response', 'mcp_call', "
    "'mcp_list_tools', 'message', 'program', 'program_output', 'reasoning', 'shell_call', 'shell_call_output', "
    "'tool_search_call', 'tool_search_output', and 'web_search_call'"
)
PARTS = (
    "'input_text', 'input_image', 'input_audio', 'output_text', 'refusal', 'input_file', 'computer_screenshot', "
    "and 'summary_text'"
)
TOO_LONG = (
    "Invalid '{}.call_id': string too long. Expected a string with maximum length 64, but got a string with "
    "length 65 instead."
)
CALL = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "42"}
PNG = "data:image/png;base64," + b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\0\0\0\2\0").decode()


SCREEN = {"type": "computer_screenshot", "image_url": PNG}
#: one of every type, with no more than it needs
LEAST = [
    {"role": "user", "content": "x"},
    {"role": "assistant", "content": "x"},
    CALL,
    OUTPUT,
    {"type": "custom_tool_call", "call_id": "c", "name": "f", "input": "x"},
    {"type": "custom_tool_call_output", "call_id": "c", "output": "x"},
    {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"},
    {"type": "compaction", "encrypted_content": "x"},
    {"type": "file_search_call", "id": "fs_1", "status": "completed", "queries": ["x"]},
    {
        "type": "web_search_call",
        "id": "ws_1",
        "status": "completed",
        "action": {"type": "search", "query": "x", "queries": ["x"]},
    },
    {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": None},
    {
        "type": "code_interpreter_call",
        "id": "ci_1",
        "status": "completed",
        "container_id": "cntr_1",
        "code": "1",
        "outputs": None,
    },
    {
        "type": "computer_call",
        "id": "cu_1",
        "status": "completed",
        "call_id": "c",
        "action": {"type": "wait"},
        "pending_safety_checks": [],
    },
    {
        "type": "computer_call_output",
        "call_id": "c",
        "output": SCREEN,
    },
    {"type": "tool_search_call", "arguments": {}},
    {"type": "tool_search_output", "tools": []},
    {"type": "additional_tools", "role": "developer", "tools": []},
    {
        "type": "local_shell_call",
        "id": "lsh_1",
        "status": "completed",
        "call_id": "c",
        "action": {"type": "exec", "command": ["ls"], "env": {}},
    },
    {"type": "local_shell_call_output", "id": "lsho_1", "output": "x"},
    {"type": "shell_call", "call_id": "c", "action": {"commands": ["ls"]}},
    {
        "type": "shell_call_output",
        "call_id": "c",
        "output": [{"stdout": "x", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}],
    },
    {
        "type": "apply_patch_call",
        "call_id": "c",
        "status": "completed",
        "operation": {"type": "delete_file", "path": "a"},
    },
    {"type": "apply_patch_call_output", "call_id": "c", "status": "completed"},
    {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "s", "tools": []},
    {"type": "mcp_approval_request", "id": "mcpr_1", "server_label": "s", "name": "f", "arguments": "{}"},
    {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True},
    {"type": "mcp_call", "id": "mcp_1", "server_label": "s", "name": "f", "arguments": "{}", "output": "x"},
    {"type": "program", "id": "prg_1", "call_id": "c", "code": "1", "fingerprint": "x"},
    {"type": "program_output", "id": "prgo_1", "call_id": "c", "result": "x", "status": "completed"},
]


def least(kind):
    return next(item for item in LEAST if item.get("type") == kind)


@pytest.fixture
def world():
    world = World("test", Scenario(), None, Journal(0, 0))
    world.start(lambda _: None)
    yield world
    world.close()


@pytest.fixture
def refused(world):
    """Read what cannot be read, and return what is said of it."""

    def refused(*given, param="input"):
        with pytest.raises(ApiError) as caught:
            items.read_input(world, list(given), param=param)
        return caught.value

    return refused


def said(role, *parts):
    return {"role": role, "content": list(parts)}


def test_a_text_is_a_message_of_the_user(world):
    (item,) = items.read_input(world, "Hello")

    assert {"type", "id", "status", "role", "content"} == item.keys()
    assert ("message", "completed", "user") == (item["type"], item["status"], item["role"])
    assert [{"type": "input_text", "text": "Hello"}] == item["content"]
    assert item["id"].startswith("msg_")


def test_words_of_the_model_become_output_text(world):
    (item,) = items.read_input(world, [{"role": "assistant", "content": "Hi"}])

    assert [{"type": "output_text", "text": "Hi", "annotations": [], "logprobs": []}] == item["content"]


@pytest.mark.parametrize("role", ["user", "system", "developer"])
def test_a_message_keeps_its_parts_and_the_id_it_came_with(world, role):
    part = {"type": "input_text", "text": "Hello"}

    (item,) = items.read_input(world, [said(role, part) | {"id": "msg_mine", "status": "incomplete"}])

    assert ("msg_mine", "incomplete", [part]) == (item["id"], item["status"], item["content"])


def test_what_is_read_once_reads_as_itself_ever_after(world):
    once = items.read_input(world, [said("user", {"type": "input_image", "image_url": PNG}), CALL, OUTPUT])

    assert once == items.read_input(world, once)


def test_a_null_that_need_not_be_there_is_the_same_as_nothing(world):
    sent = CALL | {"id": None, "status": None, "namespace": None, "caller": None}

    (item,) = items.read_input(world, [sent])

    assert {"type", "id", "status", "call_id", "name", "arguments"} == item.keys()


def test_a_reference_becomes_the_item_it_names(world):
    (item,) = items.read_input(world, "Hello")
    items.store(world, [item])

    assert [item] == items.read_input(world, [{"type": "item_reference", "id": item["id"]}])
    assert [item] == items.read_input(world, [{"id": item["id"]}])


@pytest.mark.parametrize(
    "item",
    [
        {"type": "item_reference", "id": "rs_gone"},
        {"type": "reasoning", "id": "rs_gone", "summary": []},
        {"type": "reasoning", "id": "rs_gone", "summary": [], "encrypted_content": None},
    ],
)
def test_an_item_that_was_never_stored_cannot_be_referred_to(refused, item):
    error = refused(item)

    assert 404 == error.status
    assert (
        "Item with id 'rs_gone' not found. Items are not persisted when `store` is set to false. Try again with "
        "`store` set to true, or remove this item from your input." == error.message
    )
    assert ("input", None) == (error.param, error.code)


def test_reasoning_is_read_if_it_brings_its_sealed_content_or_is_stored(world):
    sealed = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"}
    items.store(world, items.read_input(world, [sealed]))

    assert "rs_1" == items.read_input(world, [{"type": "reasoning", "id": "rs_1", "summary": []}])[0]["id"]


def test_an_id_cannot_come_twice(refused):
    message = {"id": "msg_1", "role": "user", "content": "x"}

    error = refused(message, message)

    assert (
        "Duplicate item found with id msg_1. Remove duplicate items from your input and try again."
        == error.message
    )


@pytest.mark.parametrize(
    ("item", "message", "param", "code"),
    [
        (7, "Invalid type for '{}': expected an input item, but got an integer instead.", "", "invalid_type"),
        (None, "Invalid type for '{}': expected an input item, but got null instead.", "", "invalid_type"),
        (
            {},
            "Invalid value: ''. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
            "",
            "invalid_value",
        ),
        (
            {"role": "bogus", "content": "x"},
            "Invalid value: 'bogus'. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
            "",
            "invalid_value",
        ),
        (
            {"type": "bogus"},
            f"Invalid value: 'bogus'. Supported values are: {KINDS}.",
            "",
            "invalid_value",
        ),
        (
            {"type": 7, "role": "user"},
            f"Invalid value: ''. Supported values are: {KINDS}.",
            "",
            "invalid_value",
        ),
        (
            {"role": "user"},
            "Missing required parameter: '{}.content'.",
            ".content",
            "missing_required_parameter",
        ),
        (
            {"role": "user", "content": "x", "bogus": 1},
            "Unknown parameter: '{}.bogus'.",
            ".bogus",
            "unknown_parameter",
        ),
        (
            {"role": "assistant", "content": "x", "phase": "bogus"},
            "Invalid value: 'bogus'. Supported values are: 'commentary' and 'final_answer'.",
            ".phase",
            "invalid_value",
        ),
        (
            said("user", {"type": "bogus"}),
            f"Invalid value: 'bogus'. Supported values are: {PARTS}.",
            ".content[0].type",
            "invalid_value",
        ),
        (
            said("assistant", {"type": "input_text", "text": "x"}),
            "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
            ".content[0]",
            "invalid_value",
        ),
        (
            said("user", {"type": "input_text"}),
            "Missing required parameter: '{}.content[0].text'.",
            ".content[0].text",
            "missing_required_parameter",
        ),
        (
            said("user", {"type": "input_image", "image_url": {"url": "x"}}),
            "Invalid type for '{}.content[0].image_url': expected a string, but got an object instead.",
            ".content[0].image_url",
            "invalid_type",
        ),
        (
            said("user", {"type": "input_image", "image_url": "cat.png"}),
            "Invalid '{}.content[0].image_url'. Expected a valid URL, but got a value with an invalid format.",
            ".content[0].image_url",
            "invalid_value",
        ),
        (
            OUTPUT | {"output": {"answer": 42}},
            "Invalid type for '{}.output': expected one of a string or array of objects, but got an object instead.",
            ".output",
            "invalid_type",
        ),
        (
            OUTPUT | {"output": [{"type": "output_text", "text": "x"}]},
            "Invalid value: 'output_text'. Supported values are: 'input_text', 'input_image', and 'input_file'.",
            ".output[0]",
            "invalid_value",
        ),
        (
            CALL | {"id": "item_1"},
            "Invalid '{}.id': 'item_1'. Expected an ID that begins with 'fc'.",
            ".id",
            "invalid_value",
        ),
        (
            CALL | {"call_id": "x" * 65},
            TOO_LONG,
            ".call_id",
            "string_above_max_length",
        ),
    ],
)
@pytest.mark.parametrize("name", ["input", "items"])
def test_what_does_not_fit_is_refused_in_the_official_words(refused, name, item, message, param, code):
    error = refused({"role": "user", "content": "fine"}, item, param=name)

    assert message.replace("{}", f"{name}[1]") == error.message
    assert (400, f"{name}[1]{param}", code) == (error.status, error.param, error.code)


@pytest.mark.parametrize("kind", ["input_image", "input_file"])
def test_a_part_in_a_file_needs_the_file(refused, kind):
    error = refused(said("user", {"type": kind, "file_id": "file-none"}))

    assert (404, "No such File object: file-none") == (error.status, error.message)


def test_a_part_in_a_file_that_is_there_is_read(world):
    blob = world.blobs.create()
    blob.write(b"x")
    file = files.create(world, blob, filename="a.txt", purpose="user_data")
    part = {"type": "input_file", "file_id": file["id"]}

    assert [part] == items.read_input(world, [said("user", part)])[0]["content"]


def test_every_kind_of_item_is_read_kept_and_found_again(world):
    read = items.read_input(world, LEAST)
    items.store(world, read)

    assert {"message", "item_reference", "compaction_trigger"} | {item["type"] for item in read} == set(
        item_types.KINDS
    )
    assert read == [items.find(world, item["id"]) for item in read]
    assert read == items.read_input(world, read)


def test_a_wish_to_compact_is_no_item_to_keep(world):
    (trigger,) = items.read_input(world, [{"type": "compaction_trigger"}])
    items.store(world, [trigger])

    assert {"type": "compaction_trigger"} == trigger


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "role", "content", "id", "output", "text", "call_id", "x"]),
                inner
                | st.sampled_from(["message", "user", "function_call_output", "input_text", "assistant"]),
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_is_sent_is_read_or_refused(sent):
    world = World("test", Scenario(), None, Journal(0, 0))
    with contextlib.closing(world), contextlib.suppress(ApiError):
        read = items.read_input(world, [sent])
        assert read == json.loads(json.dumps(read))
        assert len(items.to_messages(read)) <= 1


# --- shown ---------------------------------------------------------------------------------------------------------

SECRETS = [
    (
        "message.input_image.image_url",
        said("user", {"type": "input_image", "image_url": PNG}),
        lambda item: item["content"][0].get("image_url"),
        PNG,
    ),
    (
        "reasoning.encrypted_content",
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"},
        lambda item: item.get("encrypted_content"),
        "x",
    ),
    (
        "code_interpreter_call.outputs",
        least("code_interpreter_call") | {"outputs": [{"type": "logs", "logs": "1"}]},
        lambda item: item["outputs"],
        [{"type": "logs", "logs": "1"}],
    ),
    (
        "file_search_call.results",
        least("file_search_call") | {"results": [{"text": "x"}]},
        lambda item: item["results"],
        [{"text": "x"}],
    ),
    (
        "web_search_call.action.sources",
        least("web_search_call")
        | {"action": {"type": "search", "queries": ["x"], "sources": [{"type": "url", "url": "http://x"}]}},
        lambda item: item["action"].get("sources"),
        [{"type": "url", "url": "http://x"}],
    ),
    (
        "computer_call_output.output.image_url",
        least("computer_call_output"),
        lambda item: item["output"].get("image_url"),
        PNG,
    ),
    (
        "message.output_text.logprobs",
        said("assistant", {"type": "output_text", "text": "x", "logprobs": [{"token": "x"}]}),
        lambda item: item["content"][0]["logprobs"] or None,
        [{"token": "x"}],
    ),
]


@pytest.mark.parametrize(("name", "sent", "found", "value"), SECRETS, ids=[name for name, *_ in SECRETS])
def test_some_of_an_item_is_shown_only_on_request(world, name, sent, found, value):
    (item,) = items.read_input(world, [sent])

    assert found(items.shown(item)) is None
    assert value == found(items.shown(item, [name]))
    assert value == found(item), "showing an item does not change it"


# --- as the model reads it -----------------------------------------------------------------------------------------


def test_calls_belong_to_the_words_before_them_and_outputs_answer_them(world):
    sent = [
        {"role": "developer", "content": "Be kind"},
        {"role": "user", "content": "Go"},
        {"role": "assistant", "content": "Wait"},
        CALL,
        CALL | {"call_id": "call_2", "name": "g"},
        OUTPUT,
        OUTPUT | {"call_id": "call_2", "output": [{"type": "input_text", "text": "43"}]},
    ]

    assert [
        Message("developer", "Be kind"),
        Message("user", "Go"),
        Message("assistant", "Wait", calls=(Call("f", "{}", "call_1"), Call("g", "{}", "call_2"))),
        Message("tool", "42", answers="call_1"),
        Message("tool", "43", answers="call_2"),
    ] == items.to_messages(items.read_input(world, sent))


def test_custom_tools_are_called_with_text(world):
    sent = [
        {"type": "custom_tool_call", "call_id": "c", "name": "sh", "input": "ls"},
        {"type": "custom_tool_call_output", "call_id": "c", "output": "a.txt"},
    ]

    assert [
        Message("assistant", calls=(Call("sh", "ls", "c", custom=True),)),
        Message("tool", "a.txt", answers="c"),
    ] == items.to_messages(items.read_input(world, sent))


def test_images_files_and_sounds_cost_extra(world):
    parts = [
        {"type": "input_text", "text": "See"},
        {"type": "input_image", "image_url": PNG},
        {"type": "input_image", "image_url": PNG, "detail": "low"},
        {"type": "input_file", "filename": "a.txt", "file_data": b64encode(b"one two").decode()},
        {"type": "input_audio", "input_audio": {"data": b64encode(bytes(32_000)).decode(), "format": "mp3"}},
    ]

    assert [Message("user", "See", extra=255 + 85 + 2 + 20)] == items.to_messages(
        items.read_input(world, [said("user", *parts)])
    )


def test_files_by_their_id_cost_what_is_in_them(world):
    blob = world.blobs.create()
    blob.write(b64decode(PNG.partition(",")[2]) + bytes(100))
    file = files.create(world, blob, filename="a.png", purpose="vision")
    parts = [{"type": kind, "file_id": file["id"]} for kind in ("input_image", "input_file")]
    read = items.read_input(world, [said("user", *parts)])

    assert 255 + file["bytes"] / 4 == items.to_messages(read, world=world)[0].extra
    assert 765 == items.to_messages(read)[0].extra


def test_what_a_tool_shows_is_seen(world):
    (seen,) = items.to_messages(
        items.read_input(world, [{"type": "computer_call_output", "call_id": "c", "output": SCREEN}])
    )

    assert ("tool", "", "c", 255) == (seen.role, seen.text, seen.answers, seen.extra)


def test_every_kind_of_item_can_be_read_by_a_model(world):
    messages = items.to_messages(items.read_input(world, LEAST))

    assert {"user", "assistant", "tool"} == {message.role for message in messages}
    assert all(isinstance(call.arguments, str) for message in messages for call in message.calls)


# --- calls and their outputs ---------------------------------------------------------------------------------------


def test_a_call_and_its_output_are_a_pair(world):
    items.check_calls(items.read_input(world, [CALL, OUTPUT]))


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ([CALL], "No tool output found for function call call_1."),
        ([OUTPUT], "No tool call found for function call output with call_id call_1."),
        ([OUTPUT, CALL], "No tool call found for function call output with call_id call_1."),
    ],
)
def test_a_call_without_its_output_is_refused_and_an_output_without_its_call(world, sent, message):
    with pytest.raises(ApiError, match=message) as caught:
        items.check_calls(items.read_input(world, sent))

    assert (400, "input", None) == (caught.value.status, caught.value.param, caught.value.code)
