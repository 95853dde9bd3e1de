"""Usage for people: a table that fits the terminal, and what is to be said below it.

Owns which columns go where there is little room; a pipe gets all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.cli.context import options
from hubctl.output.cells import clip, pad, printable, width
from hubctl.output.page import Page
from hubctl.output.style import DIM, STRONG
from hubctl.reports import wording
from hubctl.reports.totals import CLIENT
from hubctl.reports.usage import BLOCK, MODEL, PROJECT, SESSION, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.reports.projection import Projection
    from hubctl.reports.usage_page import UsagePage

_BAR, _SHORTEST_BAR = 20, 6
_GAP = 2
_TOTAL, _PART = "total", "part"  # kinds of lines beside those of rows
# In the order in which they go.
_LEAST_FIRST = (
    *(
        "TIME",
        "ANSWERS",
        "CACHE WRITE",
        "CACHE READ",
        "INPUT",
        "BEGAN",
        "OUTPUT",
        "MODEL",
        "PROJECT",
    ),
)
_TEXTS = ("PROJECT", "MODEL", "BEGAN", "TIME")
_LEAST_TEXT, _LONG_TEXT = 8, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """cells: of all lines, from that of the first row on."""

    name: str
    cells: tuple[str, ...]

    @property
    def width(self) -> int:
        return max(map(width, (self.name, *self.cells)))


def usage_text(page: UsagePage, *, breakdown: bool, newest: str) -> str:
    """The table, projections, and what has no price. `newest`: the last day with an answer."""
    shown = Page(options())
    if page.rows:
        _put_table(shown, page, breakdown=breakdown)
    else:
        shown.put(0, (f"no answers from {page.span.first} to {page.span.last}", ""))
        if newest and newest < page.span.first:
            shown.put(0, (f"the last ones are of {newest}: hubctl usage --all", DIM))
    shown.gap()
    for name, text in (*_block(page), *map(_projection, page.projections)):
        shown.put(0, (f"{name:<6}".replace(" ", "\u00a0"), DIM), (f" {text}", ""), hang=7)
    if page.unpriced:
        shown.put(0, (_unpriced(page), ""))
    return shown.text()


def _put_table(shown: Page, page: UsagePage, *, breakdown: bool) -> None:
    lines = list(_lines(page, breakdown=breakdown))
    room = shown.room(0) if shown.options.width else 0
    columns, left_out = _fitting(_columns(page, lines), room)
    bars = _bars(page, lines, room - sum(one.width + _GAP for one in columns) if room else _BAR)
    shown.put_whole(0, (_joined(columns, None), DIM))
    for number, (kind, _) in enumerate(lines):
        role = {_TOTAL: STRONG, _PART: DIM}.get(kind, "")
        text = f"{_joined(columns, number)}{' ' * _GAP}{bars[number]}".rstrip()
        shown.put_whole(0, (text, role))
    if left_out:
        shown.put(0, (f"left out, for want of room: {', '.join(left_out)}", DIM))


def _lines(page: UsagePage, *, breakdown: bool) -> Iterator[tuple[str, Usage]]:
    for row in page.rows:
        yield "", row
        if breakdown and page.by != MODEL:
            for one in row.models:
                yield _PART, one
    yield _TOTAL, Usage(key=_TOTAL, totals=page.total)


def _columns(page: UsagePage, lines: list[tuple[str, Usage]]) -> list[_Column]:
    cells = [_cells(page.by, kind, row) for kind, row in lines]
    return [
        _Column(name=name, cells=tuple(line.get(name, "") for line in cells))
        for name in cells[0]
        if any(line.get(name) for line in cells)
    ]


def _cells(by: str, kind: str, row: Usage) -> dict[str, str]:
    one = row.totals
    counts = {
        "ANSWERS": one.answers,
        "INPUT": one.input_tokens,
        "OUTPUT": one.output_tokens,
        "CACHE READ": one.cache_read_tokens,
        "CACHE WRITE": one.cache_write_tokens,
        "TOKENS": one.tokens,
    }
    told = {name: wording.count(number) for name, number in counts.items()}
    return {**_names(by, kind, row), **told, "COST": wording.cost(one)}


def _names(by: str, kind: str, row: Usage) -> dict[str, str]:
    first = by.upper()
    if kind == _TOTAL:
        return {first: _TOTAL}
    if kind == _PART:
        return {first: f"  {_short(row.key)}"}
    if by == BLOCK:
        from hubctl.reports.blocks import opened

        return {first: wording.clock(opened(row)), "TIME": _time(row)}
    if by == SESSION:
        project = printable(options().place(row.project)).rpartition("/")[2]
        known = {"PROJECT": project, "MODEL": _short(row.model), "BEGAN": wording.clock(row.first)}
        return {first: printable(row.key)[:8], **known, "TIME": _time(row)}
    name = options().place(row.key) if by == PROJECT else row.key
    return {first: printable(name) or "(none)"}


def _short(model: str) -> str:
    """A model's name without what all of them have."""
    from hubctl.metrics.prices import plain

    return printable(plain(model).removeprefix("claude-")) or "(none)"


def _time(row: Usage) -> str:
    from hubctl.metrics.days import SECOND

    return wording.duration((row.last - row.first) / SECOND)


def _fitting(columns: list[_Column], room: int) -> tuple[list[_Column], tuple[str, ...]]:
    """The columns that a terminal has room for (0: any), and the names of those left out."""

    def needed(some: list[_Column]) -> int:
        return sum(one.width + _GAP for one in some) - _GAP

    left_out = []
    if room and needed(columns) > room:
        columns = [columns[0], *(_clipped(one, _LONG_TEXT) for one in columns[1:])]
    for name in _LEAST_FIRST:
        if not room or needed(columns) <= room:
            break
        if any(one.name == name for one in columns[1:]):
            left_out.append(name)
            columns = [columns[0], *(one for one in columns[1:] if one.name != name)]
    too_much = needed(columns) - room if room else 0
    if too_much > 0:
        first = _clipped(columns[0], max(columns[0].width - too_much, _LEAST_TEXT))
        columns = [first, *columns[1:]]
    return columns, tuple(left_out)


def _clipped(column: _Column, limit: int) -> _Column:
    return replace(column, cells=tuple(clip(cell, limit) for cell in column.cells))


def _joined(columns: list[_Column], number: int | None) -> str:
    cells = []
    for place, one in enumerate(columns):
        text = one.name if number is None else one.cells[number]
        is_text = not place or one.name in _TEXTS
        gap = " " * (one.width - width(text))
        cells.append(pad(text, one.width) if is_text else gap + text)
    return (" " * _GAP).join(cells).rstrip() if number is None else (" " * _GAP).join(cells)


def _bars(page: UsagePage, lines: list[tuple[str, Usage]], room: int) -> list[str]:
    """How much of the largest row each is: of its cost, or where some are unknown its tokens."""
    known = all(one.totals.is_known for one in page.rows)
    sizes = [(row.totals.cost_usd or 0.0) if known else row.totals.tokens for _, row in lines]
    most = max((size for size, line in zip(sizes, lines, strict=True) if not line[0]), default=0)
    longest = min(room, _BAR)
    if longest < _SHORTEST_BAR or not most:
        return [""] * len(lines)
    mark = "█" if options().unicode else "#"
    shown = zip(sizes, lines, strict=True)
    return ["" if line[0] else mark * round(longest * size / most) for size, line in shown]


def _block(page: UsagePage) -> Iterator[tuple[str, str]]:
    if page.block is None or page.pace is None:
        return
    left = wording.duration(page.pace.minutes_left * 60)
    yield "block", f"{_so_far(page.block)} so far; {left} left{_expected(page)}"
    if page.by == BLOCK and page.pace.tokens_per_minute is not None:
        rate = wording.count(page.pace.tokens_per_minute)
        cost = wording.dollars(page.pace.usd_per_hour)
        known = "" if page.block.totals.is_known or page.pace.usd_per_hour is None else "≥"
        yield "pace", f"{rate} tokens a minute, {known}{cost} an hour"


def _expected(page: UsagePage) -> str:
    pace = page.pace
    if pace is None or pace.tokens is None:
        return ""
    cost = wording.expected(pace.cost_usd, pace.least_usd)
    return f", then {wording.count(pace.tokens)} tokens, {cost} at this pace"


def _so_far(row: Usage) -> str:
    return f"{wording.count(row.totals.tokens)} tokens, {wording.cost(row.totals)}"


_PERIODS = {"day": "today", "week": "week", "month": "month"}


def _projection(one: Projection) -> tuple[str, str]:
    so_far = _so_far(Usage(key="", totals=one.so_far))
    return _PERIODS[one.period], f"{so_far} so far; {_outlook(one)}"


def _outlook(one: Projection) -> str:
    from hubctl.reports.projection import NEEDED

    if one.tokens is None:
        return f"collecting data ({one.days}/{NEEDED} days)"
    cost = wording.expected(one.cost_usd, one.least_usd)
    return f"probably {wording.count(one.tokens)} tokens, {cost} at its end"


def _unpriced(page: UsagePage) -> str:
    from hubctl.output.summary import plural

    told = ", ".join(f"{printable(name) or '(none)'} ({count})" for name, count in page.unpriced)
    answers = plural(sum(count for _, count in page.unpriced), "answer")
    if page.only.cost == CLIENT:
        return f"the client told no cost of {answers}: {told}"
    return f"no known price for {answers}: {told}; add it under metrics.prices in canonical.yaml"
