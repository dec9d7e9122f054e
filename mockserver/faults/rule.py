"""A fault rule of a scenario: which fault, for which requests, how often.

The settings of all faults are one section with a key for each fault that stands in this package.
"""

import importlib
import pkgutil
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, create_model, model_serializer

from mockserver import faults
from mockserver.faults.base import FAULTS, Fault
from mockserver.scenario.matchers import Match
from mockserver.scenario.parts import Section
from mockserver.scenario.problems import must_be, nearest

Ordinal = Annotated[int, Field(ge=1)]


class _OneFault(Section):
    """A fault by its name, with its settings: a mapping, `true` for the defaults, or the one value that matters."""

    @property
    def only(self) -> Fault:
        """The fault."""
        fault: Fault = getattr(self, self.chosen)
        return fault

    @model_serializer(mode="wrap")
    def _written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {self.chosen: handler(self)[self.chosen]}


def _named(value: object) -> object:
    """Let a name stand for a fault with its defaults."""
    if not isinstance(value, str):
        return value
    if value not in FAULTS:
        raise must_be("a fault: its name, or its name with its settings", nearest(value, FAULTS))
    return {value: True}


def _has_defaults(fault: type[Fault]) -> bool:
    return not any(field.is_required() for field in fault.model_fields.values())


def _key(fault: type[Fault]) -> Any:
    """Return what may stand under a fault's name, and its description."""
    shapes: Any = fault
    if fault.shorthand is not None:
        setting = fault.model_fields[fault.shorthand]
        shapes |= Annotated[setting.annotation, Field(), *setting.metadata]
    if _has_defaults(fault):
        shapes |= Literal[True]
    read = BeforeValidator(fault.settings, json_schema_input_type=shapes)
    return Annotated[fault | None, read, Field(description=fault.about())], None


for _file in pkgutil.iter_modules(faults.__path__):
    importlib.import_module(f"{faults.__name__}.{_file.name}")
_names = tuple(name for name, fault in FAULTS.items() if _has_defaults(fault))

if TYPE_CHECKING:
    OneFault = _OneFault
else:
    OneFault = create_model(
        "OneFault",
        __base__=_OneFault,
        __doc__=_OneFault.__doc__,
        **{name: _key(fault) for name, fault in FAULTS.items()},
    )
    OneFault.one_of = tuple(FAULTS)


class FaultRule(Section):
    """What goes wrong with requests that match. The first rule that strikes counts."""

    match: Match = Match()
    """Which requests; left out: all."""
    times: Ordinal | None = None
    """How many requests it strikes before all is well again; left out: every one."""
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    """How likely it strikes, decided by the world's seed and how many requests have matched."""
    attempt: Ordinal | Annotated[list[Ordinal], Field(min_length=1)] | None = None
    """Which attempts of a call, from 1: as the client counts its retries; else, how often the same call has come."""
    fault: Annotated[OneFault, BeforeValidator(_named, json_schema_input_type=OneFault | Literal[_names])]
    """What goes wrong."""

    @property
    def attempts(self) -> list[int] | None:
        """The attempts it strikes at; None: any."""
        return [self.attempt] if isinstance(self.attempt, int) else self.attempt
