"""Tokens are the official ones: the guide's numbers, tiktoken's own definitions, and no network."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktoken.model import MODEL_TO_ENCODING
from tiktoken_ext import openai_public

from mockserver.simulation import tokens

DATA = Path(__file__).parents[1] / "data"
TUNED = "davinci:ft-personal-2023-03-15-09-11-14"
ENCODINGS = {
    "r50k_base": "davinci",
    "p50k_base": "text-davinci-003",
    "p50k_edit": "text-davinci-edit-001",
    "cl100k_base": "gpt-4",
    "o200k_base": "gpt-4o",
}
every_model = pytest.mark.parametrize("model", ENCODINGS.values())
any_model = st.sampled_from(list(ENCODINGS.values()))
any_text = st.text(st.characters(exclude_categories=["Cs"]))

PROMPT = "How to jump to the specified work station?\nAgent:"
AT_TEMPERATURE_0 = (
    "\nAgent is a program that runs on the work station. It is responsible for receiving the request from"
    " the client and forwarding it to the server"
)
AT_TEMPERATURE_1 = (
    ' "can you help me to jump to the workstation that i have specified"\nManager: "sure, i will create a'
    ' workOrder for you. Have lot of patience, we service all the customers one by one"\nAgent: ..."...."'
    " (\u256f\u00b0\u25a1\u00b0)\u256f\ufe35 \u253b\u2501\u253b\nIBM did a great job with the idea of Virtual"
    " Agent but no one cares about it\u2026\nEnvironment: 2012R2\nStrange error if you see"
)


@pytest.fixture
def official(monkeypatch):
    """tiktoken's own definition of an encoding, with the hash of its ranks in place of the ranks."""
    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", lambda _url, expected_hash: expected_hash)
    return lambda name: openai_public.ENCODING_CONSTRUCTORS[name]()


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (12, PROMPT),
        (28, AT_TEMPERATURE_0),
        (30, AT_TEMPERATURE_0 + ".\n"),
        (100, AT_TEMPERATURE_1),
        (16, " 9Were the harvesters concentrated into the factory first and how do they get"),
        (16, "\n\nYou can set a jump prompt on the Startup tab of a workstation"),
        (16, " (Article 29)\n\nhttp://www.waju.or."),
    ],
)
def test_the_guides_texts_have_the_tokens_the_guide_was_billed(expected, text):
    assert expected == tokens.count(text, TUNED)


@pytest.mark.parametrize(
    ("trained", "per_example", "size", "name", "model"),
    [
        (1008, [76, 176], 1294, "data_prepared.jsonl", "davinci"),
        (1288, [111, 211], 1607, "data.jsonl", "curie"),
    ],
)
def test_four_epochs_of_the_guides_files_train_the_tokens_the_guide_names(
    trained, per_example, size, name, model
):
    content = (DATA / name).read_bytes()
    examples = [json.loads(line) for line in content.splitlines()]
    counted = [sum(tokens.count(text, model) for text in example.values()) for example in examples]

    assert size == len(content)
    assert per_example == counted
    assert trained == 4 * sum(counted)


@pytest.mark.parametrize(
    ("expected", "models"),
    [
        ("r50k_base", "ada babbage curie davinci davinci:2020-05-03 curie-instruct-beta"),
        ("r50k_base", f"{TUNED} curie:ft-acme:my-suffix-2023-03-15-03-15-09 ada:ft-acme-2022-01-01-00-00-00"),
        ("r50k_base", "text-ada-001 text-babbage-001 text-curie-001 text-davinci-001"),
        ("r50k_base", "text-similarity-ada-001 text-search-curie-doc-001 code-search-ada-code-001"),
        ("p50k_base", "text-davinci-002 text-davinci-003 code-davinci-001 code-davinci-002"),
        ("p50k_base", "code-cushman-001 cushman-codex davinci-codex"),
        ("p50k_edit", "text-davinci-edit-001 code-davinci-edit-001"),
        ("cl100k_base", "gpt-3.5-turbo gpt-3.5-turbo-0613 gpt-3.5-turbo-instruct gpt-35-turbo"),
        ("cl100k_base", "gpt-4 gpt-4-0314 gpt-4-32k gpt-4-turbo gpt-4-1106-preview"),
        ("cl100k_base", "text-embedding-ada-002 text-embedding-3-small text-embedding-3-large"),
        ("cl100k_base", "babbage-002 davinci-002 ft:davinci-002:acme::8abc ft:babbage-002:acme:x:8abc"),
        ("cl100k_base", "ft:gpt-3.5-turbo-0613:acme:x:8abc ft:gpt-3.5-turbo-0125:acme::8abc:ckpt-step-100"),
        (
            "o200k_base",
            "gpt-4o gpt-4o-mini-2024-07-18 chatgpt-4o-latest gpt-4.1 gpt-4.1-nano gpt-4.5-preview",
        ),
        (
            "o200k_base",
            "gpt-5 gpt-5-codex gpt-5.1-mini gpt-6 o1 o1-mini o3 o4-mini gpt-oss-20b codex-mini-latest",
        ),
        ("o200k_base", "ft:gpt-4o-mini-2024-07-18:acme:x:9abc:ckpt-step-7 ft:gpt-4.1-2025-04-14:acme::9abc"),
        ("o200k_base", "my-own-model adam ft:"),
    ],
)
def test_a_models_name_decides_its_encoding(expected, models):
    names = models.split()

    assert dict.fromkeys(names, expected) == {model: tokens.encoding_name(model) for model in names}


def test_no_model_is_given_another_encoding_than_tiktoken_gives_it():
    theirs = {model: name for model, name in MODEL_TO_ENCODING.items() if name != "gpt2"}

    assert theirs == {model: tokens.encoding_name(model) for model in theirs}


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_shipped_ranks_are_the_official_files_byte_for_byte(name, official):
    lines = (b"%s %d\n" % (base64.b64encode(token), rank) for token, rank in tokens.ranks(name).items())

    assert official(name)["mergeable_ranks"] == hashlib.sha256(b"".join(lines)).hexdigest()


@pytest.mark.parametrize(("name", "model"), ENCODINGS.items())
def test_pattern_special_tokens_and_size_are_tiktokens_own(name, model, official):
    definition = official(name)
    special = definition["special_tokens"]
    recipe = tokens._RECIPES[name]

    assert definition["pat_str"] == recipe.pattern
    assert special == recipe.special
    assert special["<|endoftext|>"] == tokens.end_of_text(model)
    assert max(*special.values(), *tokens.ranks(name).values()) + 1 == tokens.vocabulary_size(model)
    assert definition.get("explicit_n_vocab", tokens.vocabulary_size(model)) == tokens.vocabulary_size(model)


@pytest.mark.parametrize(
    ("expected", "model"),
    [(50256, "davinci"), (50256, "text-davinci-edit-001"), (100257, "gpt-4"), (199999, "gpt-5")],
)
def test_the_end_of_text_is_one_token_that_decodes_to_its_name(expected, model):
    assert expected == tokens.end_of_text(model)
    assert tokens.decode([expected], model) == "<|endoftext|>"


@every_model
def test_the_name_of_a_special_token_in_a_text_is_ordinary_text(model):
    text = "a<|endoftext|>b"
    encoded = tokens.encode(text, model)

    assert tokens.end_of_text(model) not in encoded
    assert text == tokens.decode(encoded, model)


@settings(deadline=None)  # the first example of a model builds its encoding
@given(any_text, any_model)
def test_decoding_gives_back_what_was_encoded(text, model):
    encoded = tokens.encode(text, model)

    assert text == tokens.decode(encoded, model)
    assert text.encode() == tokens.decode_bytes(encoded, model)
    assert len(encoded) == tokens.count(text, model)
    assert all(token < tokens.vocabulary_size(model) for token in encoded)


@settings(deadline=None)  # the first example of a model builds its encoding
@given(any_text.filter(lambda text: "bytes:" not in text), any_model)
def test_the_pieces_of_a_text_put_together_are_the_text(text, model):
    pieces = tokens.split(text, model)

    assert tokens.count(text, model) == len(pieces)
    assert text.encode() == b"".join(
        piece.removeprefix("bytes:").encode().decode("unicode_escape").encode("latin-1")
        if piece.startswith("bytes:")
        else piece.encode()
        for piece in pieces
    )


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["Hello", " world"], "Hello world"),
        ([r"bytes: \xf0\x9f\x91", r"bytes:\x8d"], " 👍"),
        ([r"bytes: \xe2\x94", r"bytes:\xbb", "\u2501"], " \u253b\u2501"),
    ],
)
def test_a_token_that_is_a_part_of_a_character_is_shown_as_bytes(expected, text):
    assert expected == tokens.split(text, "davinci")


@every_model
@pytest.mark.parametrize(
    ("expected", "text"),
    [("\ufffd", "\ud83d"), ("x\ufffdy", "x\udc00y"), ("\U0001f600", "\ud83d\ude00")],
)
def test_a_lone_surrogate_is_counted_as_the_replacement_character(expected, text, model):
    assert tokens.encode(expected, model) == tokens.encode(text, model)
    assert tokens.split(expected, model) == tokens.split(text, model)


@every_model
def test_bytes_that_are_no_text_decode_with_replacement_characters(model):
    first_byte = b"\xe2"
    token = tokens.ranks(tokens.encoding_name(model))[first_byte]

    assert first_byte == tokens.decode_bytes([token], model)
    assert tokens.decode([token], model) == "\ufffd"


@every_model
@pytest.mark.parametrize("token", [-1, 300_000, 2**32, 2**70])
def test_an_id_that_is_no_token_is_a_key_error(token, model):
    with pytest.raises(KeyError, match="Invalid token for decoding"):
        tokens.decode([token], model)


@every_model
@pytest.mark.parametrize("text", ["a" + " " * 1_100_000 + "a", "\n\t" * 1_000_000 + "a", "x" * 1_000_000])
def test_a_text_that_repeats_itself_a_million_times_is_counted(text, model):
    assert text == tokens.decode(tokens.encode(text, model), model)


def test_a_long_text_of_ordinary_words_is_encoded_in_one_piece():
    sentence = " The quick brown fox jumps over the lazy dog."

    assert tokens.encode(sentence, "gpt-4") * 25_000 == tokens.encode(sentence * 25_000, "gpt-4")


def test_nothing_is_downloaded_and_tiktoken_waits_for_the_first_count(tmp_path):
    program = f"""
import socket, sys
def refuse(*arguments): raise AssertionError("a connection was tried")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from mockserver.simulation import tokens
assert "tiktoken" not in sys.modules
assert [50256, 100257] == [tokens.end_of_text(model) for model in ("ada", "gpt-4")]
assert "tiktoken" not in sys.modules
print(*(tokens.count({PROMPT!r}, model) for model in {list(ENCODINGS.values())!r}))
"""
    environment = {**os.environ, "TIKTOKEN_CACHE_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )

    assert (run.stdout, run.stderr) == ("12 12 12 11 11\n", "")
    assert not list(tmp_path.iterdir())


def test_the_shipped_ranks_are_small_and_carry_their_licence():
    sizes = {path.name: path.stat().st_size for path in tokens.RANKS_FOLDER.iterdir()}

    assert {"NOTICE", "p50k_base.xz", "cl100k_base.xz", "o200k_base.xz"} == set(sizes)
    assert sum(sizes.values()) < 1_600_000
    assert "Copyright (c) 2022 OpenAI, Shantanu Jain" in (tokens.RANKS_FOLDER / "NOTICE").read_text("utf-8")
