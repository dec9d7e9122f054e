"""Which rule answers a request, why the rules before it did not, and which of its replies is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from mockserver.scenario.keys import Facts
from mockserver.scenario.matchers import Match, Verdict
from mockserver.scenario.models import Reply, ReplyRule


class Rule(Protocol):
    """Anything with a match: training rules, reply rules and those to come."""

    @property
    def match(self) -> Match:
        """Which requests the rule is about."""


R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that was asked and said no: its place in the file (from 0) and its verdict, which says why."""

    index: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Choice(Generic[R]):
    """The rule that answers and its place in the file, what it captured, and the misses before it."""

    rule: R | None = None
    index: int | None = None
    captures: Mapping[str, str] = field(default_factory=dict)
    near_misses: tuple[NearMiss, ...] = ()


class ExhaustedError(LookupError):
    """A rule with `then: error` has given all its replies."""


def choose(rules: Sequence[R], facts: Facts) -> Choice[R]:
    """Return the first rule, in the order of the file, whose match agrees; none: a choice without a rule."""
    misses: list[NearMiss] = []
    for index, rule in enumerate(rules):
        verdict = rule.match.check(facts)
        if verdict.ok:
            return Choice(rule, index, verdict.captures, tuple(misses))
        misses.append(NearMiss(index, verdict))
    return Choice(near_misses=tuple(misses))


def reply(rule: ReplyRule, turn: int) -> Reply:
    """Return what a rule answers for the `turn`-th time (from 0); the caller keeps the count.

    Raises ExhaustedError when the rule is used up and says so.
    """
    replies = rule.turns
    if turn < len(replies):
        return replies[turn]
    match rule.then:
        case "repeat_last":
            return replies[-1]
        case "loop":
            return replies[turn % len(replies)]
        case "error":
            raise ExhaustedError("this rule has given all of its replies")
