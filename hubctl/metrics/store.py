"""The store: one SQLite file of this account, opened to write or to read.

Owns opening, migrating, the transaction in which rows and cursors move together, and what a damaged
file becomes. What the rows mean is the sources' business.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.metrics import days
from hubctl.metrics.histogram import Collected
from hubctl.metrics.schema import schema
from hubctl.metrics.tables.batch import Batch
from hubctl.metrics.tables.ddl import SEQ, questions_to_all, sqlite_ddl
from hubctl.metrics.tables.migrations import MIGRATIONS
from hubctl.system import database
from hubctl.system.clock import nanoseconds
from hubctl.system.lock import writer_lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubctl.metrics.schema import Scalar, Schema, Table
    from hubctl.system.database import Connection
    from hubctl.system.places import Places

FILE = "metrics.db"
_NOTES_SHOWN = 20


def metrics_path(places: Places) -> str:
    """Where this account's store lies."""
    return f"{places.state}/{FILE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a query found: names of its columns, and rows of SQLite's values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that happened to the store: microseconds since 1970, and one sentence."""

    time: int
    text: str


class Store:
    """An open store. Times are microseconds since 1970 UTC; totals are over rows `counted`."""

    def __init__(self, connection: Connection, path: str, declared: Schema) -> None:
        self.path = path
        self.schema = declared
        self.connection = connection

    def rows(self, sql: str, values: Sequence[Scalar] = ()) -> list[tuple[Scalar, ...]]:
        """All rows of a statement of ours.

        Raises:
            OperationError: the store cannot be read.
        """
        with database.translated(self.path):
            return self.connection.execute(sql, values).fetchall()

    def query(self, sql: str, values: Sequence[Scalar] = ()) -> Answer:
        """What a statement of anybody's finds.

        Raises:
            QueryError: it is wrong, or would do more than read.
        """
        with database.translated(self.path, foreign=True):
            cursor = self.connection.execute(sql, values)
            names = tuple(column[0] for column in cursor.description or ())
            return Answer(columns=names, rows=tuple(cursor.fetchall()))

    def changes(self, table: str, after: int, limit: int) -> list[tuple[Scalar, ...]]:
        """Rows of a table changed after number `after`: the number, then all declared columns.

        They come in the order of their numbers; the last one's is where to go on. A row that
        changes again comes again, so a target has to know rows by their keys.
        """
        names = ", ".join((SEQ, *self.schema.table(table).names))
        return self.rows(
            f"SELECT {names} FROM {table} WHERE {SEQ} > ? ORDER BY {SEQ} LIMIT ?",
            (after, limit),
        )

    def daily(self, table: str, first: str, last: str) -> list[dict[str, Scalar]]:
        """Roll-up rows of the local days from `first` to `last`, both ISO dates and included."""
        name = self.schema.table(table).daily_name
        answer = self.query(
            f"SELECT * FROM {name} WHERE day BETWEEN ? AND ? ORDER BY 1, 2, 3",
            (first, last),
        )
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    def meta(self, key: str, default: str = "") -> str:
        """A fact about the store itself."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(found[0][0]) if found else default

    def number(self, key: str) -> int:
        """A fact about the store itself that is a whole number; 0 where it is not known."""
        return self.whole(self.meta(key, "0"))

    def whole(self, value: Scalar) -> int:
        """A whole number of ours.

        Raises:
            DamagedError: it is none, which the library does not notice.
        """
        try:
            return int(value or 0)
        except (ValueError, OverflowError):
            raise database.damaged(self.path, "a number in it is none") from None

    @property
    def identity(self) -> str:
        """An id of this very database: cursors of exporters belong to it."""
        return self.meta("identity")

    def cursors(self, source: str) -> dict[str, tuple[int, str]]:
        """How far a source was read: name → position and what the source keeps beside it."""
        found = self.rows("SELECT name, position, extra FROM cursors WHERE source = ?", (source,))
        return {str(name): (self.whole(at), str(extra)) for name, at, extra in found}

    def notes(self) -> tuple[Note, ...]:
        """What happened to the store, the newest first."""
        found = self.rows(
            "SELECT time, text FROM notes ORDER BY time DESC LIMIT ?", (_NOTES_SHOWN,)
        )
        return tuple(Note(time=int(at or 0), text=str(text)) for at, text in found)

    @contextlib.contextmanager
    def batch(self) -> Iterator[Batch]:
        """A transaction: all that is put, and the cursors, become true together or not at all.

        Raises:
            OperationError: the store cannot be written; nothing of it was.
        """
        with database.translated(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                made = Batch(self.connection, self.schema)
                yield made
                made.finish()
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def give_back(self) -> None:
        """Make the file as small as what it holds.

        Raises:
            OperationError: it cannot be written.
        """
        with database.translated(self.path):
            # One step gives back one page, and only a script is stepped to its end.
            self.connection.executescript("PRAGMA incremental_vacuum")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


@contextlib.contextmanager
def open_store(path: str, *, write: bool = False, untrusted: bool = False) -> Iterator[Store]:
    """The store at `path`. To read, one that is not there is empty.

    `untrusted` statements can only read from its tables. A damaged file is, when writing, set aside
    and made anew from what can be read of it, and a note says so.

    Raises:
        OperationError: it cannot be opened; when reading, also where it is damaged.
    """
    store = _writable(path) if write else _readable(path)
    try:
        if untrusted:
            database.only_reading(store.connection)
        yield store
    finally:
        store.close()


def _readable(path: str) -> Store:
    connection = database.connect_to_read(path)
    if connection is None:
        return _made(database.connect_to_nothing(), path)
    store = Store(connection, path, schema())
    try:
        if store.rows("SELECT 1 FROM sqlite_master LIMIT 1"):
            _check_version(store)
            return store
    except BaseException:
        store.close()
        raise
    store.close()  # somebody is just making it
    return _made(database.connect_to_nothing(), path)


def _check_version(store: Store) -> None:
    if store.rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
        found = store.number("version")
        if found == store.schema.version:
            return
        if found > store.schema.version:
            raise _too_new(store.path)
    raise OperationError(
        f"{store.path} has not been brought to this version yet",
        hint="run hubctl metrics refresh",
    )


def _too_new(path: str) -> OperationError:
    return OperationError(
        f"{path} was written by a newer hubctl", hint="update hubctl, or move the file away"
    )


def _writable(path: str) -> Store:
    seen = database.identity(path)
    try:
        return _opened(path)
    except database.DamagedError as error:
        make_anew(path, error.message, seen)
        return _opened(path)


def mend(path: str) -> bool:
    """Look through the whole store and make it anew where it is damaged; whether it was.

    Raises:
        OperationError: it cannot be written.
    """
    seen = database.identity(path)
    problem = _problem(path)
    return bool(problem) and make_anew(path, problem, seen)


def make_anew(path: str, problem: str, seen: object) -> bool:
    """Set a store aside and make it anew; not where another process did so since it was `seen`.

    Raises:
        OperationError: it cannot be written.
    """
    from hubctl.metrics.tables.salvage import rebuild

    with writer_lock(f"{path}.anew.lock"):
        if database.identity(path) != seen:
            return False
        rebuild(path, problem, _opened)
    return True


def _problem(path: str) -> str:
    try:
        store = _opened(path)
    except database.DamagedError as error:
        return error.message
    try:
        found = str(store.rows("PRAGMA quick_check(1)")[0][0])
        return "" if found == "ok" else found
    except database.DamagedError as error:
        return error.message
    finally:
        store.close()


def _opened(path: str) -> Store:
    connection = database.connect_to_write(path)
    try:
        return _made(connection, path)
    except BaseException:
        connection.close()
        raise


def _made(connection: Connection, path: str) -> Store:
    """A store whose tables are there and of this version."""
    store = Store(connection, path, schema())
    with database.translated(path):
        connection.create_aggregate("histogram", 1, Collected)  # type: ignore[arg-type]
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if there and "meta" not in there:
            raise database.damaged(path, "it holds something else")
        if not there or _meta(connection).get("version") != str(store.schema.version):
            _migrate(store)
        else:
            for question in questions_to_all(store.schema):
                connection.execute(question)
        _follow_zone(store)
    return store


def _meta(connection: Connection) -> Mapping[str, str]:
    return dict(connection.execute("SELECT key, value FROM meta"))


def _migrate(store: Store) -> None:
    """Make what is missing, and run the migrations that this database has not seen."""
    connection, wanted = store.connection, store.schema.version
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in sqlite_ddl(store.schema):
            connection.execute(statement)
        meta = _meta(connection)
        found = store.whole(meta.get("version", wanted))
        if found > wanted:
            raise _too_new(store.path)
        for version in range(found + 1, wanted + 1):
            for statement in MIGRATIONS.get(version, ()):
                connection.execute(statement)
        _set(connection, "version", str(wanted))
        if "identity" not in meta:
            _set(connection, "identity", f"{nanoseconds():x}")
            _set(connection, "zone", days.zone())
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # which a full disk ends by itself
            connection.execute("ROLLBACK")
        raise


def _set(connection: Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _follow_zone(store: Store) -> None:
    """In another zone days begin at another moment: all whose rows are still here are made anew."""
    now = days.zone()
    if store.meta("zone", now) == now:
        return
    with store.batch() as batch:
        for table in store.schema.tables:
            _forget_days(store.connection, table)
            batch.changed(table)
        _set(store.connection, "zone", now)
        batch.roll_up()


def _forget_days(connection: Connection, table: Table) -> None:
    found = connection.execute(f"SELECT min(time) FROM {table.name}").fetchone()
    if found[0] is not None:
        connection.execute(
            f"DELETE FROM {table.daily_name} WHERE day > ?",
            (days.day_of(found[0]),),
        )
