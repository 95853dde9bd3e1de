"""What git says of a checkout: branch, head and what is not committed; bounded in time.

Takes no lock, and runs no hook and no file monitor of the repository. Where only the head is
asked for, git's files are read and no process is started.
"""

import os

from hooks_shared import child
from hooks_shared.places import first_line

_SAFE = ("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_STATUS = ("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal")
_MOST = 1 << 20


class Work:
    """Branch ("" where detached), head's commit, changed paths, commits since an earlier head."""

    __slots__ = ("branch", "changed", "commits", "head")

    def __init__(self) -> None:
        self.branch = ""
        self.head = ""
        self.changed: list[str] = []
        self.commits: list[str] = []


def look(folder: str, since: str, seconds: float) -> Work | None:
    """The state of the checkout at `folder`; None outside git, or where git takes too long.

    Args:
        folder: any folder of the checkout.
        since: commit after which commits are listed, "" for none.
        seconds: for both calls of git together.
    """
    git = _program()
    if not git or not os.path.isdir(folder):
        return None
    ended = child.run([git, *_SAFE, *_STATUS], folder, seconds * 0.7, most=_MOST)
    if ended is None or ended.code or ended.late:
        return None
    work = _read(ended.stdout.decode("utf-8", "replace"))
    if since and work.head and since != work.head and since.isalnum():
        command = [
            git,
            *_SAFE,
            "log",
            "-9",
            "--no-color",
            "--format=%h %s",
            f"{since}..{work.head}",
        ]
        ended = child.run(command, folder, seconds * 0.3, most=_MOST)
        if ended and not ended.code and not ended.late:
            work.commits = ended.stdout.decode("utf-8", "replace").splitlines()
    return work


def _program() -> str:
    folders = (f for f in os.environ.get("PATH", "").split(":") if f.startswith("/"))
    return next((f"{f}/git" for f in folders if os.access(f"{f}/git", os.X_OK)), "")


def _read(text: str) -> Work:
    work = Work()
    fields = iter(text.split("\0"))
    for field in fields:
        kind, _, rest = field.partition(" ")
        if field.startswith("# branch.oid "):
            oid = field[13:]
            work.head = "" if oid.startswith("(") else oid
        elif field.startswith("# branch.head "):
            work.branch = "" if field[14:].startswith("(") else field[14:]
        elif kind == "?":
            work.changed.append(rest)
        elif kind in ("1", "u", "2"):
            work.changed.append(rest.split(" ", {"1": 7, "2": 8, "u": 9}[kind])[-1])
            if kind == "2":
                next(fields, "")  # where it was renamed from
    return work


def head(folder: str) -> str:
    """The commit that the checkout around `folder` stands on, by git's own files; "" if unknown."""
    git_dir = _git_dir(folder)
    line = first_line(f"{git_dir}/HEAD") if git_dir else ""
    if not line.startswith("ref: "):
        return line if _is_commit(line) else ""
    name = line[5:]
    common = os.path.join(git_dir, first_line(f"{git_dir}/commondir"))
    for place in (git_dir, common):
        commit = first_line(f"{place}/{name}")
        if _is_commit(commit):
            return commit
    return _packed(common, name)


def _git_dir(folder: str) -> str:
    while folder.startswith("/"):
        found = f"{folder.rstrip('/')}/.git"
        if os.path.isdir(found):
            return found
        if os.path.isfile(found):
            return os.path.join(folder, first_line(found).removeprefix("gitdir: "))
        if folder == "/":
            break
        folder = folder.rpartition("/")[0] or "/"
    return ""


def _packed(common: str, name: str) -> str:
    try:
        with open(f"{common}/packed-refs", encoding="utf-8", errors="replace") as file:
            for line in file.read(_MOST).split("\n"):
                commit, _, ref = line.partition(" ")
                if ref == name and _is_commit(commit):
                    return commit
    except OSError:
        return ""
    return ""


def _is_commit(text: str) -> bool:
    return len(text) in (40, 64) and all(c in "0123456789abcdef" for c in text)
