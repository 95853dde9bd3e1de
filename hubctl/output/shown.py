"""Values as people read them: on one line, or as lines to compare."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.model.address import Part
from hubctl.model.item import BlockText, FileText, Handler, JsonValue, LinkTo, UnitState, Value
from hubctl.model.state import ABSENT, Absent, Status
from hubctl.output.cells import printable
from hubctl.output.compare import tally
from hubctl.output.masking import is_hidden

if TYPE_CHECKING:
    from hubctl.model.change import Change

_TEXTS = (FileText, BlockText)


def one_line(value: Value) -> str:
    """The value on one line, safe to print, of any length."""
    match value:
        case FileText():
            return _size(value.text, "executable file" if value.executable else "file")
        case BlockText():
            return _size(value.text, "block")
        case LinkTo():
            return printable(f"link to {value.destination}")
        case JsonValue():
            return _json_line(value.value)
        case Handler():
            return _handler_line(value)
        case UnitState():
            return printable(value.state)


def _size(text: str, kind: str) -> str:
    if is_hidden(text):
        return f"{kind}, {text}"
    lines = len(text.splitlines())
    return f"{kind}, {lines} line{'' if lines == 1 else 's'}"


def _json_line(value: object) -> str:
    if isinstance(value, str) and is_hidden(value):
        return value
    return printable(json.dumps(value, ensure_ascii=False))


def _handler_line(value: Handler) -> str:
    if value.ours:
        # Its command is a page of shell that says the same in every target.
        return printable(f"the hooks of hubctl, for {value.matcher or 'every call'}")
    entry = value.entry
    program = next((entry[key] for key in ("command", "url", "prompt") if key in entry), None)
    text = program if isinstance(program, str) else json.dumps(entry, ensure_ascii=False)
    return printable(f"{value.matcher}: {text}" if value.matcher else text)


def text_of(value: Value | Absent | None) -> str:
    """The value as text of whole lines, for comparing; "" for none."""
    match value:
        case None | Absent():
            return ""
        case FileText() | BlockText():
            return value.text
        case JsonValue():
            return _pretty(value.value)
        case Handler():
            return _pretty({"matcher": value.matcher, **value.entry})
        case LinkTo():
            return value.destination + "\n"
        case UnitState():
            return value.state + "\n"


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def json_of(value: Value | Absent | None) -> object:
    """The structure of a JSON value or handler, for explaining differences; ABSENT for others."""
    match value:
        case JsonValue():
            return value.value
        case Handler():
            return {"matcher": value.matcher, **value.entry}
        case _:
            return ABSENT


def is_text(change: Change) -> bool:
    """Whether the change is about whole lines of text."""
    sides = (change.desired, change.observed)
    return any(isinstance(side, _TEXTS) for side in sides)


def before(change: Change) -> Value | None:
    """What stands there now; None for nothing."""
    return None if isinstance(change.observed, Absent) else change.observed


def values(change: Change, arrow: str = "→") -> str:
    """Before and after on one line; "" where the address itself says it."""
    if change.address.part is Part.ELEMENT:
        return ""
    old, new = before(change), change.desired
    if is_undecided(change):
        return f"found {_or_nothing(old)}, canonical wants {_or_nothing(new)}"
    if isinstance(old, _TEXTS) and isinstance(new, _TEXTS):
        return _tally(old, new)
    if old is not None and new is not None and old != new:
        return f"{one_line(old)} {arrow} {one_line(new)}"
    value = new if old is None else old
    return "" if value is None else one_line(value)


def is_undecided(change: Change) -> bool:
    """Whether a person must choose before anything is written."""
    return change.status is Status.CONFLICT and not change.take


def _or_nothing(value: Value | None) -> str:
    return "nothing" if value is None else one_line(value)


def _tally(old: FileText | BlockText, new: FileText | BlockText) -> str:
    if is_hidden(new.text) or is_hidden(old.text):
        return one_line(new)
    added, removed = tally(old.text, new.text)
    parts = [f"+{added} -{removed} lines"] if added or removed else []
    if isinstance(old, FileText) and isinstance(new, FileText) and old.executable != new.executable:
        parts.append("becomes executable" if new.executable else "no longer executable")
    return ", ".join(parts)
