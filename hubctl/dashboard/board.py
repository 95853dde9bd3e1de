"""What the dashboard shows: panels in one table, each made anew whenever it is asked for."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.config.thresholds import thresholds
from hubctl.dashboard.one_session import head_of, session_section
from hubctl.dashboard.sessions import sessions_list, sessions_panel
from hubctl.dashboard.spending import costs, today_figures
from hubctl.dashboard.standing import (
    counted,
    differences,
    drift_section,
    health_section,
    timers_section,
)
from hubctl.dashboard.view import View
from hubctl.errors import HubctlError
from hubctl.health.subject import Subject
from hubctl.metrics.days import day_of
from hubctl.metrics.narrowed import narrow
from hubctl.metrics.prices import prices
from hubctl.metrics.store import metrics_path, open_store
from hubctl.model.hashing import hash_bytes
from hubctl.reports.document import Section
from hubctl.reports.periods import ending, shifted
from hubctl.reports.sections.alerts import alerts_section
from hubctl.reports.sections.delegation import delegation_section
from hubctl.reports.sections.work import (
    context_section,
    errors_section,
    hooks_section,
    sessions_section,
    tools_section,
)
from hubctl.system.clock import nanoseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.fleet.world import World
    from hubctl.metrics.prices import Prices
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.system.places import Places


class Board:
    """One account, and the hub that `open_hub` finds (it may raise where there is none)."""

    def __init__(self, places: Places, open_hub: Callable[[], World]) -> None:
        self.places = places
        self.open_hub = open_hub

    def subject(self) -> Subject:
        """The hub as the checks see it, opened anew: canonical.yaml may have changed."""
        return Subject(self.open_hub, self.places)

    @property
    def hub(self) -> str:
        """The hub's name, "" where there is none that can be used."""
        world = self.subject().world
        return world.hub if world else ""

    @property
    def canonical(self) -> str:
        """A text that changes with canonical.yaml."""
        try:
            files = self.open_hub().files
            return hash_bytes(files.data + b"\0" + (files.local or b""))
        except HubctlError:
            return ""

    def limits(self, subject: Subject) -> Mapping[str, Threshold]:
        """Name → threshold."""
        document = subject.world.compiler.head.document if subject.world else {}
        return {row.name: row for row in thresholds(document)}

    def prices(self, subject: Subject) -> Prices:
        """Of all models that are known."""
        document = subject.world.compiler.head.document if subject.world else {}
        return prices((document.get("metrics") or {}).get("prices") or {})

    @contextlib.contextmanager
    def store(self, view: View) -> Iterator[Store]:
        """The store as a view has it: of its project alone, where it names one."""
        with open_store(metrics_path(self.places)) as store:
            if view.project:
                narrow(store, view.project)
            yield store

    @property
    def now(self) -> int:
        """Microseconds since 1970."""
        return nanoseconds() // 1000

    @property
    def today(self) -> str:
        """This local day."""
        return day_of(self.now)

    def span(self, view: View) -> Span:
        """The days of a view."""
        return view.span(self.today)

    def short(self, path: str) -> str:
        """A path as people write it."""
        home = self.places.home
        return f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One part of the page.

    Attributes:
        make: how it is made.
        table: whose rows it tells of, "" where it tells of no rows.
        empty: what to do where there never was one.
        seconds: after which it may show something else although the store is the same; 0: never.
        is_wide: it needs the whole width.
        links: figure → where it leads.
    """

    id: str
    title: str
    make: Callable[[Board, View], Section]
    table: str = ""
    empty: str = ""
    seconds: int = 0
    is_wide: bool = False
    links: Callable[[Board, View], Mapping[str, str]] = lambda _board, _view: {}


def _stored(make: Callable[[Board, Store, Span], Section]) -> Callable[[Board, View], Section]:
    """A panel that only needs the store."""

    def made(board: Board, view: View) -> Section:
        with board.store(view) as store:
            return make(board, store, board.span(view))

    return made


def _limited(
    make: Callable[[Store, Span, Mapping[str, Threshold]], Section],
) -> Callable[[Board, View], Section]:
    """A panel that also needs the thresholds."""

    def made(board: Board, store: Store, span: Span) -> Section:
        return make(store, span, board.limits(board.subject()))

    return _stored(made)


def _today(board: Board, view: View) -> Section:
    """The few numbers that somebody looks for first."""
    subject = board.subject()
    limit = board.limits(subject).get("daily_cost_usd")
    today = ending(board.today, 1)
    with board.store(view) as store:
        figures = today_figures(store, today, board.now, limit)
        sessions = sessions_section(store, today).figures[:3]
    # Half a day is not to be compared with a whole one.
    found = [*figures, *(replace(one, before=None) for one in sessions)]
    if subject.world is not None:
        found.append(counted("drift", "Differences", differences(subject)))
    return Section(id="today", title="Today", figures=tuple(found))


def _from_today(board: Board, view: View) -> Mapping[str, str]:
    day = view.of_day(board.today, board.today)
    before = view.of_day(shifted(board.today, -1), board.today)
    return {
        "cost": f"/{day.query()}",
        "yesterday": f"/{before.query()}",
        "sessions": f"/sessions{day.query()}",
        "drift": "#drift",
    }


def _alerts(board: Board, view: View) -> Section:
    limits = board.limits(board.subject())
    with board.store(view) as store:
        return alerts_section(store, limits, board.now)


def _cost(board: Board, view: View) -> Section:
    known = board.prices(board.subject())
    with board.store(view) as store:
        return costs(store, view, board.today, known, board.short)


def _sessions(board: Board, view: View) -> Section:
    with board.store(view) as store:
        return sessions_panel(store, view, board.span(view), board.short)


def _agents(board: Board, store: Store, span: Span) -> Section:
    subject = board.subject()
    return delegation_section(store, span, board.limits(subject), board.prices(subject))


_HOOKS = "Hooks are listed in canonical.yaml under `defaults.hooks`; `hubctl apply` installs them."
_TRANSCRIPTS = (
    "Nothing has been measured yet. Work with Claude Code as usual: what it writes down below"
    " `~/.claude/projects` is read from here every ten seconds."
)

PANELS: tuple[Panel, ...] = (
    Panel(id="today", title="Today", make=_today, seconds=60, is_wide=True, links=_from_today),
    Panel(id="alerts", title="Alerts", make=_alerts, seconds=30, is_wide=True),
    Panel(
        id="cost",
        title="Cost",
        make=_cost,
        table="claude_context",
        empty=_TRANSCRIPTS,
        is_wide=True,
    ),
    Panel(
        id="sessions",
        title="Sessions",
        make=_sessions,
        table="claude_sessions",
        empty=_TRANSCRIPTS,
        is_wide=True,
    ),
    Panel(
        id="tools",
        title="Tools",
        make=_limited(tools_section),
        table="claude_tool_usage",
        empty=_TRANSCRIPTS,
    ),
    Panel(
        id="hooks",
        title="Hooks",
        make=_limited(hooks_section),
        table="claude_hooks",
        empty=f"No hook of hubctl has run yet. {_HOOKS}",
    ),
    Panel(
        id="context",
        title="Context",
        make=_limited(context_section),
        table="claude_context",
        empty=_TRANSCRIPTS,
    ),
    Panel(
        id="agents",
        title="Agents",
        make=_stored(_agents),
        table="claude_agents",
        empty="No subagent has run yet. Claude Code starts one for a task that reads a lot; agents"
        " of your own are files in `agents/` of the hub.",
    ),
    Panel(
        id="drift",
        title="Drift",
        make=lambda board, _view: drift_section(board.subject()),
        seconds=30,
    ),
    Panel(
        id="health",
        title="Health",
        make=lambda board, _view: health_section(board.subject()),
        seconds=60,
    ),
    Panel(
        id="errors",
        title="Errors",
        make=_stored(lambda _board, store, span: errors_section(store, span)),
        table="claude_events",
        empty="Nothing went wrong yet: errors of the service, of hooks and of the client would"
        " stand here.",
    ),
    Panel(
        id="timers",
        title="Timers",
        make=lambda board, _view: timers_section(board.subject()),
        seconds=60,
    ),
)


def _sessions_page(board: Board, view: View) -> Section:
    with board.store(view) as store:
        return sessions_list(store, view, board.span(view), board.short)


def _session_page(board: Board, view: View) -> Section:
    known = board.prices(board.subject())
    with board.store(View()) as store:
        head = head_of(store, view.session)
        if head is None:
            about = "No such session is known: it may be older than what is kept."
            return Section(id="session", title="Session", about=about)
        return session_section(store, head, known, board.short)


# Pages of their own.
LIST = Panel(id="list", title="Sessions", make=_sessions_page, is_wide=True)
ONE = Panel(id="session", title="Session", make=_session_page, is_wide=True)


def projects(board: Board) -> tuple[str, ...]:
    """Folders that anything was measured in, the busiest first."""
    with board.store(View()) as store:
        rows = store.rows(
            "SELECT project FROM daily_context WHERE project != ''"
            " GROUP BY project ORDER BY sum(count) DESC, project LIMIT 200"
        )
    return tuple(str(name) for (name,) in rows)


def emptiness(board: Board, panel: Panel, view: View) -> str:
    """Why a panel has nothing to show, "" where it has something."""
    if not panel.table:
        return ""
    span = board.span(view)
    with board.store(view) as store:
        name = store.schema.table(panel.table).daily_name
        asked = f"SELECT 1 FROM {name} WHERE day BETWEEN ? AND ? LIMIT 1"
        if store.rows(asked, (span.first, span.last)):
            return ""
        ever = store.rows(f"SELECT max(day) FROM {name}")[0][0]
    if ever is None:
        return "There is nothing of this project." if view.project else panel.empty
    return f"Nothing in these days. The last there is was on {ever}."
