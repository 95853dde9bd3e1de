"""L4: proof by the client itself: which settings it takes, which hooks it registers and runs."""

from hubctl.live.prove import Prover
from hubctl.live.result import EntrySeen, EntryState, FileSeen, FileState, Proof
from hubctl.live.stand_in import require_harmless

__all__ = [
    "EntrySeen",
    "EntryState",
    "FileSeen",
    "FileState",
    "Proof",
    "Prover",
    "require_harmless",
]
