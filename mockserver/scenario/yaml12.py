"""YAML 1.2 (core schema) with positions, on PyYAML's parser.

PyYAML itself speaks YAML 1.1, where `no` is false, `12:30` is 750 and `014` is 12; here they are text, text
and 14. Only its events are used, never its composer: the C composer recurses without a limit, so a file of
brackets would crash the process. A value is made of dict, list, str, int, float, bool and None; it remembers
where it stands. Duplicate keys, keys that are not text, tags, and aliases that unfold to a bomb are refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]
"""The keys and indexes that lead from the top of a file to a value."""

Position = tuple[int, int]
"""Line and column, both from 1."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH = 100
_MAX_UNFOLDED = 10_000
_TEXT_TAGS = {"!", "tag:yaml.org,2002:str"}

_WORDS = dict.fromkeys(("", "~", "null", "Null", "NULL")) | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_NUMBERS = (
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+"), lambda text: int(text, base=0)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(inf|Inf|INF)"), lambda text: float(text.replace(".", ""))),
    (re.compile(r"\.(nan|NaN|NAN)"), lambda _: float("nan")),
)


class YamlError(ValueError):
    """The text is not a YAML document of our kind; `faults` holds a position and a sentence per mistake."""

    def __init__(self, faults: list[tuple[Position, str]]) -> None:
        self.faults = faults
        super().__init__("; ".join(sentence for _, sentence in faults))


@dataclass(frozen=True, slots=True)
class Node:
    """A value, where it starts, and what is inside: the position of each key (or item) and its node.

    `file` is the name of the file it stands in; `size` counts the nodes with every alias unfolded.
    """

    value: Any
    position: Position
    entries: Mapping[str | int, tuple[Position, "Node"]] = field(default_factory=dict)
    size: int = 1
    file: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file, or several in one. A path that leads nowhere stands for the last node it reaches."""

    root: Node

    def has(self, path: Path) -> bool:
        """Return whether the whole path leads somewhere."""
        return len(self._nodes(path)) > len(path)

    def value(self, path: Path) -> Any:
        """Return the plain value at a path."""
        return self._nodes(path)[-1].value

    def file(self, path: Path) -> str:
        """Return the name of the file the value at a path stands in."""
        return self._nodes(path)[-1].file

    def position(self, path: Path) -> Position:
        """Return where the value at a path starts."""
        return self._nodes(path)[-1].position

    def key_position(self, path: Path) -> Position:
        """Return where the key at the end of a path stands; for the item of a list, where the item starts."""
        if not path or not self.has(path):
            return self.position(path)
        return self._nodes(path)[-2].entries[path[-1]][0]

    def _nodes(self, path: Path) -> list[Node]:
        nodes = [self.root]
        for step in path:
            if step not in nodes[-1].entries:
                break
            nodes.append(nodes[-1].entries[step][1])
        return nodes


def parse(text: str, file: str = "") -> Document:
    """Parse one YAML document, from a file of that name; an empty text is the value None. Raises YamlError."""
    reader = _Reader(yaml.parse(text, Loader=_LOADER), file)
    try:
        root = reader.read()
    except yaml.MarkedYAMLError as error:
        wording = " ".join(filter(None, (error.problem, error.context)))
        raise YamlError([(_position(error.problem_mark), f"not YAML: {wording}")]) from None
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
        place = (
            text.index(chr(error.character)) if isinstance(error, yaml.reader.ReaderError) else error.start
        )
        before = text[:place]
        position = before.count("\n") + 1, place - before.rfind("\n")
        raise YamlError([(position, "not YAML: this character is not allowed")]) from None
    if reader.faults:
        raise YamlError(reader.faults)
    return Document(root)


def plain(text: str) -> str | int | float | bool | None:
    """Return what an unquoted scalar means by the core schema (YAML 1.2.2, section 10.3.2)."""
    if text in _WORDS:
        return _WORDS[text]
    for pattern, number in _NUMBERS:
        if pattern.fullmatch(text):
            return number(text)
    return text


class _Reader:
    """Builds nodes from events; notes what is wrong with them and goes on as long as it can."""

    def __init__(self, events: Iterator[yaml.Event], file: str) -> None:
        self.faults: list[tuple[Position, str]] = []
        self._events = events
        self._file = file
        self._anchors: dict[str, Node] = {}
        self._unfolded = 0

    def read(self) -> Node:
        roots = [self._node(event, 1) for event in self._events if isinstance(event, yaml.NodeEvent)]
        if len(roots) > 1:
            self.faults.append((roots[1].position, "a second document; a file holds one"))
        return roots[0] if roots else Node(None, (1, 1), file=self._file)

    def _node(self, event: Any, depth: int) -> Node:
        position = _position(event.start_mark)
        match event:
            case yaml.AliasEvent():
                return self._alias(event.anchor or "", position)
            case yaml.ScalarEvent():
                node = Node(self._scalar(event, position), position, file=self._file)
            case _ if depth > _MAX_DEPTH:
                raise YamlError([(position, f"nested more than {_MAX_DEPTH} levels deep")])
            case yaml.SequenceStartEvent():
                node = self._sequence(position, depth)
            case _:
                node = self._mapping(position, depth)
        if event.anchor:
            self._anchors[event.anchor] = node
        if event.tag and not (isinstance(event, yaml.ScalarEvent) and event.tag in _TEXT_TAGS):
            self.faults.append((position, f"tags are not used here: {event.tag}"))
        return node

    def _scalar(self, event: yaml.ScalarEvent, position: Position) -> Any:
        if event.tag or not event.implicit[0]:
            return event.value
        try:
            return plain(event.value)
        except ValueError as error:  # Python refuses to read integers of more than 4,300 digits
            self.faults.append((position, f"not a usable number: {error}"))
            return event.value

    def _sequence(self, position: Position, depth: int) -> Node:
        nodes = list(self._inside(depth))
        entries: dict[str | int, tuple[Position, Node]] = {i: (n.position, n) for i, n in enumerate(nodes)}
        size = 1 + sum(n.size for n in nodes)
        return Node([n.value for n in nodes], position, entries, size, self._file)

    def _mapping(self, position: Position, depth: int) -> Node:
        entries: dict[str | int, tuple[Position, Node]] = {}
        nodes = self._inside(depth)
        for key, value in zip(nodes, nodes, strict=True):
            if not isinstance(key.value, str):
                self.faults.append((key.position, "a key must be text; put it in quotes"))
            elif key.value in entries:
                first = entries[key.value][0][0]
                self.faults.append((key.position, f"duplicate key '{key.value}' (first on line {first})"))
            else:
                entries[key.value] = key.position, value
        size = 1 + sum(1 + node.size for _, node in entries.values())
        plain_value = {key: node.value for key, (_, node) in entries.items()}
        return Node(plain_value, position, entries, size, self._file)

    def _inside(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield self._node(event, depth + 1)

    def _alias(self, name: str, position: Position) -> Node:
        node = self._anchors.get(name)
        if node is None:
            raise YamlError([(position, f"no anchor &{name} stands before this alias")])
        self._unfolded += node.size
        if self._unfolded > _MAX_UNFOLDED:
            raise YamlError([(position, f"aliases unfold to more than {_MAX_UNFOLDED:,} values")])
        return node


def _position(mark: Any) -> Position:
    return mark.line + 1, mark.column + 1
