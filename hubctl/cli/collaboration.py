"""What git, and gh where it is asked, tell of the repositories that were worked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.metrics.days import SECOND
from hubctl.output.summary import plural
from hubctl.reports.sections.collaboration import Collaboration
from hubctl.system.git_people import together
from hubctl.system.github import pull_requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.fleet.world import World
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.system.github import PullRequests

_ENOUGH = 3  # times that gh says the same, and nothing else


def collaboration(store: Store, world: World | None, span: Span, *, ask_gh: bool) -> Collaboration:
    """Counts over the hub's repositories; without a hub, over the folders of sessions."""
    begin, end = (time // SECOND for time in span.times)
    roots = _roots(store, world, span)
    found = {root: told for root in roots if (told := together(root, begin, end)) is not None}
    requests, problems = _asked(found, span) if ask_gh else ([], ())
    return Collaboration(
        repositories=len(found),
        commits=sum(one.commits for one in found.values()),
        authors=max((one.authors for one in found.values()), default=0),
        merges=sum(one.merges for one in found.values()),
        shared=sum(one.shared for one in found.values()),
        merged=sum(one.merged for one in requests) if requests else None,
        reviewed=sum(one.reviewed for one in requests) if requests else None,
        hours=_median(hour for one in requests for hour in one.open_hours),
        review_hours=_median(hour for one in requests for hour in one.review_hours),
        problems=problems,
    )


def _asked(roots: Iterable[str], span: Span) -> tuple[Sequence[PullRequests], tuple[str, ...]]:
    """What `gh` tells of each, and why it tells nothing of the others."""
    requests: list[PullRequests] = []
    problems: dict[str, int] = {}
    waiting = list(roots)
    while waiting:
        try:
            requests.append(pull_requests(waiting.pop(0), span.first, span.last))
        except OperationError as error:
            count = problems.get(error.message, 0) + 1
            # A service that cannot be reached would cost its time for every checkout.
            given_up = count >= _ENOUGH and not requests
            problems[error.message] = count + (len(waiting) if given_up else 0)
            waiting = [] if given_up else waiting
    told = (f"of {plural(n, 'checkout')}: {why}" for why, n in sorted(problems.items()))
    return requests, tuple(told)


def _median(hours: Iterable[float]) -> float | None:
    from statistics import median

    found = list(hours)
    return median(found) if found else None


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
