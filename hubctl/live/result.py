"""What a live proof is about and what it found: settings files, their hook entries, states.

Frozen values only. How they are found out is `judge`'s business, how they look the caller's.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.check.client.rule import Place
    from hubctl.model.finding import Finding
    from hubctl.model.item import Handler


class FileState(enum.Enum):
    """What the client made of a settings file."""

    ACCEPTED = "accepted"
    DROPPED = "dropped"
    OFF = "switched-off"


class EntryState(enum.Enum):
    """What the client made of one hook entry."""

    FIRED = "fired"
    REGISTERED = "registered"
    NEVER = "never-matches"
    SILENT = "silent"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFile:
    """One settings file as it stands.

    Attributes:
        address: `target:path`. path: absolute. place: which of the client's files it is.
        document: its content where it is a JSON object. problem: why it is none, "" if it is.
    """

    address: str
    path: str
    place: Place
    document: Mapping[str, object] | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One hook entry of one file.

    Attributes:
        number: different for every entry of a run. address: of the handler.
        place: the file it stands in. event, handler: what stands there.
        at: where, as the client counts: `hooks.Event.group.hooks.index`.
        own: it is word for word what hubctl renders on this machine.
    """

    number: int
    address: str
    place: Place
    event: str
    handler: Handler
    at: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSeen:
    """A file with what the client made of it, and why."""

    file: SettingsFile
    state: FileState
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySeen:
    """An entry with what the client made of it.

    Attributes:
        times: how often it ran. hooks: ids of hubctl's hooks that ran in it, sorted.
        why: what explains any other state than FIRED.
    """

    entry: Entry
    state: EntryState
    times: int = 0
    hooks: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What one run of the client showed about one target.

    Attributes:
        target: its name. client: version that ran. milliseconds: how long it took.
        refused: tool calls of the run that hubctl's hooks refused, and the client with them.
        below: whether local hooks hold in a session that starts in a folder below; None where
            there are none.
    """

    target: str
    client: str
    milliseconds: int
    files: tuple[FileSeen, ...]
    entries: tuple[EntrySeen, ...]
    refused: tuple[str, ...] = ()
    below: bool | None = None
    findings: tuple[Finding, ...] = ()
