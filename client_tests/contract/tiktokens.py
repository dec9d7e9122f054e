"""The judge of what things cost: tiktoken, with its own table of models, its own patterns and its own checks.

Only the ranks, which tiktoken would download, are those that ship with the server, held against the checksum that
tiktoken publishes for them. The prices of messages are those of OpenAI's cookbook on counting tokens.
"""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import PurePosixPath
from unittest.mock import patch

from tiktoken import Encoding
from tiktoken.model import encoding_name_for_model
from tiktoken_ext import openai_public  # type: ignore[import-untyped] # a plugin of tiktoken's, without types

from mockserver.simulation.tokens import ranks

END_OF_TEXT = "<|endoftext|>"
PER_MESSAGE, PER_NAME, PRIMING = 3, 1, 3
#: the one model whose messages cost otherwise
ODD_ONE, ODD_MESSAGE, ODD_NAME = "gpt-3.5-turbo-0301", 4, -1


def encode(text: str, model: str) -> list[int]:
    """Return the tokens of a text, in which nothing is special."""
    return _of_model(model).encode_ordinary(text)


def encode_prompt(text: str, model: str) -> list[int]:
    """Return the tokens of a completion's prompt: the document separator is one when it is a whole prompt."""
    return (
        _of_model(model).encode(text, allowed_special={text}) if text == END_OF_TEXT else encode(text, model)
    )


def decode(tokens: list[int], model: str) -> str:
    """Return the text of tokens, with U+FFFD for what is only a part of a character."""
    return _of_model(model).decode(tokens, errors="replace")


def shown(tokens: list[int], model: str) -> list[bytes]:
    """Return the bytes of each token."""
    return _of_model(model).decode_tokens_bytes(tokens)


def count(text: str, model: str) -> int:
    """Return how many tokens a text has."""
    return len(encode(text, model))


def count_messages(messages: list[dict[str, str]], model: str) -> int:
    """Return what messages of role, content and perhaps a name cost as a prompt."""
    each, named = (ODD_MESSAGE, ODD_NAME) if model == ODD_ONE else (PER_MESSAGE, PER_NAME)
    cost = PRIMING
    for message in messages:
        cost += each + sum(count(text, model) for text in message.values())
        cost += named if "name" in message else 0
    return cost


@cache
def _of_model(model: str) -> Encoding:
    return _encoding(encoding_name_for_model(model))


@cache
def _encoding(name: str) -> Encoding:
    with patch.object(openai_public, "load_tiktoken_bpe", _shipped):
        return Encoding(**openai_public.ENCODING_CONSTRUCTORS[name]())


def _shipped(url: str, expected_hash: str) -> dict[bytes, int]:
    """Return the ranks of a published file, as our package has them."""
    found = ranks(PurePosixPath(url).stem)
    published = b"".join(b"%s %d\n" % (b64encode(token), rank) for token, rank in found.items())
    assert expected_hash == hashlib.sha256(published).hexdigest()
    return found
