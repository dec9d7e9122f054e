"""What a scenario can say, as the code that reads one knows it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from parts.markdown import table
from pydantic import TypeAdapter

from mockserver.faults.base import FAULTS
from mockserver.scenario import models
from mockserver.scenario.durations import Duration, Instant, Size
from mockserver.scenario.keys import KEYS, Key
from mockserver.scenario.loader import load, shipped
from mockserver.scenario.matchers import Match
from mockserver.scenario.operators import OPERATORS
from mockserver.scenario.operators import schema as operator_schema
from mockserver.scenario.written import inline

#: a quantity as a scenario writes it, and the shapes it has in the schema for editors
QUANTITIES: dict[str, list[Any]] = {
    word: TypeAdapter(kind).json_schema()["anyOf"]
    for word, kind in (("duration", Duration), ("moment", Instant), ("size", Size))
}
PLAIN = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "mapping",
    "null": "null",
}
KINDS = {"text": "text", "number": "number", "flag": "true or false", "json": "any value"}


def titles() -> Iterator[str]:
    """Yield the scenarios in the wheel."""
    return table(("name", "title"), ((f"`{name}`", load(name).title) for name in shipped()))


def keys() -> Iterator[str]:
    """Yield every key of the format, section by section, from the JSON Schema for editors."""
    whole = models.schema()
    kinds = whole["$defs"]
    for title, section in {"scenario": whole, **dict(_sections(kinds, whole))}.items():
        yield f"**{title}**: {section['description']}"
        yield ""
        needed = section.get("required", ())
        rows = (
            (f"`{key}`", _kind(told), "needed" if key in needed else _default(told), _about(kinds, told))
            for key, told in section["properties"].items()
        )
        if section["properties"]:
            yield from table(("key", "value", "left out", "meaning"), rows)


def _sections(kinds: dict[str, Any], section: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the sections below one, each before those inside it; matches and faults have places of their own."""
    elsewhere = {"Match", *(fault.__name__ for fault in FAULTS.values())}
    for told in section["properties"].values():
        for name in re.findall(r'"#/\$defs/(\w+)"', json.dumps(told)):
            if name not in elsewhere:
                yield _words(name), kinds[name]
                yield from _sections(kinds, kinds[name])


def _words(name: str) -> str:
    """Return a class's name as words: `TimelineStep` is a timeline step."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _kind(told: dict[str, Any]) -> str:
    """Say what a value is."""
    if "anyOf" in told:
        choices = [one for one in told["anyOf"] if one != {"type": "null"}]
        quantity = next((word for word, shapes in QUANTITIES.items() if shapes == choices), None)
        return quantity or " or ".join(map(_kind, choices))
    if "$ref" in told:
        return f"*{_words(told['$ref'].rpartition('/')[2])}*"
    if "const" in told or "enum" in told:
        values = told.get("enum", [told.get("const")])
        return " or ".join(f"`{value if isinstance(value, str) else json.dumps(value)}`" for value in values)
    if told.get("type") == "array":
        return f"list of {_kind(told['items'])}"
    return PLAIN.get(told.get("type", ""), "any value")


def _default(told: dict[str, Any]) -> str:
    default = told.get("default", "")
    if default == "":
        return ""
    return f"`{default:g}s`" if _kind(told) == "duration" else f"`{default}`"


def _about(kinds: dict[str, Any], told: dict[str, Any]) -> str:
    """Return the description of a key, which is its section's where it has none of its own."""
    section = kinds.get(told.get("$ref", "").rpartition("/")[2], {})
    return str(told.get("description") or section.get("description", ""))


def match_keys() -> Iterator[str]:
    """Yield everything a match can ask about."""
    return table(
        ("key", "value", "meaning"), ((f"`{key.name}`", _asked(key), key.about) for key in KEYS.values())
    )


def _asked(key: Key) -> str:
    """Say what values of a key are compared with."""
    value = " or ".join(f"`{word}`" for word in key.words) or KINDS[key.kind]
    return f"{value}, by name" if key.names else value


def operators() -> Iterator[str]:
    """Yield every operator, with a condition that does not hold and what is said of it."""
    request = {"prompt": "rain", "temperature": 0.5}
    rows = []
    for name, operator in OPERATORS.items():
        asked = "temperature" if operator.on_numbers else "prompt"
        condition, why = next(_misses(name, asked, request))
        about = "text" if operator.on_text else "numbers" if operator.on_numbers else "every key"
        rows.append((f"`{name}`", about, f"`{condition}`", why))
    return table(("operator", "for", "example", "why a request with the prompt `rain` does not match"), rows)


def _misses(operator: str, asked: str, request: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Yield conditions that a request does not meet, as a scenario writes them, and why."""
    shapes = operator_schema(KEYS[asked])["anyOf"][1]["properties"]
    examples: dict[str, list[Any]] = {
        "string": ["sun"],
        "array": [["sun", "sea"]],
        "boolean": [True],
        "number": [0, 1],
    }
    for example in examples[shapes[operator]["type"]]:
        verdict = Match.parse({asked: {operator: example}}).check(request)
        if verdict.why:
            yield f"{asked}: {inline({operator: example})}", verdict.why
