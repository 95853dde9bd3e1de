"""Four weeks of sessions of the demo's repositories: transcripts and a spool, as a client leaves.

Made up, but made like real ones: contexts that grow and are compacted, tools that fail now and
then, a subagent here and there, quiet weekends. The same day gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hubctl.demo.repositories import REPOSITORIES
from hubctl.system.hooks_package import store

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = 28
_MODELS = ("claude-opus-5-5", "claude-sonnet-5", "claude-sonnet-5", "claude-haiku-4-5")
_TOOLS = ("Read", "Grep", "Bash", "Edit", "Bash", "Read", "Write", "Glob")
_FAILURES = 6  # percent
_SATURDAY = 5
_COMPACTED = 150_000
_GUARDS = ("smart-safety-check", "git-safety-check", "context-monitor")

Line = dict[str, Any]


class _Dice:
    """Numbers that look thrown and are the same every time."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._throws = 0

    def upto(self, most: int) -> int:
        """A number from 0 to `most`."""
        self._throws += 1
        digest = hashlib.sha256(f"{self._seed} {self._throws}".encode()).digest()
        return int.from_bytes(digest[:6], "big") % (most + 1)

    def happens(self, percent: int) -> bool:
        """Whether something of that likelihood happens."""
        return self.upto(99) < percent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    """One session: its id, folder, model and first moment."""

    id: str
    folder: str
    model: str
    begin: datetime


def session_files(home: str, now: datetime, state: str) -> dict[str, str]:
    """Absolute path → text of every file: transcripts below `home`, the spool below `state`.

    Args:
        home: the account's home folder.
        now: the moment the last session ends before, in UTC.
        state: the hub's folder for hooks.
    """
    files: dict[str, str] = {}
    spooled: list[Line] = []
    for session in _sessions(home, now):
        lines, records = _played(session, now)
        slug = "".join(c if c.isalnum() else "-" for c in session.folder)
        path = f"{home}/.claude/projects/{slug}/{session.id}.jsonl"
        files[path] = "".join(json.dumps(line) + "\n" for line in lines)
        spooled += records
    by_day: dict[str, list[str]] = {}
    for record in sorted(spooled, key=lambda one: float(one["t"])):
        day = f"{datetime.fromtimestamp(record['t'], now.tzinfo):%Y%m%d}"
        by_day.setdefault(day, []).append("\n" + store.seal(record) + "\n")
    for day, texts in by_day.items():
        files[f"{state}/spool/{day}-0000.jsonl"] = "".join(texts)
    return files


def _sessions(home: str, now: datetime) -> Iterator[_Session]:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for back in range(DAYS - 1, -1, -1):
        day = midnight - timedelta(days=back)
        for repository in REPOSITORIES:
            dice = _Dice(f"{day:%Y%m%d} {repository.name}")
            count = dice.upto(1) if day.weekday() >= _SATURDAY else dice.upto(2)
            for number in range(count):
                begin = day + timedelta(hours=7 + 4 * number, minutes=dice.upto(180))
                if begin + timedelta(minutes=5) < now:
                    yield _Session(
                        id=_uuid(f"{day:%Y%m%d} {repository.name} {number}"),
                        folder=f"{home}/src/{repository.name}",
                        model=_MODELS[dice.upto(len(_MODELS) - 1)],
                        begin=begin,
                    )


def _uuid(seed: str) -> str:
    text = hashlib.sha256(seed.encode()).hexdigest()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"


def _played(session: _Session, now: datetime) -> tuple[list[Line], list[Line]]:
    """Lines of the transcript, and records of the hooks."""
    dice = _Dice(session.id)
    lines: list[Line] = []
    records: list[Line] = []
    moment, context = session.begin, 18_000 + dice.upto(9_000)
    lines.append(_line(session, moment, 0, type="user", message=_said("Please go on.")))
    for turn in range(1, 8 + dice.upto(30)):
        moment += timedelta(seconds=8 + dice.upto(70))
        if moment >= now:
            break
        tool = _TOOLS[dice.upto(len(_TOOLS) - 1)]
        grown = 400 + dice.upto(6_000)
        call = f"toolu_{session.id[:8]}_{turn}"
        lines.append(_answer(session, moment, turn, context, grown, (call, tool), dice))
        failed, took = dice.happens(_FAILURES), 1 + dice.upto(9)
        moment += timedelta(seconds=took)
        lines.append(_result(session, moment, turn, call, failed=failed))
        records.append(_record(session, moment, tool, context, dice))
        context += grown
        if context > _COMPACTED:
            lines.append(_compacted(session, moment, turn))
            context = 30_000
    return lines, records


def _line(session: _Session, moment: datetime, number: int, **more: Any) -> Line:
    stamp = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "uuid": _uuid(f"{session.id} {number} {more.get('type')} {stamp}"),
        "sessionId": session.id,
        "timestamp": stamp,
        "cwd": session.folder,
        "gitBranch": "main",
        "version": "2.1.328",
        "isSidechain": False,
        "userType": "external",
        **more,
    }


def _said(text: str) -> Line:
    return {"role": "user", "content": text}


def _answer(  # noqa: PLR0913, PLR0917 - the parts of one line
    session: _Session,
    moment: datetime,
    turn: int,
    context: int,
    grown: int,
    call: tuple[str, str],
    dice: _Dice,
) -> Line:
    usage = {
        "input_tokens": 3 + dice.upto(20),
        "output_tokens": 80 + dice.upto(900),
        "cache_read_input_tokens": context,
        "cache_creation_input_tokens": grown,
        "service_tier": "standard",
    }
    content = [{"type": "tool_use", "id": call[0], "name": call[1], "input": {}}]
    return _line(
        session,
        moment,
        turn,
        type="assistant",
        requestId=f"req_{session.id[:8]}_{turn}",
        message={
            "id": f"msg_{session.id[:8]}_{turn}",
            "type": "message",
            "role": "assistant",
            "model": session.model,
            "content": content,
            "usage": usage,
        },
    )


def _result(session: _Session, moment: datetime, turn: int, call: str, *, failed: bool) -> Line:
    content = [
        {"type": "tool_result", "tool_use_id": call, "content": "…", "is_error": failed},
    ]
    return _line(session, moment, turn, type="user", message={"role": "user", "content": content})


def _compacted(session: _Session, moment: datetime, turn: int) -> Line:
    return _line(
        session,
        moment,
        turn,
        type="system",
        subtype="compact_boundary",
        compactMetadata={"trigger": "auto", "preTokens": _COMPACTED},
    )


def _record(session: _Session, moment: datetime, tool: str, context: int, dice: _Dice) -> Line:
    """What the dispatcher writes after one call."""
    milliseconds = 6.0 + dice.upto(60) / 10 + (140 if dice.happens(1) else 0)
    denied = tool == "Bash" and dice.happens(4)
    share = round(milliseconds / (len(_GUARDS) + 2), 2)
    return {
        "v": 1,
        "t": round(moment.timestamp(), 3),
        "event": "PreToolUse",
        "lane": "closed",
        "tool": tool,
        "session": session.id,
        "folder": session.folder,
        "ms": milliseconds,
        "decision": "deny" if denied else "",
        "code": 42 if denied else 40,
        "hooks": [{"id": name, "ms": share} for name in _GUARDS],
        "samples": [{"name": "context.used", "percent": round(context / 2_000, 1), "level": ""}],
        "of": {},
        "incidents": [],
    }
