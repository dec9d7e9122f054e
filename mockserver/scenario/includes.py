"""A scenario that includes others is one document made of several.

What the including file says comes first: its lists stand before those of the files it includes, in their order, its
mappings are filled up with theirs, and where both say something else, it wins. Every node remembers its own file, so
that a mistake is told where it was made. A file that is included twice counts once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mockserver.scenario.problems import Problem, ScenarioError, problem
from mockserver.scenario.yaml12 import Document, Node, Position

KEY = "include"


@dataclass(frozen=True, slots=True)
class Source:
    """A scenario as it was found: `name` stands for it in messages.

    `path` is whole; it is None for a text, which cannot name files of this machine.
    """

    name: str
    path: Path | None
    document: Document


Find = Callable[[str, Source], Source]
"""Finds what a source includes by that name. Raises ScenarioError."""


def whole(source: Source, find: Find) -> tuple[Document, list[Source]]:
    """Return a scenario with everything it includes, and all the files it is made of. Raises ScenarioError."""
    sources: list[Source] = []
    root = _gathered(source, (source,), find, sources)
    return Document(root), sources


def _gathered(source: Source, chain: tuple[Source, ...], find: Find, seen: list[Source]) -> Node:
    seen.append(source)
    root = source.document.root
    for index, name in _names(root):
        wanted = _found(source, index, name, find)
        if wanted.path in [one.path for one in chain]:
            circle = " → ".join(one.name for one in (*chain, wanted))
            raise ScenarioError([problem(source.document, (KEY, index), f"includes itself: {circle}")])
        if not isinstance(wanted.document.root.value, dict):
            raise ScenarioError([problem(wanted.document, (), "a scenario must be a mapping")])
        if wanted.path not in [one.path for one in seen]:
            root = merged(root, _gathered(wanted, (*chain, wanted), find, seen))
    return root


def _names(root: Node) -> Iterator[tuple[int, str]]:
    """Yield what is included; what else stands there is told as a mistake later."""
    told = root.value.get(KEY) if isinstance(root.value, dict) else None
    for index, name in enumerate(told if isinstance(told, list) else ()):
        if isinstance(name, str):
            yield index, name


def _found(source: Source, index: int, name: str, find: Find) -> Source:
    """Find one file; that it cannot be read is a mistake of whoever includes it, what is in it is its own."""
    try:
        return find(name, source)
    except ScenarioError as error:
        place = problem(source.document, (KEY, index), "")
        raise ScenarioError(
            Problem(place.file, place.line, place.column, f"cannot include '{name}': {one.message}", one.hint)
            if one.line is None
            else one
            for one in error.problems
        ) from None


def merged(own: Node, other: Node) -> Node:
    """Return a node with what another one adds to it."""
    if isinstance(own.value, list) and isinstance(other.value, list):
        nodes = [node for _, node in (*own.entries.values(), *other.entries.values())]
        entries: dict[str | int, tuple[Position, Node]] = {i: (n.position, n) for i, n in enumerate(nodes)}
        return replace(own, value=[*own.value, *other.value], entries=entries)
    if isinstance(own.value, dict) and isinstance(other.value, dict):
        both = dict(other.entries)
        for key, (position, node) in own.entries.items():
            both[key] = position, merged(node, both[key][1]) if key in both and key != KEY else node
        ordered = {key: both[key] for key in (*own.entries, *other.entries)}
        return replace(own, value={key: node.value for key, (_, node) in ordered.items()}, entries=ordered)
    return own
