"""Ledgers: what hubctl wrote, address by address, so that somebody else's edit can be told apart.

Two files hold one: the committed `.claude/hub.lock.json` and the local ledger in the state folder.
Both are untrusted input; parsing here checks their form, the engine contains their paths.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "hubctl/ledger"
VERSION = 1
ADOPTED = "adopted "


class LedgerError(ValueError):
    """The text is no ledger; the message says why (conflict markers, damage, another version)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One ledger.

    Attributes:
        hub, repository: whose it is ("" when empty).
        records: local address (`path#fragment`) → hash, `adopted ` before it where the value
            stood there first and merely agreed: such a record is released, its value never deleted.
        containers: local address → what stood there before we made or filled it (documents).
        seen: structured file → pointers of members that are not ours but were there at the last
            apply, so that only later additions are told as unmanaged; None before the first
            apply on this machine, and always in the committed ledger.
        waiting: of the local ledger alone: records of committed things that were adopted while
            nothing was to be written at the target. The committed ledger takes them over when it
            is written the next time, so that adopting itself leaves a repository untouched.
    """

    hub: str = ""
    repository: str = ""
    records: Mapping[str, str] = field(default_factory=dict)
    containers: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, tuple[str, ...]] | None = None
    waiting: Mapping[str, str] = field(default_factory=dict)

    def hash_of(self, local: str) -> str:
        """Recorded hash at an address, "" without a record."""
        return self.records.get(local, "").removeprefix(ADOPTED)

    def adopted(self, local: str) -> bool:
        """Whether the record only adopted what stood there."""
        return self.records.get(local, "").startswith(ADOPTED)

    def is_empty(self) -> bool:
        """Whether nothing is recorded, so that the file itself should not exist."""
        return not (self.records or self.containers or self.waiting) and self.seen is None


def dump_ledger(ledger: Ledger) -> bytes:
    """Ledger bytes: sorted, one address a line, no time, revision or version of hubctl."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "hub": ledger.hub,
        "repository": ledger.repository,
    }
    lines = [f"  {_text(key)}: {_text(value)}" for key, value in head.items()]
    lines.append(_section("records", ledger.records))
    lines.append(_section("containers", ledger.containers))
    if ledger.waiting:
        lines.append(_section("waiting", ledger.waiting))
    if ledger.seen is not None:
        lines.append(_section("seen", {path: list(keys) for path, keys in ledger.seen.items()}))
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def parse_ledger(data: bytes) -> Ledger:
    """Parse ledger bytes.

    Raises:
        LedgerError: anything but a well-formed ledger of this version.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        marker = b"<<<<<<<" in data or b">>>>>>>" in data
        raise LedgerError("it holds merge-conflict markers" if marker else str(error)) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise LedgerError(f"it is not a {FORMAT} document")
    if found.get("version") != VERSION:
        raise LedgerError(f"its version is {found.get('version')!r}, this hubctl reads {VERSION}")
    return Ledger(
        hub=_string(found, "hub"),
        repository=_string(found, "repository"),
        records=_strings(found, "records"),
        containers=_strings(found, "containers"),
        seen=_lists(found, "seen") if "seen" in found else None,
        waiting=_strings(found, "waiting"),
    )


def _section(name: str, entries: Mapping[str, object]) -> str:
    if not entries:
        return f"  {_text(name)}: {{}}"
    rows = ",\n".join(f"    {_text(key)}: {_text(entries[key])}" for key in sorted(entries))
    return f"  {_text(name)}: {{\n{rows}\n  }}"


def _text(value: object) -> str:
    return json.dumps(value)


def _string(found: Mapping[str, object], key: str) -> str:
    value = found.get(key, "")
    if not isinstance(value, str):
        raise LedgerError(f"{key} is not a string")
    return value


def _strings(found: Mapping[str, object], key: str) -> dict[str, str]:
    value = found.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise LedgerError(f"{key} does not map addresses to strings")
    return value


def _lists(found: Mapping[str, object], key: str) -> dict[str, tuple[str, ...]]:
    value = found.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(item, list) for item in value.values()):
        raise LedgerError(f"{key} does not map files to lists")
    return {path: tuple(str(item) for item in items) for path, items in value.items()}
