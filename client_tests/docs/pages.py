"""The pages of the documentation and the fenced blocks on them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WORDS = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

_FENCE = re.compile(r"```(\w*)")
_EXCUSE = re.compile(r"<!-- not run: (.+) -->")
_FILE = re.compile(r"`([\w./-]+\.(?:py|yaml|jsonl))`:")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block and where its first line stands.

    `file` is its name if the line before the block ends with "`name`:"; `excuse` the reason why it is not run.
    """

    page: Path
    line: int
    language: str
    text: str
    file: str | None = None
    excuse: str | None = None

    @property
    def place(self) -> str:
        return f"{self.page.name}:{self.line}"


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page, from top to bottom."""
    before, excuse = "", None
    lines = enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
    for number, line in lines:
        if said := _EXCUSE.fullmatch(line):
            excuse = said[1]
        elif fence := _FENCE.fullmatch(line):
            inside = []
            for _, content in lines:
                if content == "```":
                    break
                inside.append(content)
            file = re.search(rf"{_FILE.pattern}$", before)
            text = "\n".join(inside) + "\n"
            yield Block(page, number + 1, fence[1], text, file and file[1], excuse)
            before, excuse = "", None
        elif line:
            before, excuse = line, None
