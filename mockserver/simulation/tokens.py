"""Tokens are counted with the model's real encoding, from ranks that ship with the package.

A model's name decides its encoding; an encoding is ranks, a split pattern and special tokens, all three
as published in tiktoken's `tiktoken_ext/openai_public.py`. `tiktoken` does the work but is only ever handed
our own ranks: its registry, which downloads them, is never asked. It is imported, and an encoding built,
by the first call that needs it, so that the server starts quickly.
"""

from __future__ import annotations

import lzma
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tiktoken import Encoding

RANKS_FOLDER = Path(__file__).parents[1] / "data" / "ranks"

# The first match wins. The order matters: davinci-002 is no davinci, gpt-4o no gpt-4.
_FAMILIES = (
    (r".*-edit-001", "p50k_edit"),
    (r"(babbage|davinci)-002", "cl100k_base"),
    (r"code-(?!search-).*|(cushman|davinci)-codex", "p50k_base"),
    (r"(ada|babbage|curie|davinci)(-.*)?|code-search-.*|text-.*-001", "r50k_base"),
    (r"text-davinci-.*", "p50k_base"),
    (r"gpt-4(o|\.).*", "o200k_base"),
    (r"gpt-(3\.5|35|4)(-.*)?|text-embedding-.*", "cl100k_base"),
)
_NEWEST = "o200k_base"

_END_OF_TEXT = "<|endoftext|>"
_END_OF_PROMPT = "<|endofprompt|>"
_FIM_PREFIX, _FIM_MIDDLE, _FIM_SUFFIX = "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>"

_PATTERN_50K = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"
_PATTERN_100K = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
_PATTERN_200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass(frozen=True, slots=True)
class _Recipe:
    """What an encoding is made of: the first `size` ranks of a packed file, a pattern, special tokens."""

    file: str
    size: int
    pattern: str
    special: Mapping[str, int]


_RECIPES = {
    "r50k_base": _Recipe("p50k_base", 50256, _PATTERN_50K, {_END_OF_TEXT: 50256}),
    "p50k_base": _Recipe("p50k_base", 50281, _PATTERN_50K, {_END_OF_TEXT: 50256}),
    "p50k_edit": _Recipe(
        "p50k_base",
        50281,
        _PATTERN_50K,
        {_END_OF_TEXT: 50256, _FIM_PREFIX: 50281, _FIM_MIDDLE: 50282, _FIM_SUFFIX: 50283},
    ),
    "cl100k_base": _Recipe(
        "cl100k_base",
        100256,
        _PATTERN_100K,
        {
            _END_OF_TEXT: 100257,
            _FIM_PREFIX: 100258,
            _FIM_MIDDLE: 100259,
            _FIM_SUFFIX: 100260,
            _END_OF_PROMPT: 100276,
        },
    ),
    "o200k_base": _Recipe(
        "o200k_base", 199998, _PATTERN_200K, {_END_OF_TEXT: 199999, _END_OF_PROMPT: 200018}
    ),
}

# tiktoken 0.14 panics, past every handler, in a run of 999,999 or more white characters.
_LONGEST_BLANK = 900_000
# Texts of so many characters are remembered with their tokens.
_SHORT = 2048
_TOO_BLANK = re.compile(rf"(?<!\s)\s{{{_LONGEST_BLANK}}}")


@lru_cache(maxsize=1024)
def encoding_name(model: str) -> str:
    """Return the name of a model's encoding: one of r50k_base, p50k_base, p50k_edit, cl100k_base, o200k_base.

    A fine-tune and its checkpoints have the encoding of their base model, whether named `base:ft-…` or
    `ft:base:…`. A name of no known family gets o200k_base, the encoding of all since gpt-4o: gpt-4.1, gpt-5,
    the o-series, gpt-oss (whose o200k_harmony differs in special tokens only) and models still to come.
    Families as in tiktoken's `model.py`; for the base models' dated or instruct names not verified.
    """
    base = model.removeprefix("ft:").partition(":")[0]
    return next((name for family, name in _FAMILIES if re.fullmatch(family, base)), _NEWEST)


def ranks(name: str) -> dict[bytes, int]:
    """Unpack the mergeable ranks of an encoding: token → rank, in the order of the ranks.

    A packed file is xz over a count (4 bytes, big-endian), that many token lengths (1 byte each; 0 where a
    rank is left free for a special token) and the bytes of the tokens; r50k_base is the start of p50k_base.
    Raises KeyError for the name of an encoding we do not have.
    """
    recipe = _RECIPES[name]
    raw = lzma.decompress((RANKS_FOLDER / f"{recipe.file}.xz").read_bytes())
    start = 4 + int.from_bytes(raw[:4], "big")
    unpacked = {}
    for rank, length in enumerate(raw[4 : 4 + recipe.size]):
        if length:
            unpacked[raw[start : start + length]] = rank
        start += length
    return unpacked


@cache
def _encoding(name: str) -> Encoding:
    from tiktoken import Encoding  # noqa: PLC0415 -- a server that counts nothing need not load it

    recipe, read = _RECIPES[name], ranks(name)
    encoding = Encoding(
        name, pat_str=recipe.pattern, mergeable_ranks=read, special_tokens=dict(recipe.special)
    )
    read.clear()  # what has been read into its own tables, tiktoken holds on to only for pickling: 23 MiB
    return encoding


def encode(text: str, model: str) -> list[int]:
    """Return the tokens of a text; `<|endoftext|>` and its like in it are ordinary text, as in the API.

    A lone surrogate is taken as U+FFFD. A text with 900,000 white characters in a row is encoded in pieces:
    where they meet its tokens may differ from the real ones, its content does not.
    """
    encode_ordinary = _encoding(encoding_name(model)).encode_ordinary
    if len(text) < _LONGEST_BLANK or not _TOO_BLANK.search(text):
        return encode_ordinary(text)
    return [
        token
        for start in range(0, len(text), _LONGEST_BLANK)
        for token in encode_ordinary(text[start : start + _LONGEST_BLANK])
    ]


def remembered(text: str, model: str) -> tuple[int, ...]:
    """Return the tokens of a text, remembered if it is short: histories and scripted answers come again and again."""
    return _remembered(text, encoding_name(model)) if len(text) <= _SHORT else tuple(encode(text, model))


@lru_cache(maxsize=4096)
def _remembered(text: str, name: str) -> tuple[int, ...]:
    return tuple(_encoding(name).encode_ordinary(text))


def count(text: str, model: str) -> int:
    """Return how many tokens a text has."""
    return len(encode(text, model))


def decode_bytes(tokens: Sequence[int], model: str) -> bytes:
    """Return the bytes of tokens, special ones included; raises KeyError for an id that is no token."""
    try:
        return _encoding(encoding_name(model)).decode_bytes(tokens)
    except OverflowError as error:
        raise KeyError("Invalid token for decoding: not an unsigned 32-bit integer") from error


def is_token(number: int, model: str) -> bool:
    """Whether a number is the id of a token."""
    try:
        decode_bytes([number], model)
    except KeyError:
        return False
    return True


def bytes_of(tokens: Sequence[int], model: str) -> list[bytes]:
    """Return the bytes of each token; raises KeyError for an id that is no token."""
    return _encoding(encoding_name(model)).decode_tokens_bytes(tokens)


def decode(tokens: Sequence[int], model: str) -> str:
    """Return the text of tokens, with U+FFFD where they are not UTF-8; raises as `decode_bytes` does."""
    return decode_bytes(tokens, model).decode(errors="replace")


def split(text: str, model: str) -> list[str]:
    r"""Return the text of each token as `logprobs.tokens` of a completion shows it.

    A token that is not UTF-8 by itself, a part of a character, is shown like `bytes:\xe2\x96`: the bytes that
    are ASCII as they are, the others escaped (so in the /v1/completions answers that Stanford's HELM reads).
    """
    return [
        _shown(token) for token in _encoding(encoding_name(model)).decode_tokens_bytes(encode(text, model))
    ]


def _shown(token: bytes) -> str:
    try:
        return token.decode()
    except UnicodeDecodeError:
        return "bytes:" + token.decode("ascii", "backslashreplace")


def vocabulary_size(model: str) -> int:
    """Return one more than the highest token id; not every id below it need be a token."""
    return _encoding(encoding_name(model)).n_vocab


def end_of_text(model: str) -> int:
    """Return the id of `<|endoftext|>`."""
    return _RECIPES[encoding_name(model)].special[_END_OF_TEXT]
