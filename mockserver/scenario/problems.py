"""What can be wrong with a scenario, in words a writer of scenarios understands.

Checks raise `must_be` (a value is not what it has to be; points at the value) or `refuse` (something may not
stand there at all; points at its key), wherever they live. pydantic carries them with their place to
`translate`, which is the only code that knows pydantic's own types of errors.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from mockserver.config import UserError
from mockserver.scenario.yaml12 import Document, Path

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "greater_than_equal": "a number of at least {ge:g}",
    "greater_than": "a number above {gt:g}",
    "less_than_equal": "a number of at most {le:.10g}",
    "too_short": "a list of at least {min_length}",
    "string_too_short": "text of at least {min_length} character",
    "string_too_long": "text of at most {max_length} characters",
    "must_be": "{expected}",
}
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it stands, what it is, and the word that was probably meant (`hint`).

    Line and column count from 1; None is the file as a whole.
    """

    file: str
    line: int | None
    column: int | None
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        hint = f" (did you mean '{self.hint}'?)" if self.hint else ""
        return f"{place}: {self.message}{hint}"


class ScenarioError(UserError):
    """A scenario cannot be used; `problems` holds every mistake found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once, as a reader meets them: file by file, from top to bottom."""
    once = list(dict.fromkeys(problems))
    files = list(dict.fromkeys(problem.file for problem in once))
    return sorted(once, key=lambda p: (files.index(p.file), p.line or 0, p.column or 0, p.message))


def must_be(expected: str, hint: str | None = None) -> PydanticCustomError:
    """Return the error for a value that is not `expected`, a phrase such as "a whole number"."""
    return PydanticCustomError("must_be", "must be {expected}", {"expected": expected, "hint": hint})


def refuse(sentence: str, hint: str | None = None) -> PydanticCustomError:
    """Return the error for a key that may not stand where it stands."""
    return PydanticCustomError("refuse", "{sentence}", {"sentence": sentence, "hint": hint})


def unknown(what: str, word: object, valid: Iterable[str]) -> PydanticCustomError:
    """Return the error for a word that nobody knows, with the nearest of the valid ones."""
    return refuse(f"unknown {what} '{word}'", nearest(word, valid))


def all_of(problems: Iterable[tuple[Path, PydanticCustomError]]) -> None:
    """Raise the errors together, each at its path below the value under validation; none: do nothing."""
    errors = [InitErrorDetails(type=error, loc=path, input=None) for path, error in problems]
    if errors:
        raise ValidationError.from_exception_data("scenario", errors)


def nearest(word: object, words: Iterable[str]) -> str | None:
    """Return the word most like `word`, or None when none is alike."""
    others = [other for other in words if other != word]
    return next(iter(difflib.get_close_matches(str(word), others, n=1)), None)


def listed(words: Iterable[str]) -> str:
    """Return the words as a phrase: `a, b or c`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def shown(value: object) -> str:
    """Return a value as a scenario would write it, shortened to one phrase."""
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case dict():
            return "a mapping" if value else "an empty mapping"
        case list():
            return "a list" if value else "an empty list"
        case _:
            text = repr(value)
            return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 2]}…{text[-1]}"


def translate(error: ValidationError, document: Document, model: type[BaseModel]) -> Iterator[Problem]:
    """Yield pydantic's errors as problems of the files they stand in, one per place.

    A union complains once per branch: complaints about one place become one sentence ("a number or 'auto'"),
    and where one branch got further into the value than the others, only its complaints count.
    """
    places: dict[Path, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        places.setdefault(_path(detail, document), []).append(detail)
    parents = {path[:length] for path in places for length in range(len(path))}
    unknown = {
        (*path[:-1], hint)
        for path, details in places.items()
        if details[0]["type"] == "extra_forbidden" and (hint := nearest(path[-1], _keys(model, path[:-1])))
    }
    for path, details in places.items():
        kind = details[0]["type"]
        if path in parents or (kind == "missing" and path in unknown):
            continue
        message, hint = _sentence(path, details, document, model)
        at_key = kind in {"refuse", "extra_forbidden"}
        yield problem(document, path, message, hint, at_key=at_key)


def problem(
    document: Document, path: Path, message: str, hint: str | None = None, *, at_key: bool = False
) -> Problem:
    """Return what is wrong with the value at a path, or with its key."""
    line, column = document.key_position(path) if at_key else document.position(path)
    return Problem(document.file(path), line, column, message, hint)


def _path(detail: ErrorDetails, document: Document) -> Path:
    """Return where an error stands in the document: its place without pydantic's names for union branches."""
    path: Path = ()
    for step in detail["loc"]:
        if document.has((*path, step)):
            path = (*path, step)
    return (*path, detail["loc"][-1]) if detail["type"] == "missing" else path


def _sentence(
    path: Path, details: list[ErrorDetails], document: Document, model: type[BaseModel]
) -> tuple[str, str | None]:
    """Return what is wrong at one place, and the hint."""
    first, context = details[0], details[0].get("ctx", {})
    if first["type"] == "extra_forbidden":
        return f"unknown key '{path[-1]}'", nearest(path[-1], _keys(model, path[:-1]))
    if first["type"] == "missing":
        return f"'{path[-1]}' is missing", None
    if first["type"] == "refuse":
        return context["sentence"], context["hint"]
    value = document.value(path)
    words = [word for detail in details for word in _words(detail)]
    hints = [detail["ctx"]["hint"] for detail in details if detail["type"] == "must_be"]
    hint = next(filter(None, hints), None) or (nearest(value, words) if isinstance(value, str) else None)
    expected = listed(dict.fromkeys(map(_expectation, details)))
    return f"{_name(path)} must be {expected}, not {shown(value)}", hint


def _words(detail: ErrorDetails) -> list[str]:
    """Return the words a closed set would have accepted."""
    return re.findall(r"'([^']*)'", detail["ctx"]["expected"]) if detail["type"] == "literal_error" else []


def _expectation(detail: ErrorDetails) -> str:
    """Return what one branch of a field would have accepted."""
    context = detail.get("ctx", {})
    if detail["type"] == "literal_error":
        return str(context["expected"]).replace("True", "true")
    return _EXPECTED.get(detail["type"], "valid ({msg})").format(msg=detail["msg"], **context)


def _name(path: Path) -> str:
    """Return how a sentence calls the value at a path: its key, with the number of a list's item."""
    name = ""
    for step in path:
        name = f"{name}[{step}]" if isinstance(step, int) else step
    return name or "a scenario"


def _keys(model: type[BaseModel], path: Path) -> set[str]:
    """Return the keys a mapping at this path may have, by the model's annotations."""
    models = {model}
    for step in path:
        if isinstance(step, str):
            fields = (known.model_fields.get(step) for known in models)
            models = {below for field in fields if field for below in _models(field.annotation)}
    return {name for known in models for name in known.model_fields}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models named anywhere in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
