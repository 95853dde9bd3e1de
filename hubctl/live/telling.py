"""The findings of a live proof: what is not as whoever wrote the settings meant it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubctl.live.play import REFUSABLE
from hubctl.live.result import EntryState, FileState
from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubctl.live.result import EntrySeen, FileSeen
    from hubctl.live.seen import Seen

_TOLD: Final = (EntryState.IGNORED, EntryState.NEVER, EntryState.SILENT)
REPAIR: Final = "hubctl apply"


def telling(  # noqa: PLR0913 - keyword only
    target: str,
    files: Sequence[FileSeen],
    entries: Sequence[EntrySeen],
    seen: Seen,
    *,
    below: bool | None,
    complaints: str,
) -> Iterator[Finding]:
    """Findings about one target: files, then entries, then how hooks were honoured."""
    for file in files:
        yield from _of_file(file)
    for entry in entries:
        if entry.state in _TOLD and not _is_told(entry, files):
            yield _of_entry(entry)
    if _was_overruled(seen):
        message = f"a hook refused `{REFUSABLE}`, and the client ran it all the same"
        yield _finding("live/not-honoured", message, f"{target}:.", severity=Severity.ERROR)
    if below is False:
        yield _finding(
            "live/below-root",
            "in a session that starts in a folder below, or in a linked worktree, none of the "
            "hooks of settings.local.json run",
            f"{target}:.claude/settings.local.json",
            hint="update the client, or give hooks `scope: host`",
        )
    if complaints.strip() and not seen.notes:  # which it repeats there
        message = f"the client complains: {' '.join(complaints.split())[:300]}"
        yield _finding("live/complaint", message, f"{target}:.")


def _is_told(entry: EntrySeen, files: Sequence[FileSeen]) -> bool:
    """A file that was dropped is told once, not once more for each of its entries."""
    place = entry.entry.place
    return any(f.file.place == place and f.state is not FileState.ACCEPTED for f in files)


def _of_file(seen: FileSeen) -> Iterator[Finding]:
    file = seen.file
    if seen.state is FileState.DROPPED:
        yield _finding(
            "live/file-dropped",
            seen.why if file.problem else f"valid JSON, but ignored: {seen.why}",
            file.address,
            path=file.path,
            severity=Severity.ERROR,
            hint="until it is mended, none of its hooks, permissions and settings count",
        )
    elif seen.state is FileState.OFF:
        yield _finding("live/switched-off", f"no hook runs: {seen.why}", file.address)


def _of_entry(seen: EntrySeen) -> Finding:
    entry, why = seen.entry, seen.why
    if seen.state is EntryState.IGNORED:
        message = f"{entry.event}: the client ignored it: {why}"
        return _finding("live/entry-ignored", message, entry.address)
    if seen.state is EntryState.NEVER:
        return _finding("live/never-matches", f"{entry.event}: never runs: {why}", entry.address)
    message = f"{entry.event}: it was registered and did not run: {why}"
    return _finding("live/silent", message, entry.address, hint=REPAIR if entry.own else "")


def refusals(seen: Seen) -> int:
    """How many commands of the play hubctl's hooks refused, by their own record."""
    return sum(
        record.get("event") == "PreToolUse"
        and record.get("tool") == "Bash"
        and record.get("decision") in ("deny", "ask")
        for record in seen.records
    )


def _was_overruled(seen: Seen) -> bool:
    passed = any(call.command == REFUSABLE and not call.failed for call in seen.calls)
    return passed and refusals(seen) > 0


def _finding(  # noqa: PLR0913 - keyword only, one per field of a finding
    rule: str,
    message: str,
    address: str,
    *,
    path: str = "",
    severity: Severity = Severity.WARNING,
    hint: str = "",
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        message=message,
        location=Location(file=path) if path else None,
        address=address,
        hint=hint,
        exit_code=1,
    )
