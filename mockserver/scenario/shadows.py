"""Rules that can never answer, because an earlier one answers everything they are about.

An earlier rule does so when each of its tests is one of the later rule's own, or holds for the one value the later rule
asks for. There are other ways in which it can be so, but whatever is found here is so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from mockserver.scenario.conditions import Condition
from mockserver.scenario.matchers import Match, Test
from mockserver.scenario.models import Scenario
from mockserver.scenario.problems import Problem, problem
from mockserver.scenario.selection import Rule
from mockserver.scenario.yaml12 import Document


def never_reached(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Yield a warning for each reply and training rule that another one stands before."""
    sections: dict[str, Sequence[Rule]] = {"replies": scenario.replies, "training": scenario.training}
    for section, rules in sections.items():
        for index, earlier in shadowed([rule.match for rule in rules]):
            line, _ = document.position((section, earlier))
            stands = f"{section}[{earlier}] in {document.file((section, earlier))}, line {line}"
            message = f"{section}[{index}] never answers: what it is about is answered by {stands}"
            yield problem(document, (section, index), message)


def shadowed(matches: Sequence[Match]) -> Iterator[tuple[int, int]]:
    """Yield the place of each match that is never reached, and of the one before it."""
    known = Counter(test.identity for match in matches for test in match.tests)
    same: defaultdict[str, list[int]] = defaultdict(list)
    alike: defaultdict[str, list[tuple[Condition, int]]] = defaultdict(list)
    for index, match in enumerate(matches):
        before = [*same[""], *(earlier for test in match.tests for earlier in same[test.identity])]
        for one in _values(match):
            before += [i for test, i in alike[one.key.name] if test.holds([one.operand])]
        covering = [earlier for earlier in before if _covers(matches[earlier], match)]
        if covering:
            yield index, min(covering)
            continue
        rarest = min(match.tests, key=lambda test: known[test.identity], default=None)
        same[rarest.identity if rarest else ""].append(index)
        if isinstance(rarest, Condition):
            alike[rarest.key.name].append((rarest, index))


def _covers(earlier: Match, later: Match) -> bool:
    own = {test.identity for test in later.tests}
    return all(test.identity in own or _follows(test, later) for test in earlier.tests)


def _follows(test: Test, match: Match) -> bool:
    """Whether a test holds for the value a match asks for; who looks without defaults may still see nothing there."""
    return (
        isinstance(test, Condition)
        and not test.operator.raw
        and any(one.key.name == test.key.name and test.holds([one.operand]) for one in _values(match))
    )


def _values(match: Match) -> Iterator[Condition]:
    return (condition for condition in match.conditions if condition.name == "equals")
