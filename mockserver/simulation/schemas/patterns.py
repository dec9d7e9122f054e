"""Texts that match a regular expression, made by walking its parse tree.

The tree is Python's own: the parser behind `re` is not a public module, so it is imported by name in one place and
read by the names of its nodes. Lookarounds are not solved but tried: what was made is searched with the whole
expression, and made again, from more characters, until it matches.
"""

import re
import string
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.chance import Random

_ATTEMPTS = 80
_PATIENCE = 10  # attempts with readable characters only
_MORE = 4  # how often an open repeat is repeated beyond what it must, at first
_REPEATS = 4_000  # in one text: a short expression can ask for more than a machine can hold

_READABLE = string.ascii_lowercase
_ALPHABET = string.ascii_letters + string.digits + "_-.@!#%&+=,:;/ "
_CATEGORIES = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_WORD": string.ascii_letters + string.digits + "_",
    "CATEGORY_SPACE": " ",
}
_SURROGATES = range(0xD800, 0xE000)
# `(?<name>` and `\\k<name>`, which Python writes in its own way
_NAMED_GROUP = re.compile(r"\(\?<(?![=!])")
_NAMED_AGAIN = re.compile(r"\\k<(\w+)>")


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of JSON Schema, which is JavaScript's, as Python knows it. Raises re.error if it cannot be."""
    return re.compile(_translated(pattern))


def matching(pattern: str, rng: "Random", least: int = 0, most: int | None = None) -> str | None:
    """Return a text in which a pattern is found, of `least` to `most` characters; None if none was found."""
    wanted, tree, more = compiled(pattern), _tree(pattern), _MORE
    for attempt in range(_ATTEMPTS):
        writer = _Writer(rng, more, _READABLE if attempt < _PATIENCE else _ALPHABET)
        text = writer.write(tree)
        if len(text) < least:
            more = min(_REPEATS, 2 * more)
            text += (text[-1:] or "a") * (least - len(text))
        for found in (text, text + writer.ahead):
            if wanted.search(found[:most]):
                return found[:most]
    return None


def _translated(pattern: str) -> str:
    return _NAMED_AGAIN.sub(r"(?P=\1)", _NAMED_GROUP.sub("(?P<", pattern))


@lru_cache(maxsize=512)
def _tree(pattern: str) -> Sequence[tuple[Any, Any]]:
    parsed: Sequence[tuple[Any, Any]] = import_module("re._parser").parse(_translated(pattern))
    return parsed


class _Writer:
    """Writes one text; what a group has written can be referred to."""

    def __init__(self, rng: "Random", more: int, alphabet: str) -> None:
        self._rng = rng
        self._more = more
        self._alphabet = alphabet
        self._groups: dict[int, str] = {}
        self._repeats = _REPEATS
        #: what lookaheads ask for, which is worth a try behind everything else
        self.ahead = ""

    def write(self, tree: Sequence[tuple[Any, Any]]) -> str:
        """Return a text for a parse tree; an anchor is nothing that could be written."""
        return "".join(
            write(self, argument) for operation, argument in tree if (write := _WRITERS.get(str(operation)))
        )

    def literal(self, code: int) -> str:
        return chr(code)

    def other_literal(self, code: int) -> str:
        return self._other_than(chr(code))

    def anything(self, _: None) -> str:
        return self._rng.choice(self._alphabet)

    def branch(self, argument: Any) -> str:
        return self.write(self._rng.choice(argument[1]))

    def group(self, argument: Any) -> str:
        text = self._groups[argument[0]] = self.write(argument[-1])
        return text

    def repeat(self, argument: Any) -> str:
        least, most, repeated = argument
        times = self._rng.randint(least, max(least, min(int(most), least + self._more)))
        written: list[str] = []
        while len(written) < times and self._repeats > 0:
            self._repeats -= 1
            written.append(self.write(repeated))
        return "".join(written)

    def look_ahead(self, argument: Any) -> str:
        direction, wanted = argument
        if direction > 0:
            self.ahead += self.write(wanted)
        return ""

    def again(self, group: int) -> str:
        return self._groups.get(group, "")

    def if_group(self, argument: Any) -> str:
        group, there, absent = argument
        return self.write(there if group in self._groups else absent or ())

    def one_of(self, members: Sequence[tuple[Any, Any]]) -> str:
        if str(members[0][0]) == "NEGATE":
            return self._other_than("".join(map(self._members, *zip(*members[1:], strict=True))))
        return self._rng.choice(self._members(*self._rng.choice(members)))

    def _members(self, operation: Any, argument: Any) -> str:
        """Return the characters that a part of a class stands for; of a wide range those that are readable."""
        match str(operation):
            case "LITERAL":
                return chr(argument)
            case "RANGE":
                low, high = argument
                return (
                    "".join(letter for letter in _ALPHABET if low <= ord(letter) <= high)
                    or "".join(
                        chr(code) for code in range(low, min(high, low + 64) + 1) if code not in _SURROGATES
                    )
                    or chr(high)
                )
        name = str(argument)
        if known := _CATEGORIES.get(name):
            return known
        negated = _CATEGORIES.get(name.replace("_NOT_", "_"), "")
        return "".join(letter for letter in _ALPHABET if letter not in negated)

    def _other_than(self, forbidden: str) -> str:
        allowed = [letter for letter in self._alphabet if letter not in forbidden] or [
            letter for letter in string.printable if letter not in forbidden
        ]
        return self._rng.choice(allowed or ["\u00e9"])


_WRITERS: Mapping[str, Callable[[_Writer, Any], str]] = {
    "LITERAL": _Writer.literal,
    "NOT_LITERAL": _Writer.other_literal,
    "ANY": _Writer.anything,
    "IN": _Writer.one_of,
    "BRANCH": _Writer.branch,
    "SUBPATTERN": _Writer.group,
    "ASSERT": _Writer.look_ahead,
    "ATOMIC_GROUP": _Writer.write,
    "MAX_REPEAT": _Writer.repeat,
    "MIN_REPEAT": _Writer.repeat,
    "POSSESSIVE_REPEAT": _Writer.repeat,
    "GROUPREF": _Writer.again,
    "GROUPREF_EXISTS": _Writer.if_group,
}
