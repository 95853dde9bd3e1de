"""context-bundle-builder: which files a session read, wrote and searched for, with their sizes.

Learned from the transcript between events, so that no tool call waits for it. After a compaction
or a resume the bundle is told again within a bound of tokens, without what the page of
context-preservation names already.
"""

import os

from hooks_shared import store
from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict, advise
from hooks_shared.jsontext import dumps
from hooks_shared.session import pages
from hooks_shared.session.lines import Call, Result, answered, called
from hooks_shared.session.searches import read_by_shell, search_of
from hooks_shared.session.story import WRITERS
from hooks_shared.transcript import read_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    Json = dict[str, object]

FORMAT = 1
CHARACTERS_PER_TOKEN = 4
_AGAIN = ("compact", "resume", "fork")
_FILES, _SEARCHES, _OPEN = 300, 60, 60


def decide(event: Event, context: Context) -> Verdict | None:
    """Bring the session's bundle up to date, or tell it where the session goes on."""
    name = pages.page_name(event.session_id)
    if not name or event.text("agent_id"):
        return None
    if event.name == "SessionStart" and event.text("source") not in _AGAIN:
        return None
    bundle = _brought_up_to_date(event, context)
    if event.name != "SessionStart":
        _write(name, bundle, event, context)
        return None
    room = int(context.number("tokens")) * CHARACTERS_PER_TOKEN
    told = _told(bundle, _page(name, context), event.cwd, room)
    return advise(told) if told else None


def _brought_up_to_date(event: Event, context: Context) -> "Json":
    memory = context.remember(lambda memory: None) or {}
    seen = memory.get("offset", 0)
    lines, offset = read_from(event.transcript_path, seen if isinstance(seen, int) else 0)
    if not lines:
        return memory
    grown = dict(memory, offset=offset)
    for line in lines:
        for call in called(line):
            _learn_call(grown, call, event.cwd)
        for result in answered(line):
            _learn_result(grown, result)
    context.remember(lambda now: grown if now.get("offset", 0) == seen else None)
    return grown


def _learn_call(bundle: "Json", call: Call, folder: str) -> None:
    """Note the call as open: how much it read is told by its result."""
    search = search_of(call)
    paths = [os.path.join(folder, name) for name in read_by_shell(call)]
    if call.tool in WRITERS:
        path = call.text(WRITERS[call.tool])
        size = len(call.text("content") or call.text("new_string") or call.text("new_source"))
        _count(bundle, path, "written", size)
    elif call.tool == "Read":
        _open(bundle, call.id, ["read", call.text("file_path")])
    elif search:
        _open(bundle, call.id, ["search", search])
    elif paths:
        known = [path for path in paths if os.path.isfile(path)]
        _open(bundle, call.id, ["read", *known])


def _open(bundle: "Json", id_: str, what: list[str]) -> None:
    found = bundle.get("open")
    waiting = dict(found) if isinstance(found, dict) else {}
    waiting[id_] = what
    bundle["open"] = dict(list(waiting.items())[-_OPEN:])


def _learn_result(bundle: "Json", result: Result) -> None:
    found = bundle.get("open")
    if not isinstance(found, dict) or result.id not in found:
        return
    kind, *names = found[result.id]
    bundle["open"] = {id_: what for id_, what in found.items() if id_ != result.id}
    if kind == "search":
        _count_search(bundle, names[0], result.size)
    elif not result.failed:
        for path in names:
            _count(bundle, path, "read", result.size // len(names))


def _count(bundle: "Json", path: str, kind: str, characters: int) -> None:
    """Add to a file's row; the last touched stand last, and the first go."""
    if not path.startswith("/"):
        return
    found = bundle.get("files")
    files = dict(found) if isinstance(found, dict) else {}
    known = files.pop(path, None)
    row = dict(known) if isinstance(known, dict) else {"read": 0, "written": 0, "characters": 0}
    row[kind] += 1
    row["characters"] += characters
    row["mtime"], row["size"] = _stat(path)
    files[path[:500]] = row
    bundle["files"] = dict(list(files.items())[-_FILES:])


def _count_search(bundle: "Json", what: str, characters: int) -> None:
    found = bundle.get("searches")
    searches = dict(found) if isinstance(found, dict) else {}
    times = searches.pop(what, None)
    count = times[0] + 1 if isinstance(times, list) else 1
    searches[what] = [count, characters]
    bundle["searches"] = dict(list(searches.items())[-_SEARCHES:])


def _stat(path: str) -> tuple[int, int]:
    """When a file was changed, in milliseconds, and its bytes; (0, 0) where it is missing."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return int(found.st_mtime * 1000), found.st_size


def _write(name: str, bundle: "Json", event: Event, context: Context) -> None:
    files, searches = _rows(bundle, "files"), _rows(bundle, "searches")
    if not files and not searches:
        return
    document: Json = {
        "format": FORMAT,
        "session": name,
        "folder": event.cwd,
        "at": int(context.now()),
        "files": [{"path": path, **row} for path, row in files.items() if isinstance(row, dict)],
        "searches": [
            {"what": what, "times": row[0], "characters": row[1]}
            for what, row in searches.items()
            if isinstance(row, list)
        ],
    }
    folder = f"{context.folder}/{pages.BUNDLES}"
    store.make_folder(folder)
    store.replace(f"{folder}/{name}.json", dumps(document) + "\n")
    store.keep_newest(folder, pages.PAGES)


def _rows(bundle: "Json", key: str) -> "Json":
    found = bundle.get(key)
    return found if isinstance(found, dict) else {}


def _page(name: str, context: Context) -> str:
    """What context-preservation tells at the same event, "" where it is off."""
    try:
        path = f"{context.folder}/{pages.PRESERVED}/{name}.md"
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(4096)
    except OSError:
        return ""


def _told(bundle: "Json", page: str, folder: str, room: int) -> str:
    """The bundle in at most `room` characters, what was written and read most first."""
    rows = [(path, row) for path, row in _rows(bundle, "files").items() if isinstance(row, dict)]
    rows.reverse()  # of those that count alike the last touched comes first
    ranked = sorted(rows, key=lambda row: -(row[1]["written"] * 3 + row[1]["read"]))
    named = set(page.split("\n"))
    files = [
        _file(pages.shown(path, folder), path, row)
        for path, row in ranked
        if f"- {pages.shown(path, folder)}" not in named
    ]
    found = reversed(_rows(bundle, "searches"))
    searches = [pages.shortened(what, 100) for what in found]
    if not files and not searches:
        return ""
    head = "What this session worked with, kept by hubctl."
    parts = [pages.Part("Files", files, least=2), pages.Part("Searches done", searches, least=0)]
    return head + "\n" + pages.fitted(parts, max(0, room - len(head) - 1))


def _file(shown: str, path: str, row: "Json") -> str:
    mtime, size = _stat(path)
    facts = [f"{kind} {row[kind]}×" for kind in ("written", "read") if row[kind]]
    facts.append(f"{size / 1024:.1f} kB" if size else "gone" if not mtime else "empty")
    if mtime and mtime != row.get("mtime"):
        facts.append("changed on disk since")
    return f"{shown} ({', '.join(facts)})"
