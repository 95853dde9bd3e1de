"""What the client's status line needs of this machine at a glance, in a few small files.

Owns the marks that a drift check leaves behind, the plan limits that the client last told of, and
how what the client gives is waited for.
Loads next to nothing: a status line has no time. What cannot be read is not there.
"""

from __future__ import annotations

import json
import os

MARKS, LIMITS = "marks.json", "limits.json"
# A change of one of these since the last look may be drift.
_WATCHED = (
    *(".claude/settings.json", ".claude/settings.local.json", "CLAUDE.md", "CLAUDE.local.md"),
    ".mcp.json",
)
_MOST_BYTES = 1 << 20
_LONGEST_BRANCH = 60
_MOST_GIVEN = 16 << 20
_PATIENCE_S = 2.0
_PAUSE_S = 0.3  # after what may be all, for a client that does not say so


def given(stream: int) -> bytes:
    """All that comes from a descriptor, up to its end or to a pause."""
    import select

    parts: list[bytes] = []
    size, patience = 0, _PATIENCE_S
    while size < _MOST_GIVEN and select.select([stream], [], [], patience)[0]:
        part = os.read(stream, 1 << 16)
        if not part:
            break
        parts.append(part)
        size += len(part)
        patience = _PAUSE_S if part.rstrip().endswith(b"}") else _PATIENCE_S
    return b"".join(parts)


def let_go(stream: int) -> None:
    """What is still written to a descriptor goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def read_json(path: str) -> dict[str, object]:
    """An object that a file holds; an empty one where it holds none."""
    try:
        with open(path, "rb") as stream:
            found = json.loads(stream.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: str, content: object) -> None:
    """Replace a file by an object; where that is not possible nothing happens."""
    staged = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        with open(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(json.dumps(content))  # at once: many times faster
        os.replace(staged, path)
    except (OSError, ValueError):
        return


def stamps(root: str, canonical: str) -> list[str]:
    """What the watched files below `root`, and canonical.yaml, are known by; "" for none there."""
    return [_stamp(path) for path in _watched(root, canonical)]


def changed_since(root: str, canonical: str, time: float, seen: object) -> bool:
    """Whether one of those files came, went or changed: since `time` (seconds), or since `seen`.

    `seen` is what `stamps` told then; anything else tells nothing.
    """
    if isinstance(seen, list) and seen != stamps(root, canonical):
        return True
    return any(_changed(path) > time for path in _watched(root, canonical))


def _watched(root: str, canonical: str) -> list[str]:
    return [path for path in (*(f"{root}/{name}" for name in _WATCHED), canonical) if path]


def _stamp(path: str) -> str:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return ""
    return f"{found.st_mtime_ns} {found.st_size} {found.st_ino}"


def _changed(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except (OSError, ValueError):
        return 0.0


def branch_of(root: str) -> str:
    """The branch that is checked out at or above, read from git's own file; "" for none."""
    while root and not os.path.lexists(f"{root}/.git"):
        root = root.rpartition("/")[0]
    folder = f"{root}/.git"
    pointer = _first_line(folder)
    if pointer.startswith("gitdir: "):
        folder = os.path.join(root, pointer.removeprefix("gitdir: "))
    head = _first_line(f"{folder}/HEAD")
    return head.removeprefix("ref: refs/heads/")[:_LONGEST_BRANCH] if head[:5] == "ref: " else ""


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.readline(4096).strip()
    except OSError:
        return ""
