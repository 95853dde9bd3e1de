"""Tables whose rows lead somewhere: from a day to its sessions, from a session to its calls."""

from __future__ import annotations

from dataclasses import dataclass

from hubctl.reports.document import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading(Table):
    """`links`: an address of ours for each row, or "" where a row leads nowhere.

    `more`: an address and words for what the table leaves out.
    """

    links: tuple[str, ...] = ()
    more: tuple[str, str] = ("", "")
