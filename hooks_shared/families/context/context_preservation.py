"""context-preservation: keeps what a session is about over a compaction, and tells it afterwards.

Stop, PreCompact and SessionEnd write a page of at most two kilobytes; SessionStart gives it back.
What the page of session-summary holds beside that is named by its path, not said again.
"""

import os
import time

from hooks_shared import store
from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict, advise
from hooks_shared.session import git, pages, story
from hooks_shared.transcript import read_from

BYTES = 2048
_HEAD = 200
_AGAIN = ("compact", "resume", "fork")
_GIT_SECONDS, _GIT_SECONDS_AT_THE_END = 0.7, 0.4


def decide(event: Event, context: Context) -> Verdict | None:
    """Write this session's page, or tell it where the session goes on."""
    name = pages.page_name(event.session_id)
    if not name or event.text("agent_id"):
        return None
    path = f"{context.folder}/{pages.PRESERVED}/{name}.md"
    if event.name == "SessionStart":
        return _tell(path, event, context) if event.text("source") in _AGAIN else None
    _write(path, event, context)
    return None


def _write(path: str, event: Event, context: Context) -> None:
    known = _brought_up_to_date(event, context)
    if known is None and event.name == "SessionEnd" and os.path.exists(path):
        return  # the page of the last Stop says it all, and the client is waiting to end
    page = _page(known or context.remember(lambda memory: None) or {}, event, context)
    if page:
        store.make_folder(os.path.dirname(path))
        store.replace(path, page)
        store.keep_newest(os.path.dirname(path), pages.PAGES)


def _brought_up_to_date(event: Event, context: Context) -> dict[str, object] | None:
    """The session's story with what the transcript gained; None where it gained nothing."""
    memory = context.remember(lambda memory: None) or {}
    seen = memory.get("offset", 0)
    seen = seen if isinstance(seen, int) else 0
    lines, offset = read_from(event.transcript_path, seen)
    last = event.text("last_assistant_message")
    if not lines and not last:
        return None
    grown = dict(memory, offset=offset)
    for line in lines:
        story.learn(grown, line)
    if last and last[-2000:] != grown.get("last"):
        story.learn_text(grown, last)
    # Stop and PreCompact may meet: whoever read the same part second leaves the other's alone.
    context.remember(lambda now: grown if now.get("offset", 0) == seen else None)
    return grown


def _page(known: dict[str, object], event: Event, context: Context) -> str:
    """The page, "" where the session has no task yet."""
    task = known.get("task")
    if not isinstance(task, str):
        return ""
    latest, last = known.get("latest"), known.get("last")
    steps = _texts(known.get("next"))
    ending = "" if steps or not isinstance(last, str) else pages.shortened(last, 300)
    wishes = [wish for wish in _newest(known, "wishes") if wish != latest]
    parts = [
        pages.Part("Task", [task]),
        pages.Part("Latest request", [latest] if isinstance(latest, str) else []),
        pages.Part("Decisions", _newest(known, "decisions"), least=3),
        pages.Part("Wishes of the user", wishes, least=2),
        pages.Part("Open todos", story.todos(known), least=3),
        pages.Part("Next steps", steps, least=2),
        *_changes(known, event, context),
        pages.Part("Last message", [ending] if ending else []),
    ]
    return pages.fitted(parts, BYTES - _HEAD) + "\n"


def _changes(known: dict[str, object], event: Event, context: Context) -> list[pages.Part]:
    """Changed files by git, where there is one, and by the session's own writes."""
    counts = known.get("files")
    written = list(counts)[::-1] if isinstance(counts, dict) else []
    mine = [pages.shown(path, event.cwd) for path in written]
    since = known.get("head")
    seconds = _GIT_SECONDS_AT_THE_END if event.name == "SessionEnd" else _GIT_SECONDS
    work = git.look(event.cwd, since if isinstance(since, str) else "", seconds)
    if work is None:
        return [pages.Part("Changed files", mine, least=3)]
    if not since and work.head:
        context.remember(lambda now: None if now.get("head") else {**now, "head": work.head})
    where = f"branch {work.branch}" if work.branch else "no branch"
    others = [path for path in (pages.shown(one, "") for one in work.changed) if path not in mine]
    count = f"{len(work.changed)} not committed" if work.changed else "all committed"
    return [
        pages.Part("Git", [f"{where}, {count}"]),
        pages.Part("Commits", [pages.shortened(one, 90) for one in work.commits], least=2),
        pages.Part("Changed files", mine, least=3),
        pages.Part("Other uncommitted files", others, least=0 if mine else 2),
    ]


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _newest(known: dict[str, object], key: str) -> list[str]:
    return _texts(known.get(key))[::-1]


def _tell(path: str, event: Event, context: Context) -> Verdict | None:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            page, when = file.read(BYTES), os.fstat(file.fileno()).st_mtime
    except OSError:
        page, when = _page(_brought_up_to_date(event, context) or {}, event, context), context.now()
    if not page.strip():
        return None
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(when))
    summary = f"{context.folder}/{pages.SUMMARIES}/{os.path.basename(path)}"
    more = f"; more in {summary}" if len(summary) < 120 and os.path.exists(summary) else ""
    text = f"Kept of this session by hubctl, {at}{more}:\n{page}".encode()[:BYTES]
    return advise(text.decode("utf-8", "ignore").rstrip())
