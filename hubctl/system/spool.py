"""What hooks left behind: the records of their spools, read within bounds."""

from __future__ import annotations

import os

from hubctl.system.hooks_package import places, store


def spool_records(hooks: str, since: float) -> tuple[list[dict[str, object]], int]:
    """Records below a hook folder not older than `since` (seconds), and how many lines are damaged.

    What cannot be read is passed over.
    """
    records: list[dict[str, object]] = []
    damaged = 0
    for path in _files(f"{hooks}/spool", since):
        found, broken = store.read_segment(_read(path))
        damaged += broken
        records += [record for record in found if _time(record) >= since]
    return records, damaged


def spool_segments(state: str) -> list[tuple[str, str, int]]:
    """Segments of every hub's spool: `hub:segment`, path and size in bytes, the oldest first."""
    found = []
    for folder in hook_folders(state):
        hub = folder.split("/")[-2]
        spool = f"{folder}/spool"
        for path in _files(spool, 0.0):
            name = path[len(spool) + 1 :].removesuffix(".jsonl")
            found.append((f"{hub}:{name}", path, _size(path)))
    return found


def spool_part(path: str, start: int, most: int) -> bytes:
    """Up to `most` bytes of a segment from `start`; none where it is gone."""
    try:
        with open(path, "rb") as stream:
            stream.seek(start)
            return stream.read(most)
    except OSError:
        return b""


def _files(folder: str, since: float) -> list[str]:
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".jsonl"))
    except OSError:
        return []
    return [path for name in names if _changed(path := f"{folder}/{name}") >= since]


def hook_folders(state: str) -> list[str]:
    """The hook folder of every hub in hubctl's state folder, sorted."""
    try:
        hubs = sorted(os.listdir(state))
    except OSError:
        return []
    folders = [f"{state}/{hub}/{places.HOOKS}" for hub in hubs]
    return [folder for folder in folders if os.path.isdir(folder)]


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _changed(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return b""


def _time(record: dict[str, object]) -> float:
    moment = record.get("t")
    return float(moment) if isinstance(moment, int | float) else 0.0
