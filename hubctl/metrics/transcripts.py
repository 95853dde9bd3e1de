"""Transcripts into the store: each file from where it was left, one transaction for many of them.

Owns the cursors of transcripts: how far a file was read, and the print by which a file that shrank
or was replaced is known. Reading a part twice changes nothing, so a kill at any moment is harmless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.answers import answer_rows
from hubctl.metrics.ddl import COPIES
from hubctl.metrics.schema import schema
from hubctl.metrics.transcript_lines import Gathered, Lines
from hubctl.system.transcripts import print_of, transcripts, whole_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.metrics.batch import Batch
    from hubctl.metrics.prices import Prices
    from hubctl.metrics.store import Store
    from hubctl.metrics.transcript_lines import Row
    from hubctl.system.transcripts import Transcript

    Cursors = dict[str, tuple[int, str]]

SOURCE = "transcript"
_NEVER = "0 0 0 0 "
# Of what was read, rows of this many lines are held before they are put into the store.
_LINES_HELD = 10_000
_FILES_HELD = 500


class _Mark:
    """What is remembered of a file beside the position, and whether it is still that file."""

    def __init__(self, extra: str) -> None:
        size, changed, mark, time, self.project = (extra or _NEVER).split(" ", 4)
        self.seen = (int(size), int(changed))
        self.mark = int(mark)
        self.time = int(time)

    def is_unchanged(self, file: Transcript) -> bool:
        return self.seen == (file.size, file.changed)

    def is_of(self, file: Transcript, position: int) -> bool:
        return file.size >= position and print_of(file.path, position) == self.mark


def read_transcripts(store: Store, config_dir: str, prices: Prices) -> int:
    """Put into the store what is new in the transcripts of a client; how many lines said something.

    Raises:
        OperationError: the store cannot be written; what was put before stays.
    """
    cursors = store.cursors(SOURCE)
    found = transcripts(config_dir)
    reader = _Reading(store, cursors, prices)
    for file in found:
        known = cursors.get(file.path)
        if known is None or not _Mark(known[1]).is_unchanged(file):
            reader.read(file)
    reader.put()
    _forget(store, cursors, (file.path for file in found), f"{config_dir}/projects/")
    return reader.count


def _forget(store: Store, cursors: Cursors, there: Iterable[str], below: str) -> None:
    """Cursors of files that are gone; their rows stay."""
    gone = {name for name in cursors if name.startswith(below)}.difference(there)
    if gone:
        with store.batch() as batch:
            for name in sorted(gone):
                batch.drop_cursor(SOURCE, name)


class _Reading:
    """One pass over changed files; what is gathered goes into the store in large parts."""

    def __init__(self, store: Store, cursors: Cursors, prices: Prices) -> None:
        self.count = 0
        self._store = store
        self._cursors = cursors
        self._prices = prices
        self._gathered = Gathered()
        self._reached: dict[str, tuple[int, str]] = {}

    def read(self, file: Transcript) -> None:
        """Gather what is new in one file."""
        position, extra = self._cursors.get(file.path, (0, ""))
        mark = _Mark(extra)
        if position and not mark.is_of(file, position):
            position, mark = 0, _Mark("")
        lines = Lines(file.name, mark.project, mark.time or file.changed // 1000)
        for data, end in whole_lines(file.path, position):
            lines.read(data, self._gathered, position)
            position = end
            if self._gathered.count >= _LINES_HELD:
                self._reach(file, position, lines)
                self.put()
        self._reach(file, position, lines)
        if len(self._reached) >= _FILES_HELD:
            self.put()

    def _reach(self, file: Transcript, position: int, lines: Lines) -> None:
        mark = print_of(file.path, position)
        extra = f"{file.size} {file.changed} {mark} {lines.time} {lines.project}"
        self._reached[file.path] = (position, extra)

    def put(self) -> None:
        """Put what was gathered, and how far that was, into the store."""
        if not self._reached:
            return
        with self._store.batch() as batch:
            _put(batch, self._gathered, self._prices)
            for name, (position, extra) in self._reached.items():
                batch.set_cursor(SOURCE, name, position, extra)
        self.count += self._gathered.count
        self._gathered, self._reached = Gathered(), {}


# A better source than a transcript measured the time of a call itself.
_FINISH = """
success = CASE WHEN rank_ > 7 THEN coalesce(success, ?2) ELSE ?2 END,
error = CASE WHEN rank_ > 7 THEN coalesce(error, ?3) ELSE ?3 END,
output_bytes = coalesce(output_bytes, ?4),
duration_ms = CASE WHEN rank_ > 7 AND duration_ms IS NOT NULL THEN duration_ms
    ELSE max(0, (?5 - time) / 1000.0) END
"""


def _put(batch: Batch, gathered: Gathered, prices: Prices) -> None:
    tables = schema()
    calls, answers = tables.table("claude_tool_usage"), tables.table("claude_context")
    batch.put(tables.table("claude_sessions"), gathered.sessions.values())
    by_copy: dict[int, list[Row]] = {}
    for copy, row in answer_rows(gathered.answers, prices):
        by_copy.setdefault(copy, []).append(row)
    for copy, rows in by_copy.items():
        batch.put(answers, rows, copy=copy)
    for copy in range(COPIES):
        batch.put(calls, [row for key, row in gathered.calls.items() if key[0] == copy], copy=copy)
    batch.change(calls, _FINISH, gathered.finished, "call = ?6")
    batch.put(tables.table("claude_events"), gathered.events)
    batch.put(tables.table("claude_agents"), gathered.agents)
    batch.put(tables.table("claude_tasks"), gathered.tasks)
