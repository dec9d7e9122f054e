"""What will happen when: a plan is a list of steps, each of which becomes a due row."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens `after` virtual seconds, counted from the step before it in its plan."""

    after: float
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """A step with its moment (unix seconds), waiting in the store for the clock."""

    number: int
    at: float
    owner: str
    kind: str
    data: dict[str, Any]
