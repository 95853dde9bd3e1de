"""Names of sources in canonical.yaml, and which files of a folder each one means.

`tdd/` is a folder, `speckit.*` a glob, `health` the file `health.md` or else the folder `health/`;
a skill is always a folder. Names are untrusted text; this module never looks at a disk.
"""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS = ("agents", "commands", "fragments", "output-styles", "rules", "skills")
SKILLS = "skills"
_LONGEST = 255


def problem_of(name: str, kind: str) -> str:
    """Why `name` may not be looked up at all, as half a sentence; "" if it may."""
    parts = name.removesuffix("/").split("/")
    if not name or len(name) > _LONGEST:
        return f"is empty or longer than {_LONGEST} characters"
    if name.startswith(("/", "~")):
        return "is an absolute path"
    if not is_plain(name):
        return "has a backslash, a '#' or a control character"
    if any(part in ("", ".", "..") for part in parts):
        return "has an empty part, '.' or '..'"
    if kind == SKILLS and len(parts) > 1:
        return "names a file inside a skill; a skill is named by its folder"
    return ""


def is_plain(name: str) -> bool:
    """Whether a name can be written into an address: `#` ends the path there."""
    return name.isprintable() and "\\" not in name and "#" not in name


def select(name: str, paths: Iterable[str], kind: str) -> tuple[str, ...]:
    """The `paths` (relative, `/`; a folder ends in `/`) that `name` means, in their order."""
    pattern = tuple(name.removesuffix("/").split("/"))
    folders_only = name.endswith("/") or kind == SKILLS
    known = tuple(paths)
    files = () if folders_only else tuple(p for p in known if _is_file(pattern, p))
    if files and not is_glob(name):
        return files
    chosen = {*files, *(p for p in known if _in_folder(pattern, p))}
    return tuple(path for path in known if path in chosen)


def is_glob(name: str) -> bool:
    """Whether `name` may mean several files or folders."""
    return any(sign in name for sign in "*?[")


def _is_file(pattern: tuple[str, ...], path: str) -> bool:
    last = pattern[-1]
    if last.endswith(".md") and not path.endswith(".md"):
        return False
    stem = (*pattern[:-1], last.removesuffix(".md"))
    return _fits(stem, tuple(path.removesuffix(".md").split("/")))


def _in_folder(pattern: tuple[str, ...], path: str) -> bool:
    parts = tuple(path.split("/"))
    return len(parts) > len(pattern) and _fits(pattern, parts[: len(pattern)])


def _fits(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    return len(pattern) == len(parts) and all(
        part == wanted or fnmatch.fnmatchcase(part, wanted)
        for wanted, part in zip(pattern, parts, strict=True)
    )
