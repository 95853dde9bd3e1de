"""What hooks leave on disk: spool lines and small state per session, never more than a bound.

A spool line is one `os.write` on an O_APPEND descriptor. It starts with a newline, so a line torn
by a kill never spoils the next, and carries a checksum, so a damaged one is known. Every function
answers whether it worked: a full disk must not stop a hook.
"""

import os
import time

from hooks_shared.jsontext import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    State = dict[str, object]

SEGMENT_BYTES = 4 << 20
SPOOL_BYTES = 64 << 20
SPOOL_FILES = 120
LINE_BYTES = 64 << 10
STATE_BYTES = 1 << 20
SESSION_FILES = 1000
LOCK = "lock"
# A pipe of that name would be waited for.
APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_NAME = len("20260131-0000.jsonl")
_HEAD, _MIDDLE = '{"crc":"', '","record":'


def append(folder: str, record: dict[str, object]) -> bool:
    """Append one record to the current spool segment below `folder`."""
    return put_line(record, lambda: _open_segment(f"{folder}/spool"))


def put_line(record: dict[str, object], opened: "Callable[[], int]") -> bool:
    """Append one record by one write to the descriptor that `opened` gives; whether it stands."""
    line = ("\n" + seal(record) + "\n").encode("ascii")
    if len(line) > LINE_BYTES:
        return False
    try:
        descriptor = opened()
        try:
            return os.write(descriptor, line) == len(line)
        finally:
            os.close(descriptor)
    except OSError:
        return False


def _open_segment(spool: str) -> int:
    """Descriptor of today's last segment, or of a new one where that has no room left."""
    make_folder(spool)
    names = _segments(spool)
    now = time.gmtime()
    day = time.strftime("%Y%m%d", now)
    # No name comes twice where somebody empties the folder: readers know records by them.
    number = (now.tm_hour * 3600 + now.tm_min * 60 + now.tm_sec) // 10
    if names and names[-1][:8] >= day:
        day = names[-1][:8]  # or a clock that went back would fill segments that are full
        descriptor = os.open(f"{spool}/{names[-1]}", APPEND, 0o600)
        if os.fstat(descriptor).st_size < SEGMENT_BYTES:
            return descriptor
        os.close(descriptor)
        number = int(names[-1][9:13]) + 1
    _prune(spool, names)
    return os.open(f"{spool}/{day}-{number:04d}.jsonl", APPEND, 0o600)


def _segments(spool: str) -> list[str]:
    return sorted(
        name
        for name in os.listdir(spool)
        if name.endswith(".jsonl") and (name[:8] + name[9:-6]).isdigit() and len(name) == _NAME
    )


def _prune(spool: str, names: list[str]) -> None:
    """Remove the oldest segments until a new one fits into both bounds."""
    sizes = [_size(f"{spool}/{name}") for name in names]
    excess = sum(sizes) + SEGMENT_BYTES - SPOOL_BYTES
    surplus = len(names) + 1 - SPOOL_FILES
    for name, size in zip(names, sizes, strict=True):
        if excess <= 0 and surplus <= 0:
            return
        _remove(f"{spool}/{name}")
        excess -= size
        surplus -= 1


def make_folder(path: str) -> None:
    """Make a private folder and what is missing above it."""
    if not os.path.isdir(path):
        os.makedirs(path, 0o700, exist_ok=True)


def seal(record: dict[str, object]) -> str:
    """One line of JSON: the record and, before it, a checksum over its text."""
    from binascii import crc32

    body = dumps(record)
    return f"{_HEAD}{crc32(body.encode('ascii')):08x}{_MIDDLE}{body}}}"


def unsealed(line: bytes) -> bytes | None:
    """The record's text in a sealed line; None where a single bit is not as it was written."""
    from binascii import crc32

    body = line[len(_HEAD) + 8 + len(_MIDDLE) : -1]
    whole = line.startswith(f"{_HEAD}{crc32(body):08x}{_MIDDLE}".encode()) and line.endswith(b"}")
    return body if whole and body else None


def unseal(line: str) -> dict[str, object] | None:
    """The record of a sealed line; None where a single bit is not as it was written."""
    body = unsealed(line.encode("utf-8", "surrogatepass"))
    record = loads(body.decode("utf-8", "surrogatepass")) if body else None
    return record if isinstance(record, dict) else None


def read_segment(data: bytes) -> tuple[list[dict[str, object]], int]:
    """Records of a spool segment, and how many lines of it are damaged."""
    records, damaged = [], 0
    for line in data.decode("utf-8", "replace").split("\n"):
        if line:
            record = unseal(line)
            if record is None:
                damaged += 1
            else:
                records.append(record)
    return records, damaged


def update_session(
    folder: str, session: str, hook: str, change: "Callable[[State], State | None]"
) -> "State | None":
    """Replace a hook's state of one session by `change(state)`, under a lock.

    `change` gets a dict (empty at first) and returns the new one, or None to leave it. A damaged
    state is set aside as evidence and starts anew; one of more than STATE_BYTES is not taken.

    Returns:
        The state that stands afterwards; None where the folder cannot be used or it is too large.
    """
    import fcntl

    sessions = f"{folder}/sessions"
    path = f"{sessions}/{_file_name(session)}.{_file_name(hook)}.json"
    try:
        make_folder(sessions)
        lock = os.open(f"{sessions}/{LOCK}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = _read_state(path)
            changed = change({} if state is None else dict(state))
            if changed is None:
                return state or {}
            text = seal(changed) + "\n"
            if len(text) > STATE_BYTES:
                return None
            if state is None:
                _forget_old(sessions)
            replace(path, text)
            return changed
        finally:
            os.close(lock)
    except OSError:
        return None


def first_time(folder: str, session: str, mark: str) -> bool:
    """Whether `mark` is new in this session; True also where that cannot be remembered."""
    seen = []

    def change(state: "State") -> "State | None":
        if mark in state:
            seen.append(mark)
            return None
        return {**state, mark: 1}

    update_session(folder, session, "dispatcher", change)
    return not seen


def _read_state(path: str) -> dict[str, object] | None:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            state = unseal(file.read(STATE_BYTES).rstrip("\n"))
    except FileNotFoundError:
        return None
    if state is None:
        os.replace(path, path + ".damaged")
        return None
    return state


def replace(path: str, text: str) -> None:
    """Put `text` at `path` in one step: a reader, or a kill, sees the old or the new text."""
    staged = f"{path}.{os.getpid()}"
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        data = memoryview(text.encode("utf-8", "replace"))
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:
        _remove(staged)
        raise
    finally:
        os.close(descriptor)
    os.replace(staged, path)


def keep_newest(folder: str, limit: int) -> None:
    """Remove the oldest files of `folder` until `limit` are left, beside the lock."""
    # The lock is the oldest of all; without its name the next writer would hold another one.
    names = [name for name in os.listdir(folder) if name != LOCK]
    if len(names) > limit:
        oldest = sorted(names, key=lambda name: _mtime(f"{folder}/{name}"))
        for name in oldest[: len(names) - limit]:
            _remove(f"{folder}/{name}")


def _forget_old(sessions: str) -> None:
    # A tenth at once: sorting the folder at every new session would cost more than it frees.
    if len(os.listdir(sessions)) > SESSION_FILES:
        keep_newest(sessions, SESSION_FILES * 9 // 10)


def _file_name(text: str) -> str:
    """`text` as one safe part of a file name."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in text[:64])
    return safe or "none"


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _mtime(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
