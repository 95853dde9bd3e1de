"""What ledgers are called below a hub's state folder, for those who only ask if there is one."""

from __future__ import annotations

HOST_LEDGER = "ledger/host.json"
