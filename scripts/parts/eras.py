"""The dated table of the API: which endpoint was served when, what came to an end on which day, and who says so."""

from collections import defaultdict
from collections.abc import Iterator

from parts.markdown import table

from mockserver.simulation import catalogue, eras
from mockserver.simulation.eras import Endpoint

ANSWERS: dict[eras.Answer, str] = {
    "invalid_url": "404 `Invalid URL (…)`",
    "unknown_url": "404 `Unknown request URL: …`",
    "training_not_available": "403 `training_not_available`",
}
#: the calendar begins with the year in which this was written; what came before is in the other tables
CALENDAR_SINCE = "2026-01-01"


def every() -> Iterator[str]:
    """Yield every endpoint, the earliest first."""
    rows = (
        (
            f"`{row.endpoint}`",
            _day(row, "since", "before 2022"),
            _day(row, "until", ""),
            _then(row),
            ", ".join(map(_source, row.sources)),
            row.note or "",
        )
        for row in eras.endpoints()
    )
    return table(("endpoint", "since", "gone on", "then", "sources", ""), rows)


def calendar() -> Iterator[str]:
    """Yield what ends on each day: endpoints, models, models tuned from a base, the training of a base."""
    ends: dict[str, list[str]] = defaultdict(list)
    for row in eras.endpoints():
        if row.until:
            ends[row.until].append(f"**`{row.endpoint}`**")
    models = {model.id: model.shutdown for model in catalogue.all_models().values() if model.shutdown}
    for name, day in models.items():
        ends[day].append(f"`{name}`")
    for name, day in models.items():
        tuned = eras.shutdown(f"ft:{name}:") or day
        if tuned != day:
            ends[tuned].append(f"models tuned from `{name}`")
    rows = ((day, ", ".join(ends[day])) for day in sorted(ends) if day >= CALENDAR_SINCE)
    return table(("day", "gone"), rows)


def _day(row: Endpoint, name: str, otherwise: str) -> str:
    return (getattr(row, name) or otherwise) + _doubt(row, name)


def _then(row: Endpoint) -> str:
    return ANSWERS[row.then] + _doubt(row, "then") if row.until else ""


def _doubt(row: Endpoint, name: str) -> str:
    return " ?" if name in row.unverified else ""


def _source(name: str) -> str:
    """Return a link to what the table names in short."""
    if name == "deprecations":
        return "[deprecations](https://developers.openai.com/api/docs/deprecations)"
    if name.startswith("client "):
        return (
            f"[{name}](https://github.com/openai/openai-python/releases/tag/v{name.removeprefix('client ')})"
        )
    if name.startswith("https://"):
        return f"[announcement]({name})"
    return f"[{name}](https://github.com/{name.replace('#', '/issues/')})"
