"""Data written down as YAML, so that `yaml12` reads the same data back.

PyYAML quotes what YAML 1.1 would misread; what only YAML 1.2 reads as a number (`1e3`, `0o17`) is quoted here.
"""

import math
import re
from typing import Any

import yaml

from mockserver.scenario.yaml12 import plain

_WIDTH = 110
_TEXT = "tag:yaml.org,2002:str"
#: line breaks of YAML 1.1 alone; outside double quotes they would be folded
_OLD_BREAKS = re.compile("[\x85\u2028\u2029]")


class _Writer(yaml.SafeDumper):
    """Writes every value where it stands, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the parameter is PyYAML's
        return True


class _OneLineWriter(_Writer):
    """Writes text of several lines inside quotes."""


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if plain(text) != text or _OLD_BREAKS.search(text):
        style = '"'
    elif "\n" in text:
        style = '"' if isinstance(writer, _OneLineWriter) else "|"
    return writer.represent_scalar(_TEXT, text, style)


_Writer.add_representer(str, _text)
_OneLineWriter.add_representer(str, _text)


def written(data: Any) -> str:
    """Return data (of dict, list, str, int, float, bool and None) as YAML; what holds only scalars takes one line."""
    return _dumped(data, _Writer, flow=None, width=_WIDTH)


def inline(data: Any) -> str:
    """Return data as YAML on one line, which may stand anywhere inside something larger."""
    return _dumped([data], _OneLineWriter, flow=True, width=math.inf)[len("[") : -len("]\n")]


def _dumped(data: Any, writer: type[_Writer], *, flow: bool | None, width: float) -> str:
    text: str = yaml.dump(
        data, Dumper=writer, default_flow_style=flow, sort_keys=False, allow_unicode=True, width=width
    )
    return text
