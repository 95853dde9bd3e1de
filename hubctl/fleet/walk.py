"""Walking the client's folders of a target: which files and links are there that are not ours.

Folders are listed through the recording door: an entry that comes, goes or changes its kind shows
in its folder. What each entry is, is asked past it, so that a log that grows beside a hook does not
make every look a new one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hubctl.check.fleet.seen import Link
from hubctl.engine.contain import Locator

if TYPE_CHECKING:
    from collections.abc import Collection

    from hubctl.check.fleet.seen import LinkState
    from hubctl.model.target import Target
    from hubctl.system.files import Files, Look
    from hubctl.system.real_paths import Paths

CLIENT: Final = ".claude"
FOLDERS: Final = ("agents", "commands", "hooks", "output-styles", "rules", "skills")
_SKIPPED: Final = frozenset((".git", ".venv", "__pycache__", "node_modules"))
_MOST_ENTRIES: Final = 2000
_DEEPEST: Final = 8
_MOST_LINKS: Final = 40


@dataclass(slots=True)
class Walk:
    """One walk. Mutable: fills `files` (logical path → what it is) and `links` on the way.

    Attributes:
        door: lists and is remembered; plain: only looks.
        owned: logical paths of whole files and links that hubctl wants there or recorded.
        follow: go on behind links inside the target, as the client does.
        paths: knows real paths, and remembers like the door; None asks anew each time.
    """

    target: Target
    door: Files
    plain: Files
    owned: Collection[str] = ()
    follow: bool = False
    paths: Paths | None = None
    files: dict[str, Look] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    _left: int = _MOST_ENTRIES
    _behind: set[str] = field(default_factory=set)

    def run(self) -> Walk:
        """Walk the client's folder; of the account only those parts that people fill."""
        if self.target.is_host:
            for name in FOLDERS:
                self._descend(f"{CLIENT}/{name}", 1)
            return self
        look = self.plain.look(self.target.absolute(CLIENT))
        if look is not None and look.kind == "link" and not self._take_link(CLIENT, look):
            return self
        for name in self._names(CLIENT):
            self._enter(f"{CLIENT}/{name}", 1, descend=name in FOLDERS)
        return self

    def _descend(self, folder: str, depth: int) -> None:
        for name in self._names(folder) if depth < _DEEPEST else ():
            if name not in _SKIPPED:
                self._enter(f"{folder}/{name}", depth + 1, descend=True)

    def _names(self, folder: str) -> tuple[str, ...]:
        try:
            names = self.door.list(self.target.absolute(folder))
        except OSError:
            return ()
        kept = names[: max(0, self._left)]
        self._left -= len(kept)
        return kept

    def _enter(self, path: str, depth: int, *, descend: bool) -> None:
        look = None if path in self.owned else self.plain.look(self.target.absolute(path))
        if look is None:
            return
        if look.kind == "link":
            # Behind a link lies somebody else's folder, but the client's own may be one.
            inside = self._take_link(path, look)
            behind = self._new_behind(path) if inside and (self.follow or depth == 1) else None
            if behind is None:
                return
            look = behind
        if look.kind == "file":
            self.files[path] = look
        elif descend:
            self._descend(path, depth)

    def _new_behind(self, path: str) -> Look | None:
        """What stands behind a link; None where that was or is being walked already."""
        absolute = self.target.absolute(path)
        real = os.path.realpath(absolute)
        above = os.path.realpath(os.path.dirname(absolute))
        if real in self._behind or f"{above}/".startswith(f"{real}/"):
            return None
        self._behind.add(real)
        return self.plain.look(real)

    def _take_link(self, path: str, look: Look) -> bool:
        """Note a link; whether it leads to something inside the target."""
        state = stands(self.target.absolute(path), self.door)
        if state == "good" and Locator(self.target, self.door, self.paths).locate(path).problem:
            state = "outside"
        self.links.append(Link(path=path, destination=look.destination, state=state))
        return state == "good"


def stands(link: str, door: Files) -> LinkState:
    """Whether anything stands behind a link (absolute path); the door remembers what does."""
    for _ in range(_MOST_LINKS):
        look = door.look(link)
        if look is None:
            return "dangling"
        if look.kind != "link":
            return "good"
        link = os.path.join(os.path.dirname(link), look.destination)
    return "loop"
