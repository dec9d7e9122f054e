"""Which files a job may train on, in which words it refuses the others, and what their tokens are."""

import json
from functools import partial
from pathlib import Path

import pytest

from mockserver.simulation import tokens
from mockserver.simulation.jsonl import split_lines
from mockserver.simulation.training_file import (
    Example,
    FileProblem,
    examine,
    file_format,
    read_examples,
)

DATA = Path(__file__).parents[1] / "data"

SYSTEM = {"role": "system", "content": "You translate to Norwegian"}
USER = {"role": "user", "content": "It snows in Oslo"}
ANSWER = {"role": "assistant", "content": "Det snør i Oslo"}
CALL = {
    "role": "assistant",
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}],
}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "snow"}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
PICTURE = {"type": "image_url", "image_url": {"url": "https://example.com/oslo.png"}}

PAIR = {"prompt": "a b", "completion": " c"}
CHAT = {"messages": [SYSTEM, USER, ANSWER]}
PREFERENCE = {
    "input": {"messages": [USER], "tools": [], "parallel_tool_calls": True},
    "preferred_output": [ANSWER],
    "non_preferred_output": [{"role": "assistant", "content": "Regn"}],
}
REINFORCEMENT = {"messages": [USER], "reference_answer": "Det snør", "input": {"any": ["thing"]}}

TRAINING = "The job failed due to a file format error in the training file. Invalid file format. "
NO_MATCH = "No match for discriminator 'role' and value"
EVERY_ROLE = "(allowed values: 'assistant', 'developer', 'function', 'system', 'tool', 'user')"
OUT_ROLES = "(allowed values: 'assistant', 'tool')"


def words(text):
    return len(text.split())


def lines(*examples):
    return [json.dumps(example).encode() + b"\n" for example in examples]


def look(data, fmt, count=words, **options):
    return examine(data, fmt, count, file_id="file-abc123", **options)


@pytest.mark.parametrize(("name", "trained_tokens"), [("data_prepared.jsonl", 1008), ("data.jsonl", 1288)])
def test_the_files_of_the_guide_train_the_tokens_it_reports_after_four_epochs(name, trained_tokens):
    count = partial(tokens.count, model="davinci")
    found = look(split_lines([(DATA / name).read_bytes()]), "legacy", count)
    assert found.problem is None
    assert found.examples == 2
    assert found.tokens * 4 == trained_tokens


@pytest.mark.parametrize(
    ("fmt", "example"),
    [
        ("completion", PAIR),
        ("completion", {"prompt": "", "completion": " c"}),
        ("chat", CHAT),
        ("chat", {"messages": [USER, ANSWER | {"weight": 0}, USER, ANSWER | {"weight": 1, "name": "x"}]}),
        ("chat", {"messages": [{"role": "developer", "content": "Be brief"}, ANSWER, USER]}),
        ("chat", {"messages": [USER, CALL, RESULT, ANSWER], "tools": [TOOL], "parallel_tool_calls": False}),
        ("chat", {"messages": [USER, CALL | {"content": None}], "tools": [TOOL]}),
        (
            "chat",
            {
                "messages": [USER, {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}],
                "functions": [{"name": "f"}],
            },
        ),
        ("chat", {"messages": [USER, {"role": "function", "name": "f", "content": "1"}, ANSWER]}),
        (
            "chat",
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "?"}, PICTURE]}, ANSWER]},
        ),
        ("preference", PREFERENCE),
        ("preference", PREFERENCE | {"preferred_output": [CALL, RESULT, ANSWER]}),
        ("reinforcement", REINFORCEMENT),
        ("reinforcement", {"messages": [USER, CALL, RESULT], "tools": [TOOL], "item": None}),
    ],
)
def test_ten_well_formed_examples_are_a_file_to_train_on(fmt, example):
    found = look(lines(*[example] * 10), fmt)
    assert found.problem is None
    assert found.examples == 10


@pytest.mark.parametrize(
    ("fmt", "example", "reason"),
    [
        ("completion", {"prompt": "a"}, "is missing key 'completion'."),
        ("completion", {"completion": "a"}, "is missing key 'prompt'."),
        ("completion", CHAT, "is missing key 'prompt'."),
        ("completion", PAIR | {"weight": 1}, 'contains an extra "weight".'),
        ("completion", {"prompt": 1, "completion": "b"}, ', key "prompt": str type expected'),
        ("completion", {"prompt": "a", "completion": None}, ', key "completion": str type expected'),
        ("chat", PAIR, "is missing key 'messages'."),
        ("chat", PREFERENCE, "is missing key 'messages'."),
        ("chat", CHAT | {"weight": 1}, 'contains an extra "weight".'),
        ("chat", {"messages": "hello"}, ', key "messages": value is not a valid list'),
        ("chat", {"messages": []}, ', key "messages": At least one message must be from the assistant.'),
        ("chat", {"messages": [USER]}, ', key "messages": At least one message must be from the assistant.'),
        ("chat", {"messages": [USER, "text", ANSWER]}, ", message 2 value is not a valid dict"),
        (
            "chat",
            {"messages": [USER, {"content": "b"}]},
            ", message 2 Discriminator 'role' is missing in value",
        ),
        (
            "chat",
            {"messages": [USER, {"role": None, "content": "b"}]},
            f", message 2 {NO_MATCH} None {EVERY_ROLE}",
        ),
        ("chat", {"messages": [{"role": "user"}, ANSWER]}, ', message 1, key "content": field required'),
        (
            "chat",
            {"messages": [USER, ANSWER | {"content": 7}]},
            ', message 2, key "content": str type expected',
        ),
        (
            "chat",
            {"messages": [USER, ANSWER | {"rating": 7}]},
            ', message 2, key "rating": extra fields not permitted',
        ),
        (
            "chat",
            {"messages": [USER, {"role": "assistant", "content": None}]},
            ", message 2 needs one of 'content', 'tool_calls' and 'function_call'",
        ),
        (
            "chat",
            {"messages": [USER, ANSWER | {"content": "x <|fim_suffix|>"}]},
            "message contains an invalid token: <|fim_suffix|>.",
        ),
        ("preference", PAIR, "is missing key 'input'."),
        ("preference", PREFERENCE | {"input": "a"}, ', key "input": value is not a valid dict'),
        ("preference", PREFERENCE | {"input": {}}, ', key "messages": field required'),
        (
            "preference",
            PREFERENCE | {"input": {"messages": [{"role": "user", "content": 1}]}},
            ', message 1, key "content": str type expected',
        ),
        (
            "preference",
            PREFERENCE | {"preferred_output": [RESULT]},
            ', key "preferred_output": At least one message must be from the assistant.',
        ),
        (
            "preference",
            PREFERENCE | {"non_preferred_output": [USER]},
            f", key \"non_preferred_output\": {NO_MATCH} 'user' {OUT_ROLES}",
        ),
        (
            "reinforcement",
            {"messages": [USER | {"role": "grader"}]},
            f", message 1 {NO_MATCH} 'grader' {EVERY_ROLE}",
        ),
        ("reinforcement", {"reference_answer": "x"}, "is missing key 'messages'."),
    ],
)
def test_the_first_example_out_of_shape_is_the_error_of_the_job(fmt, example, reason):
    good = {"completion": PAIR, "chat": CHAT, "preference": PREFERENCE, "reinforcement": REINFORCEMENT}[fmt]
    found = look(lines(good, good, example, {}, *[good] * 10), fmt)
    assert found.examples == 2
    assert found.problem is not None
    assert (found.problem.code, found.problem.param) == ("invalid_file_format", "training_file")
    assert found.problem.line == 3
    separator = "" if reason.startswith(",") else " "
    assert f"{TRAINING}Example 3{separator}{reason}" == found.problem.message


def test_a_legacy_file_is_refused_in_the_words_of_its_status_details():
    found = look(lines(PAIR, {"prompt": "a"}), "legacy")
    expected = "Invalid file format. Example 2 is missing key 'completion'."
    assert FileProblem("invalid_file_format", expected, "training_file", 2) == found.problem


def test_a_line_that_is_no_json_is_the_error_of_the_job():
    found = look([*lines(CHAT), b"{'a'}\n"], "chat")
    expected = (
        f"{TRAINING}Example 2 cannot be parsed. Error: line contains invalid json: "
        "Expecting property name enclosed in double quotes: line 1 column 2 (char 1) (line 2)"
    )
    assert FileProblem("invalid_file_format", expected, "training_file", 2) == found.problem
    assert found.examples == 1


def test_a_chat_file_for_a_job_that_compares_answers_is_named_as_such():
    found = look(lines(CHAT), "preference")
    expected = (
        "The job failed due to an invalid training file. Invalid file format. "
        "Input file file-abc123 is in the fine-tune-chat format, but the specified fine-tuning job "
        "is not using 'supervised' as the training method (provided method=dpo). "
    )
    assert FileProblem("invalid_training_file", expected, "training_file", 1) == found.problem


def test_a_validation_file_is_refused_under_its_own_name():
    found = look(lines(PAIR), "chat", param="validation_file")
    expected = (
        "The job failed due to a file format error in the validation file. "
        "Invalid file format. Example 1 is missing key 'messages'."
    )
    assert FileProblem("invalid_file_format", expected, "validation_file", 1) == found.problem
    mismatch = look(lines(CHAT), "preference", param="validation_file").problem
    assert mismatch is not None
    assert mismatch.code == "invalid_validation_file"


@pytest.mark.parametrize(
    ("fmt", "param", "fewest"),
    [("chat", "training_file", 10), ("chat", "validation_file", 1), ("legacy", "training_file", 1)],
)
def test_a_file_with_too_few_examples_is_refused(fmt, param, fewest):
    example = PAIR if fmt == "legacy" else CHAT
    assert look(lines(*[example] * fewest), fmt, param=param).problem is None
    name = "Training file" if param == "training_file" else "Validation file"
    expected = f"{name} has {fewest - 1} example(s), but must have at least {fewest} examples"
    problem = look(lines(*[example] * (fewest - 1)), fmt, param=param).problem
    assert FileProblem("invalid_n_examples", expected, param, None) == problem


def test_a_refusal_quotes_no_more_than_a_glimpse_of_what_the_user_wrote():
    long = "x" * 100_000
    for example in (CHAT | {long: 1}, {"messages": [{"role": long}]}, {"messages": [USER | {long: 1}]}):
        problem = look(lines(example), "chat").problem
        assert problem is not None
        assert len(problem.message) < 400


def cookbook_tokens(messages):
    # The count of the official notebook "Data preparation and analysis for chat model fine-tuning".
    return 3 + sum(3 + sum(words(value) + (key == "name") for key, value in m.items()) for m in messages)


def test_a_chat_counts_as_the_official_cookbook_counts_it():
    messages = [SYSTEM, USER | {"name": "Kari"}, ANSWER, USER, {"role": "assistant", "content": "Ja visst"}]
    found = look(lines({"messages": messages}), "chat")
    assert cookbook_tokens(messages) == found.tokens
    assert words("Det snør i Oslo") + words("Ja visst") == found.completion_tokens


def test_an_answer_of_weight_zero_is_read_but_not_trained():
    whole = look(lines({"messages": [USER, ANSWER, USER, ANSWER]}), "chat")
    part = look(lines({"messages": [USER, ANSWER | {"weight": 0}, USER, ANSWER | {"weight": 1}]}), "chat")
    assert whole.tokens == part.tokens
    assert whole.completion_tokens == 2 * part.completion_tokens


def test_tools_and_calls_count_as_compact_json():
    plain = look(lines({"messages": [USER, CALL | {"content": ""}]}), "chat", len)
    tooled = look(lines({"messages": [USER, CALL | {"content": ""}], "tools": [TOOL]}), "chat", len)
    assert len(json.dumps([TOOL], separators=(",", ":"))) == tooled.prompt_tokens - plain.prompt_tokens
    assert len(json.dumps(CALL["tool_calls"], separators=(",", ":"))) == plain.completion_tokens


def test_parts_of_a_content_count_as_their_text_and_images_as_nothing():
    parts = [{"type": "text", "text": "It snows"}, PICTURE, {"type": "text", "text": " in Oslo"}]
    split = look(lines({"messages": [{"role": "user", "content": parts}, ANSWER]}), "chat")
    assert look(lines({"messages": [USER, ANSWER]}), "chat") == split


def test_a_preference_trains_both_outputs_and_a_reinforcement_example_none():
    preference = look(lines(PREFERENCE), "preference")
    assert (3 + 3 + 5 + 2 * (3 + 1), 4 + 1) == (preference.prompt_tokens, preference.completion_tokens)
    reinforcement = look(lines(REINFORCEMENT), "reinforcement")
    assert (3 + 3 + 5, 0) == (reinforcement.prompt_tokens, reinforcement.completion_tokens)


@pytest.mark.parametrize(
    ("model", "method", "fmt"),
    [
        ("gpt-4o-mini-2024-07-18", "supervised", "chat"),
        ("babbage-002", "supervised", "completion"),
        ("davinci-002", "supervised", "completion"),
        ("ft:davinci-002:acme::abc123", "supervised", "completion"),
        ("ft:gpt-4o-mini:acme:davinci-002:abc123", "supervised", "chat"),
        ("gpt-4.1-2025-04-14", "dpo", "preference"),
        ("o4-mini-2025-04-16", "reinforcement", "reinforcement"),
    ],
)
def test_model_and_method_decide_the_format(model, method, fmt):
    assert fmt == file_format(model, method)


def test_a_pair_teaches_its_completion_to_its_prompt():
    assert [Example("a b", " c")] == list(read_examples(lines(PAIR), "legacy"))


def test_a_chat_teaches_its_last_answer_with_all_that_came_before():
    early = {"role": "user", "content": "Hello"}
    parts = {
        "role": "user",
        "content": [{"type": "text", "text": "And "}, PICTURE, {"type": "text", "text": "now?"}],
    }
    talk = [SYSTEM, early, ANSWER, parts, {"role": "assistant", "content": "Regn"}]
    taught = list(read_examples(lines({"messages": [*talk, USER]}), "chat"))
    assert [Example("And now?", "Regn", tuple(talk))] == taught


def test_a_call_is_an_answer_without_text():
    assert [Example(USER["content"], "", (USER, CALL))] == list(
        read_examples(lines({"messages": [USER, CALL, RESULT]}), "chat")
    )


def test_a_preference_teaches_its_preferred_output():
    assert [Example(USER["content"], ANSWER["content"], (USER, ANSWER))] == list(
        read_examples(lines(PREFERENCE), "preference")
    )


def test_a_conversation_without_an_answer_teaches_nothing():
    assert [] == list(read_examples(lines(REINFORCEMENT), "reinforcement"))
