"""A workflow read line by line: enough of YAML's block style to know where each value stands.

No YAML parser comes with Python. Anchors, tags and flow maps are not read; they end in `unread`
with their line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_KEY = re.compile(r"""(?P<key>[A-Za-z0-9_.$/-]+|"[^"]*"|'[^']*')\s*:(?:\s+(?P<value>.*))?$""")
_BLOCK = re.compile(r"[|>][+-]?\d?$")


@dataclass
class Entry:
    """One scalar: its path (keys, and numbers of list items), its text, its line."""

    path: tuple[str, ...]
    value: str
    line: int


@dataclass
class Workflow:
    """All entries of a file; a key without a value of its own has the value ""."""

    entries: list[Entry] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)

    def at(self, *path: str) -> list[Entry]:
        """Entries whose path fits; `*` stands for any one part, a last `**` for any rest."""
        return [one for one in self.entries if _fits(one.path, path)]


def _fits(path: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    if wanted and wanted[-1] == "**":
        wanted = wanted[:-1]
        path = path[: len(wanted)] if len(path) >= len(wanted) else path
    if len(path) != len(wanted):
        return False
    return all(want in ("*", part) for part, want in zip(path, wanted, strict=True))


def read(text: str) -> Workflow:
    """Read a workflow; nothing that stands there raises."""
    reader = Reader(text.splitlines())
    while reader.number < len(reader.rows):
        reader.take()
    return reader.found


class Reader:
    """A place in the rows, and the keys and list items above it with their indentation."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows
        self.number = 0
        self.found = Workflow()
        self.levels: list[tuple[int, str]] = []
        self.counts: dict[tuple[str, ...], int] = {}

    def take(self) -> None:
        """Read one row, and what belongs to it."""
        row = self.rows[self.number]
        self.number += 1
        body = row.strip()
        if not body or body.startswith("#") or body in ("---", "..."):
            return
        if "\t" in row[: len(row) - len(row.lstrip())]:
            self.found.unread.append((self.number, "a tab indents it"))
            return
        indent = len(row) - len(row.lstrip(" "))
        while body.startswith("- ") or body == "-":
            body, indent = self._item(body, indent)
        match = _KEY.match(body) if body else None
        if match:
            self._key(match["key"].strip("\"'"), (match["value"] or "").strip(), indent)
        elif body:
            self.found.entries.append(Entry(self._path(), _plain(body), self.number))

    def _item(self, body: str, indent: int) -> tuple[str, int]:
        """A dash: the text behind it, and how deep that stands."""
        while self.levels and self._ends_before(indent):
            self.levels.pop()
        path = self._path()
        self.counts[path] = self.counts.get(path, -1) + 1
        self.levels.append((indent, str(self.counts[path])))
        rest = body[1:].lstrip(" ")
        return rest, indent + len(body) - len(rest)

    def _ends_before(self, indent: int) -> bool:
        """Whether the last level ends at an item this deep: an item may be as deep as its key."""
        depth, name = self.levels[-1]
        return depth > indent or (depth == indent and name.isdigit())

    def _key(self, key: str, value: str, indent: int) -> None:
        while self.levels and self.levels[-1][0] >= indent:
            self.levels.pop()
        path = (*self._path(), key)
        self.counts = {one: n for one, n in self.counts.items() if one[: len(path)] != path}
        line = self.number
        if _BLOCK.match(value):
            value, self.number = _block(self.rows, self.number, indent)
        elif value[:1] in ("&", "*", "!") or value == "[" or (value[:1] == "{" and value != "{}"):
            self.found.unread.append((line, f"{value[:20]!r} is not read"))
        self.found.entries.append(Entry(path, _plain(value), line))
        self.levels.append((indent, key))

    def _path(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.levels)


def _block(rows: list[str], number: int, indent: int) -> tuple[str, int]:
    """A block scalar: its text, and the number of the row after it."""
    body: list[str] = []
    while number < len(rows):
        row = rows[number]
        if row.strip() and len(row) - len(row.lstrip(" ")) <= indent:
            break
        body.append(row.strip())
        number += 1
    return "\n".join(body).strip("\n"), number


def _plain(value: str) -> str:
    """A scalar without quotes and without a comment behind it."""
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        return value[1:end] if end > 0 else value
    if "\n" in value:
        return value
    return re.split(r"\s#", value, maxsplit=1)[0].strip()
