"""Which requests a rule is about.

A match is a mapping of keys, and every one must agree. A bare value means equals; a mapping names operators,
and all of them must hold. The verdict says why not, and carries what the named groups of a regex captured.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from mockserver.scenario.keys import KEYS, Facts, Key
from mockserver.scenario.operators import OPERATORS, schema
from mockserver.scenario.problems import all_of, listed, must_be, refuse, shown, unknown

if TYPE_CHECKING:
    from mockserver.scenario.yaml12 import Path


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key, as written (`operand`) and as compared (`prepared`)."""

    key: Key
    operator: str
    operand: object
    prepared: Any = field(compare=False, repr=False)

    def subject(self, facts: Facts) -> object:
        """Return what is compared: the request's value, without its default if the operator wants it raw."""
        return self.key.given(facts) if OPERATORS[self.operator].raw else self.key.value(facts)

    def holds(self, subject: object) -> object:
        """Return something true-ish when the condition holds; for a regex, its match."""
        operator = OPERATORS[self.operator]
        return (not operator.on_text or isinstance(subject, str)) and operator.test(self.prepared, subject)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a match agrees with a request: the first condition missed and what it saw, or the captures."""

    missed: Condition | None = None
    saw: object = None
    captures: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every condition holds."""
        return self.missed is None

    @property
    def why(self) -> str | None:
        """The first condition that said no, as a sentence; None when all agree."""
        if self.missed is None:
            return None
        saw = "absent" if self.saw is None else shown(self.saw)
        name, operand = self.missed.key.name, self.missed.operand
        operator = OPERATORS[self.missed.operator]
        if operator.raw:
            return f"{name} {operator.denial} {saw}"
        wanted = listed(map(shown, operand)) if isinstance(operand, list) else shown(operand)
        return f"{name} {operator.denial} {wanted}: it is {saw}"


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule asks of a request; nothing asked means every request."""

    conditions: tuple[Condition, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> "Match":
        """Build a match from plain data. Raises ValidationError with every mistake at its place."""
        if isinstance(raw, Match):
            return raw
        if not isinstance(raw, dict):
            raise must_be("a mapping")
        conditions: list[Condition] = []
        problems: list[tuple[Path, PydanticCustomError]] = []
        for name, asked in raw.items():
            if name not in KEYS:
                problems.append(((name,), unknown("key", name, KEYS)))
                continue
            operations = asked if isinstance(asked, dict) else {"equals": asked}
            if not operations:
                problems.append(((name,), must_be(f"a value or operators ({', '.join(OPERATORS)})")))
            for operator, operand in operations.items():
                path = (name, operator) if isinstance(asked, dict) else (name,)
                try:
                    conditions.append(_condition(KEYS[name], operator, operand))
                except PydanticCustomError as error:
                    problems.append((path, error))
        all_of(problems)
        return cls(tuple(conditions))

    def written(self) -> dict[str, dict[str, object]]:
        """Return the match as a scenario writes it, with every operator named."""
        keys: dict[str, dict[str, object]] = {}
        for condition in self.conditions:
            keys.setdefault(condition.key.name, {})[condition.operator] = condition.operand
        return keys

    def check(self, facts: Facts) -> Verdict:
        """Compare with a request; stops at the first condition that does not hold."""
        captures: dict[str, str] = {}
        for condition in self.conditions:
            subject = condition.subject(facts)
            held = condition.holds(subject)
            if not held:
                return Verdict(condition, subject)
            if isinstance(held, re.Match):
                captures |= held.groupdict("")
        return Verdict(captures=captures)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(cls.written)
        return core_schema.no_info_plain_validator_function(cls.parse, ref="Match", serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        keys = {name: schema(key) for name, key in KEYS.items()}
        return {
            "type": "object",
            "description": cls.__doc__,
            "additionalProperties": False,
            "properties": keys,
        }


def _condition(key: Key, operator: str, operand: object) -> Condition:
    """Return a condition. Raises the error that says what is wrong with it."""
    known = OPERATORS.get(operator)
    if known is None:
        raise unknown("operator", operator, OPERATORS)
    if known.on_text and key.kind != "text":
        raise refuse(f"'{operator}' compares text, and {key.name} is not text")
    return Condition(key, operator, operand, known.prepare(key, operand))
