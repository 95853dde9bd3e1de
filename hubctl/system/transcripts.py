"""The client's transcripts as files: which there are, and their bytes in whole lines.

Never holds more than one line and one chunk; what a line says is not its business.
"""

from __future__ import annotations

import os
import stat
from binascii import crc32
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import FileIO

_SUFFIX = ".jsonl"
_CHUNK = 256 << 10  # what a processor keeps near
LONGEST_LINE = 32 << 20
_DEEPEST = 8
_MOST_LOOKED_THROUGH = 300  # transcripts
_MOST_BYTES = 64 << 20  # of one transcript that is looked through, from its end
_PRINT = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A file. name: below `projects`; inode: who it is; size in bytes, changed in nanoseconds."""

    path: str
    name: str
    inode: int
    size: int
    changed: int


def transcripts(config_dir: str) -> list[Transcript]:
    """All transcripts of the client whose folder this is, sorted by name."""
    found = _below(f"{config_dir}/projects", "", _DEEPEST, set())
    return sorted(found, key=lambda found: found.name)


def transcript_lines(config_dir: str, since: float, mark: bytes) -> Iterator[bytes]:
    """Lines that hold `mark`, of the newest transcripts written to since `since` (seconds)."""
    found = [(one.changed, one.path) for one in transcripts(config_dir)]
    recent = sorted((one for one in found if one[0] >= since * 1e9), reverse=True)
    for _, path in recent[:_MOST_LOOKED_THROUGH]:
        try:
            with open(path, "rb", opener=_without_waiting) as stream:
                size = stream.seek(0, os.SEEK_END)
                stream.seek(max(0, size - _MOST_BYTES))
                yield from (line for line in stream if mark in line)
        except OSError:
            continue


def transcript_folders(config_dirs: Iterable[str]) -> tuple[str, ...]:
    """Those of a client's folders that hold transcripts, each once whatever leads to it."""
    found: dict[str, str] = {}
    for folder in config_dirs:
        if os.path.isdir(f"{folder}/projects"):
            found.setdefault(os.path.realpath(f"{folder}/projects"), folder)
    return tuple(found.values())


def _below(
    folder: str, prefix: str, levels: int, seen: set[tuple[int, int]]
) -> Iterator[Transcript]:
    """`seen`: devices and inodes; a link leads to what has another name too, or in a circle."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: (entry.is_symlink(), entry.name))
    except OSError:
        return
    for entry in found:
        try:
            named = entry.name.endswith(_SUFFIX)
            known = entry.stat() if named or entry.is_dir() else None
        except OSError:
            continue
        if known is None or (known.st_dev, known.st_ino) in seen:
            continue
        seen.add((known.st_dev, known.st_ino))
        name = f"{prefix}{entry.name}"
        if stat.S_ISDIR(known.st_mode) and levels:
            yield from _below(entry.path, f"{name}/", levels - 1, seen)
        elif stat.S_ISREG(known.st_mode) and named:
            yield Transcript(
                path=entry.path,
                name=name,
                inode=known.st_ino,
                size=known.st_size,
                changed=known.st_mtime_ns,
            )


def print_of(path: str, position: int) -> int:
    """A number by which a file is known again up to `position`; -1 where that is not there.

    Taken of the first bytes and of those before the position: a file that was replaced, or cut and
    written on, has another one.
    """
    try:
        with _opened(path) as stream:
            length = min(position, _PRINT)
            first = stream.read(length)
            stream.seek(position - length)
            last = stream.read(length)
    except OSError:
        return -1
    return crc32(last, crc32(first)) if len(first) == len(last) == length else -1


def _opened(path: str) -> FileIO:
    """Without waiting: what is a pipe by now has no reader's patience."""
    return open(path, "rb", buffering=0, opener=_without_waiting)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def whole_lines(path: str, start: int) -> Iterator[tuple[bytes, int]]:
    """Bytes from `start` in whole lines, piece by piece, and the offset after each.

    What stands behind the last line's end comes last, with the offset before it: it may be half a
    line, or all of it. A line over LONGEST_LINE is passed over.
    """
    try:
        with _opened(path) as stream:
            stream.seek(start)
            yield from _pieces(stream, start)
    except OSError:
        return


def _pieces(stream: FileIO, offset: int) -> Iterator[tuple[bytes, int]]:
    kept: list[bytes] = []
    held, skipping = 0, False  # bytes of a line that has not ended; whether it is too long
    while data := stream.read(_CHUNK):
        end = data.rfind(b"\n") + 1
        if not end:
            held += len(data)
            skipping = skipping or held > LONGEST_LINE
            kept = [] if skipping else [*kept, data]
            continue
        first = data.find(b"\n") + 1 if skipping else 0
        piece = b"".join((*kept, memoryview(data)[first:end]))
        offset += held + end
        kept, held, skipping = [data[end:]], len(data) - end, False
        yield piece, offset
    if held and not skipping:
        yield b"".join(kept), offset
