"""What ledgers and their folders are called, for those who only ask which there are."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubctl.system.files import Files

LEDGERS = "ledger"
HOST_LEDGER = f"{LEDGERS}/host.json"


def ledger_name(repository: str) -> str:
    """Name of a local ledger: `repository` is the git common directory, or the root without git."""
    key = hashlib.sha256(repository.encode("utf-8", "surrogateescape"))
    return f"{key.hexdigest()[:24]}.json"


def other_hubs(door: Files, states: str, hub: str) -> tuple[str, ...]:
    """State folders of the other hubs of this account; `states` holds one for each hub.

    A folder of every other use counts too, but no file: no hub has a dot in its name.
    """
    try:
        names = sorted(door.list(states))
    except OSError:
        return ()
    return tuple(f"{states}/{name}" for name in names if name != hub and "." not in name)
