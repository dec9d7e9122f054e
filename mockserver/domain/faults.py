"""The fault rules of a world: which of them strikes a request, and how often each has done so.

Rules that were added while the world runs are asked before those of its scenario. They and the counts go with the
scenario: another one or a reset begins without. No file keeps them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from mockserver.chance import Random
from mockserver.facts import Facts
from mockserver.faults.rule import FaultRule
from mockserver.world import World

#: how many calls are remembered for clients that do not count their retries
REMEMBERED_CALLS = 10_000
#: the header in which a client counts its retries, from 0
RETRY_COUNT = "x-stainless-retry-count"


@dataclass(slots=True)
class Armed:
    """A rule in its world: `asked` counts the requests it agreed with, `fired` those it struck."""

    id: str
    rule: FaultRule
    asked: int = 0
    fired: int = 0

    @property
    def left(self) -> int | None:
        """How often it may still strike; None: without end."""
        return None if self.rule.times is None else self.rule.times - self.fired

    def agrees(self, facts: Facts, attempt: int) -> bool:
        """Whether a request is one the rule is about, and the rule not used up."""
        return (
            self.left != 0
            and (self.rule.attempts is None or attempt in self.rule.attempts)
            and self.rule.fault.only.concerns(facts)
            and self.rule.match.check(facts).ok
        )


class WorldFaults:
    """Every fault rule of one world, in the order in which they are asked."""

    def __init__(self, world: World) -> None:
        self._chance = world.chance
        self._attempts: dict[bytes, int] = {}
        self._added = 0
        #: the scenario's own rules
        self.told = world.scenario.faults
        self.rules = [Armed(f"scenario-{place}", rule) for place, rule in enumerate(self.told)]

    def add(self, rules: Sequence[FaultRule]) -> None:
        """Put rules in front of all others, in their order."""
        new = [Armed(f"added-{number}", rule) for number, rule in enumerate(rules, self._added)]
        self._added += len(new)
        self.rules = [*new, *self.rules]

    def clear(self) -> int:
        """Take the added rules away again, and return how many there were."""
        count = len(self.rules) - len(self.told)
        self.rules = self.rules[count:]
        return count

    def strike(self, facts: Facts) -> tuple[FaultRule, Random] | None:
        """Return the first rule that strikes a request, and the chance of the strike; counts both."""
        attempt = self._attempt(facts)
        for armed in self.rules:
            if not armed.agrees(facts, attempt):
                continue
            rng = self._chance.stream(f"fault:{armed.id}:{armed.asked}")
            armed.asked += 1
            if rng.random() < armed.rule.probability:
                armed.fired += 1
                return armed.rule, rng
        return None

    def _attempt(self, facts: Facts) -> int:
        """Return the number of this attempt: the client's word, or how often the same call has come."""
        told = int(facts["attempt"])
        if RETRY_COUNT in facts["headers"] or all(armed.rule.attempt is None for armed in self.rules):
            return told
        parts = [facts.get(name) for name in ("key", "method", "path", "query", "body")]
        call = blake2b(repr(parts).encode(), digest_size=16).digest()
        count = self._attempts.pop(call, 0) + 1
        self._attempts[call] = count
        if len(self._attempts) > REMEMBERED_CALLS:
            del self._attempts[next(iter(self._attempts))]
        return count


def of(world: World) -> WorldFaults:
    """Return the rules of a world."""
    found: WorldFaults | None = world.memory.get("faults")
    if found is None or found.told is not world.scenario.faults:
        found = world.memory["faults"] = WorldFaults(world)
    return found
