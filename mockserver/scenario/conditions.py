"""One condition of a match: an operator on a key, an entry of it, or what a path finds inside its JSON."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from mockserver.scenario import json_path
from mockserver.scenario.keys import Facts, Key
from mockserver.scenario.operators import JSON_PATH, OPERATORS, Operator, WrongItemError
from mockserver.scenario.problems import listed, must_be, refuse, shown, unknown

if TYPE_CHECKING:
    from mockserver.scenario.yaml12 import Path

Why = Callable[[], str]
"""Says why not, if anybody wants to know."""

Captures = dict[str, str]

Wrong = list[tuple["Path", PydanticCustomError]]
"""What is wrong with a match, each mistake with its place in it."""

_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key, as written (`operand`) and as compared (`prepared`)."""

    key: Key
    name: str
    """The operator's name."""
    operand: Any
    prepared: Any

    @property
    def operator(self) -> Operator:
        """How it compares."""
        return OPERATORS[self.name]

    @property
    def identity(self) -> str:
        """The same text for conditions that ask the same."""
        return json.dumps([self.key.name, self.name, self.operand], sort_keys=True)

    def values(self, facts: Facts) -> list[Any]:
        """Return what is compared: the request's values, without their default if the operator wants them raw."""
        found: Any = self.key.given(facts) if self.operator.raw else self.key.value(facts)
        return list(found) if self.key.many else [found]

    def holds(self, values: list[Any]) -> object:
        """Return something true-ish when one of the values will do; for a regex, its match."""
        operator = self.operator
        if operator.raw:
            return operator.test(self.prepared, next((one for one in values if one is not None), None))
        return next(filter(None, (operator.holds(self.prepared, value) for value in values)), None)

    def miss(self, facts: Facts, captures: Captures) -> Why | None:
        """Compare with a request: None if it holds, noting captures; else a function that says why not."""
        values = self.values(facts)
        held = self.holds(values)
        if isinstance(held, re.Match):
            captures |= held.groupdict("")
        return None if held else lambda: self._why(values)

    def _why(self, values: list[Any]) -> str:
        there = [shown(value) for value in values if value is not None] or ["absent"]
        saw = listed([*there[:_MOST_SHOWN], *(["…"] if len(there) > _MOST_SHOWN else [])])
        denial = f"{self.key.name} {self.operator.denial}"
        if self.operator.raw:
            return f"{denial} {saw}"
        wanted = listed(map(shown, self.operand)) if self.name == "in" else shown(self.operand)
        return f"{denial} {wanted}: it is {saw}"


def read(key: Key, asked: object, at: "Path", wrong: Wrong) -> Iterator[Condition]:
    """Yield the conditions under a key of a match, noting at their places those that make no sense."""
    if key.names is None:
        yield from _operations(key, asked, at, wrong)
    elif not isinstance(asked, dict) or not asked:
        wrong.append((at, must_be("a mapping of names")))
    else:
        for name, operations in asked.items():
            yield from _operations(key.entry(name), operations, (*at, name), wrong)


def _operations(key: Key, asked: object, at: "Path", wrong: Wrong) -> Iterator[Condition]:
    if not isinstance(asked, dict):
        yield from _condition(key, "equals", asked, at, wrong)
        return
    if not asked:
        wrong.append((at, must_be(f"a value or operators ({', '.join(OPERATORS)})")))
    for name, operand in asked.items():
        if name == JSON_PATH and key.kind in {"text", "json"}:
            yield from _paths(key, operand, (*at, name), wrong)
        else:
            yield from _condition(key, name, operand, (*at, name), wrong)


def _paths(key: Key, asked: object, at: "Path", wrong: Wrong) -> Iterator[Condition]:
    if not isinstance(asked, dict) or not asked:
        wrong.append((at, must_be("a mapping of paths")))
        return
    for path, operations in asked.items():
        try:
            below = _below(key, path)
        except PydanticCustomError as error:
            wrong.append(((*at, path), refuse(f"a path {error.message()}")))
        else:
            yield from _operations(below, operations, (*at, path), wrong)


def _condition(key: Key, name: str, operand: object, at: "Path", wrong: Wrong) -> Iterator[Condition]:
    try:
        operator = OPERATORS.get(name)
        if operator is None:
            raise unknown("operator", name, (*OPERATORS, JSON_PATH))
        if not operator.suits(key.kind):
            compared, one = ("text", "text") if operator.on_text else ("numbers", "a number")
            raise refuse(f"'{name}' compares {compared}, and {key.name} is not {one}")
        yield Condition(key, name, operand, operator.prepare(key, operand))
    except PydanticCustomError as error:
        wrong.append((at, error))
    except WrongItemError as item:
        wrong.append(((*at, item.index), item.error))


def _below(key: Key, path: str) -> Key:
    """Return the key that asks about what a path leads to inside a key's JSON."""
    steps = json_path.parse(path)

    def take(facts: Facts) -> object:
        found: Any = key.value(facts)
        values = found if key.many else [found]
        return [below for value in values for below in json_path.find(steps, _parsed(value))]

    return Key(f"{key.name} {path}", "json", key.about, take=take, many=True)


def _parsed(value: object) -> object:
    """Return text as the JSON it is; what is no JSON holds nothing."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
