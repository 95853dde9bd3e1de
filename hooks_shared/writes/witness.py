"""Who changed what is ours: one line per change that a session saw, kept for `drift --blame`.

Lines carry a checksum, so a torn one is known. The file is bounded: a full one becomes the older
one, and the older one goes.
"""

import os

from hooks_shared import store

TYPE_CHECKING = False
if TYPE_CHECKING:
    Record = dict[str, object]

FILE = "witnessed.jsonl"
BYTES = 256 << 10
_FIELDS = 40


def note(folder: str, record: "Record") -> bool:
    """Append one record below the hook folder `folder`; whether it stands there now."""
    return store.put_line(record, lambda: _opened(folder))


def _opened(folder: str) -> int:
    path = f"{folder}/{FILE}"
    store.make_folder(folder)
    _make_room(path)
    return os.open(path, store.APPEND, 0o600)


def _make_room(path: str) -> None:
    if not _is_full(path):
        return
    import fcntl

    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_full(path):  # still, and not made room for by somebody else
            os.replace(path, f"{path}.1")
    finally:
        os.close(lock)


def _is_full(path: str) -> bool:
    try:
        return os.stat(path).st_size >= BYTES
    except OSError:
        return False


def record(  # noqa: PLR0913, PLR0917 - the columns of one line
    moment: float, session: str, event: str, tool: str, file: str, fields: list[str], decision: str
) -> "Record":
    """One line: when (seconds since the epoch), who, by which event and tool, which file.

    `written` is when the file was last written (ns), 0 where it is gone: later it tells whether
    anybody wrote it since.
    """
    return {
        "v": 1,
        "t": round(moment, 3),
        "session": session[:64],
        "event": event[:64],
        "tool": tool[:100],
        "file": file[:1000],
        "written": _written(file),
        "fields": [one[:300] for one in fields[:_FIELDS]],
        "decision": decision,
    }


def _written(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def read(folder: str) -> "list[Record]":
    """All records, oldest first; damaged lines are left out."""
    records: list[Record] = []
    for name in (f"{FILE}.1", FILE):
        try:
            with open(f"{folder}/{name}", "rb") as file:
                records += store.read_segment(file.read())[0]
        except OSError:
            continue
    return records
