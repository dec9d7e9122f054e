"""What does not fit in a request: pydantic's list of errors, read as a fault of one parameter.

Pydantic tells everything it tried: every error and, in a union, every alternative, named inside the
location. The API tells one thing. So an error becomes a `Misfit` with only parameters in its path; `read`
puts first the one to tell (a missing parameter, else an unknown one, else the first in field order), and
`meant` picks, within a union, the alternative the sender most likely meant.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: pydantic's error type -> the JSON type it asked for, in the API's words
WANTED = {
    "string_type": "string",
    "int_type": "integer",
    "int_parsing": "integer",
    "int_parsing_size": "integer",
    "int_from_float": "integer",
    "float_type": "decimal",
    "float_parsing": "decimal",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "list_type": "array",
    "tuple_type": "array",
    "set_type": "array",
    "dict_type": "object",
    "mapping_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "dataclass_type": "object",
}
#: of these, those whose values are numbers
NUMBERS = frozenset(kind for kind, noun in WANTED.items() if noun in {"integer", "decimal"})
_JSON_TYPES = (
    (bool, "boolean"),  # before int, which it also is
    (int, "integer"),
    (float, "decimal number"),
    (str, "string"),
    (list | tuple, "array"),
    (type(None), "null"),
)
#: where FastAPI says a value came from, in front of its location
_SOURCES = frozenset({"body", "query", "path", "header", "cookie"})
#: what pydantic calls an alternative: a type, a class, anything with brackets or dashes
_LABEL = re.compile(r"str|int|float|bool|none|list|dict|any|[A-Z].*|.*[^\w.].*", re.DOTALL)
_CHOICE = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s,]+""")


class Alternative(str):
    """A step of a location that names no parameter but an alternative of a union."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Misfit:
    """One error of pydantic; `trail` is its location without the source, with the alternatives marked.

    `kind` is pydantic's error type, with three exceptions: an enum is a `literal_error`; a discriminator that
    is unknown or absent is the `literal_error` or `missing` it is to the sender; a long key `key_too_long`.
    """

    kind: str
    trail: tuple[str | int, ...]
    value: Any
    context: Mapping[str, Any]
    text: str

    @property
    def path(self) -> tuple[str | int, ...]:
        """The trail without the alternatives."""
        return tuple(step for step in self.trail if not isinstance(step, Alternative))

    @property
    def param(self) -> str:
        """The path as the API writes it: `messages[0].content`; empty for the request as a whole."""
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path).lstrip(".")

    @property
    def choices(self) -> list[str]:
        """The values a literal allows, each as Python writes it."""
        return [word for word in _CHOICE.findall(self.context.get("expected", "")) if word != "or"]

    @property
    def is_mistyped(self) -> bool:
        """Whether the value is of another JSON type than the one asked for."""
        if self.kind == "literal_error":
            wanted = "string" if self.choices[0].startswith(("'", '"')) else "integer"
            return json_type(self.value) != wanted
        return self.kind in WANTED


def json_type(value: object) -> str:
    """Return the JSON type of `value` in the API's words: a number with a fraction is a "decimal number"."""
    return next((name for types, name in _JSON_TYPES if isinstance(value, types)), "object")


def read(errors: Sequence[Mapping[str, Any]], body: object) -> list[Misfit]:
    """Read pydantic's `errors` in the order of telling; `body` is what was sent, None where unknown.

    In this order the API was seen to answer requests with two faults (recorded 2026-08).
    """
    order = {"missing": 0, "extra_forbidden": 1}
    misfits = [_read(error, body) for error in errors]
    return sorted(misfits, key=lambda misfit: order.get(misfit.kind, 2) if len(misfit.trail) == 1 else 2)


def meant(misfits: Sequence[Misfit], start: int = 0) -> list[Misfit]:
    """Return what there is to say about the parameter to speak of, the foremost first.

    Alternatives of another JSON type than the value's drop out, unless all are. Of the others the sender
    meant the one whose own constants (its role, its type) fit, then the one that fits the most items, then
    the one with the fewest faults. What the rest say about the same parameter is added, so that "not 'user'"
    and "not 'system'" become one list of values; so is a number that would do in place of a word, as for "auto".
    `start` is where in the first trail to look for a union.
    """
    fork = _fork(misfits[0], start)
    if fork is None:
        return [misfits[0]]
    tried = _alternatives(misfits, fork)
    near = [said for said in tried if not any(m.is_mistyped and len(m.trail) == fork + 1 for m in said)]
    if not near:
        return [misfit for said in tried for misfit in said]

    def strangeness(said: list[Misfit]) -> tuple[bool, int, int]:
        is_stranger = any(m.kind == "literal_error" and len(m.trail) == fork + 2 for m in said)
        fitting_items = next((step for step in said[0].trail[fork + 1 :][:1] if isinstance(step, int)), 0)
        return is_stranger, -fitting_items, len(said)

    nearest = min(near, key=strangeness)
    best = meant(nearest, fork + 1)
    rest = (misfit for said in near if said is not nearest for misfit in said)
    numbers = (misfit for said in tried if said not in near for misfit in said if misfit.kind in NUMBERS)
    together = best + [misfit for misfit in (*rest, *numbers) if misfit.path == best[0].path]
    return sorted(together, key=lambda misfit: misfit.is_mistyped)


def unfit_for_all(misfits: Sequence[Misfit], start: int = 0) -> Misfit | None:
    """Return a misfit about the whole value of a union, None where the first misfit is not within one."""
    fork = _fork(misfits[0], start)
    if fork is None:
        return None
    tried = _alternatives(misfits, fork)
    if len(tried) == 1:
        return unfit_for_all(tried[0], fork + 1)
    return next((misfit for said in tried for misfit in said if len(misfit.trail) == fork + 1), None)


def _read(error: Mapping[str, Any], body: object) -> Misfit:
    kind, value, context = error["type"], error.get("input"), error.get("ctx", {})
    loc = tuple(error["loc"])
    if loc and loc[0] in _SOURCES:
        body = body if loc[0] == "body" else None
        loc = loc[1:]
    name = loc[-1:] if kind in {"missing", "extra_forbidden"} else ()
    place = loc[:-1] if name else loc
    goal = {name[0]: value} if kind == "extra_forbidden" else value
    walked = None if body is None else _walk(place, body, goal)
    trail = (_guess(place) if walked is None else walked) + name
    discriminator = context.get("discriminator", "")
    if discriminator.startswith("'") and isinstance(value, Mapping):
        tag = discriminator.strip("'")
        trail, value = (*trail, tag), value.get(tag)
        kind = "literal_error" if kind == "union_tag_invalid" else "missing"
        context = {"expected": context.get("expected_tags", "")}
    elif kind == "enum":
        kind = "literal_error"
    elif kind == "string_too_long" and loc[-1:] == ("[key]",):
        kind = "key_too_long"
    return Misfit(kind, trail, value, context, error["msg"])


def _walk(loc: Sequence[str | int], start: Any, goal: object) -> tuple[str | int, ...] | None:
    """Read `loc` as a way from `start` to `goal` on which an alternative is a step that leads nowhere.

    A discriminated union names its alternatives like parameters, so both readings are tried. None: no way.
    """
    if not loc:
        return () if _is_part(goal, start) else None
    step, rest = loc[0], loc[1:]
    try:
        further = _walk(rest, start[step], goal)
    except (TypeError, LookupError):
        further = None
    if further is not None:
        return (step, *further)
    further = _walk(rest, start, goal) if isinstance(step, str) else None
    return None if further is None else (Alternative(step), *further)


def _is_part(goal: object, found: object) -> bool:
    """Whether `goal` is `found`, or an object with some of its parameters, since models drop nulls first."""
    if isinstance(goal, Mapping) and isinstance(found, Mapping):
        return all(name in found and found[name] == value for name, value in goal.items())
    return goal is found or goal == found


def _guess(loc: Sequence[str | int]) -> tuple[str | int, ...]:
    """Read `loc` by the looks of its steps alone."""
    return tuple(
        Alternative(step) if isinstance(step, str) and _LABEL.fullmatch(step) else step for step in loc
    )


def _fork(misfit: Misfit, start: int = 0) -> int | None:
    """Return the place in the trail, at `start` or later, where a union is entered."""
    steps = enumerate(misfit.trail)
    return next((place for place, step in steps if place >= start and isinstance(step, Alternative)), None)


def _alternatives(misfits: Sequence[Misfit], fork: int) -> list[list[Misfit]]:
    """Return what each alternative says in the union that the first misfit enters at `fork`."""
    found: dict[str | int, list[Misfit]] = {}
    for misfit in misfits:
        if len(misfit.trail) > fork and misfit.trail[:fork] == misfits[0].trail[:fork]:
            found.setdefault(misfit.trail[fork], []).append(misfit)
    return list(found.values())
