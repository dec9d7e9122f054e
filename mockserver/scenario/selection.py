"""Which rule answers a request, why the others do not, and which of its replies is next.

The first rule, in the order of the file, whose match agrees is the one. Who has thousands of rules asks an `Index`
(`index.py`), which says the same sooner.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Protocol, TypeVar

from mockserver.scenario import conversation
from mockserver.scenario.keys import Facts
from mockserver.scenario.matchers import Match, Verdict
from mockserver.scenario.models import Reply, ReplyRule, Scenario


class Rule(Protocol):
    """Anything with a match: training rules, reply rules and those to come."""

    @property
    def match(self) -> Match:
        """Which requests the rule is about."""


R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Choice(Generic[R]):
    """The rule that answers and its place in the file (from 0), and what it captured."""

    rule: R | None = None
    index: int | None = None
    captures: Mapping[str, str] = field(default_factory=dict)


class Explained(NamedTuple):
    """What one rule says to a request: its place in the file (from 0), and that it answers or why it does not."""

    place: int
    verdict: str


class ExhaustedError(LookupError):
    """A rule with `then: error` has given all its replies."""


def choose(rules: Sequence[R], facts: Facts) -> Choice[R]:
    """Return the first rule, in the order of the file, whose match agrees; none: a choice without a rule."""
    return first(rules, range(len(rules)), facts)


def first(rules: Sequence[R], places: Iterable[int], facts: Facts) -> Choice[R]:
    """Return the first of the rules at these places whose match agrees."""
    for index in places:
        verdict = rules[index].match.check(facts)
        if verdict.ok:
            return Choice(rules[index], index, verdict.captures)
    return Choice()


def verdicts(rules: Sequence[Rule], facts: Facts) -> list[Verdict]:
    """Return what each rule says to a request."""
    return [rule.match.check(facts) for rule in rules]


def explain(scenario: Scenario, facts: Facts) -> list[Explained]:
    """Return what every reply rule says to a request, in the order of the file."""
    said = verdicts(scenario.replies, facts)
    answers = next((index for index, verdict in enumerate(said) if verdict.ok), None)

    def words(index: int, verdict: Verdict) -> str:
        if verdict.why is not None:
            return verdict.why
        return "answers" if index == answers else f"would answer, but replies[{answers}] comes first"

    return [Explained(index, words(index, verdict)) for index, verdict in enumerate(said)]


def counted_for(rule: ReplyRule, facts: Facts) -> str:
    """Return whose turns a request counts among, by what the rule counts `per`.

    A conversation is a key's, and begins with the user's first message or, without messages, with the prompt. A job is
    that of the model (`job` among the facts), or the model itself if no job has made it.
    """
    match rule.per:
        case "key":
            return str(facts.get("key"))
        case "job":
            return str(facts.get("job") or facts.get("model"))
        case "conversation":
            return f"{facts.get('key')}\0{conversation.opening(facts)}"


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
