"""Where ledgers lie, how they are read from an untrusted disk, and how a run changes them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from hubctl.engine.contain import Locator, is_contained, reason_of
from hubctl.engine.ledger_names import HOST_LEDGER, LEDGERS, ledger_name
from hubctl.model.address import is_scalar_text
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.item import hash_value
from hubctl.model.ledger import ADOPTED, Ledger, LedgerError, parse_ledger
from hubctl.model.state import Action, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.model.change import Change
    from hubctl.model.target import Target
    from hubctl.system.files import Files
    from hubctl.system.real_paths import Paths

LOCK = ".claude/hub.lock.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLedger:
    """A ledger as found on disk.

    `state` is `absent`, `good`, `damaged` or `refused`. A damaged one is empty, so equal values are
    recorded again, different ones are conflicts and nothing is ever deleted on its word; a refused
    one lies where nothing may be written.
    """

    path: str
    ledger: Ledger = field(default_factory=Ledger)
    state: str = "absent"
    finding: Finding | None = None


def local_path(hub_state: str, target: Target) -> str:
    """Absolute path of a target's local ledger: keyed by git common directory, or root."""
    if target.is_host:
        return f"{hub_state}/{HOST_LEDGER}"
    return f"{hub_state}/{LEDGERS}/{ledger_name(target.common_dir or target.root)}"


def read_lock(door: Files, target: Target, paths: Paths | None = None) -> StoredLedger:
    """The committed ledger of a repository; a link that leads out of it counts as damage."""
    place = Locator(target, door, paths).locate(LOCK)
    if place.problem:
        damaged = _damaged(place.path, target, place.problem)
        return StoredLedger(path=place.path, state="refused", finding=damaged.finding)
    stored = read_ledger(door, place.path, target)
    machine = [path for path in _paths(stored.ledger) if _is_of_machine(path)]
    if machine:
        why = f"it names what is of one machine alone: {machine[0]!r}"
        return _damaged(place.path, target, why)
    return stored


def read_ledger(door: Files, path: str, target: Target) -> StoredLedger:
    """Read one ledger file; every problem is a finding, never an exception."""
    try:
        ledger = parse_ledger(door.read(path))
    except (FileNotFoundError, NotADirectoryError):
        return StoredLedger(path=path)
    except OSError as error:
        return _damaged(path, target, reason_of(error))
    except LedgerError as error:
        return _damaged(path, target, str(error))
    outside = [local for local in _paths(ledger) if not is_contained(local)]
    if outside:
        return _damaged(path, target, f"it names a path outside the target: {outside[0]!r}")
    misshapen = [x for x in (*ledger.records, *ledger.waiting) if not _is_sound(x)]
    if misshapen:
        return _damaged(path, target, f"it names no element of a list: {misshapen[0][:80]!r}")
    return StoredLedger(path=path, ledger=ledger, state="good")


def _paths(ledger: Ledger) -> Iterable[str]:
    """Every path once, in order: many records share one."""
    locals_ = (*ledger.records, *ledger.containers, *ledger.waiting)
    return dict.fromkeys(map(_path_of, locals_))


@lru_cache(maxsize=4096)  # most targets of a fleet have the same addresses
def _path_of(local: str) -> str:
    return local.partition("#")[0].removesuffix("/")


def _is_of_machine(path: str) -> bool:
    """What git and hubctl keep for themselves: whoever commits a ledger has no say in that."""
    return path.partition("/")[0].lower() in (".git", "@state")


@lru_cache(maxsize=4096)
def _is_sound(local: str) -> bool:
    """Whether an address can be asked for; the value of an element has to be a scalar."""
    pointer, marked, element = local.partition("#")[2].partition("=")
    return not (marked and pointer.startswith("/")) or is_scalar_text(element)


def _damaged(path: str, target: Target, why: str) -> StoredLedger:
    finding = Finding(
        rule="ledger/damaged",
        severity=Severity.WARNING,
        message=f"the ledger cannot be used: {why}",
        location=Location(file=path),
        address=f"{target.name}:{LOCK}" if path.endswith(LOCK) else "",
        hint=f"hubctl apply {target.name} records again what agrees; the rest becomes conflicts",
        exit_code=1,
    )
    return StoredLedger(path=path, state="damaged", finding=finding)


def with_waiting(committed: StoredLedger, local: StoredLedger) -> StoredLedger:
    """The committed ledger together with the records that wait for it in the local one."""
    waiting = local.ledger.waiting
    foreign = committed.ledger.hub not in ("", local.ledger.hub)
    if not waiting or foreign or committed.state not in ("absent", "good"):
        return committed
    records = {**waiting, **committed.ledger.records}
    return replace(committed, ledger=replace(committed.ledger, records=records))


def other_hub(target: Target, stored: StoredLedger) -> Finding:
    """The finding of a repository whose committed files another hub manages."""
    hub = stored.ledger.hub
    return Finding(
        rule="ledger/other-hub",
        severity=Severity.ERROR,
        message=f"the hub {hub!r} manages the committed files here; they are left alone",
        location=Location(file=stored.path),
        address=f"{target.name}:{LOCK}",
        hint=f"let it go there first (`hubctl repos remove`), or remove {LOCK} and commit that",
        exit_code=4,
    )


def advance(ledger: Ledger, changes: Iterable[Change], scope: Scope) -> Ledger:
    """The ledger after these changes of its scope were carried out."""
    records = dict(ledger.records)
    for change in changes:
        if change.scope is not scope:
            continue
        local = change.address.local
        if change.action in (Action.DELETE, Action.FORGET):
            records.pop(local, None)
        elif change.desired is not None and change.action is not Action.NONE:
            # What merely agreed keeps its origin; what we write is ours from then on.
            agreed = change.action is Action.ADOPT
            foreign = agreed and (ledger.adopted(local) or not change.recorded)
            records[local] = (ADOPTED if foreign else "") + hash_value(change.desired)
    return Ledger(
        hub=ledger.hub,
        repository=ledger.repository,
        records=records,
        containers=ledger.containers,
        seen=ledger.seen,
        waiting=ledger.waiting,
    )
