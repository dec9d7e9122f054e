"""Write what the pages in `docs/` tell of the code from the code itself.

A generated part stands between `<!-- generated: NAME -->` and `<!-- /generated -->`; everything around it is
written by hand and left alone.

    python scripts/write_docs.py                    renew every generated part
    python scripts/write_docs.py --check            renew nothing; name what is out of date and end with 1
    python scripts/write_docs.py --official SPEC    first take the operations from OpenAI's OpenAPI document (JSON)
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from parts import endpoints, eras, programs, scenarios, unverified

DOCS = Path(__file__).parents[1] / "docs"
PART = re.compile(r"(<!-- generated: (?P<name>.+?) -->\n).*?(<!-- /generated -->)", re.DOTALL)
PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "commands": programs.commands,
    "control routes": programs.control_routes,
    "shipped scenarios": scenarios.titles,
    "scenario keys": scenarios.keys,
    "match keys": scenarios.match_keys,
    "operators": scenarios.operators,
    "endpoint counts": endpoints.counts,
    "endpoints": endpoints.every,
    "calendar of ends": eras.calendar,
    "eras of endpoints": eras.every,
    "not verified": unverified.table_of_notes,
}


def renewed(page: str) -> str:
    """Return a page with its generated parts as the code has them now. Raises KeyError for an unknown part."""
    return PART.sub(lambda found: f"{found[1]}\n" + "\n".join(PARTS[found["name"]]()) + f"\n{found[3]}", page)


def main() -> None:
    """Renew or check every page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, end with 1 if a page is out of date"
    )
    parser.add_argument("--official", type=Path, metavar="SPEC", help="OpenAI's OpenAPI document, as JSON")
    told = parser.parse_args()
    if told.official:
        endpoints.take(told.official)
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
    stale = {path: new for path, text in pages.items() if (new := renewed(text)) != text}
    for path, new in stale.items():
        if told.check:
            print(f"{path.name} is out of date: run python scripts/write_docs.py")
        else:
            path.write_text(new, encoding="utf-8")
            print(f"{path.name} renewed")
    if told.check and stale:
        sys.exit(1)


if __name__ == "__main__":
    main()
