"""Where an update comes from, as a person writes it. Pure: nothing is looked at.

hubctl                               what travels with this program
~/src/hubctl, /srv/hooks             a folder with `hooks_shared/` in it
git+https://host/hooks.git           a git repository: its newest tag that is a version
git+file:///srv/hooks.git@v1.2.3     that tag of it (also `git+ssh://`)
https://host/hooks.tar.gz#sha256=…   an archive with its checksum (also `file:///`, `.zip`)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from hubctl.errors import UsageError
from hubctl.release.interpreter import OURS

Kind = Literal["ours", "folder", "git", "archive"]
_GIT = re.compile(r"git\+(https|ssh|file)://")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CHECKSUM = re.compile(r"sha256[=:]([0-9a-fA-F]{64})\Z")
_PACKED = (".tar.gz", ".tgz", ".tar", ".zip")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSource:
    """One source.

    Attributes:
        kind: which of the forms. place: folder or address, without tag and checksum.
        tag: of a git repository, "" for the newest. checksum: 64 hex digits, "" for none.
    """

    kind: Kind
    place: str = ""
    tag: str = ""
    checksum: str = ""

    def __str__(self) -> str:
        """What parses back to the same; a checksum stands for one archive, so it is kept too."""
        if self.kind == "ours":
            return OURS
        if self.kind == "git":
            return f"git+{self.place}" + (f"@{self.tag}" if self.tag else "")
        return self.place + (f"#sha256={self.checksum}" if self.checksum else "")


def read_source(text: str) -> UpdateSource:
    """The source that a text names; a folder is as it was written.

    Raises:
        UsageError: it is of no form above, or an archive without a checksum.
    """
    text = text.strip()
    if text == OURS:
        return UpdateSource(kind="ours")
    if text.startswith("git+"):
        return _git(text)
    place, _, fragment = text.partition("#")
    packed = place.split("?")[0].endswith(_PACKED)
    if _URL.match(place) or packed:
        return _archive(place, fragment)
    if not place or place.startswith("-"):
        raise UsageError(f"not a source of hooks: {text!r}", hint="see hubctl hooks update --help")
    return UpdateSource(kind="folder", place=text)


def _git(text: str) -> UpdateSource:
    if not _GIT.match(text):
        raise UsageError(
            f"not a git repository to fetch hooks from: {text!r}",
            hint="write git+https://…, git+ssh://… or git+file:///…",
        )
    place = text.removeprefix("git+")
    head, slash, last = place.rpartition("/")
    name, _, tag = last.partition("@")
    if tag.startswith("-") or re.search(r"[\s~^:?*\[\\]|\.\.", tag):
        raise UsageError(f"not a tag: {tag!r}")
    return UpdateSource(kind="git", place=head + slash + name, tag=tag)


def _archive(place: str, fragment: str) -> UpdateSource:
    match = _CHECKSUM.match(fragment)
    if match is None:
        raise UsageError(
            f"{place} needs the checksum of what you expect there",
            hint=f"write {place}#sha256=… (64 hex digits; sha256sum tells them)",
        )
    return UpdateSource(kind="archive", place=place, checksum=match[1].lower())
