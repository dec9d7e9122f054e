"""Objects and due steps in SQLite, from the standard library.

Objects are JSON documents with a kind, an id and perhaps a parent, in the order they were made. A deleted object
leaves its place in that order behind, so that a page that begins after it still knows where it is.

Everything written inside one `transaction()` is there after a crash, or nothing of it. A file belongs to one process
from the moment it is opened, and is free again when that ends, however it ends.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mockserver.clock import DIGITS
from mockserver.config import UserError
from mockserver.store.step import Due, Step

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, id TEXT NOT NULL, parent TEXT, body TEXT, UNIQUE (kind, id));
CREATE INDEX IF NOT EXISTS objects_by_parent ON objects (kind, parent, seq);
CREATE TABLE IF NOT EXISTS due (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at REAL NOT NULL, owner TEXT NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS due_by_time ON due (at, seq);
CREATE INDEX IF NOT EXISTS due_by_owner ON due (owner, at, seq);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
#: where an object stands in the order, also when it is deleted
PLACE = "(SELECT seq FROM objects WHERE kind = ? AND id = ?)"
#: when a step is due that is not there
NEVER = float("inf")

Object = dict[str, Any]


class StoreError(UserError):
    """The kept state cannot be used; the text says which file and what to do."""


class Store:
    """The objects, due steps and notes of one world; in memory unless given a file."""

    def __init__(self, path: Path | None = None) -> None:
        try:
            self._db = _connect(path)
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{path}: {_said(error)}") from error
        self._depth = 0
        #: when the next step is due, as long as no step has been laid down or taken out since it was asked
        self._earliest: float | None = None

    def close(self) -> None:
        """Close the database; nothing can be asked afterwards."""
        self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside happen together; an inner transaction is part of the outer one."""
        if self._depth:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._earliest = None
            if self._db.in_transaction:  # SQLite itself takes it back when the disk is full
                self._db.execute("ROLLBACK")
            raise
        finally:
            self._depth -= 1

    # --- objects ---------------------------------------------------------------------------------------------------

    def put(self, kind: str, body: Object, *, parent: str | None = None) -> None:
        """Insert or replace the object of that kind whose id is `body["id"]`; a replaced one keeps its place."""
        self._db.execute(
            "INSERT INTO objects (kind, id, parent, body) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            (kind, body["id"], parent, json.dumps(body, ensure_ascii=False)),
        )

    def reserve(self, kind: str, object_id: str) -> bool:
        """Take an id that no object of the kind has or had; False if it is gone. The object may be put later."""
        taken = self._db.execute(
            "INSERT OR IGNORE INTO objects (kind, id, body) VALUES (?, ?, NULL)", (kind, object_id)
        )
        return taken.rowcount == 1

    def get(self, kind: str, object_id: str) -> Object | None:
        """Return the object, or None."""
        row = self._db.execute(
            "SELECT body FROM objects WHERE kind = ? AND id = ? AND body IS NOT NULL",
            (kind, _text(object_id)),
        ).fetchone()
        return json.loads(row[0]) if row else None

    def delete(self, kind: str, object_id: str) -> None:
        """Forget the object's contents, keep its place as a cursor."""
        self._db.execute("UPDATE objects SET body = NULL WHERE kind = ? AND id = ?", (kind, _text(object_id)))

    def all(
        self,
        kind: str,
        *,
        parent: str | None = None,
        after: str | None = None,
        newest_first: bool = False,
        where: Mapping[str, str | int | None] | None = None,
    ) -> Iterator[Object]:
        """Yield objects in order of creation; `where` compares top-level fields; `after` must be a `known` id."""
        conditions = ["kind = ?", "body IS NOT NULL"]
        values: list[str | int | None] = [kind]
        if parent is not None:
            conditions.append("parent = ?")
            values.append(parent)
        if after is not None:
            comparison = "<" if newest_first else ">"
            conditions.append(f"seq {comparison} {PLACE}")
            values += [kind, _text(after)]
        for field, value in (where or {}).items():
            conditions.append(f"json_extract(body, '$.{field}') IS ?")
            values.append(_text(value) if isinstance(value, str) else value)
        order = "DESC" if newest_first else "ASC"
        query = f"SELECT body FROM objects WHERE {' AND '.join(conditions)} ORDER BY seq {order}"  # noqa: S608 - the words are ours, the values are bound
        for row in self._db.execute(query, values):
            yield json.loads(row[0])

    def known(self, kind: str, object_id: str) -> bool:
        """Whether such an object exists or once existed."""
        query = "SELECT 1 FROM objects WHERE kind = ? AND id = ?"
        return self._db.execute(query, (kind, _text(object_id))).fetchone() is not None

    # --- due steps -------------------------------------------------------------------------------------------------

    def schedule(self, owner: str, start: float, plan: Iterable[Step]) -> None:
        """Lay down a plan: each step is due `after` seconds later than the one before, the first after `start`."""
        self._earliest = None
        elapsed, rows = 0.0, []
        for step in plan:
            elapsed += step.after
            rows.append(
                (round(start + elapsed, DIGITS), owner, step.kind, json.dumps(step.data, ensure_ascii=False))
            )
        self._db.executemany("INSERT INTO due (at, owner, kind, data) VALUES (?, ?, ?, ?)", rows)

    def next_due(self, until: float | None = None) -> Due | None:
        """Return the earliest step, if it is due by `until` (any time when None)."""
        if until is not None and self._earliest is not None and until < self._earliest:
            return None
        row = self._db.execute(
            "SELECT seq, at, owner, kind, data FROM due ORDER BY at, seq LIMIT 1"
        ).fetchone()
        self._earliest = row[1] if row else NEVER
        if row is None or (until is not None and row[1] > until):
            return None
        return _due(row)

    def due_of(self, owner: str) -> list[Due]:
        """Return the steps an owner still waits for, in order."""
        query = "SELECT seq, at, owner, kind, data FROM due WHERE owner = ? ORDER BY at, seq"
        return [_due(row) for row in self._db.execute(query, (owner,))]

    def upcoming(self, limit: int) -> list[Due]:
        """Return the next steps of all owners, in order."""
        query = "SELECT seq, at, owner, kind, data FROM due ORDER BY at, seq LIMIT ?"
        return [_due(row) for row in self._db.execute(query, (limit,))]

    def drop(self, step: Due) -> None:
        """Take one step out, because it is being applied."""
        self._earliest = None
        self._db.execute("DELETE FROM due WHERE seq = ?", (step.number,))

    def drop_all(self, owner: str) -> None:
        """Take all steps of an owner out, because what they belong to has ended."""
        self._earliest = None
        self._db.execute("DELETE FROM due WHERE owner = ?", (owner,))

    # --- notes -----------------------------------------------------------------------------------------------------

    def note(self, key: str, value: Any) -> None:
        """Remember one JSON value by name."""
        self._db.execute(
            "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, json.dumps(value)),
        )

    def noted(self, key: str, default: Any = None) -> Any:
        """Return a value noted before."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else default


def _connect(path: Path | None) -> sqlite3.Connection:
    """Return a sound database that is ours alone.

    Raises sqlite3.DatabaseError for one that another process has open, cannot be written or has damaged pages.
    """
    db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, timeout=0)
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        _check(db)
        db.executescript(SCHEMA)
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection) -> None:
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(" ".join(verdict.split()))


def _said(error: sqlite3.DatabaseError) -> str:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
        return "another server keeps its state here; stop it, or give this one a folder of its own"
    return f"the kept state cannot be read ({error}); move it away to start afresh"


def _due(row: tuple[int, float, str, str, str]) -> Due:
    number, at, owner, kind, data = row
    return Due(number, at, owner, kind, json.loads(data))


def _text(value: str) -> str:
    """SQLite stores UTF-8; a lone surrogate from a URL or JSON escape can match nothing and must not raise."""
    return value.encode("utf-8", "replace").decode()
