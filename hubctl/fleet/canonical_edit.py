"""Writing canonical.yaml: only bytes proved to be a valid hub, and journaled like the rest."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.engine.apply import Executor
from hubctl.engine.journal import Entry
from hubctl.engine.operations import Batch, Operation, file_image, take_image
from hubctl.errors import CanonicalError, OperationError
from hubctl.fleet.canonical import check, loaded
from hubctl.model.finding import Severity
from hubctl.system.clock import journal_id, now
from hubctl.system.data import data_folder
from hubctl.system.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.fleet.world import World

HUB = "canonical.yaml"


def require_valid(world: World, data: bytes) -> None:
    """Refuse bytes that would not be a usable canonical.yaml.

    Raises:
        CanonicalError: all findings ride along; nothing was written.
    """
    files = replace(world.files, data=data)
    sources = Sources(files.folder, data_folder("templates"))
    findings = check(loaded(files), files, sources)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise CanonicalError(
            f"{files.path} would not be valid after this change; nothing was written",
            # Their lines are those of a file that was never written.
            findings=[replace(finding, location=None) for finding in findings],
        )


def rewrite(world: World, data: bytes, command: str, beside: Iterable[Batch] = ()) -> str:
    """Replace canonical.yaml, and carry out what belongs to the change, as one journaled run.

    Returns the journal id, "" where nothing changed. Under the writer's lock.

    Raises:
        OperationError: something could not be written; all of it was undone.
    """
    path = os.path.realpath(world.files.path)
    before = take_image(world.door, path)
    if before.data != world.files.data:
        raise OperationError(f"{path} changed while hubctl was at work", hint="run it again")
    batches = [batch for batch in beside if not batch.is_empty()]
    if data != world.files.data:
        after = file_image(data, before.mode)
        operation = Operation(path=path, before=before, after=after)
        batches.append(Batch(target=HUB, root=world.files.folder, operations=(operation,)))
    if not batches:
        return ""
    moment = now()
    entry = Entry(
        id=journal_id(moment),
        time=moment.isoformat(timespec="seconds"),
        command=command,
        batches=tuple(batches),
    )
    executor = Executor(door=world.door, journal=world.journal, units=world.host_units())
    for outcome in executor.run(entry, together=True):
        if outcome.failed:
            raise OperationError(outcome.message, hint=outcome.hint)
    return entry.id
