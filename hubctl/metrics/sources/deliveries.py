"""Git history into the store: deployments with their lead time, and what restored a failed one.

Looks at the repositories that sessions ran in. A deployment that takes something back, or fixes in
haste, restored the one before it; nothing else of a commit is kept.
"""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING

from hubctl.metrics.schema import schema
from hubctl.system.git_history import deliveries, repository_at

if TYPE_CHECKING:
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Store
    from hubctl.system.git_history import Delivery, Repository

    Row = tuple[Scalar, ...]

SOURCE = "git"
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_LOOKED_AT = 90  # days; a repository where nobody worked since is not asked again
_HISTORY = 400  # days of a repository that is seen first
_OVERLAP = 7 * 86_400  # seconds; tags and merges can come late


def read_deliveries(store: Store, now: int) -> int:
    """Put what changed in the repositories' history into the store; how many deployments.

    Raises:
        OperationError: the store cannot be written.
    """
    cursors = store.cursors(SOURCE)
    count = 0
    for repository in _repositories(store, now):
        position, trace = cursors.get(repository.root, (0, ""))
        if trace == repository.trace:
            continue
        since = position - _OVERLAP if position else now // _SECOND - _HISTORY * 86_400
        found = deliveries(repository.root, max(0, since))
        reached = max((one.time for one in found), default=position)
        _put(store, repository, found, reached)
        count += len(found)
    return count


def _repositories(store: Store, now: int) -> list[Repository]:
    """Each repository that sessions ran in lately, once however many folders it has."""
    folders = store.rows(
        "SELECT DISTINCT project FROM claude_sessions WHERE time >= ? AND project != ''",
        (now - _LOOKED_AT * _DAY,),
    )
    found = (repository_at(str(folder)) for (folder,) in folders)
    return sorted({one.root: one for one in found if one}.values(), key=lambda one: one.root)


def _put(store: Store, repository: Repository, found: list[Delivery], reached: int) -> None:
    table = schema().table("claude_events")
    with store.batch() as batch:
        rows = [row for place in range(len(found)) for row in _rows(repository.root, found, place)]
        batch.put(table, rows)
        batch.set_cursor(SOURCE, repository.root, reached, repository.trace)


def _rows(root: str, found: list[Delivery], place: int) -> list[Row]:
    one = found[place]
    leads = [max(0, one.time - made) for made in one.commits]
    detail: dict[str, Scalar] = {"commits": len(leads), "mends": one.mends}
    rows = [
        _row(
            root,
            one,
            "deployment",
            time=one.time * _SECOND,
            name=one.name[:60],
            value=float(median(leads)) if leads else None,
            unit="s" if leads else None,
            detail=json.dumps(detail, sort_keys=True),
        )
    ]
    if one.mends and place:
        # Just before the deployment that carries it, so that it is of the one before.
        took = float(one.time - found[place - 1].time)
        at = one.time * _SECOND - 1
        rows.append(_row(root, one, "restore", time=at, name=one.name[:60], value=took, unit="s"))
    return rows


def _row(root: str, one: Delivery, kind: str, **more: Scalar) -> Row:
    return (
        schema()
        .table("claude_events")
        .row(
            {
                "source": SOURCE,
                "project": root,
                "event": f"{kind}:{one.name}:{one.commit[:16]}",
                "kind": kind,
                **more,
            }
        )
    )
