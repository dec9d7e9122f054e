"""What a fault is: a section of a scenario that knows how to go wrong.

Its fields are its settings, its class's name in small letters is what a scenario calls it (`EmptyClose` is
`empty_close`), and subclassing `Fault` is registering it.
"""

import inspect
import re
from abc import abstractmethod
from typing import Any, ClassVar

from mockserver.faults.call import Call
from mockserver.scenario.keys import Facts
from mockserver.scenario.parts import Section

FAULTS: dict[str, type["Fault"]] = {}
"""Every fault that was imported, by name."""


class Fault(Section):
    """One way in which an answer goes wrong. The docstring's first paragraph is what editors and docs say of it."""

    name: ClassVar[str]
    """What a scenario calls it."""
    shorthand: ClassVar[str | None] = None
    """The setting a bare value stands for: with "status", `{status: 503}` is `{status: {status: 503}}`."""
    endpoints: ClassVar[tuple[str, ...]] = ()
    """The only calls it can happen to; left empty: any."""
    example: ClassVar[str]
    """A rule with it, as a scenario writes one in a line."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Register a fault. Raises ValueError when its name is taken."""
        super().__init_subclass__(**options)
        cls.name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
        if cls.name in FAULTS:
            raise ValueError(f"two faults are called '{cls.name}'")
        FAULTS[cls.name] = cls

    @classmethod
    def settings(cls, written: object) -> object:
        """Return the settings of what a scenario says: `true` is all the defaults, a bare value the shorthand."""
        if written is True:
            return {}
        if cls.shorthand is None or isinstance(written, dict | Fault):
            return written
        return {cls.shorthand: written}

    @classmethod
    def about(cls) -> str:
        """Return what the fault does, in the words of its docstring."""
        return inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0]

    def concerns(self, facts: Facts) -> bool:
        """Whether the fault can happen to this request at all; if not, its rule is passed over."""
        return not self.endpoints or facts["endpoint"] in self.endpoints

    @abstractmethod
    async def play(self, call: Call) -> None:
        """Happen to a call. Raises ApiError to answer in the official shape of a refusal."""
