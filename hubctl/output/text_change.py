"""One change in words: its name, its values, and the lines that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.item import BlockText, FileText
from hubctl.output.cells import clip, printable, width
from hubctl.output.compare import explain, unified_lines
from hubctl.output.page import GLUE
from hubctl.output.shown import before, is_text, is_undecided, json_of, one_line, text_of, values
from hubctl.output.style import BAD, DIM, GOOD, PLAIN, STRONG, WARN, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.model.change import Change
    from hubctl.output.page import Page, Span

CHANGED_LINES = 12
CREATED_LINES = 4
_EXPLAINED_PLACES = 8
_SIGN_ROLES = {"+": GOOD, "-": BAD, "~": WARN, "@": DIM}
_TAB = "    "


def name_in_file(change: Change) -> str:
    """The address without target and path; the path where a whole file is meant."""
    address = change.address
    return printable(f"#{address.fragment}" if address.fragment else address.path)


def put_head(page: Page, indent: int, change: Change, name: str) -> None:
    """Symbol, name and, where they fit, before → after on one line."""
    symbol, _, role = mark(change)
    head: list[Span] = [(symbol + GLUE, role), (name, STRONG)]
    shown = values(change)
    if shown and _fits(page, indent + 2 + width(name) + 2, change, shown):
        head.append((f"  {shown}", PLAIN))
    page.put(indent, *head, hang=4)


def put_values(page: Page, indent: int, change: Change, taken: int) -> None:
    """What did not fit into a head that left `taken` columns: differing lines, places or values."""
    shown = values(change)
    if is_text(change):
        _put_text(page, indent, change)
    elif shown and not _fits(page, taken, change, shown):
        _put_sides(page, indent, change)


def _fits(page: Page, taken: int, change: Change, shown: str) -> bool:
    if is_text(change):
        return True
    return not has_places(change) and width(shown) <= page.width - taken


def has_places(change: Change) -> bool:
    """Whether both sides are structures, so that places inside them are told instead."""
    sides = (json_of(before(change)), json_of(change.desired))
    return all(isinstance(side, (dict, list)) for side in sides) and sides[0] != sides[1]


def _put_sides(page: Page, indent: int, change: Change) -> None:
    rows = explain(json_of(before(change)), json_of(change.desired))
    if not rows:
        _put_both(page, indent, change)
        return
    limit = len(rows) if page.options.verbose else _EXPLAINED_PLACES
    for row in rows[:limit]:
        sides = f"{row.old} → {row.new}" if row.sign == "~" else row.new or row.old
        shown = sides if page.options.verbose else clip(sides, page.room(indent + 4))
        sign = (row.sign + GLUE, _SIGN_ROLES[row.sign])
        page.put(indent, sign, (f"{row.place}  {shown}", PLAIN), hang=4)
    _put_more(page, indent, change, len(rows) - limit, "place")


def _put_both(page: Page, indent: int, change: Change) -> None:
    words = ("found  ", "wanted ") if is_undecided(change) else ("- ", "+ ")
    roles = (PLAIN, PLAIN) if is_undecided(change) else (BAD, GOOD)
    for word, role, value in zip(words, roles, (before(change), change.desired), strict=True):
        if value is not None:
            text = one_line(value)
            limit = page.width if page.options.verbose else page.room(indent + width(word))
            page.put_whole(indent, (word, role), (clip(text, limit), PLAIN))


def _put_text(page: Page, indent: int, change: Change) -> None:
    old, new = text_of(before(change)), text_of(change.desired)
    if change.sensitive or old == new:
        return
    rows = _hunks(unified_lines(old, new, context=1))
    limit = len(rows) if page.options.verbose else _limit(change)
    put_diff(page, indent, rows[:limit])
    _put_more(page, indent, change, len(rows) - limit, "line")


def _hunks(rows: Sequence[str]) -> list[str]:
    """Rows without headers; a gap between two hunks, and no empty row at either end."""
    shown = ["…" if row.startswith("@@") else row for row in rows[1:] if not row.startswith("\\")]
    while shown and not shown[0].strip():
        shown.pop(0)
    while shown and not shown[-1].strip():
        shown.pop()
    return shown


def _limit(change: Change) -> int:
    texts = (FileText, BlockText)
    both = isinstance(before(change), texts) and isinstance(change.desired, texts)
    return CHANGED_LINES if both else CREATED_LINES


def put_diff(page: Page, indent: int, rows: Sequence[str]) -> None:
    """Lines of a diff, each cut to the width, tabs as spaces."""
    for row in rows:
        text = printable(row[1:].replace("\t", _TAB))
        shown = clip(text, page.room(indent + 2)) if not page.options.verbose else text
        page.put_whole(indent, (f"{row[0]} {shown}".rstrip(), _SIGN_ROLES.get(row[0], DIM)))


def _put_more(page: Page, indent: int, change: Change, count: int, word: str) -> None:
    if count > 0:
        words = f"… {count} more {word}{'' if count == 1 else 's'}"
        page.put(indent, (f"{words}; hubctl diff {change.address.target} shows all", DIM))
