"""What is new in transcripts, put into the store in large parts: rows, and how far it was read.

Rows and cursors move in one transaction. Holds no more than one part in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.schema import schema
from hubctl.metrics.sources.answers import answer_rows
from hubctl.metrics.sources.transcript_lines import Gathered, Lines
from hubctl.metrics.sources.transcripts import SOURCE, Mark
from hubctl.metrics.tables.ddl import COPIES
from hubctl.system.transcripts import print_of, whole_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.metrics.prices import Prices
    from hubctl.metrics.sources.transcript_lines import Row
    from hubctl.metrics.sources.transcripts import Cursors
    from hubctl.metrics.store import Store
    from hubctl.metrics.tables.batch import Batch
    from hubctl.metrics.watch import Watch
    from hubctl.system.transcripts import Transcript

# Of what was read, rows of this many lines are held before they are put into the store.
_LINES_HELD = 10_000
_FILES_HELD = 500


class Reading:
    """One pass over changed files; what is gathered goes into the store in large parts."""

    def __init__(self, store: Store, cursors: Cursors, prices: Prices, watch: Watch) -> None:
        self._count = 0
        self._store = store
        self._cursors = cursors
        self._prices = prices
        self._watch = watch
        self._gathered = Gathered()
        self._reached: dict[str, tuple[int, str]] = {}
        self._before = self._whole = 0  # bytes of all files: before this one, and together

    def all_of(self, files: Sequence[Transcript]) -> int:
        """Put what is new in these files into the store; how many lines said something."""
        self._whole = sum(file.size for file in files)
        for file in files:
            self._read(file)
            self._before += file.size
        self._put()
        return self._count

    def _start(self, file: Transcript) -> tuple[int, Mark]:
        """Where to go on in a file; one that was replaced begins anew."""
        position, extra = self._cursors.get(file.path, (0, ""))
        mark = Mark(extra)
        return (position, mark) if not position or mark.is_of(file, position) else (0, Mark(""))

    def _read(self, file: Transcript) -> None:
        """Gather what is new in one file."""
        position, mark = self._start(file)
        lines = Lines(file.name, mark.project, mark.time or file.changed // 1000)
        for data, end in whole_lines(file.path, position):
            lines.read(data, self._gathered, position)
            position = end
            self._watch("transcripts", self._before + position, self._whole)
            if self._gathered.count >= _LINES_HELD:
                self._reach(file, position, lines)
                self._put()
        self._reach(file, position, lines)
        if len(self._reached) >= _FILES_HELD:
            self._put()

    def _reach(self, file: Transcript, position: int, lines: Lines) -> None:
        mark = print_of(file.path, position)
        extra = f"{file.size} {file.changed} {mark} {lines.time} {lines.project}"
        self._reached[file.path] = (position, extra)

    def _put(self) -> None:
        """Put what was gathered, and how far that was, into the store."""
        if not self._reached:
            return
        with self._store.batch() as batch:
            _put(batch, self._gathered, self._prices)
            for name, (position, extra) in self._reached.items():
                batch.set_cursor(SOURCE, name, position, extra)
        self._count += self._gathered.count
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
