"""How the official API words a request that does not fit: pydantic's errors in, one official refusal out.

It always travels with status 400 and type `invalid_request_error`. There are two eras: "modern" names the
parameter and a code; "2023" is the sentence of python-jsonschema, with param and code null.

Sources: errors quoted verbatim in public issue trackers, and recorded from the API by public conformance
tests, 2023 to 2026. Not verified: strict bounds, a word where a number would do too, a string or array that is
too short but not empty, too few properties, and sentences about the request body as a whole.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mockserver.misfit import NUMBERS, WANTED, Alternative, Misfit, json_type, meant, read, unfit_for_all

Era = Literal["2023", "modern"]

#: pydantic's error type -> (key of its limit, side, end, comparison, python-jsonschema's words for that)
_BOUNDS = {
    "greater_than_equal": ("ge", "below", "minimum", ">=", "less than the minimum of"),
    "greater_than": ("gt", "below", "minimum", ">", "less than or equal to the minimum of"),
    "less_than_equal": ("le", "above", "maximum", "<=", "greater than the maximum of"),
    "less_than": ("lt", "above", "maximum", "<", "greater than or equal to the maximum of"),
}
_LENGTHS = ("string_too_long", "string_too_short", "too_long", "too_short")
_OWN_WORDS = re.compile("Value error, |Assertion failed, ")
_ARRAY = re.compile(r"((?:list\[)+)(?:constrained-)?(\w+)")
_ITEMS = {"str": "string", "literal": "string", "int": "integer", "float": "decimal", "bool": "boolean"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the official error of a request that does not fit says; param and code may be null."""

    message: str
    param: str | None
    code: str | None


def explain(errors: Sequence[Mapping[str, Any]], *, era: Era, body: object = None) -> Refusal:
    """Word the first of pydantic's `errors` (at least one) as the API of the `era` does.

    A location may begin with FastAPI's "body", "query", "path" …, which names no parameter.
    `body` is the JSON that was sent: it tells the parameter `user` from the alternative pydantic calls `user`
    in a discriminated union. Without it, only names that look like types or classes count as alternatives.
    """
    misfits = read(errors, body)
    return _modern(meant(misfits)) if era == "modern" else Refusal(_of_2023(misfits), None, None)


# --- today's words ------------------------------------------------------------------------------------------


def _modern(misfits: Sequence[Misfit]) -> Refusal:
    misfit = misfits[0]
    param = misfit.param or None
    name = f"'{param}'" if param else "the request body"
    if own_words := _own_words(misfit):
        return Refusal(own_words, param, None)
    if misfit.is_mistyped:
        return Refusal(_bad_type(misfits, name), param, "invalid_type")
    if misfit.kind == "literal_error":
        return Refusal(_bad_choice(misfits), param, "invalid_value")
    if sentence := _SENTENCES.get(misfit.kind):
        message, code = sentence(misfit, name)
        return Refusal(message, param, code)
    return Refusal(
        f"Invalid value for {name}: {misfit.text.replace('Input should', 'must', 1)}.", param, None
    )


def _bad_type(misfits: Sequence[Misfit], name: str) -> str:
    first, *others = dict.fromkeys(_wanted(misfit) for misfit in misfits)
    wanted = f"one of {_listed([_one(first), *others], 'or')}" if others else _one(first)
    actual = _one(json_type(misfits[0].value))
    return f"Invalid type for {name}: expected {wanted}, but got {actual} instead."


def _wanted(misfit: Misfit) -> str:
    """Name what was asked for; of an array's items pydantic tells only where it named the alternative."""
    if misfit.kind == "literal_error":
        return ("one of " if len(misfit.choices) > 1 else "") + _listed(misfit.choices, "or")
    noun = WANTED[misfit.kind]
    label = misfit.trail[-1] if misfit.trail else ""
    if noun == "array" and isinstance(label, Alternative) and (array := _ARRAY.search(label)):
        lists, item = array.groups()
        return f"array of {_ITEMS.get(item, 'object')}{'s' if lists == 'list[' else ' arrays'}"
    return noun


def _bad_choice(misfits: Sequence[Misfit]) -> str:
    value, choices = misfits[0].value, _choices(misfits)
    shown = f"'{value}'" if isinstance(value, str) else value
    numbers = [_one(WANTED[misfit.kind]) for misfit in misfits if misfit.kind in NUMBERS]
    if len(choices) == 1:
        return f"Invalid value: {shown}. Value must be {_listed([*dict.fromkeys(numbers), *choices], 'or')}."
    return f"Invalid value: {shown}. Supported values are: {_listed(choices, 'and')}."


def _bound(misfit: Misfit, name: str) -> tuple[str, str]:
    key, side, end, comparison, _ = _BOUNDS[misfit.kind]
    limit = misfit.context[key]
    noun = "integer" if isinstance(limit, int) else "decimal"
    rule = f"Expected a value {comparison} {_number(limit)}, but got {misfit.value} instead."
    return f"Invalid {name}: {noun} {side} {end} value. {rule}", f"{noun}_{side}_{end[:3]}_value"


def _length(misfit: Misfit, name: str) -> tuple[str, str]:
    value, is_long = misfit.value, misfit.kind.endswith("long")
    noun, length = json_type(value), len(value)
    limit = misfit.context["max_length" if is_long else "min_length"]
    ending = "above_max" if is_long else "below_min"
    if noun == "object":
        many, most = ("many", "most") if is_long else ("few", "least")
        rule = f"Expected an object with at {most} {limit} properties, but got an object with {length}"
        message = f"Invalid {name}: too {many} properties. {rule} properties instead."
        return message, f"object_{ending}_properties"
    rule = f"Expected {_one(noun)} with {'maximum' if is_long else 'minimum'} length {limit}, but got"
    if not length:
        return f"Invalid {name}: empty {noun}. {rule} an empty {noun} instead.", f"empty_{noun}"
    fault = f"{noun} too {'long' if is_long else 'short'}"
    return (
        f"Invalid {name}: {fault}. {rule} {_one(noun)} with length {length} instead.",
        f"{noun}_{ending}_length",
    )


def _key_length(misfit: Misfit, _name: str) -> tuple[str, str]:
    key, limit = misfit.value, misfit.context["max_length"]
    owner = misfit.param.removesuffix(f".{key}")
    rule = f"Expected a string with maximum length {limit}, but got a string with length {len(key)} instead."
    message = f"Invalid property name in '{owner}': '{key[:3]}...{key[-3:]}' is too long. {rule}"
    return message, "property_name_above_max_length"


def _pattern(misfit: Misfit, name: str) -> tuple[str, str]:
    rule = f"Expected a string that matches the pattern '{misfit.context['pattern']}'."
    return f"Invalid {name}: string does not match pattern. {rule}", "invalid_value"


_SENTENCES: dict[str, Callable[[Misfit, str], tuple[str, str]]] = {
    "missing": lambda _, name: (f"Missing required parameter: {name}.", "missing_required_parameter"),
    "extra_forbidden": lambda _, name: (f"Unknown parameter: {name}.", "unknown_parameter"),
    "string_pattern_mismatch": _pattern,
    "key_too_long": _key_length,
    **dict.fromkeys(_BOUNDS, _bound),
    **dict.fromkeys(_LENGTHS, _length),
}


# --- the words of 2023 --------------------------------------------------------------------------------------


def _of_2023(misfits: Sequence[Misfit]) -> str:
    if union := unfit_for_all(misfits):
        return f"{union.value!r} is not valid under any of the given schemas{_at(union.path)}"
    said = meant(misfits)
    misfit = said[0]
    if own_words := _own_words(misfit):
        return own_words
    *place, name = misfit.path or ("body",)
    if misfit.kind == "missing":
        is_model = not place and name == "model"
        return (
            "you must provide a model parameter"
            if is_model
            else f"'{name}' is a required property{_at(place)}"
        )
    if misfit.kind == "extra_forbidden":
        return _strangers([m for m in misfits if m.kind == misfit.kind and m.trail[:-1] == misfit.trail[:-1]])
    return _complaint(said)


def _complaint(said: Sequence[Misfit]) -> str:
    misfit = said[0]
    if misfit.kind == "literal_error":
        return f"{misfit.value!r} is not one of [{', '.join(_choices(said))}]{_at(misfit.path)}"
    if complaint := _COMPLAINTS.get(misfit.kind):
        return complaint(misfit) + _at(misfit.path)
    where = f"$.{misfit.param}" if misfit.param else "$"
    return f"'{where}' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference."


def _strangers(misfits: Sequence[Misfit]) -> str:
    names = [str(misfit.path[-1]) for misfit in misfits]
    is_one, place = len(names) == 1, misfits[0].path[:-1]
    if not place:
        return f"Unrecognized request argument{'' if is_one else 's'} supplied: {', '.join(sorted(names))}"
    strangers = ", ".join(f"'{name}'" for name in names) + (" was" if is_one else " were") + " unexpected"
    return f"Additional properties are not allowed ({strangers}){_at(place)}"


def _length_of_2023(misfit: Misfit) -> str:
    is_long, is_object = misfit.kind.endswith("long"), isinstance(misfit.value, Mapping)
    if is_object:
        return f"{misfit.value!r} {'has too many' if is_long else 'does not have enough'} properties"
    return f"{misfit.value!r} is too {'long' if is_long else 'short'}"


_COMPLAINTS: dict[str, Callable[[Misfit], str]] = {
    "string_pattern_mismatch": lambda m: f"{m.value!r} does not match {m.context['pattern']!r}",
    "key_too_long": _length_of_2023,
    **dict.fromkeys(_LENGTHS, _length_of_2023),
    **dict.fromkeys(
        WANTED, lambda m: f"{m.value!r} is not of type '{WANTED[m.kind].replace('decimal', 'number')}'"
    ),
    **dict.fromkeys(
        _BOUNDS, lambda m: f"{m.value} is {_BOUNDS[m.kind][4]} {_number(m.context[_BOUNDS[m.kind][0]])}"
    ),
}


# --- words for both -----------------------------------------------------------------------------------------


def _own_words(misfit: Misfit) -> str | None:
    """Return the text of a validator of ours, None where pydantic speaks."""
    said = _OWN_WORDS.match(misfit.text) if misfit.kind in {"value_error", "assertion_error"} else None
    return misfit.text[said.end() :] if said else None


def _choices(misfits: Sequence[Misfit]) -> list[str]:
    """Return what all the literals among `misfits` allow that are as well typed as the first."""
    like = [m for m in misfits if m.kind == "literal_error" and m.is_mistyped == misfits[0].is_mistyped]
    return list(dict.fromkeys(choice for misfit in like for choice in misfit.choices))


def _at(path: Sequence[str | int]) -> str:
    return f" - '{'.'.join(map(str, path))}'" if path else ""


def _number(limit: float) -> float:
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


def _one(noun: str) -> str:
    """Put the article in front of a noun; values, lists of them and null have none."""
    if noun == "null" or noun.startswith("one of ") or not noun[0].isalpha():
        return noun
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _listed(words: Sequence[str], conjunction: str) -> str:
    if len(words) < 3:  # noqa: PLR2004 - two words take no comma
        return f" {conjunction} ".join(words)
    return f"{', '.join(words[:-1])}, {conjunction} {words[-1]}"
