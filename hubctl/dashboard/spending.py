"""Money: today against its limit, what days cost, and which kind of tokens it went into."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.dashboard.leading import Leading
from hubctl.metrics.days import SECOND, bounds
from hubctl.metrics.prices import Usage
from hubctl.reports import wording
from hubctl.reports.document import USD, Chart, Figure, Section, Table
from hubctl.reports.projection import projections
from hubctl.reports.sections.cost import cost_section
from hubctl.reports.totals import OF_ANSWERS, Totals, totals_of
from hubctl.reports.usage import Only, days, span_total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hubctl.config.thresholds import Threshold
    from hubctl.dashboard.view import View
    from hubctl.metrics.prices import Prices
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span

_ALL = Only()
_HOUR = 3600 * SECOND
_PARTS = (
    ("Cache written", "cache_write"),
    ("Cache read", "cache_read"),
    ("Output", "output"),
    ("Fresh input", "input"),
)


def today_figures(
    store: Store, today: Span, now: int, limit: Threshold | None
) -> tuple[Figure, ...]:
    """What today cost so far, what it will come to, and what yesterday did. `now`: microseconds."""
    so_far = _spent("cost", "Cost today", span_total(store, today, _ALL), limit)
    yesterday = span_total(store, today.before, _ALL)
    expected = projections(store, now, _ALL)[0]
    figures = [so_far]
    if expected.cost_usd is not None:
        figures.append(
            Figure(
                id="expected",
                title="By midnight",
                unit=USD,
                value=expected.cost_usd,
                definition="What today will probably come to: what there is, and what days of the"
                " last four weeks usually took after this time.",
                source="transcripts and telemetry",
                level=limit.level(expected.cost_usd) if limit else "",
            )
        )
    return (*figures, _spent("yesterday", "Yesterday", yesterday, limit))


def _spent(name: str, title: str, totals: Totals, limit: Threshold | None) -> Figure:
    value = totals.cost_usd if totals.answers else 0.0
    return Figure(
        id=name,
        title=title,
        unit=USD,
        value=value,
        at_least=not totals.is_known,
        definition="Dollars at list price of all answers with a known price.",
        source="transcripts and telemetry",
        level=limit.level(value) if limit and value is not None else "",
    )


def costs(
    store: Store, view: View, today: str, known: Prices, place: Callable[[str], str]
) -> Section:
    """The report's own section, with days and hours that lead on, and what the money went into."""
    span = view.span(today)
    section = cost_section(store, span, place, sessions=False)
    kept = [_leading(one, view, store, span) for one in section.tables]
    parts = _parts_table(store, span, known)
    first = _by_hour(store, span) if view.days == 1 else _by_day(store, view, span, today)
    return replace(
        section,
        charts=(_hours_chart(store, span),) if view.days == 1 else section.charts,
        tables=tuple(one for one in (parts, *kept, first) if one.rows),
    )


def _leading(table: Table, view: View, store: Store, span: Span) -> Table:
    """Projects lead to the same days of that project alone."""
    if table.title != "By project":
        return table
    rows = store.rows(
        "SELECT project FROM daily_context WHERE day BETWEEN ? AND ? GROUP BY project"
        " ORDER BY sum(input_tokens + output_tokens + cache_read_tokens + cache_write_tokens) DESC,"
        " project",
        (span.first, span.last),
    )
    names = [str(name) for (name,) in rows][: len(table.rows)]
    links = [f"/{view.query(project=name, page=1)}" if name else "" for name in names]
    links += [""] * (len(table.rows) - len(links))
    if len(rows) > len(names):
        links[-1] = ""  # the row of all others
    return Leading(
        title=table.title, head=table.head, rows=table.rows, right=table.right, links=tuple(links)
    )


def _by_day(store: Store, view: View, span: Span, today: str) -> Table:
    """The days that cost anything, the newest first; each leads to itself."""
    found = sorted(days(store, span, _ALL).items(), reverse=True)
    return Leading(
        title="By day",
        head=("Day", "Answers", "Tokens", "Cost"),
        rows=tuple((day, *_cells(totals)) for day, totals in found),
        right=(1, 2, 3),
        links=tuple(f"/{view.of_day(day, today).query()}" for day, _ in found),
    )


def _by_hour(store: Store, span: Span) -> Table:
    rows = tuple(
        (f"{hour:02}:00", *_cells(totals))
        for hour, totals in enumerate(hours(store, span))
        if totals.answers
    )
    head = ("Hour", "Answers", "Tokens", "Cost")
    return Table(title="By hour", head=head, rows=rows, right=(1, 2, 3))


def _cells(totals: Totals) -> tuple[str, str, str]:
    return wording.count(totals.answers), wording.count(totals.tokens), wording.cost(totals)


def hours(store: Store, span: Span) -> tuple[Totals, ...]:
    """The hours of a span's first day; 23 or 25 of them where clocks are put forward or back."""
    first, last = bounds(span.first)
    rows = store.rows(
        f"SELECT (time - {first}) / {_HOUR}, {OF_ANSWERS} FROM claude_context"
        " WHERE time >= ? AND time < ? AND counted GROUP BY 1",
        (first, last),
    )
    found = {int(row[0] or 0): totals_of(row) for row in rows}
    return tuple(found.get(hour, Totals()) for hour in range((last - first) // _HOUR))


def _hours_chart(store: Store, span: Span) -> Chart:
    found = hours(store, span)
    return Chart(
        title="Cost by hour",
        unit=USD,
        labels=tuple(f"{hour:02}:00" for hour in range(len(found))),
        values=tuple((one.cost_usd or 0.0) if one.is_known else None for one in found),
    )


def _parts_table(store: Store, span: Span, known: Prices) -> Table:
    rows = store.rows(
        "SELECT model, sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),"
        " sum(cache_write_tokens), sum(cache_hour_tokens) FROM daily_context"
        " WHERE day BETWEEN ? AND ? GROUP BY model",
        (span.first, span.last),
    )
    return parts_table(rows, bounds(span.last)[0], known)


def parts_table(rows: Sequence[tuple[Scalar, ...]], time: int, known: Prices) -> Table:
    """What each kind of tokens cost.

    Args:
        rows: model, input, output, cache read, cache written, and of that for an hour.
        time: microseconds; the prices of that moment are taken.
        known: the prices. A model without one counts with its tokens alone.
    """
    tokens = dict.fromkeys((name for _, name in _PARTS), 0)
    dollars = dict.fromkeys((name for _, name in _PARTS), 0.0)
    for model, *cells in rows:
        numbers = [int(cell or 0) for cell in cells]
        for name, used, count in _each(time, numbers):
            tokens[name] += count
            dollars[name] += known.cost(str(model), used) or 0.0
    whole = sum(dollars.values())
    return Table(
        title="What it went into",
        head=("Tokens of", "Tokens", "Share", "Cost"),
        rows=tuple(
            (
                title,
                wording.count(tokens[name]),
                wording.percent(dollars[name], whole),
                wording.dollars(dollars[name]),
            )
            for title, name in _PARTS
            if tokens[name]
        ),
        right=(1, 2, 3),
    )


def _each(time: int, numbers: list[int]) -> Iterator[tuple[str, Usage, int]]:
    into, out, read, write, hour = numbers
    yield "input", Usage(time=time, input=into, output=0), into
    yield "output", Usage(time=time, input=0, output=out), out
    yield "cache_read", Usage(time=time, input=0, output=0, cache_read=read), read
    written = Usage(time=time, input=0, output=0, cache_write=write, cache_hour=hour)
    yield "cache_write", written, write


def models_by_slot(
    store: Store, view: View, span: Span
) -> tuple[list[int], Mapping[str, list[float]]]:
    """Moments of days, or of the hours of one day, in seconds; model → dollars in each."""
    if view.days == 1:
        first, last = bounds(span.first)
        moments = list(range(first, last, _HOUR))
        question = (
            f"SELECT time - (time - {first}) % {_HOUR}, model, sum(cost_usd) FROM claude_context"
            " WHERE time >= ? AND time < ? AND counted GROUP BY 1, 2"
        )
        rows = store.rows(question, (first, last))
        slots: dict[object, int] = {moment: number for number, moment in enumerate(moments)}
    else:
        moments = [bounds(day)[0] for day in span]
        slots = {day: number for number, day in enumerate(span)}
        question = (
            "SELECT day, model, sum(cost_usd) FROM daily_context WHERE day BETWEEN ? AND ?"
            " GROUP BY day, model"
        )
        rows = store.rows(question, (span.first, span.last))
    found: dict[str, list[float]] = {}
    for slot, model, cost in rows:
        if slot in slots and cost:
            series = found.setdefault(str(model or "(none)"), [0.0] * len(moments))
            series[slots[slot]] += float(cost)
    return [moment // SECOND for moment in moments], found
