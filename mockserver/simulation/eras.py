"""Which endpoints were served on a day, and what the API said on the days they were not.

One dated table, `data/eras.json`; `docs/eras.md` shows it with its sources. A row speaks of every path its pattern
fits: `*` stands for one segment, `/**` at the end for the path itself and everything below it; a method before the
path narrows the row to that method. A request is served on the days that every row which fits it allows, and one
that no row fits on every day. A day begins at midnight UTC: an endpoint is there from its `since` and gone on its
`until`. Dates in the future are those OpenAI has announced; what is not announced stays as it is.

Models retire by the catalogue. Those that were tuned retire with their base, except for the ones whose own day the
table tells; and for some bases the training ended before the model did.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

from mockserver.simulation import catalogue

#: how the API refuses what it does not serve on a day
Answer = Literal["invalid_url", "unknown_url", "training_not_available"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row of the table: a pattern, and the days (ISO dates) from which it is there and on which it is gone.

    `then` is the answer of the days after; on those before, the URL is unknown. `unverified` names what of it all is
    not evidenced by `sources`.
    """

    endpoint: str
    since: str | None = None
    until: str | None = None
    then: Answer = "invalid_url"
    sources: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    note: str | None = None

    def fits(self, method: str, path: str) -> bool:
        """Return whether the row speaks of a request."""
        only, pattern = _compiled(self.endpoint)
        return only in {None, method} and pattern.fullmatch(path) is not None

    def refuses(self, day: str) -> Answer | None:
        """Return what is said on a day on which the endpoint is not there; None when it is."""
        if self.since is not None and day < self.since:
            return "invalid_url"
        return self.then if self.until is not None and day >= self.until else None


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Return every row, the earliest first."""
    return tuple(
        Endpoint(**row | {name: tuple(row.get(name, ())) for name in ("sources", "unverified")})
        for row in _table()["endpoints"]
    )


def refusal(method: str, path: str, as_of: int | None) -> Answer | None:
    """Return what a request is told at a unix time if it is not served then; None as the time is every era at once."""
    if as_of is None:
        return None
    day = _day(as_of)
    answers = (row.refuses(day) for row in endpoints() if row.fits(method, path))
    return next((answer for answer in answers if answer), None)


def shutdown(model_id: str) -> str | None:
    """Return the ISO date on which a model, or one tuned from a base, is gone; None if that is not announced."""
    base = catalogue.base_of(model_id)
    own = _days("tuned_models").get(base) if base != model_id else None
    known = catalogue.all_models().get(base)
    return own or (known.shutdown if known else None)


def is_retired(model_id: str, as_of: int | None) -> bool:
    """Return whether a model has been shut down at a unix time; None as the time is every era at once."""
    day = shutdown(model_id)
    return as_of is not None and day is not None and _day(as_of) >= day


def is_closed_to_training(base: str, as_of: int | None) -> bool:
    """Return whether a model that is still served can no longer be trained at a unix time; None is every era."""
    day = _days("training").get(base)
    return as_of is not None and day is not None and _day(as_of) >= day


@cache
def _table() -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = json.loads(
        (catalogue.DATA / "eras.json").read_text(encoding="utf-8")
    )
    return rows


@cache
def _days(section: str) -> dict[str, str]:
    return {row["base"]: row["until"] for row in _table()[section]}


@cache
def _compiled(endpoint: str) -> tuple[str | None, re.Pattern[str]]:
    method, _, path = endpoint.rpartition(" ")
    segments = re.escape(path).replace(r"/\*\*", "(/.*)?").replace(r"\*", "[^/]+")
    return method or None, re.compile(segments)


def _day(as_of: int) -> str:
    return datetime.fromtimestamp(as_of, UTC).date().isoformat()
