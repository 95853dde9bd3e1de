"""session-summary: keeps one short page per session: files changed, tools used, the last words.

Reads only what the transcript gained since the last time, and asks git nothing.
"""

import time

from hooks_shared import store
from hooks_shared.context import Context
from hooks_shared.contract import Event
from hooks_shared.session import pages
from hooks_shared.session.lines import called, said
from hooks_shared.session.story import WRITERS
from hooks_shared.transcript import read_from

_REMEMBERED_FILES = 500


def decide(event: Event, context: Context) -> None:
    """Write the page of this session; has nothing to say itself."""
    session = pages.page_name(event.session_id)
    if not session:
        return
    memory = _brought_up_to_date(event, context)
    folder = f"{context.folder}/{pages.SUMMARIES}"
    store.make_folder(folder)
    page = _page(session, event, memory, context)
    store.replace(f"{folder}/{session}.md", page)
    store.keep_newest(folder, pages.PAGES)


def _brought_up_to_date(event: Event, context: Context) -> dict[str, object]:
    memory = context.remember(lambda state: None) or {}
    seen = memory.get("offset", 0)
    lines, offset = read_from(event.transcript_path, seen if isinstance(seen, int) else 0)
    grown = dict(memory, offset=offset)
    for line in lines:
        _learn(grown, line)
    last = event.text("last_assistant_message")
    if last:
        grown["last"] = last[:2000]
    # Stop and SessionEnd may meet: whoever read the same part second leaves the count alone.
    context.remember(lambda now: grown if now.get("offset", 0) == seen else None)
    return grown


def _learn(memory: dict[str, object], line: dict[str, object]) -> None:
    for call in called(line):
        _count(memory, "tools", call.tool[:60])
        path = call.text(WRITERS.get(call.tool, ""))
        if path:
            _count(memory, "files", path[:500])
    for text in said(line):
        memory["last"] = text[:2000]


def _count(memory: dict[str, object], kind: str, name: str) -> None:
    found = memory.get(kind)
    counts = dict(found) if isinstance(found, dict) else {}
    if name in counts or len(counts) < _REMEMBERED_FILES:
        counts[name] = counts.get(name, 0) + 1
    memory[kind] = counts


def _page(session: str, event: Event, memory: dict[str, object], context: Context) -> str:
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(context.now()))
    reason = event.text("reason")
    state = f"ended ({reason})" if event.name == "SessionEnd" else "in progress"
    parts = [f"# Session {session}", f"{when} · {state} · {_tools(memory)}"]
    files = _files(memory, event.cwd, int(context.number("files")))
    last = memory.get("last")
    if files:
        parts.append("## Files changed\n\n" + files)
    if isinstance(last, str) and last.strip():
        parts.append("## Last message\n\n" + _shortened(last, int(context.number("characters"))))
    return "\n\n".join(parts) + "\n"


def _tools(memory: dict[str, object]) -> str:
    tools = memory.get("tools")
    if not isinstance(tools, dict) or not tools:
        return "no tool calls"
    ranked = sorted(tools.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{name} {count}" for name, count in ranked[:6])
    return f"{sum(tools.values())} tool calls ({shown})"


def _files(memory: dict[str, object], cwd: str, limit: int) -> str:
    files = memory.get("files")
    if not isinstance(files, dict):
        return ""
    lines = [f"- `{pages.shown(path, cwd)}` ({count}×)" for path, count in sorted(files.items())]
    more = [f"- and {len(lines) - limit} more"] if len(lines) > limit else []
    return "\n".join(lines[:limit] + more)


def _shortened(text: str, limit: int) -> str:
    text = text.strip()
    return text if len(text) <= limit else text[:limit].rstrip() + " …"
