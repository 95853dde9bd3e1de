"""context-preservation: keeps what a session is about over a compaction, and tells it afterwards.

Stop, PreCompact and SessionEnd learn from what the transcript gained and write a page of at most
two kilobytes; nobody waits for git there. SessionStart asks git and gives the page back. What the
page of session-summary holds beside that is named by its path, not said again.
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
_GIT_SECONDS = 0.8


def decide(event: Event, context: Context) -> Verdict | None:
    """Write this session's page, or tell it where the session goes on."""
    name = pages.page_name(event.session_id)
    if not name or event.text("agent_id"):
        return None
    path = f"{context.folder}/{pages.PRESERVED}/{name}.md"
    if event.name != "SessionStart":
        _write(path, event, context)
    elif event.text("source") in _AGAIN:
        return _tell(path, event, context)
    else:
        head = git.head(event.cwd)
        context.remember(lambda memory: {**memory, "head": head} if head else None)
    return None


def _write(path: str, event: Event, context: Context) -> None:
    known = _brought_up_to_date(event, context)
    if known is not None or not os.path.exists(path):
        _keep(path, _page(known or _memory(context), event, None))


def _keep(path: str, page: str) -> None:
    if page:
        folder = os.path.dirname(path)
        store.make_folder(folder)
        store.replace(path, page)
        store.keep_newest(folder, pages.PAGES)


def _memory(context: Context) -> dict[str, object]:
    return context.remember(lambda memory: None) or {}


def _brought_up_to_date(event: Event, context: Context) -> dict[str, object] | None:
    """The session's story with what the transcript gained; None where it gained nothing."""
    memory = _memory(context)
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
    grown.setdefault("head", git.head(event.cwd))
    # Stop and PreCompact may meet: whoever read the same part second leaves the other's alone.
    context.remember(lambda now: grown if now.get("offset", 0) == seen else None)
    return grown


def _page(known: dict[str, object], event: Event, work: "git.Work | None") -> str:
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
        *_changes(known, event.cwd, work),
        pages.Part("Last message", [ending] if ending else []),
    ]
    return pages.fitted(parts, BYTES - _HEAD) + "\n"


def _changes(known: dict[str, object], folder: str, work: "git.Work | None") -> list[pages.Part]:
    """Changed files by the session's own writes, and by git where it was asked."""
    counts = known.get("files")
    written = list(counts)[::-1] if isinstance(counts, dict) else []
    mine = [pages.shown(path, folder) for path in written]
    if work is None:
        return [pages.Part("Changed files", mine, least=3)]
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
    known = _brought_up_to_date(event, context) or _memory(context)
    when = context.now()
    since = known.get("head")
    work = git.look(event.cwd, since if isinstance(since, str) else "", _GIT_SECONDS)
    page = _page(known, event, work)
    _keep(path, page)
    if not page:
        page, when = _kept(path)
    if not page:
        return None
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(when))
    summary = f"{context.folder}/{pages.SUMMARIES}/{os.path.basename(path)}"
    more = f"; more in {summary}" if len(summary) < 120 and os.path.exists(summary) else ""
    text = f"Kept of this session by hubctl, {at}{more}:\n{page}".encode()[:BYTES]
    return advise(text.decode("utf-8", "ignore").rstrip())


def _kept(path: str) -> tuple[str, float]:
    """The page as it was last written, and when; "" where there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(BYTES), os.fstat(file.fileno()).st_mtime
    except OSError:
        return "", 0.0
