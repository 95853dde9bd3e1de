"""From what was seen to what it means: a state for every file and entry, with the reason. Pure.

What the client itself says comes first; where it says nothing, the lint of settings for this very
version explains it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hubctl.check.client.facts import EVENTS, TOOL_EVENTS, TOOLS
from hubctl.check.client.matcher_rules import exact_names, is_regex
from hubctl.documents.hook_groups import handler_id
from hubctl.live.result import EntrySeen, EntryState, FileSeen, FileState
from hubctl.live.seen import SOURCES
from hubctl.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from hubctl.check.client.rule import Hit, Rule
    from hubctl.live.result import Entry, SettingsFile
    from hubctl.live.seen import Seen

    Lint = Mapping[str, Sequence[tuple[Rule, Hit]]]

_SPOT: Final = re.compile(r"(?P<at>hooks\.\w+\.\d+\.hooks\.\d+): (?P<what>.*)")
_GROUP: Final = re.compile(r"(?P<at>hooks\.\w+(?:\.\d+)?): (?P<what>.*)")
_ANY_SERVER: Final = "mcp__"
_OF_EVENTS: Final = frozenset(
    f"settings/hook-{name}" for name in ("event-no-list", "newer-event", "unknown-event")
)
_UNREADABLE: Final = _OF_EVENTS | {
    "settings/matcher-no-text",
    *(
        f"settings/hook-{name}"
        for name in ("args", "missing-field", "shape", "timeout", "unknown-type", "url")
    ),
}
_NEVER: Final = frozenset(
    {
        *(f"settings/hook-{name}" for name in ("if-event", "type-event")),
        *(
            f"settings/matcher-{name}"
            for name in ("bare-server", "call-form", "case", "regex", "value")
        ),
    }
)


def judge_files(files: Sequence[SettingsFile], seen: Seen, lint: Lint) -> tuple[FileSeen, ...]:
    """The state of each file; `lint` has what the lint says of it by its path."""
    off = _switched_off(files)
    return tuple(_file(file, seen, lint.get(file.path, ()), off) for file in files)


def _file(
    file: SettingsFile, seen: Seen, lint: Sequence[tuple[Rule, Hit]], off: SettingsFile | None
) -> FileSeen:
    if file.problem:
        return FileSeen(file=file, state=FileState.DROPPED, why=file.problem)
    if file.place in seen.canaries:
        return FileSeen(file=file, state=FileState.ACCEPTED)
    if off is not None and not seen.raised:
        why = f"disableAllHooks is true in {off.address}"
        return FileSeen(file=file, state=FileState.OFF, why=why)
    said = seen.notes.get(file.path, ())
    errors = [hit.what for rule, hit in lint if (hit.severity or rule.severity) is Severity.ERROR]
    why = "; ".join(said or errors) or "the client does not say why"
    return FileSeen(file=file, state=FileState.DROPPED, why=why)


def _switched_off(files: Sequence[SettingsFile]) -> SettingsFile | None:
    """The file that switches all hooks off; of those that say anything the nearest decides."""
    for place in ("local", "committed", "host"):
        for file in files:
            value = (file.document or {}).get("disableAllHooks")
            if file.place == place and isinstance(value, bool):
                return file if value else None
    return None


def judge_entries(
    entries: Sequence[Entry], files: Sequence[FileSeen], seen: Seen, lint: Lint
) -> tuple[EntrySeen, ...]:
    """The state of each entry."""
    by_place = {one.file.place: one for one in files}
    return tuple(_entry(one, by_place[one.place], seen, lint) for one in entries)


def _entry(entry: Entry, file: FileSeen, seen: Seen, lint: Lint) -> EntrySeen:
    if file.state is not FileState.ACCEPTED:
        return EntrySeen(entry=entry, state=EntryState.IGNORED, why=_of_file(file))
    times, hooks = _runs(entry, seen)
    if times:
        return EntrySeen(entry=entry, state=EntryState.FIRED, times=times, hooks=hooks)
    said = lint.get(file.file.path, ())
    note = _note(entry, seen.notes.get(file.file.path, ()))
    if note or not _is_registered(entry, seen):
        unread = "; ".join(_objections(entry, said, _UNREADABLE))
        why = note or unread or "the client does not say why"
        return EntrySeen(entry=entry, state=EntryState.IGNORED, why=why)
    state, why = _idle(entry, seen, "; ".join(_objections(entry, said, _NEVER)))
    return EntrySeen(entry=entry, state=state, why=why)


def _of_file(file: FileSeen) -> str:
    return file.why if file.state is FileState.OFF else "its file was dropped"


def _runs(entry: Entry, seen: Seen) -> tuple[int, tuple[str, ...]]:
    """How often it ran, and which of hubctl's hooks in it."""
    if not entry.own:
        return seen.fired.get(entry.number, 0), ()
    words = str(entry.handler.entry.get("command", ""))
    records = [
        record
        for record in seen.records
        if record.get("event") == entry.event and f" {entry.event} {record.get('lane')}" in words
    ]
    ids = {str(hook["id"]) for record in records for hook in record.get("hooks", ())}
    return len(records), tuple(sorted(ids))


def _note(entry: Entry, notes: Sequence[str]) -> str:
    """What the client says against this entry, its group or its event."""
    for note in notes:
        found = _SPOT.match(note) or _GROUP.match(note)
        if found and (entry.at == found["at"] or entry.at.startswith(found["at"] + ".")):
            return found["what"]
    return ""


def _is_registered(entry: Entry, seen: Seen) -> bool:
    """Whether the client says so; one that says nothing of any handler is believed."""
    key = (SOURCES[entry.place], entry.event, entry.handler.matcher)
    return not seen.registered or key in seen.registered


def _objections(
    entry: Entry, lint: Sequence[tuple[Rule, Hit]], rules: Container[str]
) -> Iterator[str]:
    """What some rules of the lint say against this very handler, its matcher or its event."""
    handler = f"hook:{entry.event}/{handler_id(entry.handler.entry)}"
    for rule, hit in lint:
        if rule.id not in rules:
            continue
        of_event = hit.at == ("hooks", entry.event) and not hit.fragment
        about_it = rule.id in _OF_EVENTS or repr(entry.handler.matcher) in hit.what
        if hit.fragment == handler or (of_event and about_it):
            yield f"{hit.what.removeprefix(entry.event + ': ')} — {rule.reason}"


def _idle(entry: Entry, seen: Seen, never: str) -> tuple[EntryState, str]:
    """Why an entry that the client took did not run."""
    raised = seen.raised.get(entry.event)
    if not raised:
        return EntryState.REGISTERED, f"the run raised no {entry.event}"
    came = sorted(value for value in raised if matches(entry.event, entry.handler.matcher, value))
    if came and "if" in entry.handler.entry and entry.event in TOOL_EVENTS:
        return EntryState.REGISTERED, "no call of the run met its `if`"
    if never:
        return EntryState.NEVER, never
    if came:
        return EntryState.SILENT, f"{entry.event} came for {', '.join(came) or 'it'}"
    return _unmet(entry, seen)


def _unmet(entry: Entry, seen: Seen) -> tuple[EntryState, str]:
    """A matcher that nothing in the run met: might anything else?"""
    matcher = entry.handler.matcher
    if entry.event in TOOL_EVENTS:
        known = seen.tools | TOOLS  # some are offered only when the model asks for them
        if _ANY_SERVER in matcher or matches(entry.event, matcher, f"{_ANY_SERVER}server__tool"):
            return EntryState.REGISTERED, "MCP servers are not started in such a run"
    else:
        known = frozenset(EVENTS[entry.event].values) if entry.event in EVENTS else frozenset()
    met = sorted(name for name in known if matches(entry.event, matcher, name))
    if met or not known:
        what = ", ".join(met) or matcher
        return EntryState.REGISTERED, f"the run had no {entry.event} of {what}"
    return EntryState.NEVER, f"{matcher!r} is none of: {', '.join(sorted(known))}"


def matches(event: str, matcher: str, value: str) -> bool:
    """Whether the client runs a handler with this matcher for this value."""
    if matcher in ("", "*") or not (event in EVENTS and EVENTS[event].matches):
        return True
    if not is_regex(event, matcher):
        return value in exact_names(event, matcher)
    try:
        return re.search(matcher, value) is not None
    except re.error:
        return False
