"""Draw `docs/demo.svg`, the README's picture: what `mockserver demo` leaves on a terminal.

    python scripts/draw_demo.py
"""

import os
from pathlib import Path

from rich.console import Console

from mockserver.commands.demo import demo

PICTURE = Path(__file__).parents[1] / "docs" / "demo.svg"

if __name__ == "__main__":
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, force_terminal=True, width=82, highlight=False, file=nowhere)
        demo("guide-2023", 6000, console)
        console.save_svg(str(PICTURE), title="mockserver demo")
    print(f"drew {PICTURE}")
