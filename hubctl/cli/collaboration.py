"""What git, and gh where it is asked, tell of the repositories that were worked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.days import SECOND
from hubctl.reports.space_sections import Collaboration
from hubctl.system.git_people import together
from hubctl.system.github import has_gh, pull_requests

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.fleet.world import World
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.system.github import PullRequests


def collaboration(store: Store, world: World | None, span: Span, *, ask_gh: bool) -> Collaboration:
    """Counts over the hub's repositories; without a hub, over the folders of sessions."""
    roots = _roots(store, world, span)
    begin, end = (time // SECOND for time in span.times)
    found = {root: told for root in roots if (told := together(root, begin, end)) is not None}
    asked = [pull_requests(root, span.first, span.last) for root in found] if ask_gh else []
    requests = [one for one in asked if one is not None]
    if ask_gh and not has_gh():
        from hubctl.cli.context import say

        say(["gh is not installed"])
    return Collaboration(
        repositories=len(found),
        commits=sum(one.commits for one in found.values()),
        authors=max((one.authors for one in found.values()), default=0),
        merges=sum(one.merges for one in found.values()),
        shared=sum(one.shared for one in found.values()),
        merged=sum(one.merged for one in requests) if requests else None,
        reviewed=sum(one.reviewed for one in requests) if requests else None,
        hours=_hours(requests),
    )


def _hours(requests: Sequence[PullRequests]) -> float | None:
    """The median of repositories, each counted as often as it has pull requests."""
    from statistics import median

    hours = [one.hours for one in requests for _ in range(one.merged) if one.hours is not None]
    return median(hours) if hours else None


def _roots(store: Store, world: World | None, span: Span) -> tuple[str, ...]:
    if world is not None:
        targets = (world.compiler.locate(name).target for name in world.compiler.head.names)
        return tuple(one.root for one in targets if one is not None and one.common_dir)
    rows = store.rows(
        "SELECT DISTINCT project FROM daily_context WHERE day BETWEEN ? AND ? AND project != ''"
        " ORDER BY project",
        (span.first, span.last),
    )
    return tuple(str(row[0]) for row in rows)
