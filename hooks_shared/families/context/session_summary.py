"""session-summary: keeps one short page per session: files changed, tools used, the last words.

Reads only what the transcript gained since the last time, and asks git nothing.
"""

import os
import time

from hooks_shared import store
from hooks_shared.context import Context
from hooks_shared.contract import Event
from hooks_shared.transcript import read_from

_WRITERS = {"Write": "file_path", "Edit": "file_path", "NotebookEdit": "notebook_path"}
_REMEMBERED_FILES = 500
_PAGES = 300
_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


def decide(event: Event, context: Context) -> None:
    """Write the page of this session; has nothing to say itself."""
    session = "".join(c for c in event.session_id[:64] if c in _SAFE)
    if not session:
        return
    memory = _brought_up_to_date(event, context)
    folder = f"{context.folder}/summaries"
    store.make_folder(folder)
    page = _page(session, event, memory, context)
    store.replace(f"{folder}/{session}.md", page)
    store.keep_newest(folder, _PAGES)


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
    message = line.get("message")
    if line.get("type") != "assistant" or not isinstance(message, dict):
        return
    content = message.get("content")
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict) and block.get("type") == "tool_use":
            _learn_tool(memory, block)
        elif isinstance(block, dict) and isinstance(block.get("text"), str):
            memory["last"] = block["text"][:2000]


def _learn_tool(memory: dict[str, object], block: dict[str, object]) -> None:
    tool, given = block.get("name"), block.get("input")
    if not isinstance(tool, str):
        return
    _count(memory, "tools", tool[:60])
    path = given.get(_WRITERS.get(tool, "")) if isinstance(given, dict) else None
    if isinstance(path, str):
        _count(memory, "files", path[:500])


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
    lines = [f"- `{_relative(path, cwd)}` ({count}×)" for path, count in sorted(files.items())]
    more = [f"- and {len(lines) - limit} more"] if len(lines) > limit else []
    return "\n".join(lines[:limit] + more)


def _relative(path: str, folder: str) -> str:
    inside = folder and path.startswith(folder.rstrip("/") + "/")
    shown = os.path.relpath(path, folder) if inside else path
    return shown.replace("`", "'").replace("\n", " ")


def _shortened(text: str, limit: int) -> str:
    text = text.strip()
    return text if len(text) <= limit else text[:limit].rstrip() + " …"
