"""What an update changes, for people who decide about it. Pure."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.release.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """One module: `what` is added, changed or removed; lines that come and go."""

    path: str
    what: str
    more: int
    less: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """From one content to another.

    Attributes:
        before, after: semantic versions; `before` is "" where nothing was installed.
        files: those that differ, sorted. changelog: its new lines, in order.
    """

    before: str
    after: str
    files: tuple[ChangedFile, ...]
    changelog: tuple[str, ...]


def changes(old: Content | None, new: Content) -> Changes:
    """What becomes of the modules that no hub owns."""
    before = old.base() if old else {}
    return Changes(
        before=old.version if old else "",
        after=new.version,
        files=tuple(_files(before, new.base())),
        changelog=_new_lines(old.changelog if old else "", new.changelog),
    )


def _files(before: dict[str, str], after: dict[str, str]) -> Iterator[ChangedFile]:
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old != new:
            what = "added" if old is None else "removed" if new is None else "changed"
            more, less = _lines(old or "", new or "")
            yield ChangedFile(path=path, what=what, more=more, less=less)


def _lines(old: str, new: str) -> tuple[int, int]:
    diff = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm=""))[2:]
    return sum(line[:1] == "+" for line in diff), sum(line[:1] == "-" for line in diff)


def _new_lines(old: str, new: str) -> tuple[str, ...]:
    """Lines that only the new changelog has; nothing where there was none to compare with."""
    if not old:
        return ()
    known = {line.strip() for line in old.splitlines()}
    fresh = [line.rstrip() for line in new.splitlines() if line.strip() not in known]
    return tuple(line for line in fresh if line.strip())
