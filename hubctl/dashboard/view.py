"""What somebody looks at: which days, which project, which session. It stands whole in the address.

Pure. What an address holds is anybody's: what is no view becomes the usual one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from hubctl.errors import UsageError
from hubctl.reports.periods import ending, parse_day, shifted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.reports.periods import Span

RANGES = (1, 7, 28, 90, 365)
"""Days that can be looked at."""

USUAL = 7
SORTS = ("cost", "time", "tokens", "calls", "failures", "context")
_LONGEST = 4096
_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One view.

    Attributes:
        days: how many. until: the last of them as an ISO date, "" for today.
        project: folder of the only project, "" for all.
        session: id, where one session is looked at. sort, page: of the list of sessions.
    """

    days: int = USUAL
    until: str = ""
    project: str = ""
    session: str = ""
    sort: str = SORTS[0]
    page: int = 1

    def span(self, today: str) -> Span:
        """Its days."""
        return ending(self.until or today, self.days)

    def query(self, **changes: Any) -> str:
        """As the end of an address: `?days=28`, or "" for the usual view."""
        wanted, usual = replace(self, **changes), View()
        names = ("days", "until", "project", "session", "sort", "page")
        told = {
            name: value
            for name in names
            if (value := getattr(wanted, name)) != getattr(usual, name)
        }
        return f"?{urlencode(told)}" if told else ""

    def moved(self, steps: int, today: str) -> View:
        """As many days, so many times later; never beyond today."""
        last = shifted(self.until or today, steps * self.days)
        return replace(self, until="" if last >= today else last, page=1)

    def of_day(self, day: str, today: str) -> View:
        """That one day."""
        return replace(self, days=1, until="" if day == today else day, page=1, session="")


def view_of(given: Mapping[str, str]) -> View:
    """The view that an address names."""
    days = _number(given.get("days", ""), USUAL)
    sort = given.get("sort", "")
    return View(
        days=days if days in RANGES else USUAL,
        until=_day(given.get("until", "")),
        project=given.get("project", "")[:_LONGEST].replace("\0", "\ufffd"),  # SQL knows none
        session=given.get("session", "")[:_LONGEST],
        sort=sort if sort in SORTS else SORTS[0],
        page=min(max(_number(given.get("page", ""), 1), 1), _MOST_PAGES),
    )


def _number(text: str, usual: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else usual


def _day(text: str) -> str:
    try:
        return parse_day(text) if text else ""
    except UsageError:
        return ""
