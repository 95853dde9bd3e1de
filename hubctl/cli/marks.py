"""What whoever looked at targets leaves for the status line: how much differs in each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubctl.fleet.world import World
    from hubctl.model.report import Report


def keep_marks(world: World, found: Report) -> None:
    """Remember the count of each target that was looked at, and when.

    `found` is a check of whole targets, or what was done to them.
    """
    from hubctl.system.clock import nanoseconds
    from hubctl.system.glance import MARKS, read_json, stamps, write_json

    # Not among the state: a change there makes the next check look at everything again.
    path = f"{world.places.cache}/{MARKS}"
    kept = read_json(path)
    targets = kept.get("targets")
    marks = dict(targets) if isinstance(targets, dict) else {}
    counts: dict[str, int] = {}
    for change in found.open_changes():
        counts[change.address.target] = counts.get(change.address.target, 0) + 1
    # What we wrote ourselves is newer than the look that came before it.
    written = {one.target for one in found.outcomes if one.written}
    after = nanoseconds()
    for target in found.plan.targets:
        if target.root:
            marks[target.root] = {
                "drift": counts.get(target.target, 0),
                "time": (after if target.target in written else world.began) / 1e9,
                "canonical": world.files.path,
                "seen": stamps(target.root, world.files.path),
            }
    revision = world.compiler.head.revision
    known = kept.get("context_percent") if kept.get("revision") == revision else None
    limit = _limit(world) if known is None else known
    write_json(path, {"context_percent": limit, "revision": revision, "targets": marks})


def _limit(world: World) -> float | None:
    from hubctl.cli.figures import limits_of

    return limits_of(world)["context_percent"].warning
