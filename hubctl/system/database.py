"""The door to SQLite: one private file in WAL mode, opened to write or to read only.

Says what the library's error codes mean for a user; what stands in the tables is not its business.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
from typing import TYPE_CHECKING
from urllib.parse import quote

from hubctl.errors import OperationError, UsageError
from hubctl.system.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    Scalar = str | int | float | None

Connection = sqlite3.Connection
Cursor = sqlite3.Cursor

_BUSY_SECONDS = 10.0
_CACHE_KIB = 16 << 10
_LOG_PAGES = 8000
_DAMAGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
# What a statement of ours meets only in a file that is not as we made it.
_FOREIGN = frozenset((sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH))
_MISSING = ("no such table", "no such column", "has no column named", "Could not decode")
_HINT = "hubctl metrics refresh sets it aside and makes it anew"
_MASK = 0xFF  # the primary part of an extended code
_PARTS = ("", "-wal", "-shm")
# Places in the header of a file.
_CHANGES, _PAGES, _VALID = slice(24, 28), slice(28, 32), slice(92, 96)
_STEPS = 20_000  # of SQLite's machine between two looks at the clock: some milliseconds
_MOST_BYTES = 16 << 20  # of one value that a statement of anybody's computes
_READING = frozenset(
    (
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    )
)


class DamagedError(OperationError):
    """The file is no database, a broken one, or not one that we made."""


class FullError(OperationError):
    """There is no room on the disk."""


class LockedError(OperationError):
    """Somebody else writes, for longer than we wait."""


class StoppedError(OperationError):
    """A statement was ended before its end."""


class QueryError(UsageError):
    """A statement is wrong, or takes too long."""


@contextlib.contextmanager
def translated(path: str, *, foreign: bool = False) -> Iterator[None]:
    """Errors of SQLite inside become ours; those of a wrong statement only if it is `foreign`.

    Raises:
        DamagedError, FullError, LockedError, StoppedError, QueryError, OperationError: by what
            the code means.
    """
    try:
        yield
    except sqlite3.Error as error:
        found = _meaning(error, path) or (_wrong(error) if foreign else _strange(error, path))
        if found is None:
            raise
        raise found from error


def damaged(path: str, why: object) -> DamagedError:
    """What to say of a file that is not as it was made."""
    return DamagedError(f"{path} is damaged: {why}", hint=_HINT)


def _strange(error: sqlite3.Error, path: str) -> DamagedError | None:
    code = getattr(error, "sqlite_errorcode", 0) & _MASK
    if code in _FOREIGN or any(words in str(error) for words in _MISSING):
        return damaged(path, error)
    return None


def _wrong(error: sqlite3.Error) -> QueryError:
    if getattr(error, "sqlite_errorcode", 0) & _MASK == sqlite3.SQLITE_AUTH:
        return QueryError("a question can only read", hint="write a SELECT")
    return QueryError(str(error))


def _meaning(error: sqlite3.Error, path: str) -> OperationError | None:
    code = getattr(error, "sqlite_errorcode", 0) & _MASK
    if code in _DAMAGED:
        return damaged(path, error)
    if code == sqlite3.SQLITE_FULL:
        return FullError(f"{path}: no room left on the disk", hint="make room and try again")
    if code == sqlite3.SQLITE_INTERRUPT:
        return StoppedError(f"{path}: a statement was ended")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LockedError(f"{path} is being written by another hubctl", hint="try again later")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        name = getattr(error, "sqlite_errorname", "")
        return OperationError(f"{path} cannot be written or read: {error} ({name})")
    return None


def connect_to_write(path: str) -> Connection:
    """The database at `path`, made private and new where there is none.

    Raises:
        OperationError: it cannot be opened or written.
    """
    _make_private(path)
    with translated(path):
        connection = _connect(f"file:{quote(path)}?mode=rw")
        try:
            if not _size(path):
                # Before there are pages, or it has no effect but a write.
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.execute("PRAGMA temp_store = MEMORY")
            # A first reading writes the same pages again and again; not each time to the database.
            connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def _make_private(path: str) -> None:
    """Make the file where there is none; one that is there is only looked at.

    Opening and closing it here would drop the locks of all connections of this process, and
    somebody else would remove the log that they read and write.
    """
    try:
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        mode = os.lstat(path).st_mode
        if stat.S_ISREG(mode) and stat.S_IMODE(mode) & 0o077:
            os.chmod(path, 0o600)
    except OSError as error:
        raise OperationError(f"{path} cannot be written: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise _no_file(path)
    if not os.access(path, os.W_OK):
        raise OperationError(f"{path} cannot be written: it is read-only, or its disk is")


def _no_file(path: str) -> OperationError:
    return OperationError(f"{path} is no file", hint="move it away")


def connect_to_read(path: str) -> Connection | None:
    """The database at `path` for reading alone; None where there is none.

    Raises:
        OperationError: it cannot be read.
    """
    if not os.path.isfile(path):
        if os.path.exists(path):
            raise _no_file(path)
        return None
    with translated(path):
        try:
            return _reading(f"file:{quote(path)}?mode=ro")
        except sqlite3.OperationalError:
            # On a disk that cannot be written the library has no place for its shared memory. Where
            # somebody may write, what is read without it would be torn.
            if _size(f"{path}-wal") or os.access(os.path.dirname(path), os.W_OK):
                raise
            return _reading(f"file:{quote(path)}?mode=ro&immutable=1")


def connect_to_nothing() -> Connection:
    """An empty database that is nowhere."""
    return _connect("file::memory:")


def _reading(uri: str) -> Connection:
    connection = _connect(uri)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _connect(uri: str) -> Connection:
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def only_reading(connection: Connection) -> None:
    """Refuse every statement that does not read from the tables of this one database."""

    def allow(action: int, *_: str | None) -> int:
        return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY

    connection.set_authorizer(allow)


@contextlib.contextmanager
def limited(connection: Connection, seconds: float) -> Iterator[None]:
    """End statements inside that take longer than `seconds`, or at Control-C.

    No value of theirs is longer than some megabytes; bytes that are no text show as U+FFFD.

    Raises:
        QueryError: it took longer.
    """
    until = stopwatch() + seconds
    # Python hears of Control-C in this function, as SQLite's own work does not return to it.
    connection.set_progress_handler(lambda: stopwatch() > until, _STEPS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    connection.text_factory = _text
    try:
        yield
    except StoppedError:
        if stopwatch() > until:
            hint = "give it more with --seconds, or ask for less"
            raise QueryError(f"no answer within {seconds:g} seconds", hint=hint) from None
        raise KeyboardInterrupt from None
    finally:
        connection.set_progress_handler(None, 0)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@contextlib.contextmanager
def held(path: str) -> Iterator[None]:
    """Nobody else writes to a database meanwhile, as far as it is one."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(sqlite3.Error):
            connection = _connect(f"file:{quote(path)}?mode=rw")
            stack.callback(connection.close)
            connection.execute("BEGIN IMMEDIATE")
        yield


def take_place(path: str, fresh: str, aside: str) -> None:
    """Put a closed database where another one is, and that one with its parts at `aside`.

    Raises:
        OperationError: the folder cannot be written.
    """
    try:
        # There is a database at the path at every moment, and never a log that is not its own.
        os.link(path, aside)
        for part in _PARTS[1:]:
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{path}{part}", f"{aside}{part}")
        os.replace(fresh, path)
    except OSError as error:
        raise OperationError(f"{path} cannot be set aside: {error.strerror}") from error


def forget_all_but(most: int, beginning: str) -> None:
    """Remove databases `beginning` with a number at its end, but the greatest ones."""
    folder, start = os.path.split(beginning)
    names = [name for name in os.listdir(folder) if name.startswith(start)]
    for name in sorted(name for name in names if name[len(start) :].isdecimal())[:-most]:
        forget(f"{folder}/{name}")


def with_header_of(path: str, model: str, length: int) -> str:
    """A private copy of a database whose first `length` bytes are another's; its path.

    It has as many pages as there are, whatever was cut off.

    Raises:
        OperationError: it cannot be made.
    """
    copy = f"{path}.read"
    forget(copy)
    try:
        with open(model, "rb") as stream:
            header = bytearray(stream.read(length))
        pages = -(-_size(path) // int.from_bytes(header[16:18], "big"))
        header[_PAGES] = pages.to_bytes(4, "big")
        header[_VALID] = header[_CHANGES]
        os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        shutil.copyfile(path, copy)
        with open(copy, "r+b") as stream:
            stream.write(header)
    except OSError as error:
        forget(copy)
        raise OperationError(f"{copy} cannot be written: {error.strerror}") from error
    return copy


def forget(path: str) -> None:
    """Remove a database and its parts, as far as that is possible."""
    for part in _PARTS:
        with contextlib.suppress(OSError):
            os.remove(f"{path}{part}")


def identity(path: str) -> tuple[int, int] | None:
    """What tells the file at `path` from one that took its place; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def stored_bytes(path: str) -> int:
    """Bytes of a database and its parts."""
    return sum(_size(f"{path}{part}") for part in _PARTS)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def readable_rows(connection: Connection, sql: str) -> tuple[list[tuple[Scalar, ...]], bool]:
    """Rows up to the first damage, and whether there was none."""
    rows: list[tuple[Scalar, ...]] = []
    try:
        # One by one: what came before the damage is not lost.
        rows.extend(connection.execute(sql))
    except sqlite3.Error:
        return rows, False
    return rows, True


def print_of(path: str) -> str:
    """A text that changes whenever somebody writes to a database."""
    return " ".join(_state(f"{path}{part}") for part in ("", "-wal"))


def _state(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return "-"
    return f"{found.st_ino}:{found.st_size}:{found.st_mtime_ns}"
