"""The templates of graders: `{{ item.answer }}` and `{{ sample.output_json.people[0].name }}` in a text.

The official graders guide asks for one of two namespaces, then a variable, then a path "like JSON path"; here
that is keys behind dots and positions in brackets. A string is put in as it is, any other value as JSON; how
the service writes those is not verified.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from pydantic_core import from_json

SAMPLE_VARIABLES = ("output_text", "output_json", "output_tools", "choices", "output_audio")
"""What the guide puts into the `sample` namespace; a graders run knows only the first two."""

_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_VARIABLE = re.compile(r"(item|sample)\.([^.\[\]]+)((?:\.[^.\[\]]+|\[[0-9]{1,9}\])*)")
_STEP = re.compile(r"\.([^.\[\]]+)|\[([0-9]+)\]")


class TemplateError(LookupError):
    """A variable has no value; `flag` is the key of `metadata.errors` that says so."""

    def __init__(self, placeholder: str, flag: str) -> None:
        super().__init__(placeholder)
        self.flag = flag


def namespaces(item: Mapping[str, Any], model_sample: str) -> dict[str, Mapping[str, Any]]:
    """Everything a template may name; `output_json` is there only if the sample is valid JSON."""
    sample: dict[str, Any] = {"output_text": model_sample}
    with suppress(ValueError):
        sample["output_json"] = from_json(model_sample, allow_inf_nan=False)
    return {"item": item, "sample": sample}


def malformed(text: str) -> Iterator[str]:
    """Find the placeholders that can never have a value: no namespace, no variable, none of `sample`'s."""
    for placeholder in _PLACEHOLDER.finditer(text):
        variable = _VARIABLE.fullmatch(placeholder[1].strip())
        if variable is None or (variable[1] == "sample" and variable[2] not in SAMPLE_VARIABLES):
            yield placeholder[0]


def render(text: str, variables: Mapping[str, Mapping[str, Any]]) -> str:
    """Put the values of `namespaces` into a text.

    Raises TemplateError for the first placeholder without a value.
    """
    return _PLACEHOLDER.sub(lambda placeholder: _as_text(_look_up(placeholder[1].strip(), variables)), text)


def _look_up(expression: str, variables: Mapping[str, Mapping[str, Any]]) -> Any:
    variable = _VARIABLE.fullmatch(expression)
    if variable is None:
        raise TemplateError(expression, "invalid_variable_error")
    namespace, name, path = variable.groups()
    if (namespace, name) == ("sample", "output_json") and name not in variables[namespace]:
        raise TemplateError(expression, "sample_parse_error")
    value: Any = variables[namespace]
    for key, index in [(name, ""), *_STEP.findall(path)]:
        if key and isinstance(value, Mapping) and key in value:
            value = value[key]
        elif index and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
        else:
            raise TemplateError(expression, "invalid_variable_error")
    return value


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
