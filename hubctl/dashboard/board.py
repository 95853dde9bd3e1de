"""What the dashboard shows: panels in one table, each made anew whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.config.thresholds import thresholds
from hubctl.health.machine import unit_states
from hubctl.health.result import State
from hubctl.health.subject import Subject
from hubctl.health.table import run_checks
from hubctl.metrics.days import day_of
from hubctl.metrics.prices import prices
from hubctl.metrics.store import metrics_path, open_store
from hubctl.model.state import REPAIRED
from hubctl.output.shown import values
from hubctl.reports.alerts_section import alerts_section
from hubctl.reports.cost_section import cost_section
from hubctl.reports.delegation_section import delegation_section
from hubctl.reports.document import COUNT, USD, Chart, Figure, Section, Table
from hubctl.reports.periods import ending
from hubctl.reports.work_sections import (
    context_section,
    errors_section,
    hooks_section,
    sessions_section,
    tools_section,
)
from hubctl.system.clock import nanoseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.fleet.world import World
    from hubctl.metrics.prices import Prices
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.system.places import Places

RANGES = (1, 7, 28, 90)
"""Days that can be looked at."""

_MOST = 40
_LEVELS = {State.ERROR: "critical", State.WARNING: "warning"}


class Board:
    """One account, and the hub that `open_hub` finds (it may raise where there is none)."""

    def __init__(self, places: Places, open_hub: Callable[[], World]) -> None:
        self.places = places
        self.open_hub = open_hub

    def subject(self) -> Subject:
        """The hub as the checks see it, opened anew: canonical.yaml may have changed."""
        return Subject(self.open_hub, self.places)

    def limits(self, subject: Subject) -> Mapping[str, Threshold]:
        """Name → threshold."""
        document = subject.world.compiler.head.document if subject.world else {}
        return {row.name: row for row in thresholds(document)}

    def prices(self, subject: Subject) -> Prices:
        """Of all models that are known."""
        document = subject.world.compiler.head.document if subject.world else {}
        return prices((document.get("metrics") or {}).get("prices") or {})

    def span(self, days: int) -> Span:
        """The days up to today."""
        return ending(day_of(nanoseconds() // 1000), days)

    def short(self, path: str) -> str:
        """A path as people write it."""
        home = self.places.home
        return f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One part of the page: how it is made, and after how many seconds it is asked for again."""

    id: str
    title: str
    make: Callable[[Board, int], Section]
    seconds: int = 15


def _stored(make: Callable[[Board, Store, Span], Section]) -> Callable[[Board, int], Section]:
    """A panel that only needs the store."""

    def made(board: Board, days: int) -> Section:
        with open_store(metrics_path(board.places)) as store:
            return make(board, store, board.span(days))

    return made


def _limited(
    make: Callable[[Store, Span, Mapping[str, Threshold]], Section],
) -> Callable[[Board, int], Section]:
    """A panel that also needs the thresholds."""

    def made(board: Board, store: Store, span: Span) -> Section:
        return make(store, span, board.limits(board.subject()))

    return _stored(made)


def _today(board: Board, _days: int) -> Section:
    """The few numbers that somebody looks for first."""
    subject = board.subject()
    limits = board.limits(subject)
    with open_store(metrics_path(board.places)) as store:
        cost = cost_section(store, board.span(1), board.short)
        sessions = sessions_section(store, board.span(1))
    figures = [_levelled(cost.figures[0], limits.get("daily_cost_usd"))]
    figures += [*cost.figures[1:3], *sessions.figures[:2]]
    if subject.world is not None:
        figures.append(_count("drift", "Drift", _differences(subject)))
    return Section(id="today", title="Today", figures=tuple(figures))


def _levelled(figure: Figure, limit: Threshold | None) -> Figure:
    from dataclasses import replace

    if limit is None or figure.value is None or figure.unit != USD:
        return figure
    return replace(figure, level=limit.level(figure.value))


def _count(name: str, title: str, number: int) -> Figure:
    level = "warning" if number else ""
    return Figure(id=name, title=title, unit=COUNT, value=float(number), level=level)


def _differences(subject: Subject) -> int:
    return sum(change.status in REPAIRED for change in subject.drift.open_changes())


def _agents(board: Board, store: Store, span: Span) -> Section:
    subject = board.subject()
    return delegation_section(store, span, board.limits(subject), board.prices(subject))


def _drift(board: Board, _days: int) -> Section:
    subject = board.subject()
    if subject.world is None:
        return Section(id="drift", title="Drift", about=subject.why_not)
    changes = subject.drift.open_changes()
    rows = tuple(
        (change.status.value, str(change.address), values(change)) for change in changes[:_MOST]
    )
    table = Table(title="Differences", head=("Status", "Address", "Value"), rows=rows)
    more = len(changes) - len(rows)
    return Section(
        id="drift",
        title="Drift",
        about="Repair: hubctl drift --fix. Keep: hubctl accept ADDRESS." if rows else "",
        figures=(_count("differences", "Differences", len(changes)),),
        tables=(table,) if rows else (),
        notes=(f"and {more} more",) if more else (),
    )


def _health(board: Board, _days: int) -> Section:
    results = run_checks(board.subject(), full=False, progress=lambda _title: None)
    bad = [result for result in results if result.state in _LEVELS]
    rows = tuple((result.state.value, result.title, result.summary) for result in results)
    helps = tuple(
        f"{finding.message}. {finding.hint}" for result in bad for finding in result.findings[:2]
    )
    return Section(
        id="health",
        title="Health",
        figures=(_count("attention", "Checks that need attention", len(bad)),),
        tables=(Table(title="Checks", head=("State", "Check", "What was seen"), rows=rows),),
        notes=helps[:_MOST],
    )


def _timers(board: Board, _days: int) -> Section:
    subject = board.subject()
    if subject.world is None:
        return Section(id="timers", title="Timers", about=subject.why_not)
    states, why_not = unit_states(subject.world)
    rows = tuple((name, one.enabled or "-", one.active or "-") for name, one in states.items())
    failed = sum(one.active == "failed" for one in states.values())
    return Section(
        id="timers",
        title="Timers and services",
        about=why_not or ("" if rows else "canonical.yaml has no units."),
        figures=(_count("failed", "Failed", failed),) if rows else (),
        tables=(Table(title="Units", head=("Unit", "Enabled", "Active"), rows=rows),)
        if rows
        else (),
    )


PANELS: tuple[Panel, ...] = (
    Panel(id="today", title="Today", make=_today, seconds=5),
    Panel(
        id="alerts",
        title="Alerts",
        make=_stored(
            lambda board, store, _span: alerts_section(
                store, board.limits(board.subject()), nanoseconds() // 1000
            )
        ),
    ),
    Panel(
        id="cost",
        title="Cost",
        make=_stored(lambda board, store, span: cost_section(store, span, board.short)),
    ),
    Panel(
        id="sessions",
        title="Sessions",
        make=_stored(lambda _board, store, span: sessions_section(store, span)),
    ),
    Panel(id="tools", title="Tools", make=_limited(tools_section)),
    Panel(id="hooks", title="Hooks", make=_limited(hooks_section)),
    Panel(id="context", title="Context", make=_limited(context_section)),
    Panel(
        id="agents",
        title="Agents",
        make=_stored(_agents),
    ),
    Panel(
        id="errors",
        title="Errors",
        make=_stored(lambda _board, store, span: errors_section(store, span)),
    ),
    Panel(id="drift", title="Drift", make=_drift),
    Panel(id="health", title="Health", make=_health, seconds=30),
    Panel(id="timers", title="Timers", make=_timers, seconds=30),
)


def series(board: Board, panel: str, days: int) -> Chart | None:
    """The first chart of a panel, for those that draw it themselves."""
    found = next((one for one in PANELS if one.id == panel), None)
    charts = found.make(board, days).charts if found else ()
    return charts[0] if charts else None
