"""Series of numbers for the charts that the page draws itself, with the same numbers as a table.

Owns no drawing. Times are seconds since 1970; a value that is not known is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.dashboard.spending import models_by_slot
from hubctl.metrics.days import SECOND, bounds
from hubctl.reports.rollups import by_day, summed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubctl.dashboard.view import View
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.reports.rollups import Summed

BARS, LINES = "bars", "lines"
_MOST = 6  # colours that can be told apart
_POINTS = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One chart.

    Attributes:
        kind: BARS stand on each other, LINES do not. unit: as it stands behind a number.
        series: name, values and, where it is another than the chart's, the unit.
        links: an address for each time, where a bar leads somewhere.
    """

    title: str
    kind: str
    unit: str
    times: tuple[int, ...]
    series: tuple[tuple[str, tuple[float | None, ...], str], ...]
    links: tuple[str, ...] = ()

    def encode(self) -> dict[str, object]:
        """As JSON values."""
        return {
            "title": self.title,
            "kind": self.kind,
            "unit": self.unit,
            "times": list(self.times),
            "series": [
                {"name": name, "values": [_rounded(one) for one in values], "unit": unit}
                for name, values, unit in self.series
            ],
            "links": list(self.links),
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _cost(store: Store, view: View, today: str) -> Plot:
    span = view.span(today)
    times, found = models_by_slot(store, view, span)
    dearest = sorted(found, key=lambda name: (-sum(found[name]), name))
    named, rest = dearest[:_MOST], dearest[_MOST:]
    if len(dearest) > _MOST:
        named, rest = dearest[: _MOST - 1], dearest[_MOST - 1 :]
    series = [(name.removeprefix("claude-"), tuple(found[name]), "$") for name in named]
    if rest:
        others = zip(*(found[name] for name in rest), strict=True)
        series.append((f"{len(rest)} others", tuple(sum(column) for column in others), "$"))
    links = () if view.days == 1 else tuple(f"/{view.of_day(d, today).query()}" for d in span)
    title = "Cost by hour and model" if view.days == 1 else "Cost by day and model"
    return Plot(
        title=title, kind=BARS, unit="$", times=tuple(times), series=tuple(series), links=links
    )


def _sessions(store: Store, view: View, today: str) -> Plot:
    span = view.span(today)
    found = by_day(store, "claude_sessions", span, "count")
    values = tuple(found.get(day, 0.0) for day in span)
    return _daily("Sessions by day", BARS, "", span, (("Sessions", values, ""),))


def _tools(store: Store, view: View, today: str) -> Plot:
    span = view.span(today)
    found = {
        one.name: one.share("failures", "finished") for one in _of_days(store, "tool_usage", span)
    }
    values = tuple(found.get(day) for day in span)
    return _daily("Failed calls by day", LINES, "%", span, (("Failed", values, "%"),))


def _hooks(store: Store, view: View, today: str) -> Plot:
    span = view.span(today)
    rows = _of_days(store, "hooks", span, "hook = 'dispatcher'")
    return _quantiles("Time of hooks by day", "ms", span, {one.name: one for one in rows})


def _context(store: Store, view: View, today: str) -> Plot:
    span = view.span(today)
    rows = _of_days(store, "context", span, "NOT sidechain")
    return _quantiles("Context by day", "%", span, {one.name: one for one in rows})


def _of_days(store: Store, table: str, span: Span, where: str = "1") -> tuple[Summed, ...]:
    return summed(store, f"claude_{table}", span, by="day", where=where)


def _quantiles(title: str, unit: str, span: Span, found: Mapping[str, Summed]) -> Plot:
    series = tuple(
        (name, tuple(found[day].quantile(part) if day in found else None for day in span), unit)
        for name, part in (("95 % within", 0.95), ("median", 0.5))
    )
    return _daily(title, LINES, unit, span, series)


def _daily(
    title: str,
    kind: str,
    unit: str,
    span: Span,
    series: tuple[tuple[str, tuple[float | None, ...], str], ...],
) -> Plot:
    times = tuple(bounds(day)[0] // SECOND for day in span)
    return Plot(title=title, kind=kind, unit=unit, times=times, series=series)


def session_plot(store: Store, session: str) -> Plot:
    """How full the context was after each answer, and what the session had cost by then."""
    rows = store.rows(
        "SELECT time, CASE WHEN sidechain OR agent != '' THEN NULL ELSE context_tokens END,"
        " cost_usd FROM claude_context WHERE session = ? AND counted ORDER BY time",
        (session,),
    )
    spent, times, held, cost = 0.0, [], [], []
    for time, context, dollars in rows:
        spent += float(dollars or 0)
        times.append(int(time or 0) // SECOND)
        held.append(None if context is None else float(context))
        cost.append(spent)
    every = -(-len(rows) // _POINTS) or 1
    kept = slice(None, None, every)
    return Plot(
        title="Context and cost along the session",
        kind=LINES,
        unit="tokens",
        times=tuple(times[kept]),
        series=(
            ("Context", tuple(held[kept]), "tokens"),
            ("Spent so far", tuple(cost[kept]), "$"),
        ),
    )


# Panel → its chart; days are only drawn where there are several.
PLOTS: Mapping[str, Callable[[Store, View, str], Plot]] = {
    "cost": _cost,
    "sessions": _sessions,
    "tools": _tools,
    "hooks": _hooks,
    "context": _context,
}


def is_plotted(panel: str, view: View) -> bool:
    """Whether a panel has a chart in this view."""
    return panel == "cost" or (panel in PLOTS and view.days > 1)
