"""Find what the code says it does not know: each sentence of a docstring or `#:` comment with "not verified".

The words stand where the fact does, so they are found there and never copied by hand.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parts.markdown import table

PACKAGE = Path(__file__).parents[2] / "mockserver"
SENTENCE_END = re.compile(r"(?<=\.)\s+(?=[A-Z`])")
#: in quotes the words are spoken about, not said
SAID = re.compile(r'(?<!")not verified(?!")', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence: the file in its package, what it is said of (empty: the whole file), and the words."""

    path: str
    owner: str
    sentence: str


def table_of_notes() -> Iterator[str]:
    """Yield every note of the package."""
    rows = (
        (f"[`{note.path}`](../mockserver/{note.path})", note.owner and f"`{note.owner}`", note.sentence)
        for note in notes(PACKAGE)
    )
    return table(("file", "of what", "what it says"), rows)


def notes(package: Path) -> Iterator[Note]:
    """Yield every note of a package, file by file, in their order."""
    for path in sorted(package.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        lines = source.splitlines()
        for owner, text in _texts(ast.parse(source), "", lines):
            for sentence in SENTENCE_END.split(" ".join(text.split())):
                if SAID.search(sentence):
                    yield Note(path.relative_to(package).as_posix(), owner, sentence)


def _texts(node: ast.AST, owner: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield every docstring and comment below a node with the name of what it describes."""
    body: list[ast.stmt] = getattr(node, "body", [])
    described = owner
    for statement in body:
        if comment := _comment_above(statement, lines):
            yield _below(owner, _names(statement)), comment
        match statement:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield described, text
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from _texts(statement, _below(owner, name), lines)
            case _:
                described = _below(owner, _names(statement))


def _comment_above(statement: ast.stmt, lines: list[str]) -> str:
    """Return the block of `#:` lines right above a statement, as text."""
    found: list[str] = []
    for line in reversed(lines[: statement.lineno - 1]):
        if not line.lstrip().startswith("#:"):
            break
        found.append(line.lstrip().removeprefix("#:"))
    return " ".join(reversed(found))


def _names(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def _below(owner: str, name: str) -> str:
    return ".".join(filter(None, (owner, name)))
