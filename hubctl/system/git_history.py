"""What a repository's history tells of deliveries: releases, merges, and the commits in each.

Asks git, in bounded numbers; names, addresses and texts of people never leave this module: of a
commit there is its time and whether it takes something back.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.system.git import NOTHING_RUNS, clean_environment
from hubctl.system.hooks_package import places
from hubctl.system.process import run

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_S = 20.0
_MOST = 200  # deliveries of one reading, the newest
_RELEASE = re.compile(r"(?:.*[/@-])?v?\d+\.\d+(?:\.\d+)*(?:[.+-]?[0-9A-Za-z.+-]*)?\Z")
_EARLY = re.compile(r"(?:^|[-.\d])(?:alpha|beta|rc|dev|pre|a|b)[-.]?\d*\Z", re.IGNORECASE)
_MENDS = re.compile(r"(?:revert\b|hotfix\b|merge .*\bhotfix[/-])", re.IGNORECASE)
# What changes whenever a tag or a branch does.
_TRACES = ("packed-refs", "refs/tags", "refs/heads", "refs/remotes/origin", "logs/HEAD", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One release or merge. Times in seconds since 1970.

    Attributes:
        name: the tag, or the commit's short hash. commit: full hash.
        commits: when each commit in it was made. mends: whether it takes back or fixes in haste.
    """

    name: str
    commit: str
    time: int
    commits: tuple[int, ...]
    mends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository: the root of its main checkout, and a text that changes with its branches."""

    root: str
    trace: str


def repository_at(folder: str) -> Repository | None:
    """The repository that a folder belongs to; None outside git. Starts no process."""
    if not os.path.isdir(folder):
        return None
    root, common = places.find_checkout(folder)
    if not common:
        return None
    stamps = (_stamp(f"{common}/{name}") for name in _TRACES)
    return Repository(root=places.repository_key(root, common), trace=",".join(stamps))


def deliveries(root: str, since: int) -> list[Delivery]:
    """Deliveries since a moment, the oldest first; none where git cannot tell.

    Where release tags exist, each is a delivery, first candidates left out. Else each merge into
    the branch that is checked out at the root is.
    """
    try:
        tags = _tags(root)
        return list(_releases(root, tags, since)) if tags else list(_merges(root, since))
    except (OperationError, ValueError):
        return []


def _tags(root: str) -> list[tuple[int, str, str]]:
    """Release tags with time and commit, the oldest first."""
    form = "%(creatordate:unix)%1f%(refname:lstrip=2)%1f%(*objectname)%1f%(objectname)"
    found = []
    for line in _git(root, "for-each-ref", "refs/tags", f"--format={form}"):
        time, name, peeled, plain = (*line.split("\x1f"), "", "", "")[:4]
        if time.isdigit() and _RELEASE.match(name) and not _EARLY.search(name):
            found.append((int(time), name, peeled or plain))
    return sorted(found)


def _releases(root: str, tags: list[tuple[int, str, str]], since: int) -> Iterator[Delivery]:
    new = [place for place, tag in enumerate(tags) if tag[0] >= since][-_MOST:]
    for place in new:
        time, name, commit = tags[place]
        before = [f"^{tags[place - 1][2]}"] if place else []
        yield _delivery(root, name, commit, time, [commit, *before])


def _merges(root: str, since: int) -> Iterator[Delivery]:
    lines = _git(
        root,
        *("log", "--first-parent", "--merges", f"--since=@{since}", f"--max-count={_MOST}"),
        *("--reverse", "--format=%H%x1f%ct%x1f%s"),
    )
    for line in lines:
        commit, time, subject = (*line.split("\x1f"), "", "")[:3]
        made = _delivery(root, commit[:10], commit, int(time), [f"{commit}^1..{commit}^2"])
        mends = made.mends or bool(_MENDS.match(subject))
        yield Delivery(
            name=made.name, commit=commit, time=made.time, commits=made.commits, mends=mends
        )


def _delivery(root: str, name: str, commit: str, time: int, span: list[str]) -> Delivery:
    lines = _git(root, "log", "--no-merges", "--max-count=2000", "--format=%ct%x1f%s", *span, "--")
    cells = [line.split("\x1f", 1) for line in lines]
    return Delivery(
        name=name,
        commit=commit,
        time=time,
        commits=tuple(int(made) for made, _ in cells),
        mends=any(_MENDS.match(subject) for _, subject in cells),
    )


def _git(root: str, *words: str) -> list[str]:
    settings = [word for setting in NOTHING_RUNS for word in ("-c", setting)]
    command = ["git", *settings, "-C", root, *words]
    done = run(command, timeout=_PATIENCE_S, env=clean_environment())
    if done.returncode:
        return []
    return [line for line in done.stdout.split("\n") if line]


def _stamp(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return ""
    return f"{found.st_mtime_ns:x}.{found.st_size:x}"
