"""Draw `docs/demo.svg`, the README's picture: `mockserver demo` as a terminal shows it, in two stills.

python scripts/draw_demo.py
"""

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from mockserver.clock import Clock
from mockserver.commands import demo

PICTURE = Path(__file__).parents[1] / "docs" / "demo.svg"
#: the moments of the log at which the moving picture is held
STILLS = ("Queue number: 10", "Fine-tune succeeded")


@contextlib.contextmanager
def stills(console: Console, clock: Clock) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Stand in for the live display, which a drawing cannot show."""
    progress = demo.Progress(clock)

    def hear(event: dict[str, Any]) -> None:
        progress.hear(event)
        if event["message"].endswith(STILLS):
            console.print(progress)

    yield hear


if __name__ == "__main__":
    demo._told = stills  # noqa: SLF001 - a drawing is made of the demo's own parts
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        recorder = Console(record=True, force_terminal=True, width=82, highlight=False, file=nowhere)
        demo.demo("guide-2023", 600, recorder)
        drawn = recorder.export_svg(title="mockserver demo")
    # rich links its font on the web; a picture of an offline tool asks nobody for anything
    PICTURE.write_text(re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL), encoding="utf-8")
    print(f"drew {PICTURE}")
