"""A statement of anybody's, answered page by page within a time: it can only read.

What SQLite refuses, and what takes too long, is told; Control-C ends it at once.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from hubctl.system import database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Store

    Row = tuple[Scalar | bytes, ...]

_PAGE = 1000


class Found:
    """What a statement finds: names of its columns, and its rows as they are found."""

    def __init__(self, path: str, cursor: database.Cursor) -> None:
        self.columns = tuple(column[0] for column in cursor.description or ())
        self._path = path
        self._cursor = cursor

    def pages(self) -> Iterator[list[Row]]:
        """Rows, so many at a time.

        Raises:
            QueryError: it took too long, or a value cannot be computed.
        """
        while page := self._page():
            yield page

    def _page(self) -> list[Row]:
        with database.translated(self._path, foreign=True):
            return self._cursor.fetchmany(_PAGE)


@contextlib.contextmanager
def asked(store: Store, sql: str, seconds: float) -> Iterator[Found]:
    """The answer to a statement over a store that was opened for untrusted ones.

    Raises:
        QueryError: it is wrong, would do more than read, or took longer than `seconds`.
    """
    with database.limited(store.connection, seconds), database.translated(store.path, foreign=True):
        cursor = store.connection.cursor()
        try:
            yield Found(store.path, _begun(store, cursor, sql))
        finally:
            cursor.close()


def _begun(store: Store, cursor: database.Cursor, sql: str) -> database.Cursor:
    try:
        with database.translated(store.path, foreign=True):
            return cursor.execute(sql)
    except database.QueryError as error:
        hint = error.hint or _near(store, error, sql)
        raise database.QueryError(error.message, hint=hint) from None


def _near(store: Store, error: database.QueryError, sql: str) -> str:
    """What was probably meant by a name that is not there."""
    import difflib

    what, _, name = error.message.partition(": ")
    tables = [name for one in store.schema.tables for name in (one.name, one.daily_name)]
    if what == "no such table":
        near = difflib.get_close_matches(name, tables, n=1)
        return f"did you mean {near[0]}?" if near else f"tables: {', '.join(tables)}"
    asked_of = [one for one in store.schema.tables if one.name in sql] or store.schema.tables
    columns = {name for one in asked_of for name in one.names}
    near = difflib.get_close_matches(name.rpartition(".")[2], sorted(columns), n=1)
    if what != "no such column":
        return ""
    return f"did you mean {near[0]}?" if near else f"columns: {', '.join(asked_of[0].names)}"
