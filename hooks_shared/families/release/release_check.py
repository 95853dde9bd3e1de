"""release-check: at a session's start, whether the hooks are the ones that hubctl installed.

Compares sizes, modes and times with hubctl's own record in the state folder, never bytes: that is
`hubctl hooks verify`. Who may write the record may deceive it, and so may who restores the times.
"""

import os

import hooks_shared
from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict
from hooks_shared.jsontext import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD = "releases.json"
_RECORD_BYTES = 16 << 20
_NAMED = 3
_REPAIR = "Run: hubctl hooks verify, then hubctl hooks install"


def decide(event: Event, context: Context) -> Verdict | None:
    """A warning where something differs; None for a release that is as it was installed."""
    folder = hooks_shared.__path__[0].rpartition("/")[0]
    problems = list(_problems(folder, context.state))
    context.sample("release", problems=len(problems))
    if not problems:
        return None
    shown = "; ".join(problems[:_NAMED])
    more = f" and {len(problems) - _NAMED} more" if len(problems) > _NAMED else ""
    message = f"hubctl: the hooks are not as they were installed: {shown}{more}. {_REPAIR}"
    told = context.options.get("tell") == "everybody"
    return Verdict(context=message if told else "", message=message)


def _problems(folder: str, state: str) -> "Iterator[str]":
    name = folder.rpartition("/")[2]
    looks = _looks(f"{state.rpartition('/')[0].rpartition('/')[0]}/{RECORD}", name)
    if looks is None:
        yield f"{name} is on no record"
        return
    found = dict(_found(folder, ""))
    for path, look in looks.items():
        if path not in found:
            yield f"{path} is gone"
        elif list(found[path]) != look:
            yield f"{path} was changed"
    yield from (f"{path} was added" for path in found if path not in looks)


def _looks(path: str, name: str) -> "dict[str, object] | None":
    """Path → [size, mode, time] of a release on record; None where there is no such record."""
    try:
        with open(path, encoding="utf-8") as file:
            record = loads(file.read(_RECORD_BYTES))
    except (OSError, ValueError):
        return None
    releases = record.get("releases") if isinstance(record, dict) else None
    for entry in releases if isinstance(releases, list) else ():
        if isinstance(entry, dict) and entry.get("name") == name:
            looks = entry.get("looks")
            return looks if isinstance(looks, dict) else None
    return None


def _found(folder: str, relative: str) -> "Iterator[tuple[str, tuple[int, int, int]]]":
    """Path → (size, mode, time) of everything below a folder that is none itself."""
    with os.scandir(f"{folder}/{relative}") as entries:
        for entry in entries:
            path = f"{relative}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _found(folder, path + "/")
            else:
                look = entry.stat(follow_symlinks=False)
                kind = look.st_mode & 0o170000 == 0o100000
                mode = look.st_mode & 0o7777 if kind else -1
                yield path, (look.st_size, mode, look.st_mtime_ns)
