"""The maker of values: it walks a schema once, and takes another turn where the one it took leads to no value."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING, Any

from mockserver.simulation.schemas import containers, numbers, strings
from mockserver.simulation.schemas.fit import fits, kinds
from mockserver.simulation.schemas.height import Heights
from mockserver.simulation.schemas.merge import both
from mockserver.simulation.schemas.names import words_of
from mockserver.simulation.schemas.place import NoValueError, Place
from mockserver.simulation.schemas.shape import Schema, misshapen, references, target

if TYPE_CHECKING:
    from mockserver.chance import Random

_LARGEST = 20_000  # values in one: a few kilobytes of schema can ask for more than a machine can hold
_MANY = 500  # values after which the rest is made as small as it may be
_TRIES = 10
_NULL_SHARE = 0.2

# What a schema without a type is about, by the first keyword found in it.
_HINTS = (
    dict.fromkeys(
        ("properties", "required", "additionalProperties", "patternProperties", "minProperties"), "object"
    )
    | dict.fromkeys(("items", "prefixItems", "minItems", "maxItems", "uniqueItems"), "array")
    | dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number")
)
_SCALARS: Mapping[str, Callable[..., Any]] = {
    "string": strings.text,
    "integer": numbers.integer,
    "number": numbers.number,
}


def generate(schema: Schema, rng: "Random") -> Any:
    """Return a JSON value that fits a JSON Schema (draft 2020-12; references must lead to places within it).

    Raises ValueError, whose text is a clause that says why, if the schema is none, if no value fits it, or if none
    was found.
    """
    try:
        if broken := misshapen(schema) or _dead_end(schema):
            raise ValueError(broken.removesuffix("."))
        maker = Maker(schema, rng)
        if maker.heights.of(schema) == inf:
            raise ValueError("it can never be finished: it must contain itself, or allows nothing")
        return maker.make(schema, Place())
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except OverflowError:
        raise ValueError("its numbers are too large") from None


def _dead_end(schema: Schema) -> str | None:
    """Return what is wrong where a reference leads. Raises ValueError if one leads nowhere."""
    ends = (misshapen(target(schema, ref)) for ref in dict.fromkeys(references(schema)))
    return next(filter(None, ends), None)


class Maker:
    """Makes one value of one schema."""

    def __init__(self, root: Schema, rng: "Random") -> None:
        self.rng = rng
        self.heights = Heights(root)
        self._root = root
        self._made = 0

    def make(self, schema: Schema, place: Place) -> Any:
        """Return a value that fits a schema. Raises NoValueError if it allows none, or none was found."""
        self._made += 1
        if self._made > _LARGEST:
            raise ValueError(f"a value that fits would be made of more than {_LARGEST} values")
        merged, place = self._merged(schema, place.hurried() if self._made > _MANY else place)
        if merged is False:
            raise NoValueError("it allows nothing")
        if merged is True:
            merged = {}
        if given := self._given(merged):
            return given[0]
        if "not" in merged:
            return self._unlike(merged, place)
        for choice in ("oneOf", "anyOf"):
            if choice in merged:
                return self._chosen(merged, choice, place)
        return self._typed(merged, place)

    def _merged(self, schema: Schema, place: Place) -> tuple[Schema, Place]:
        """Return a schema with what it refers to and what it joins, and the place one has come to by that."""
        if isinstance(schema, bool) or not ("$ref" in schema or "allOf" in schema):
            return schema, place
        whole: Schema = _without(schema, "$ref", "allOf")
        parts = list(schema.get("allOf", ()))
        if "$ref" in schema:
            place = place.behind(schema["$ref"])
            parts.append(target(self._root, schema["$ref"]))
        for part in parts:
            merged, place = self._merged(part, place)
            whole = both(whole, merged)
        return whole, place

    def _given(self, schema: Mapping[str, Any]) -> list[Any]:
        """Return the value that the schema itself tells: one it demands, an example or a default; none if none."""
        for keyword in ("const", "enum"):
            if keyword in schema:
                demanded = schema["enum"] if keyword == "enum" else [schema["const"]]
                if fitting := self._fitting(demanded, _without(schema, keyword)):
                    return fitting
                raise NoValueError("nothing that is enumerated fits")
        examples = schema.get("examples")
        if isinstance(examples, list) and (offered := self._fitting(examples, schema)):
            return offered
        return self._fitting([schema["default"]], schema) if schema.get("default") is not None else []

    def _fitting(self, values: list[Any], schema: Mapping[str, Any]) -> list[Any]:
        """Return one of some values that fits, whichever; none if there is none."""
        for value in self.rng.sample(values, len(values)):
            if fits(value, schema, self._root):
                return [value]
        return []

    def _unlike(self, schema: Mapping[str, Any], place: Place) -> Any:
        rest = _without(schema, "not")
        for _ in range(_TRIES):
            if not fits(found := self.make(rest, place), schema["not"], self._root):
                return found
        raise NoValueError("nothing was found that does not fit a `not`")

    def _chosen(self, schema: Mapping[str, Any], choice: str, place: Place) -> Any:
        """Return a value of one branch, which in `oneOf` must not fit another."""
        rest, demand = _without(schema, choice), {choice: schema[choice]}
        for _ in range(_TRIES if choice == "oneOf" else 1):
            for branch in self._in_turn(schema[choice], place):
                with suppress(NoValueError):
                    found = self.make({"allOf": [rest, branch]} if rest else branch, place)
                    if choice == "anyOf" or fits(found, demand, self._root):
                        return found
        raise NoValueError(f"no branch of `{choice}` has a value of its own")

    def _in_turn(self, branches: list[Schema], place: Place) -> list[Schema]:
        """Return the branches that can be finished in the order to try: `null` mostly last, when closing first.

        A text comes after a number, because beside one it is mostly that number in writing.
        """
        possible = [branch for branch in branches if self.heights.of(branch) < inf]
        self.rng.shuffle(possible)
        if any(_is(branch, "number") for branch in possible):
            possible.sort(key=lambda branch: _is(branch, "string"))
        if place.closing:
            possible.sort(key=self.heights.of)
        elif self.rng.random() > _NULL_SHARE:
            possible.sort(key=lambda branch: _is(branch, "null"))
        return possible

    def _typed(self, schema: Mapping[str, Any], place: Place) -> Any:
        """Return a value of one of the types that the schema names, of the one it is about if it names none."""
        named = kinds(schema) or [
            next((_HINTS[keyword] for keyword in schema if keyword in _HINTS), "string")
        ]
        if len(named) == 1:
            return self._of_kind(schema, named[0], place)
        for one in self._in_turn([{**schema, "type": kind} for kind in named], place):
            with suppress(NoValueError):
                return self.make(one, place)
        raise NoValueError("none of its types has a value")

    def _of_kind(self, schema: Mapping[str, Any], kind: str, place: Place) -> Any:
        match kind:
            case "null":
                return None
            case "boolean":
                return self.rng.choice((True, False))
            case "object":
                return containers.members(schema, place, self)
            case "array":
                return containers.array(schema, place, self)
        found = _SCALARS[kind](schema, words_of(place.name), self.rng)
        if found is None:
            raise NoValueError(f"no {kind} was found that {place.name or 'it'} allows")
        return found


def _is(schema: Schema, kind: str) -> bool:
    return isinstance(schema, Mapping) and schema.get("type") == kind


def _without(schema: Mapping[str, Any], *keywords: str) -> dict[str, Any]:
    return {keyword: schema[keyword] for keyword in schema if keyword not in keywords}
