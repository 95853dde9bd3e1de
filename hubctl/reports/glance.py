"""The status line of this machine: what the client gives, with what stands in a few small files.

Takes the drift marks, git's branch and the clock, and leaves the plan limits behind for
`hubctl status`. How the line reads is `statusline`'s business. Loads next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.reports import statusline
from hubctl.system import glance
from hubctl.system.clock import nanoseconds

if TYPE_CHECKING:
    from collections.abc import Mapping

_AGAIN_S = 60.0


def machine_line(given: Mapping[str, object], cache: str, *, width: int, colour: bool) -> str:
    """The line for what the client gives.

    Args:
        given: the client's JSON.
        cache: folder of the small files.
        width: columns that the line may have, 0 for any.
        colour: whether ANSI colours may be used.
    """
    now = nanoseconds() / 1e9
    root = statusline.project(given)
    marks = glance.read_json(f"{cache}/{glance.MARKS}")
    _keep_limits(statusline.limits_of(given), cache, now)
    known = statusline.Known(
        drift=_drift(marks, root, now),
        branch=glance.branch_of(root) if root else "",
        limit=statusline.number(marks.get("context_percent", 80.0)),
        now=now,
        width=width,
        colour=colour,
    )
    return statusline.line(given, known)


def _drift(marks: Mapping[str, object], root: str, now: float) -> str:
    targets = marks.get("targets")
    if not isinstance(targets, dict):
        return ""
    while root and root not in targets:  # a session may begin in a folder of a repository
        root = root.rpartition("/")[0]
    mark = targets.get(root)
    if not isinstance(mark, dict):
        return ""
    at, canonical = statusline.number(mark.get("time")) or 0.0, mark.get("canonical")
    path = canonical if isinstance(canonical, str) else ""
    changed = glance.changed_since(root, path, at, mark.get("seen"))
    return statusline.drift_mark(mark, now, changed=changed)


def _keep_limits(limits: dict[str, object], cache: str, now: float) -> None:
    """What `hubctl status` tells of the plan; written where it changed, or is told again later."""
    path = f"{cache}/{glance.LIMITS}"
    kept = glance.read_json(path)
    time = statusline.number(kept.get("time"))
    is_fresh = time is not None and 0 <= now - time < _AGAIN_S
    if limits and not (is_fresh and kept.get("windows") == limits):
        glance.write_json(path, {"windows": limits, "time": now})
