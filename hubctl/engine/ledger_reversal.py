"""What a ledger records once a run is rolled back in part, or after later runs wrote to it too.

A file that somebody changed since is left alone, and with it what is recorded of it; what another
run recorded stays recorded. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.engine.ledgers import LOCK
from hubctl.engine.operations import ABSENT_IMAGE, file_image
from hubctl.model.ledger import Ledger, LedgerError, dump_ledger, parse_ledger

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hubctl.engine.operations import Image, Operation


def is_ledger(path: str) -> bool:
    """Whether a ledger lies at an absolute path, by its name."""
    return path.endswith((f"/{LOCK}", ".json")) and ("/ledger/" in path or path.endswith(LOCK))


def merged(operation: Operation, current: Image, undone: Collection[str]) -> Image | None:
    """The image of a ledger in which only the records at `undone` (local) are as before the run.

    None where one of the two is no ledger that can be read.
    """
    try:
        before, now = _ledger(operation.before), _ledger(current)
    except LedgerError:
        return None
    ledger = _merged(before, now, undone)
    if ledger.is_empty() and operation.before.kind == "absent":
        return ABSENT_IMAGE
    mode = operation.before.mode if current.kind == "absent" else current.mode
    return file_image(dump_ledger(ledger), mode)


def _ledger(image: Image) -> Ledger:
    if image.kind == "absent":
        return Ledger()
    if image.data is None:
        raise LedgerError("its bytes are not known")
    return parse_ledger(image.data)


def _merged(before: Ledger, now: Ledger, undone: Collection[str]) -> Ledger:
    records = {local: record for local, record in now.records.items() if local not in undone}
    records |= {local: before.records[local] for local in undone if local in before.records}
    paths = {local.partition("#")[0] for local in undone}
    containers = {key: was for key, was in now.containers.items() if _path(key) not in paths}
    containers |= {key: was for key, was in before.containers.items() if _path(key) in paths}
    return replace(
        now if now.hub else before,
        records=records,
        containers=_in_use(containers, before.containers, records),
        seen=now.seen if records else before.seen,
    )


def _path(key: str) -> str:
    return key.partition("#")[0]


def _in_use(
    containers: Mapping[str, str], before: Mapping[str, str], records: Mapping[str, str]
) -> dict[str, str]:
    """Without folders that we made for things that are no longer recorded."""
    paths = {_path(local) for local in records}
    return {
        key: was
        for key, was in containers.items()
        if not key.endswith("/") or key in before or any(path.startswith(key) for path in paths)
    }
