"""Observing: each file of a target is read once, and asked for the value at each address.

Nothing here writes, and nothing a target contains is executed. A file that cannot be read or
parsed is a finding of its own and takes only its own addresses out of the comparison.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from hubctl.documents import DocumentError, read_document
from hubctl.engine.contain import Locator, Place, reason_of
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.hashing import hash_bytes, hash_text
from hubctl.model.item import FileText, LinkTo, hash_value
from hubctl.model.state import ABSENT

if TYPE_CHECKING:
    from hubctl.documents import Document
    from hubctl.model.address import Address
    from hubctl.model.item import Value
    from hubctl.model.state import Absent
    from hubctl.model.target import Target
    from hubctl.system.files import Files, Look
    from hubctl.system.real_paths import Paths

_GONE = (errno.ENOENT, errno.ENOTDIR)
EXECUTABLE = 0o111
_READABLE = "make it readable, or move it away; the other files of the target go on"


class FileView:
    """One file as it stands: bytes read once, parsed once, asked often.

    `problem` is the finding that keeps its addresses out of the plan; None where all is well.
    """

    def __init__(self, target: Target, path: str, locator: Locator, door: Files) -> None:
        self.path = path
        self.problem: Finding | None = None
        self.data: bytes | None = None
        self.place: Place = Place(path="")
        self._target = target
        self._locator = locator
        self._door = door
        self._document: Document | None = None
        self._digest = ""
        self._read()

    def _read(self) -> None:
        # Most files are plain: opened without following a link, they need no lstat first.
        self.place = self._locator.locate_link(self.path)
        if self.place.problem:
            return self._refuse("contain/outside", self.place.problem, self.place.hint)
        try:
            self.data = self._door.read(self.place.path, follow=False)
        except OSError as error:
            if error.errno in _GONE:
                return None
            if error.errno != errno.ELOOP:
                return self._unreadable(error)
            return self._read_behind_link()
        return None

    def _read_behind_link(self) -> None:
        self.place = self._locator.locate(self.path)
        if self.place.problem:
            return self._refuse("contain/outside", self.place.problem, self.place.hint)
        try:
            self.data = self._door.read(self.place.path)
        except OSError as error:
            return self._dangling() if error.errno in _GONE else self._unreadable(error)
        return None

    def _dangling(self) -> None:
        """A link to a file that is not there leads to a new one, but never to a new folder."""
        folder = os.path.dirname(self.place.path)
        if self._door.look(folder) is None:
            hint = "bring that folder back (is its drive there?), or remove the link"
            self._refuse("read/failed", f"it is a link into {folder}, which is not there", hint)

    def _unreadable(self, error: OSError) -> None:
        self._refuse("read/failed", f"cannot read it: {reason_of(error)}", _READABLE)

    def _refuse(self, rule: str, message: str, hint: str, line: int = 0, column: int = 0) -> None:
        self.problem = _problem(self._target, self.path, rule, message, hint, line, column)

    def document(self) -> Document | None:
        """The parsed document; None where the file is absent or `problem` is set."""
        if self._document is None and self.data is not None and self.problem is None:
            try:
                self._document = read_document(self.path, self.data)
            except DocumentError as error:
                self._refuse("read/syntax", error.message, error.hint, error.line, error.column)
        return self._document

    def hash_whole(self, *, executable: bool = False) -> str:
        """Hash of the whole file as FileText, "" where it is absent."""
        if self.data is None:
            return ""
        if executable:
            return hash_value(self.whole())
        if not self._digest:
            data = self.data
            self._digest = hash_bytes(data.replace(b"\r\n", b"\n") if b"\r" in data else data)
        return self._digest

    def is_executable(self) -> bool:
        """Whether anybody may execute the file."""
        look = self._door.look(self.place.path)
        return look is not None and bool(look.mode & EXECUTABLE)

    def whole(self) -> FileText:
        """The file as a value, LF line ends."""
        text = (self.data or b"").decode("utf-8", "surrogateescape").replace("\r\n", "\n")
        return FileText(text=text, executable=self.is_executable())

    def value(self, address: Address, recorded: str = "") -> Value | Absent:
        """The value at an address inside this file (or the whole file)."""
        if not address.fragment:
            return ABSENT if self.data is None else self.whole()
        document = self.document()
        return ABSENT if document is None else document.get(address, recorded)

    def fingerprints(self) -> dict[str, str]:
        """Absolute path → what stands there, for the file and each link that leads to it."""
        found = {self.place.path: "absent" if self.data is None else hash_bytes(self.data)}
        for link in self.place.links:
            look = self._door.look(link)
            found[link] = f"link {look.destination}" if look else "absent"
        return found


class LinkView:
    """An entry that is, or should be, a link of ours; what it leads to does not matter."""

    def __init__(self, target: Target, path: str, locator: Locator, door: Files) -> None:
        self.place = locator.locate_link(path)
        self.problem: Finding | None = None
        self._look: Look | None = None
        if self.place.problem:
            self.problem = _problem(
                target, path, "contain/outside", self.place.problem, self.place.hint
            )
            return
        try:
            self._look = door.look(self.place.path)
        except OSError as error:
            message = f"cannot look at it: {reason_of(error)}"
            self.problem = _problem(target, path, "read/failed", message, _READABLE)

    def hash(self) -> str:
        """Hash of the entry as a link; of something else a hash that no link has."""
        value = self.value()
        if value is ABSENT:
            return ""
        return hash_value(value) if isinstance(value, LinkTo) else hash_text("not a link")

    def value(self) -> Value | Absent:
        """The link, ABSENT, or for a file or folder in its place an empty FileText."""
        if self._look is None:
            return ABSENT
        if self._look.kind == "link":
            return LinkTo(destination=self._look.destination)
        return FileText(text=f"a {self._look.kind} of {self._look.size} bytes\n")

    def fingerprints(self) -> dict[str, str]:
        """Absolute path → what stands there."""
        value = self.value()
        if isinstance(value, LinkTo):
            return {self.place.path: f"link {value.destination}"}
        return {self.place.path: "absent" if value is ABSENT else "other"}


class Observer:
    """All files of one target, each read at most once."""

    def __init__(self, target: Target, door: Files, paths: Paths | None = None) -> None:
        self.target = target
        self._door = door
        self.locator = Locator(target, door, paths)
        self._files: dict[str, FileView] = {}
        self._links: dict[str, LinkView] = {}

    def file(self, path: str) -> FileView:
        """The file at a logical path."""
        view = self._files.get(path)
        if view is None:
            view = self._files[path] = FileView(self.target, path, self.locator, self._door)
        return view

    def link(self, path: str) -> LinkView:
        """The link at a logical path."""
        view = self._links.get(path)
        if view is None:
            view = self._links[path] = LinkView(self.target, path, self.locator, self._door)
        return view

    def is_link(self, path: str) -> bool:
        """Whether a link stands at a logical path (for records whose kind is not known)."""
        place = self.locator.locate_link(path)
        if place.problem:
            return False
        try:
            look = self._door.look(place.path)
        except OSError:
            return False  # reading it as a file tells why
        return look is not None and look.kind == "link"

    def refuse(self, path: str, finding: Finding) -> None:
        """Take a file out of the comparison with a finding of the planner's own."""
        self.file(path).problem = finding

    def fingerprints(self, path: str) -> dict[str, str]:
        """Absolute path → what stands there, for the entry at a logical path."""
        if path in self._files:
            return self._files[path].fingerprints()
        return self.link(path).fingerprints()

    def views(self) -> tuple[FileView | LinkView, ...]:
        """Every entry looked at so far: files, then links, by path."""
        return (*self.files(), *(self._links[path] for path in sorted(self._links)))

    def files(self) -> tuple[FileView, ...]:
        """Every file read so far, by path."""
        return tuple(self._files[path] for path in sorted(self._files))


def _problem(  # noqa: PLR0913, PLR0917 - the parts of one finding
    target: Target, path: str, rule: str, message: str, hint: str, line: int = 0, column: int = 0
) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        message=message,
        location=Location(file=target.absolute(path), line=line, column=column),
        address=f"{target.name}:{path}",
        hint=hint,
        exit_code=3,
    )
