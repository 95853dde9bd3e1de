"""Checks of what hubctl keeps on this machine: its state files, and what canonical.yaml allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.health.result import Answer
from hubctl.model.finding import Finding, Location, Severity
from hubctl.output.summary import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.health.subject import Subject
    from hubctl.system.files import Files, Look

# Families of rules, as docs/reference/findings.md has them.
EXCEPTIONS = ("exception/",)
_MIB = 1 << 20
_OTHERS = 0o022


def exceptions(subject: Subject) -> Answer:
    """No exception of canonical.yaml has ended."""
    count = len(subject.hub().compiler.head.document.get("exceptions") or ())
    if not count:
        return Answer(summary="canonical.yaml allows no drift", skipped=True)
    found = tuple(f for f in subject.drift.findings if f.rule.startswith(EXCEPTIONS))
    told = f", {len(found)} of them ended" if found else ", none of them ended"
    return Answer(
        summary=f"{plural(count, 'exception')}{told}", findings=found, facts={"exceptions": count}
    )


def state_files(subject: Subject) -> Answer:
    """Every run in the journal can be read, and nobody else can write to what hubctl keeps."""
    world = subject.hub()
    size, public = 0, []
    for path, look in _below(world.door, subject.places.state):
        size += look.size if look.kind == "file" else 0
        if look.kind != "link" and look.mode & _OTHERS:
            public.append(path)
    damaged = tuple(_damaged_runs(subject))
    findings = (*damaged, *(_public(path) for path in public))
    runs = len(world.journal.ids())
    return Answer(
        summary=f"{plural(runs, 'run')} in the journal, {size / _MIB:.1f} MiB of state files",
        findings=findings,
        facts={"runs": runs, "bytes": size, "folder": subject.places.state},
    )


def _below(door: Files, folder: str) -> Iterator[tuple[str, Look]]:
    """The folder and everything in it; links are not followed."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        look = door.look(path)
        if look is None:
            continue
        yield path, look
        if look.kind == "folder":
            waiting += [f"{path}/{name}" for name in sorted(door.list(path), reverse=True)]


def _damaged_runs(subject: Subject) -> Iterator[Finding]:
    journal = subject.hub().journal
    for entry_id in journal.ids():
        try:
            journal.read(entry_id)
        except OperationError as error:
            yield Finding(
                rule="health/journal-damaged",
                severity=Severity.WARNING,
                message=error.message,
                location=Location(file=f"{journal.folder}/{entry_id}"),
                hint=error.hint,
            )


def _public(path: str) -> Finding:
    return Finding(
        rule="health/state-public",
        severity=Severity.WARNING,
        message="somebody else than you may write to what hubctl keeps",
        location=Location(file=path),
        hint=f"chmod go-w {path}, once you know that nobody changed anything in it",
    )
