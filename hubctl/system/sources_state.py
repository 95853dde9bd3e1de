"""Whether the sources of a hub are what they were, without reading any of them."""

from __future__ import annotations

import os
from dataclasses import dataclass

from hubctl.model.source_names import KINDS
from hubctl.system.clock import nanoseconds
from hubctl.system.hook_modules import FOLDER, module_files
from hubctl.system.source_folders import list_folder

_SETTLED_NS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesState:
    """The sources of a hub at one moment, without having read them.

    Attributes:
        signature: changes when a source is added, removed, renamed or saved.
        is_settled: the last change lies far enough back to be told from a next one by its time.
    """

    signature: str
    is_settled: bool


def sources_state(hub_dir: str) -> SourcesState:
    """Names, sizes, times and modes of all sources of a hub; nothing is opened."""
    from hubctl.model.hashing import hash_text

    limit = nanoseconds() - _SETTLED_NS
    rows: list[str] = []
    newest = 0
    for kind in KINDS:
        folder = list_folder(hub_dir, kind, "")
        for path, real in folder.files.items():
            row, changed = _stat_row(real)
            rows.append(f"{kind}/{path}\0{row}")
            newest = max(newest, changed)
        rows += [f"{kind}/{path}\0refused" for path in folder.refused]
    for name, real in module_files(hub_dir).items():
        row, changed = _stat_row(real)
        rows.append(f"{FOLDER}/{name}\0{row}")
        newest = max(newest, changed)
    return SourcesState(signature=hash_text("\n".join(sorted(rows))), is_settled=newest < limit)


def _stat_row(real: str) -> tuple[str, int]:
    try:
        found = os.stat(real)
    except OSError:
        return "gone", 0
    parts = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_mode)
    return "\0".join(map(str, parts)), found.st_ctime_ns
