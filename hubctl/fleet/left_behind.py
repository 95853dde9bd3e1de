"""Repositories that left canonical.yaml without `repos remove`: what hubctl wrote is still there.

Their local ledgers say so, and the journal knows where they lie. Nothing is taken away unasked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.engine.ledger_names import HOST_LEDGER, LEDGERS, ledger_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.engine.ledgers import StoredLedger
    from hubctl.engine.operations import Batch
    from hubctl.fleet.same_repository import Home
    from hubctl.fleet.world import World
    from hubctl.model.finding import Finding


def left_behind(world: World, homes: Mapping[str, Home]) -> tuple[Finding, ...]:
    """A finding for each repository that has records and no entry; `homes` are all targets."""
    expected = {ledger_name(home.repository) for home in homes.values() if home.repository}
    unknown = [name for name in _names(world) if name not in expected]
    if not unknown:
        return ()
    document = world.compiler.canonical.document
    entries = document.get("repositories") or {}
    return tuple(
        _finding(stored)
        for stored in _read(world, unknown)
        if stored.ledger.repository not in entries
    )


def _names(world: World) -> list[str]:
    try:
        names = world.door.list(f"{world.state}/{LEDGERS}")
    except OSError:
        return []
    host = HOST_LEDGER.rpartition("/")[2]
    return sorted(name for name in names if name.endswith(".json") and name != host)


def _read(world: World, names: list[str]) -> Iterator[StoredLedger]:
    from hubctl.engine.ledgers import read_ledger
    from hubctl.model.target import Target

    for name in names:
        path = f"{world.state}/{LEDGERS}/{name}"
        stored = read_ledger(world.door, path, Target(name="?", root="/"))
        if stored.ledger.repository:
            yield stored


def _finding(stored: StoredLedger) -> Finding:
    from hubctl.model.finding import Finding, Location, Severity

    name = stored.ledger.repository
    return Finding(
        rule="fleet/left-behind",
        severity=Severity.WARNING,
        message=f"{name} is no longer in canonical.yaml, and what hubctl wrote there still stands",
        location=Location(file=stored.path),
        address=f"{name}:.",
        hint=f"`hubctl repos remove {name}` lets it go, or put it back into canonical.yaml",
        exit_code=1,
    )


def departure(world: World, name: str, *, restore: bool) -> tuple[Batch, ...]:
    """What lets a repository go that canonical.yaml has, or once had, wherever it lies.

    Raises:
        OperationError: a file of it cannot be read or edited; the message names it.
    """
    from hubctl.fleet.leave import leaving, restoring

    if name not in (world.compiler.canonical.document.get("repositories") or {}):
        world.compiler.relocate(name, last_root(world, name))
    batch = restoring(world, name) if restore else leaving(world, name)
    done = {operation.path for operation in batch.ordered()}
    left = [op for op in stale_ledgers(world, name).operations if op.path not in done]
    return batch, replace(stale_ledgers(world, name), operations=tuple(left))


def is_left_behind(world: World, name: str) -> bool:
    """Whether something is still recorded of a repository, on this machine."""
    return not stale_ledgers(world, name).is_empty()


def stale_ledgers(world: World, name: str) -> Batch:
    """What takes away the local ledgers of a repository, wherever it lay."""
    from hubctl.engine.operations import ABSENT_IMAGE, Batch, Operation, take_image

    stored = [one for one in _read(world, _names(world)) if one.ledger.repository == name]
    operations = (
        Operation(path=one.path, before=take_image(world.door, one.path), after=ABSENT_IMAGE)
        for one in stored
    )
    return Batch(target=name, root="", operations=tuple(operations))


def last_root(world: World, name: str) -> str:
    """The folder in which a run last wrote to this repository; "" where no run is known."""
    from hubctl.errors import OperationError

    for entry_id in reversed(world.journal.ids()):
        try:
            entry = world.journal.read(entry_id)
        except OperationError:
            continue  # a damaged entry tells nothing
        roots = [batch.root for batch in entry.batches if batch.target == name and batch.root]
        if roots:
            return roots[-1]
    return ""
