"""Cursor pages, as every list of the API gives them."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Literal

from mockserver import errors
from mockserver.store import Store

Order = Literal["asc", "desc"]


def page(
    store: Store,
    kind: str,
    *,
    limit: int,
    after: str | None = None,
    order: Order = "desc",
    parent: str | None = None,
    where: Mapping[str, str | int | None] | None = None,
    keep: Callable[[dict[str, Any]], bool] | None = None,
) -> tuple[list[dict[str, Any]], bool]:
    """Return up to `limit` objects behind the cursor, and whether more follow.

    `keep` says which objects belong to the list at all. Raises ApiError 400 for a cursor that never existed.
    """
    if after is not None and not store.known(kind, after):
        raise errors.unknown_cursor(after)
    found: Iterable[dict[str, Any]] = store.all(
        kind, parent=parent, after=after, newest_first=order == "desc", where=where
    )
    rows = list(islice(filter(keep, found) if keep else found, limit + 1))
    return rows[:limit], len(rows) > limit
