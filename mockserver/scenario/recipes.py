"""Files made by a recipe: rows of one template whose placeholders are invented people, places and sentences.

The same seed, recipe and release of Faker give the same bytes. Only what Faker makes of chance alone is on offer:
its dates depend on the day they are made on.
"""

import importlib
from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mockserver.scenario.parts import Section
from mockserver.scenario.placeholders import fill, unknown_names
from mockserver.scenario.problems import all_of

INVENTED = {
    name: name
    for name in (
        "name",
        "first_name",
        "last_name",
        "user_name",
        "email",
        "phone_number",
        "street_address",
        "postcode",
        "city",
        "country",
        "company",
        "job",
        "catch_phrase",
        "color_name",
        "word",
        "sentence",
        "paragraph",
        "url",
        "ipv4",
    )
} | {"number": "random_int"}
"""A placeholder's name -> what Faker calls it."""

ROW = "row"
"""The placeholder for the number of the row, from 1."""


class Recipe(Section):
    """How to make up a JSONL file."""

    rows: Annotated[int, Field(ge=1, le=1_000_000)]
    """How many lines."""
    template: Annotated[dict[str, Any], Field(min_length=1)]
    """One line. `{name}`, `{city}`, `{sentence}` … in its texts are invented, the same within one line."""

    @model_validator(mode="after")
    def _can_be_invented(self) -> Self:
        all_of((("template", *path), error) for path, error in unknown_names(self.template, {*INVENTED, ROW}))
        return self

    def lines(self, seed: str) -> Iterator[dict[str, Any]]:
        """Yield the rows."""
        faker = importlib.import_module("faker").Faker("en_US")
        faker.seed_instance(seed)
        for row in range(1, self.rows + 1):
            known = {ROW: str(row)}

            def say(name: str, known: dict[str, str] = known) -> str:
                if name not in known:
                    known[name] = str(getattr(faker, INVENTED[name])())
                return known[name]

            yield fill(self.template, say)
