"""Which transcripts have something new, and what is remembered of each.

Owns the cursors of transcripts: how far a file was read, and the print by which a file that shrank
or was replaced is known. What is new in them is read elsewhere, which is loaded only then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.watch import nobody
from hubctl.system.transcripts import print_of, transcripts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.metrics.prices import Prices
    from hubctl.metrics.store import Store
    from hubctl.metrics.watch import Watch
    from hubctl.system.transcripts import Transcript

    Cursors = dict[str, tuple[int, str]]

SOURCE = "transcript"
_NEVER = "0 0 0 0 "


class Mark:
    """What is remembered of a file beside the position, and whether it is still that file."""

    def __init__(self, extra: str) -> None:
        try:
            *numbers, self.project = (extra or _NEVER).split(" ", 4)
            size, changed, self.mark, self.time = map(int, numbers)
        except ValueError:  # of a damaged store: nothing is known of the file
            size = changed = self.mark = self.time = 0
            self.project = ""
        self.seen = (size, changed)

    def is_unchanged(self, file: Transcript) -> bool:
        """Whether it is as it was when it was read."""
        return self.seen == (file.size, file.changed)

    def is_of(self, file: Transcript, position: int) -> bool:
        """Whether what was read stands at the beginning of it."""
        return file.size >= position and print_of(file.path, position) == self.mark


def read_transcripts(store: Store, config_dir: str, prices: Prices, watch: Watch = nobody) -> int:
    """Put into the store what is new in the transcripts of a client; how many lines said something.

    Raises:
        OperationError: the store cannot be written; what was put before stays.
    """
    cursors = store.cursors(SOURCE)
    found = transcripts(config_dir)
    changed = [file for file in found if not _is_read(file, cursors.get(file.path))]
    count = 0
    if changed:
        from hubctl.metrics.sources.transcript_reading import Reading

        count = Reading(store, cursors, prices, watch).all_of(changed)
    _forget(store, cursors, (file.path for file in found), f"{config_dir}/projects/")
    return count


def _is_read(file: Transcript, known: tuple[int, str] | None) -> bool:
    return known is not None and Mark(known[1]).is_unchanged(file)


def _forget(store: Store, cursors: Cursors, there: Iterable[str], below: str) -> None:
    """Cursors of files that are gone; their rows stay."""
    gone = {name for name in cursors if name.startswith(below)}.difference(there)
    if gone:
        with store.batch() as batch:
            for name in sorted(gone):
                batch.drop_cursor(SOURCE, name)
