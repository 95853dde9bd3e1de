"""`hubctl status`: the dashboard's panels in a terminal, once or live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.dashboard.board import Board
    from hubctl.output.page import Page
    from hubctl.reports.document import Chart, Figure, Section, Table

_SECONDS = 5.0
_ROWS = 5
_FEWER = (_ROWS, 3, 1)  # rows of a panel's tables, tried until the terminal is high enough
_LEVELS = " ▁▂▃▄▅▆▇█"
_ASCII_LEVELS = " .:-=+*#%@"
_BELOW = 4


@click.command()
@click.option(
    "--days",
    type=click.IntRange(1, 365),
    default=1,
    show_default=True,
    help="How many days up to today.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--watch", "live", is_flag=True, help="Live, until Control-C.")
@click.pass_obj
def command(hub_path: str | None, *, days: int, as_json: bool, live: bool) -> int:
    """Everything at a glance: cost, sessions, alerts, tools, hooks, context, agents, drift, health.

    The same panels as the dashboard's. Limits of your plan are what the client last told
    `hubctl statusline`.
    """
    from hubctl.cli.context import write
    from hubctl.cli.tables import print_json
    from hubctl.cli.watching import watch
    from hubctl.reports.pages.json import encode_sections

    def sections() -> tuple[Section, ...]:
        return _sections(hub_path, days)

    if live and not as_json:
        return watch(lambda: _fitted(sections()), _SECONDS)
    found = sections()
    if as_json:
        content = {"days": days, "sections": encode_sections(found), "plan": _plan()}
        print_json("hubctl/status", content)
    else:
        write(_text(found))
    return 0


def _sections(hub_path: str | None, days: int) -> tuple[Section, ...]:
    from hubctl.cli.context import open_world
    from hubctl.cli.measuring import bring_up_to_date
    from hubctl.dashboard.board import PANELS, Board
    from hubctl.dashboard.view import View
    from hubctl.errors import HubctlError
    from hubctl.reports.document import Section
    from hubctl.system.places import find_places

    bring_up_to_date(hub_path)
    board = Board(find_places(), lambda: open_world(hub_path))
    found = []
    for panel in PANELS:
        try:
            found.append(panel.make(board, View(days=days)))
        except HubctlError as error:
            found.append(Section(id=panel.id, title=panel.title, about=error.message))
    _keep_marks(board)
    return tuple(found)


def _keep_marks(board: Board) -> None:
    """The drift that was just looked at is the status line's too."""
    from hubctl.cli.marks import keep_marks
    from hubctl.errors import HubctlError

    try:
        subject = board.subject()
        if subject.world is not None:
            keep_marks(subject.world, subject.drift)
    except HubctlError:
        return  # a panel has told it


def _plan() -> Mapping[str, object]:
    from hubctl.system.glance import LIMITS, read_json
    from hubctl.system.places import find_places

    kept = read_json(f"{find_places().cache}/{LIMITS}")
    windows = kept.get("windows")
    return windows if isinstance(windows, dict) else {}


def _fitted(sections: tuple[Section, ...]) -> str:
    """All figures, and of what is below them as much as the terminal shows; in a pipe all."""
    from hubctl.cli.terminal import find_terminal, rows

    if not find_terminal().out:
        return _text(sections)
    shown = [0] * len(sections)
    for place, section in enumerate(sections):
        has_more = section.charts or section.tables or section.notes
        for most in _FEWER if has_more else ():
            tried = [*shown[:place], most, *shown[place + 1 :]]
            if _text(sections, tried).count("\n") < rows():
                shown = tried
                break
    return _text(sections, shown)


def _text(sections: tuple[Section, ...], shown: Sequence[int] = ()) -> str:
    """All panels, each with so many rows of its tables; with none its figures alone."""
    from hubctl.cli.context import options
    from hubctl.output.page import Page

    page = Page(options())
    for section, most in zip(sections, shown or [_ROWS] * len(sections), strict=True):
        if _tells(section):
            if most:
                page.gap()
            _put(page, section, most)
            if most:
                page.gap()
    _put_plan(page)
    return page.text()


def _tells(section: Section) -> bool:
    return bool(section.figures or section.tables or section.about)


def _put(page: Page, section: Section, most: int) -> None:
    from hubctl.output.cells import printable
    from hubctl.output.style import DIM, STRONG

    page.put(0, (section.title, STRONG))
    spans: list[tuple[str, str]] = []
    for figure in section.figures:
        spans += _figure(figure, first=not spans)
    if spans:
        page.put(2, *spans, hang=0)
    elif section.about:
        page.put(2, (printable(section.about), DIM), hang=0)
    if not most:
        return
    for chart in section.charts:
        if len(chart.values) > 1:
            page.put_whole(2, (f"{chart.title}  ", DIM), (_spark(chart, page), ""))
    for table in section.tables:
        _put_table(page, table, most)
    for note in section.notes[:2]:
        page.put(2, (printable(note), DIM), hang=0)


def _figure(figure: Figure, *, first: bool) -> list[tuple[str, str]]:
    from hubctl.output.page import GLUE
    from hubctl.output.style import BAD, DIM, PLAIN, WARN

    role = {"warning": WARN, "critical": BAD}.get(figure.level, PLAIN)
    level = f" ({figure.level})" if figure.level else ""
    value = f"{figure.text}{level}".replace(" ", GLUE)
    gap = "" if first else " · "
    return [(gap, DIM), (figure.title.replace(" ", GLUE) + GLUE, DIM), (value, role)]


def _spark(chart: Chart, page: Page) -> str:
    """The chart as one character for each bar, of as many as there is room for."""
    levels = _LEVELS if page.options.unicode else _ASCII_LEVELS
    room = max(page.room(len(chart.title) + _BELOW), 10) if page.options.width else 90
    values = [value or 0.0 for value in chart.values][-room:]
    most = max(values)
    last = len(levels) - 1
    return "".join(
        levels[max(round(last * value / most), 1) if value else 0] if most else levels[0]
        for value in values
    )


def _put_table(page: Page, table: Table, most: int) -> None:
    from hubctl.cli.tables import table_text
    from hubctl.output.cells import clip, printable
    from hubctl.output.style import DIM

    if not table.rows:
        return
    cells = [tuple(clip(printable(cell), 44) for cell in row) for row in table.rows[:most]]
    head = [name.upper() for name in table.head]
    lines = table_text(head, cells, empty="", right=table.right).splitlines()
    for number, line in enumerate(lines):
        room = page.room(_BELOW) if page.options.width else 0
        text = clip(line, room) if room else line
        page.put_whole(_BELOW, (text, "" if number else DIM))
    if len(table.rows) > most:
        page.put(_BELOW, (f"… and {len(table.rows) - most} more", DIM))


def _put_plan(page: Page) -> None:
    """The windows of the plan, as the client last told of them."""
    from hubctl.cli.figures import now
    from hubctl.output.style import DIM, STRONG
    from hubctl.reports.statusline import plan_words
    from hubctl.system.glance import LIMITS, read_json
    from hubctl.system.places import find_places

    kept = read_json(f"{find_places().cache}/{LIMITS}")
    told = plan_words(kept, now() / 1e6)
    if told:
        page.put(0, ("Plan", STRONG))
        page.put(2, (told, DIM))
