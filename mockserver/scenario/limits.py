"""How much a world's organization may ask of its models, and spend on them."""

from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import Field

from mockserver.scenario.parts import Section

_AtLeastOne = Annotated[int, Field(ge=1)]


class ModelLimits(Section):
    """What limits the use of some models; a key left out is as for all others."""

    requests_per_minute: _AtLeastOne | None = None
    """How many requests a minute."""
    tokens_per_minute: _AtLeastOne | None = None
    """How many tokens a minute, as a request's size is estimated before it is answered."""
    requests_per_day: _AtLeastOne | None = None
    """How many requests a day."""
    tokens_per_day: _AtLeastOne | None = None
    """How many tokens a day."""


class Limits(ModelLimits):
    """What limits the use of every model, counted for each model on its own, and what may be spent on all of them."""

    requests_per_minute: _AtLeastOne = 10_000
    """How many requests a minute."""
    tokens_per_minute: _AtLeastOne = 2_000_000
    """How many tokens a minute, as a request's size is estimated before it is answered."""
    spend: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """How many USD in a calendar month (UTC); 0 is a quota that is used up; left out: no end."""
    models: dict[str, ModelLimits] = Field(default_factory=dict)
    """Other limits for models by pattern, such as gpt-4*; the first that fits counts, a tuned model as its base."""

    def of(self, base: str) -> ModelLimits:
        """Return the limits of a model and of all that are tuned from it."""
        for pattern, own in self.models.items():
            if fnmatchcase(base, pattern):
                told = own.model_dump(exclude_none=True)
                return ModelLimits(**self.model_dump(include=set(ModelLimits.model_fields)) | told)
        return self
