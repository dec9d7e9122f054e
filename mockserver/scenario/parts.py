"""What every part of a scenario is made of: the section (a strict mapping) and the id."""

import re
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from mockserver.scenario.problems import all_of, listed, must_be, refuse


class Section(BaseModel):
    """A mapping of a scenario file: no unknown keys, no silent conversions, never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)

    one_of: ClassVar[tuple[str, ...]] = ()
    """Keys of which exactly one is given."""

    @property
    def chosen(self) -> str:
        """The one key of `one_of` that is given."""
        return next(name for name in self.one_of if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [name for name in self.one_of if getattr(self, name) is not None]
        if self.one_of and not given:
            raise refuse(f"one of {listed(self.one_of)} is needed")
        all_of(((name,), refuse(f"'{name}' and '{given[0]}' exclude each other")) for name in given[1:])
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        described = handler.resolve_ref_schema(handler(schema))
        if cls.one_of:
            described["oneOf"] = [{"required": [name]} for name in cls.one_of]
        return described


def like(pattern: str, expected: str) -> AfterValidator:
    """Return a check that a whole text has this form; `expected` says so in words."""
    form = re.compile(pattern)

    def check(value: str) -> str:
        if form.fullmatch(value):
            return value
        raise must_be(expected)

    return AfterValidator(check)


def begins_with(*prefixes: str) -> AfterValidator:
    """Return a check for ids: one of the prefixes and then letters, digits, `-` and `_`, at least one."""
    return like(rf"({'|'.join(prefixes)})[A-Za-z0-9_-]+", f"an id that begins with {listed(prefixes)}")


FileId = Annotated[str, begins_with("file-")]
"""The id of a file, `file-…`."""
