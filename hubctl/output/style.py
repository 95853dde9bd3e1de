"""Roles to ANSI colours and symbols to ASCII: the one place that knows how emphasis looks.

Nothing is ever told by colour alone: a role only paints words that say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubctl.model.state import REPAIRED, Action, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.model.change import Change
    from hubctl.output.options import Options

PLAIN: Final = ""
STRONG: Final = "strong"
DIM: Final = "dim"
GOOD: Final = "good"
WARN: Final = "warn"
BAD: Final = "bad"
NOTE: Final = "note"
RUN: Final = "run"

_SGR: Final[Mapping[str, str]] = {
    STRONG: "1",
    DIM: "2",
    GOOD: "32",
    WARN: "33",
    BAD: "31",
    NOTE: "36",
    RUN: "1;36",
}
_ASCII: Final = str.maketrans(
    {"→": "->", "…": "...", "·": "-", "‹": "<", "›": ">", "✓": "ok", "✗": "x", "│": "|", "×": "x"}
)

# Symbol, word and role of what is to happen; the first two also make the legend.
CREATE: Final = ("+", "create", GOOD)
UPDATE: Final = ("~", "update", WARN)
DELETE: Final = ("-", "delete", BAD)
RECORD: Final = ("=", "record", NOTE)
DECIDE: Final = ("!", "needs you", BAD)
NOTICE: Final = ("?", "note", NOTE)
LEGEND: Final = (CREATE, UPDATE, DELETE, RECORD, DECIDE, NOTICE)

_BY_ACTION: Final = {
    Action.CREATE: CREATE,
    Action.UPDATE: UPDATE,
    Action.DELETE: DELETE,
    Action.ADOPT: RECORD,
    Action.FORGET: RECORD,
}
# With no action of their own they wait for somebody: a repair is held back, a side is to be chosen.
_UNDECIDED: Final = frozenset((*REPAIRED, Status.CONFLICT, Status.UNREADABLE))


def mark(change: Change) -> tuple[str, str, str]:
    """Symbol, word and role of what apply would do about a change."""
    if change.excepted:
        return NOTICE
    if change.action in _BY_ACTION:
        return _BY_ACTION[change.action]
    return DECIDE if change.status in _UNDECIDED else NOTICE


def paint(text: str, role: str, options: Options) -> str:
    """`text` as its role looks under these options."""
    if not options.unicode:
        text = text.translate(_ASCII)
    code = _SGR.get(role) if options.colour else None
    return f"\x1b[{code}m{text}\x1b[0m" if code and text else text
