"""Cases of hooks: an event, what surrounds it, and the expected answer. Read from JSON lines.

    {"name": "…", "event": {…}, "verdict": "deny", "says": "git stash"}
    {"name": "…", "command": "rm -rf /", "verdict": "deny"}

`command` is short for PreToolUse of Bash. `{project}` and `{home}` stand for made-up folders,
`{big}` for twenty thousand letters.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.errors import UsageError
from hubctl.model.events import normal_event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VERDICTS = ("deny", "ask", "allow", "none")
KEYS = (
    *("name", "hook", "event", "command", "stdin", "options", "files", "env", "state"),
    *("verdict", "says", "silent", "why", "rules"),
)
GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookCase:
    """One case.

    Attributes:
        name: for people; `where`: file and line.
        hook: id of the hook it is about, "" for all that a target has.
        event: name of the event; data: its input; stdin: raw text instead of it.
        options: of the hook, over its defaults. files: path below the project (or `~/…`) → text.
        env: further variables. state_gone: the state folder cannot be used.
        verdict: `deny`, `ask`, `allow` or `none`. says: what the answer has to hold.
        silent: nothing at all may be answered.
    """

    name: str
    where: str
    hook: str
    event: str
    data: Mapping[str, Any] = field(default_factory=dict)
    stdin: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    state_gone: bool = False
    verdict: str = "none"
    says: str = ""
    silent: bool = False


def read_cases(
    text: str, file: str, hook: str = "", event: str = "PreToolUse"
) -> Iterator[HookCase]:
    """The cases of a file of JSON lines; empty lines and those that begin with `#` do not count.

    Args:
        text: the file's text.
        file: its name, for errors.
        hook: whose cases they are where a case does not say.
        event: which event they are about where a case does not say.

    Raises:
        UsageError: a line is no case; the message names file and line.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            where = f"{file}:{number}"
            try:
                row = json.loads(line)
            except ValueError as error:
                raise UsageError(f"{where}: no JSON: {error}") from error
            yield _case(row, where, hook, event)


def _case(row: Any, where: str, hook: str, event: str) -> HookCase:
    if not isinstance(row, dict):
        raise UsageError(f"{where}: a case is an object")
    unknown = sorted(row.keys() - set(KEYS))
    if unknown:
        raise UsageError(f"{where}: a case has no key {unknown[0]!r}", hint=f"it has {KEYS}")
    data = _data(row, where)
    named = str(data.get("hook_event_name") or event)
    known = normal_event(named)
    if known is None:
        raise UsageError(f"{where}: the client has no event {named!r}")
    verdict = row.get("verdict", "none")
    if verdict not in VERDICTS:
        raise UsageError(f"{where}: no verdict: {verdict!r}", hint=f"one of {', '.join(VERDICTS)}")
    return HookCase(
        name=str(row.get("name") or row.get("command") or row.get("why") or where)[:120],
        where=where,
        hook=str(row.get("hook", hook)),
        event=known,
        data={**data, "hook_event_name": known},
        stdin=row["stdin"] if isinstance(row.get("stdin"), str) else None,
        options=_map(row, "options", where),
        files=_map(row, "files", where),
        env=_map(row, "env", where),
        state_gone=row.get("state") == GONE,
        verdict=verdict,
        says=str(row.get("says", "")),
        silent=bool(row.get("silent", False)),
    )


def _data(row: Mapping[str, Any], where: str) -> dict[str, Any]:
    if "command" in row:
        given = {"tool_name": "Bash", "tool_input": {"command": row["command"]}}
        return {"hook_event_name": "PreToolUse", **given, **_map(row, "event", where)}
    return dict(_map(row, "event", where))


def _map(row: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = row.get(key, {})
    if not isinstance(value, dict):
        raise UsageError(f"{where}: {key} is an object")
    return value
