"""Bringing a work tree back to a checkpoint, exactly, and in a way that can itself be undone.

First everything that stands there now becomes a checkpoint of its own; only then files change, one
at a time, each holding its old or its new bytes at every instant. Killed half-way, the same command
again finishes it. What somebody saves meanwhile is left alone and told.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.checkpoint.checkpoints import keep_as_checkpoint
from hubctl.checkpoint.contents import kept, present
from hubctl.engine.execute import MovedError, execute, leads_elsewhere, names_of, sync_folders
from hubctl.engine.operations import (
    ABSENT_IMAGE,
    FOLDER_IMAGE,
    Operation,
    file_image,
    link_image,
    take_image,
)
from hubctl.errors import ConflictError
from hubctl.system.git_objects import LINK, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from hubctl.checkpoint.checkpoints import Checkpoint
    from hubctl.checkpoint.contents import Contents
    from hubctl.engine.operations import Image
    from hubctl.system.files import Files
    from hubctl.system.git_objects import GitObjects

_RULES = ".gitignore"
_SHA1_DIGITS = 40
_AT_ONCE = 64  # files whose contents are in memory together


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoring:
    """What bringing a checkpoint back would do; paths are relative to the top folder.

    `now` and `then` are the contents before and after.
    """

    checkpoint: Checkpoint
    now: Contents
    then: Contents
    removed: tuple[str, ...]
    written: tuple[str, ...]

    @property
    def added(self) -> tuple[str, ...]:
        """Those of `written` that do not stand there now."""
        return tuple(path for path in self.written if path not in self.now.entries)

    def is_empty(self) -> bool:
        """Whether the work tree holds what the checkpoint holds."""
        return not (self.removed or self.written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was done: the checkpoint of what stood there before, and what was left alone."""

    before: str
    changed: int
    moved: tuple[str, ...]


def plan(store: GitObjects, door: Files, checkpoint: Checkpoint) -> Restoring:
    """What has to change for the work tree to be as it was.

    Raises:
        ConflictError: something that no checkpoint holds stands in the way.
    """
    reference = checkpoint.reference
    then = kept(store, reference.commit, reference.message)
    # What is ignored by now, or was then, is overwritten too: it has to be in the one made before.
    now = present(store, door, also=then.entries)
    extra = now.entries.keys() - then.entries.keys()
    found = Restoring(
        checkpoint=checkpoint,
        now=now,
        then=then,
        removed=tuple(sorted(extra - _ignored_then(store, now, then, extra))),
        written=tuple(sorted(path for path in then.entries if not now.same_at(path, then))),
    )
    _require_room(store, door, found)
    return found


def _ignored_then(
    store: GitObjects, now: Contents, then: Contents, paths: AbstractSet[str]
) -> frozenset[str]:
    """Those that git ignored when the checkpoint was made: it holds nothing of them."""
    rules = [path for path in then.entries if path.rpartition("/")[2] == _RULES]
    changed = {path for path in (*now.entries, *rules) if path.rpartition("/")[2] == _RULES}
    if all(now.same_at(path, then) for path in changed):
        return frozenset()
    texts = store.contents(then.entries[path].object for path in rules)
    files = {path: texts[then.entries[path].object] for path in rules}
    return store.ignored_under(files, sorted(paths))


def _require_room(store: GitObjects, door: Files, found: Restoring) -> None:
    """Nothing that only this work tree holds may have to go."""
    gone = frozenset(found.removed)
    for path in found.written:
        for place in (*_folders(path), path):
            look = door.look(f"{store.root}/{place}")
            if look is None or place in gone:
                break  # nothing stands there, or what does is kept and goes first
            is_wanted = look.kind == "folder" if place != path else look.kind in ("file", "link")
            emptied = look.kind == "folder" and gone.issuperset(_below(store, door, place))
            if not (is_wanted or emptied):
                raise _in_the_way(store, place)


def _in_the_way(store: GitObjects, place: str) -> ConflictError:
    return ConflictError(
        f"{store.root}/{place} is in the way and belongs to no checkpoint; nothing was changed",
        hint="move it elsewhere, then run the command again",
    )


def _folders(path: str) -> Iterator[str]:
    """The folders on the way to a path, outermost first."""
    parts = path.split("/")
    return ("/".join(parts[:count]) for count in range(1, len(parts)))


def _below(store: GitObjects, door: Files, place: str) -> Iterator[str]:
    for name in door.list(f"{store.root}/{place}"):
        inner = f"{place}/{name}"
        look = door.look(f"{store.root}/{inner}")
        if look is not None and look.kind == "folder":
            yield from _below(store, door, inner)
        elif look is not None:
            yield inner


def restore(
    store: GitObjects,
    door: Files,
    found: Restoring,
    now: datetime,
    progress: Callable[[str], None],
) -> Restored:
    """Make a checkpoint of what stands there, then bring the other one back.

    Raises:
        OSError: the system refused; the same command again goes on where it stopped.
    """
    before = keep_as_checkpoint(store, found.now, "before restore", now)
    work = _Work(store, door, found, before)
    for path in found.removed:
        work.remove(path)
        progress(path)
    for start in range(0, len(found.written), _AT_ONCE):
        paths = found.written[start : start + _AT_ONCE]
        contents = store.contents(found.then.entries[path].object for path in paths)
        for path in paths:
            work.write(path, contents[found.then.entries[path].object])
            progress(path)
    # Where a folder was, a link may be by now.
    sync_folders(door, (step for step in work.done if not leads_elsewhere(step.path)))
    return Restored(before=before, changed=len(work.done), moved=tuple(work.moved))


class _Work:
    """The single steps; each looks once more at what it is about to replace."""

    def __init__(self, store: GitObjects, door: Files, found: Restoring, run: str) -> None:
        self.done: list[Operation] = []
        self.moved: list[str] = []
        self._store = store
        self._door = door
        self._found = found
        self._run = f"restore-{run}"
        self._number = 0

    def remove(self, path: str) -> None:
        """Take a file away, and the folders that this leaves empty."""
        if self._replace(path, ABSENT_IMAGE):
            for folder in reversed(tuple(_folders(path))):
                place = f"{self._store.root}/{folder}"
                if self._door.list(place):
                    return
                self._door.remove(place)

    def write(self, path: str, data: bytes) -> None:
        """Put a file or link there, as it was."""
        for folder in _folders(path):
            place = f"{self._store.root}/{folder}"
            if self._door.look(place) is None:
                self._door.mkdir(place, FOLDER_IMAGE.mode)
        self._make_room(f"{self._store.root}/{path}")
        entry = self._found.then.entries[path]
        if entry.mode == LINK:
            self._replace(path, link_image(os.fsdecode(data)))
        else:
            self._replace(path, file_image(data, self._found.then.modes[path]))

    def _make_room(self, place: str) -> None:
        """Folders that hold no file any more stand where a file has to go."""
        look = self._door.look(place)
        if look is None or look.kind != "folder":
            return
        for name in self._door.list(place):
            self._make_room(f"{place}/{name}")
        self._door.remove(place)

    def _replace(self, path: str, after: Image) -> bool:
        place = f"{self._store.root}/{path}"
        before = take_image(self._door, place)
        if not self._is_known(path, before):
            self.moved.append(path)
            return False
        operation = Operation(path=place, before=before, after=after)
        self._number += 1
        try:
            execute(self._door, operation, names_of(place, self._run, self._number))
        except MovedError:
            self.moved.append(path)
            return False
        self.done.append(operation)
        return True

    def _is_known(self, path: str, image: Image) -> bool:
        """Whether what stands there is what the checkpoint made before holds."""
        now = self._found.now
        entry = now.entries.get(path)
        if entry is None or image.kind == "absent":
            return entry is None and image.kind == "absent"
        if image.kind == "link":
            return entry == _entry_of(os.fsencode(image.destination), LINK, entry)
        same_mode = image.mode == now.modes.get(path)
        return same_mode and entry == _entry_of(image.data or b"", entry.mode, entry)


def _entry_of(data: bytes, mode: str, like: Entry) -> Entry:
    """What git calls these bytes, with the kind of name that the repository uses."""
    algorithm = hashlib.sha1 if len(like.object) == _SHA1_DIGITS else hashlib.sha256
    name = algorithm(b"blob %d\0" % len(data) + data).hexdigest()
    return Entry(mode=mode, object=name)
