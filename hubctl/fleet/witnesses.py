"""Which session changed a value, from what the hook config-guard noted while it happened.

A note counts for the fields it names. Whether somebody wrote the file again since then is said.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from hubctl.system.hooks_package import places, witnessed
from hubctl.system.last_write import last_write, last_written

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHOWN_OF_ID: Final = 8
_SEEN: Final = "ConfigChange"  # the client tells every session that reads the file, not who wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One line of config-guard's: `written` is the file's last write then, in ns."""

    moment: datetime
    session: str
    event: str
    tool: str
    fields: frozenset[str]
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """All notes by the real path of the file, oldest first."""

    notes: Mapping[str, tuple[Note, ...]]

    @staticmethod
    def of(hub_state: str) -> Witnesses:
        """The notes of one hub; lines of another form are left out."""
        found: dict[str, list[Note]] = {}
        for record in witnessed(f"{hub_state}/{places.HOOKS}"):
            file, note = record.get("file"), _note(record)
            if isinstance(file, str) and note is not None:
                found.setdefault(file, []).append(note)
        return Witnesses(notes={file: tuple(notes) for file, notes in found.items()})

    def who(self, path: str, fragment: str) -> str:
        """One sentence about the session that changed `fragment` of a file; "" without a note."""
        fitting = [n for n in self.notes.get(os.path.realpath(path), ()) if fragment in n.fields]
        if not fitting:
            return ""
        # Of several notes about one write, the tool's own says more than who else was told.
        same = [note for note in fitting if note.written == fitting[-1].written]
        best = next((note for note in reversed(same) if note.event != _SEEN), same[-1])
        return _sentence(best, path)


def _note(record: Mapping[str, object]) -> Note | None:
    moment, fields, written = record.get("t"), record.get("fields"), record.get("written")
    texts = [record.get(name) for name in ("session", "event", "tool")]
    if not isinstance(moment, (int, float)) or not isinstance(written, int):
        return None
    if not isinstance(fields, list) or not all(isinstance(text, str) for text in texts):
        return None
    session, event, tool = (_printable(str(text)) for text in texts)
    try:
        when = datetime.fromtimestamp(moment, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return Note(
        moment=when,
        session=session,
        event=event,
        tool=tool,
        fields=frozenset(str(one) for one in fields),
        written=written,
    )


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _sentence(note: Note, path: str) -> str:
    session = f"session {note.session[:_SHOWN_OF_ID] or '(without an id)'}"
    when = f"{note.moment:%Y-%m-%d %H:%M} UTC"
    if note.event == _SEEN:
        told = f"{session} saw it change at {when} ({note.event})"
    else:
        told = f"{session} changed it with {note.tool} at {when}"
    return told + _since(note, path)


def _since(note: Note, path: str) -> str:
    """Whether the file was written again after the note."""
    found = last_write(path)
    if found is None:
        return "" if not note.written else "; the file is gone since then"
    moment, user = found
    if last_written(path) == note.written:
        return ""
    return f"; the file was written again {moment:%Y-%m-%d %H:%M} UTC by {user}"
