"""Which parts of the hooks' spool are new, in the spools of all hubs.

Owns the cursors of spool segments; a segment that is gone is forgotten. What is new in them is read
elsewhere, which is loaded only then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.watch import nobody
from hubctl.system.spool import spool_segments

if TYPE_CHECKING:
    from hubctl.metrics.store import Store
    from hubctl.metrics.watch import Watch

SOURCE = "spool"


def read_spools(store: Store, state: str, watch: Watch = nobody) -> tuple[int, int]:
    """Put what is new in the spools of all hubs into the store: records, and damaged lines.

    Raises:
        OperationError: the store cannot be written; what was put before stays.
    """
    cursors = store.cursors(SOURCE)
    segments = spool_segments(state)
    records = damaged = done = 0
    whole = sum(size for _, _, size in segments)
    for name, path, size in segments:
        while size > cursors.get(name, (0, ""))[0]:
            from hubctl.metrics.sources.spool_reading import read_part

            with store.batch() as batch:
                read = read_part(batch, name, path)
            if read is None:
                break
            reached, found, broken = read
            cursors[name] = (reached, "")
            records, damaged = records + found, damaged + broken
            watch("spool", done + reached, whole)
        done += size
    _forget(store, set(cursors).difference(name for name, _, _ in segments))
    return records, damaged


def _forget(store: Store, gone: set[str]) -> None:
    if gone:
        with store.batch() as batch:
            for name in sorted(gone):
                batch.drop_cursor(SOURCE, name)
