"""What a work tree holds, as a checkpoint keeps it: paths, contents, modes.

Only reads and stores objects; which of them become a checkpoint, or are brought back, is decided
elsewhere. Bytes are kept as they are on disk: no filter, no conversion of line ends.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.system.git_objects import LINK, REPOSITORY, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubctl.system.files import Files, Look
    from hubctl.system.git_objects import GitObjects

_ANY_MAY_RUN = 0o111
_FILE, _PROGRAM = "100644", "100755"
# The end of a commit's message: what git's own trees cannot say.
_MODES = "\nhubctl-modes: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Every file of a work tree.

    Attributes:
        entries: path relative to the top folder → mode and content, as git has them.
        modes: path → permission bits, of regular files.
        left_out: what no checkpoint holds: repositories inside, devices, sockets.
    """

    entries: Mapping[str, Entry]
    modes: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def same_at(self, path: str, other: Contents) -> bool:
        """Whether both hold the same at a path."""
        same = self.entries.get(path) == other.entries.get(path)
        return same and self.modes.get(path) == other.modes.get(path)


def present(store: GitObjects, door: Files, *, also: Iterable[str] = ()) -> Contents:
    """What the work tree holds now: all that git does not ignore, and the paths `also`.

    Raises:
        OperationError: a file cannot be read.
    """
    found = _Found(store.root, door)
    for name in sorted({*store.listed(), *also}):
        found.take(name)
    entries = {name: Entry(mode=LINK, object=store.keep(to)) for name, to in found.links.items()}
    for name, content in store.keep_files(tuple(found.files)).items():
        mode = _PROGRAM if found.files[name] & _ANY_MAY_RUN else _FILE
        entries[name] = Entry(mode=mode, object=content)
    return Contents(entries=entries, modes=found.files, left_out=tuple(found.left_out))


class _Found:
    """What stands at the paths that git names: it also names those that are gone."""

    def __init__(self, root: str, door: Files) -> None:
        self.files: dict[str, int] = {}
        self.links: dict[str, bytes] = {}
        self.left_out: list[str] = []
        self._root = root
        self._door = door
        self._folders = {"": True}

    def take(self, name: str) -> None:
        """Sort one path in."""
        if name.endswith("/"):
            self.left_out.append(name)
            return
        look = self._look(name) if self._is_folder(name.rpartition("/")[0]) else None
        if look is None or look.kind == "folder":
            return
        if look.kind == "file":
            self.files[name] = look.mode
        elif look.kind == "link":
            self.links[name] = os.fsencode(look.destination)
        else:
            self.left_out.append(name)

    def _is_folder(self, name: str) -> bool:
        """Whether it is one all the way, and not a link that leads to one."""
        if name not in self._folders:
            look = self._look(name) if self._is_folder(name.rpartition("/")[0]) else None
            self._folders[name] = look is not None and look.kind == "folder"
        return self._folders[name]

    def _look(self, name: str) -> Look | None:
        try:
            return self._door.look(f"{self._root}/{name}")
        except OSError as error:
            raise OperationError(f"cannot read {self._root}/{name}: {error.strerror}") from error


def keep(store: GitObjects, contents: Contents, text: str) -> str:
    """Store contents as a commit on top of HEAD; its name."""
    tree = store.keep_tree(contents.entries)
    return store.keep_commit(tree, store.head(), text + "\n" + _MODES + _modes_text(contents))


def _modes_text(contents: Contents) -> str:
    """The most common mode of files and programs, and the paths that have another one."""
    usual = {}
    for kind in (_FILE, _PROGRAM):
        counted = Counter(
            contents.modes[path] for path, entry in contents.entries.items() if entry.mode == kind
        )
        usual[kind] = max(counted, key=lambda mode: (counted[mode], -mode), default=0o644)
    others = {
        path: mode
        for path, mode in contents.modes.items()
        if mode != usual[contents.entries[path].mode]
    }
    return json.dumps({"usual": usual, "others": others}, sort_keys=True)


def kept(store: GitObjects, commit: str, message: str) -> Contents:
    """The contents that a commit holds.

    Raises:
        OperationError: it was not made by hubctl, or is damaged.
    """
    try:
        known = json.loads(message.rpartition(_MODES)[2])
        usual, others = known["usual"], known["others"]
    except (ValueError, KeyError, TypeError):
        usual, others = {_FILE: 0o644, _PROGRAM: 0o755}, {}
    entries = {p: e for p, e in store.tree(commit).items() if e.mode != REPOSITORY}
    modes = {p: others.get(p, usual[e.mode]) for p, e in entries.items() if e.mode != LINK}
    return Contents(entries=entries, modes=modes)


def words(message: str) -> str:
    """What a person wrote as the reason of a checkpoint."""
    return message.rpartition(_MODES)[0].strip() if _MODES in message else message.strip()
