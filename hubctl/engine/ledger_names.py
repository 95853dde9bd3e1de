"""What ledgers are called below a hub's state folder, for those who only ask if there is one."""

from __future__ import annotations

import hashlib

LEDGERS = "ledger"
HOST_LEDGER = f"{LEDGERS}/host.json"


def ledger_name(repository: str) -> str:
    """Name of a local ledger: `repository` is the git common directory, or the root without git."""
    key = hashlib.sha256(repository.encode("utf-8", "surrogateescape"))
    return f"{key.hexdigest()[:24]}.json"
