"""Which requests a rule is about.

A match is a mapping, and everything in it must agree. A key's bare value means equals; a mapping names operators, and
all of them must hold; `header`, `metadata` and `json_path` are asked about entry by entry. `all`, `any` and `not`
compose matches. The verdict says why not, and carries what the named groups of regexes captured.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from mockserver.scenario import conditions
from mockserver.scenario.conditions import Captures, Condition, Why, Wrong
from mockserver.scenario.keys import KEYS, Facts
from mockserver.scenario.operators import schema
from mockserver.scenario.problems import all_of, must_be, unknown

if TYPE_CHECKING:
    from mockserver.scenario.yaml12 import Path

COMPOSED = ("all", "any", "not")
"""The words that make a match of matches."""


class Test(Protocol):
    """Something a request agrees with or not."""

    @property
    def identity(self) -> str:
        """The same text for tests that ask the same."""

    def miss(self, facts: Facts, captures: Captures) -> Why | None:
        """Return None if it holds, noting captures; else a function that says why not."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several matches agrees."""

    matches: "tuple[Match, ...]"

    @property
    def identity(self) -> str:
        """The same text for those that offer the same choice."""
        return f"any {[match.identity for match in self.matches]}"

    def miss(self, facts: Facts, captures: Captures) -> Why | None:
        """Try them in order; the captures are those of the first that agrees."""
        verdicts = []
        for match in self.matches:
            verdict = match.check(facts)
            if verdict.ok:
                captures |= verdict.captures
                return None
            verdicts.append(verdict)
        return lambda: f"not any: {'; '.join(str(verdict.why) for verdict in verdicts)}"


@dataclass(frozen=True, slots=True)
class Not:
    """A match does not agree; what it captures is nobody's."""

    match: "Match"

    @property
    def identity(self) -> str:
        """The same text for those that deny the same."""
        return f"not {self.match.identity}"

    def miss(self, facts: Facts, _captures: Captures) -> Why | None:
        """Ask for the opposite."""
        return (lambda: "what 'not' denies is so") if self.match.check(facts).ok else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a match agrees with a request: why not, or the captures.

    `held` is how many tests held before the one that did not, the measure of a near miss.
    """

    reason: Why | None = None
    captures: Mapping[str, str] = field(default_factory=dict)
    held: int = 0

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return self.reason is None

    @property
    def why(self) -> str | None:
        """The first thing that said no, as a sentence; None when all agree."""
        return self.reason() if self.reason else None


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule asks of a request; nothing asked means every request."""

    asked: Mapping[str, Any] = field(default_factory=dict)
    """The match as the scenario writes it."""
    tests: tuple[Test, ...] = field(default=(), compare=False, repr=False)
    """What has to hold."""

    @classmethod
    def parse(cls, raw: object) -> "Match":
        """Build a match from plain data. Raises ValidationError with every mistake at its place."""
        if isinstance(raw, Match):
            return raw
        wrong: Wrong = []
        match = _match(raw, (), wrong)
        all_of(wrong)
        return match

    def written(self) -> dict[str, Any]:
        """Return the match as a scenario writes it."""
        return dict(self.asked)

    def check(self, facts: Facts) -> Verdict:
        """Compare with a request; stops at the first test that does not hold."""
        captures: Captures = {}
        for held, test in enumerate(self.tests):
            if reason := test.miss(facts, captures):
                return Verdict(reason, held=held)
        return Verdict(captures=captures)

    @property
    def identity(self) -> str:
        """The same text for matches that ask the same."""
        return str(sorted(test.identity for test in self.tests))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions that hold for every request it agrees with."""
        return tuple(test for test in self.tests if isinstance(test, Condition))

    def asks(self) -> "Iterator[tuple[Path, str]]":
        """Yield every key it asks about, after its place in the match as written."""
        return _keys(self.asked, ())

    def captured(self) -> Iterator[str]:
        """Yield the names of everything its regexes can capture."""
        for test in self.tests:
            if isinstance(test, AnyOf):
                for match in test.matches:
                    yield from match.captured()
            elif isinstance(test, Condition) and isinstance(test.prepared, re.Pattern):
                yield from test.prepared.groupindex

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(cls.written)
        return core_schema.no_info_plain_validator_function(cls.parse, ref="Match", serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        keys = {name: schema(key) for name, key in KEYS.items()}
        this = handler(core_schema.definition_reference_schema("Match"))
        several = {"type": "array", "items": this, "minItems": 1}
        composed = {
            "all": {"description": "Matches that must all agree.", **several},
            "any": {"description": "Matches of which one must agree.", **several},
            "not": {"description": "A match that must not agree.", **this},
        }
        return {
            "type": "object",
            "description": cls.__doc__,
            "additionalProperties": False,
            "properties": keys | composed,
        }


def _keys(asked: Mapping[str, Any], at: "Path") -> "Iterator[tuple[Path, str]]":
    for name, below in asked.items():
        here = (*at, name)
        if name == "not":
            yield from _keys(below, here)
        elif name in COMPOSED:
            for index, match in enumerate(below):
                yield from _keys(match, (*here, index))
        else:
            yield here, name


def _match(raw: object, at: "Path", wrong: Wrong) -> Match:
    if not isinstance(raw, dict):
        wrong.append((at, must_be("a mapping")))
        return Match()
    return Match(raw, tuple(test for name, asked in raw.items() for test in _tests(name, asked, at, wrong)))


def _tests(name: str, asked: object, at: "Path", wrong: Wrong) -> Iterator[Test]:
    here = (*at, name)
    match name:
        case "not":
            yield Not(_match(asked, here, wrong))
        case "any":
            yield AnyOf(tuple(_several(asked, here, wrong)))
        case "all":
            for match in _several(asked, here, wrong):
                yield from match.tests
        case _ if name in KEYS:
            yield from conditions.read(KEYS[name], asked, here, wrong)
        case _:
            wrong.append((here, unknown("key", name, (*KEYS, *COMPOSED))))


def _several(asked: object, at: "Path", wrong: Wrong) -> Iterator[Match]:
    if not isinstance(asked, list) or not asked:
        wrong.append((at, must_be("a list of at least 1")))
        return
    for index, raw in enumerate(asked):
        yield _match(raw, (*at, index), wrong)
