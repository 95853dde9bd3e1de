"""Checks of what hubctl keeps and runs on this machine: hooks, units, journal, spool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.fleet.open_journals import open_journal_findings
from hubctl.health.result import Answer
from hubctl.model.address import HOST
from hubctl.model.finding import Finding, Location, Severity
from hubctl.output.summary import plural
from hubctl.release.verify import current_name, verify, verify_all
from hubctl.render.units import FOLDER
from hubctl.system.hooks_package import places, store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.fleet.world import World
    from hubctl.health.subject import Subject
    from hubctl.system.services import UnitStates

_MIB = 1 << 20
UNIT_FILES = f"{FOLDER}/"


def release(subject: Subject) -> Answer:
    """The installed hooks have the sizes, modes and times that they were installed with."""
    return _release(subject, full=False)


def release_bytes(subject: Subject) -> Answer:
    """Every byte of every installed release is the one that was installed."""
    return _release(subject, full=True)


def _release(subject: Subject, *, full: bool) -> Answer:
    door = subject.hub().door
    name = current_name(subject.places, door)
    if not name and not _uses_hooks(subject):
        return Answer(summary="no hooks are in use", skipped=True)
    found = verify_all(subject.places, door) if full else verify(subject.places, door)
    how = "byte for byte" if full else "untouched"
    summary = plural(len(found), "finding") if found else f"hooks {name} are installed, {how}"
    return Answer(summary=summary, findings=found, facts={"release": name})


def _uses_hooks(subject: Subject) -> bool:
    world = subject.hub()
    return world.door.look(world.compiler.machine.registry_dir) is not None


def units(subject: Subject) -> Answer:
    """Units of the hub are known to the service manager, and none has failed."""
    states, why_not = unit_states(subject.hub())
    if why_not or not states:
        return Answer(summary=why_not or "the hub has no units", skipped=True)
    failed = [name for name, one in states.items() if one.active == "failed"]
    findings = tuple(_failed(name) for name in failed)
    fine = f"{plural(len(states), 'unit')} fine"
    summary = plural(len(failed), "failed unit") if failed else fine
    return Answer(summary=summary, findings=findings, facts={"units": len(states)})


def unit_states(world: World) -> tuple[Mapping[str, UnitStates], str]:
    """States of the hub's units by name, and why they cannot be known ("" where they can)."""
    prefix = "unit:"
    rows = world.compiler.compiled(HOST).rows if HOST in world.compiler.head.names else ()
    states = {row.path[len(prefix) :] for row in rows if row.path.startswith(prefix)}
    # A timer never fails: its service does, which has a file and no state of its own.
    files = {row.path[len(UNIT_FILES) :] for row in rows if row.path.startswith(UNIT_FILES)}
    names = sorted(states | files)
    if not names:
        return {}, ""
    services = world.host_units(names).services
    why_not = services.missing()
    return ({}, why_not) if why_not else (services.unit_states(names), "")


def _failed(name: str) -> Finding:
    return Finding(
        rule="health/unit-failed",
        severity=Severity.WARNING,
        message=f"the last run of {name} failed",
        hint=f"journalctl --user --unit {name}",
    )


def journal(subject: Subject) -> Answer:
    """No run was interrupted, and every ledger can be read."""
    world = subject.hub()
    found = [
        *open_journal_findings(world),
        *(f for f in subject.drift.findings if f.rule.startswith("ledger/")),
    ]
    summary = plural(len(found), "finding") if found else "journal and ledgers are in order"
    return Answer(summary=summary, findings=tuple(found), facts={"state": world.state})


def spool(subject: Subject) -> Answer:
    """What hooks recorded can be read, and does not grow without bound."""
    folder = f"{subject.hub().state}/{places.HOOKS}"
    total, damaged, records = 0, [], 0
    for path, data in _segments(subject, folder):
        read, bad = store.read_segment(data)
        total, records = total + len(data), records + len(read)
        if bad:
            damaged.append((path, bad))
    findings = tuple(
        Finding(
            rule="health/spool-damaged",
            severity=Severity.NOTE,
            message=f"{plural(bad, 'line')} cannot be read any more",
            location=Location(file=path),
            hint="nothing has to be done: readers leave them out",
        )
        for path, bad in damaged
    )
    summary = f"{plural(records, 'record')}, {total / _MIB:.1f} MiB of {store.SPOOL_BYTES // _MIB}"
    return Answer(summary=summary, findings=findings, facts={"bytes": total, "records": records})


def _segments(subject: Subject, folder: str) -> Iterator[tuple[str, bytes]]:
    door = subject.hub().door
    try:
        names = door.list(f"{folder}/spool")
    except OSError:
        return
    for name in names:
        if name.endswith(".jsonl"):
            path = f"{folder}/spool/{name}"
            yield path, door.read(path)
