"""Thousands of rules, ready to be chosen from.

Each rule is filed under one sign that a request for it must bear: a value that few other rules ask for, else four
characters of a text it must contain; or it waits behind a regex of its own. Only the rules that a request bears the
sign of are compared as a whole, in the order of the file, so that an index never says anything else than `choose`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Generic

from mockserver.scenario.conditions import Condition
from mockserver.scenario.keys import Facts, Key
from mockserver.scenario.matchers import Match
from mockserver.scenario.selection import Choice, R, first

#: so many rules may share a value before it is better to look for something else
FEW = 8
#: how many characters a piece of text has
PIECE = 4

Signs = Callable[[Any], set[Hashable]]
"""Returns what a value of a request can be filed under."""


class Index(Generic[R]):
    """An index of rules."""

    def __init__(self, rules: Sequence[R]) -> None:
        self.rules = rules
        self._filed: dict[tuple[str, Signs], tuple[Key, defaultdict[Hashable, list[int]]]] = {}
        self._tested: dict[tuple[str, str], tuple[Condition, list[tuple[Any, int]]]] = {}
        self._always: list[int] = []
        values = Counter((key.name, value) for rule in rules for key, value in _values(rule.match))
        pieces = Counter((key.name, piece) for rule in rules for key, piece in _pieces(rule.match))
        for place, rule in enumerate(rules):
            value = min(_values(rule.match), key=lambda one: values[one[0].name, one[1]], default=None)
            piece = min(_pieces(rule.match), key=lambda one: pieces[one[0].name, one[1]], default=None)
            test = next((one for one in rule.match.conditions if one.operator.on_text), None)
            if value and (test is None or values[value[0].name, value[1]] <= FEW):
                self._file(itself, value, place)
            elif piece:
                self._file(pieces_of, piece, place)
            elif test:
                tested = self._tested.setdefault((test.key.name, test.name), (test, []))
                tested[1].append((test.prepared, place))
            else:
                self._always.append(place)

    def _file(self, signs: Signs, under: tuple[Key, Hashable], place: int) -> None:
        key, sign = under
        self._filed.setdefault((key.name, signs), (key, defaultdict(list)))[1][sign].append(place)

    def choose(self, facts: Facts) -> Choice[R]:
        """Return the first rule, in the order of the file, whose match agrees."""
        places: Sequence[int] = self._always
        if self._filed or self._tested:
            places = sorted({*places, *self._signed(facts), *self._passed(facts)})
        return first(self.rules, places, facts)

    def _signed(self, facts: Facts) -> Iterator[int]:
        for (_, signs), (key, filed) in self._filed.items():
            value: Any = key.value(facts)
            for one in value if key.many else (value,):
                for sign in filed.keys() & signs(one):
                    yield from filed[sign]

    def _passed(self, facts: Facts) -> Iterator[int]:
        for condition, tests in self._tested.values():
            holds = condition.operator.test
            for text in condition.values(facts):
                if isinstance(text, str):
                    yield from [place for prepared, place in tests if holds(prepared, text)]


def itself(value: Any) -> set[Hashable]:
    """Return the value as its only sign."""
    return {value} if isinstance(value, Hashable) else set()


def pieces_of(value: Any) -> set[Hashable]:
    """Return every piece of a text."""
    return (
        {value[at : at + PIECE] for at in range(len(value) - PIECE + 1)} if isinstance(value, str) else set()
    )


def _values(match: Match) -> Iterator[tuple[Key, Hashable]]:
    """Yield every key and value of which a match asks that they are equal."""
    for condition in match.conditions:
        if condition.name == "equals" and isinstance(condition.operand, Hashable):
            yield condition.key, condition.operand


def _pieces(match: Match) -> Iterator[tuple[Key, Hashable]]:
    """Yield every piece of text a match needs, with the key it must be in."""
    for condition in match.conditions:
        match condition.name:
            case "contains" | "starts_with" | "ends_with":
                texts = [condition.operand]
            case "glob":
                texts = re.split(r"[*?]", condition.operand)
            case _:
                continue
        for text in texts:
            for piece in pieces_of(text):
                yield condition.key, piece
