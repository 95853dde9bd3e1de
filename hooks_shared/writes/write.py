"""From an event to the files it would write: the file tools, and what a shell line writes.

Asked by several hooks of one event, so the answer for the last event is kept.
"""

import os

from hooks_shared.contract import Event

WRITE, APPEND, CHANGE, REMOVE, TOUCH = "write", "append", "change", "remove", "touch"
FILE_TOOLS = ("Write", "Edit", "MultiEdit", "NotebookEdit")
LARGEST = 2 << 20  # bytes; what is larger is not read, so what it would say is not known
# A shell line without any of these writes no file, as long as it hides nothing.
_WRITERS = (
    ">", "tee", "cp ", "mv ", "sed ", "dd ", "ln ", "install", "truncate", "rsync", "perl",
    "python", "ruby", "node", "php", "patch", "apply", "curl", "wget", "rm ", "unlink", "awk",
    "openssl", "keygen", "gpg", "age ", "mkcert", "pandoc", "pg_dump", "sort -o", "tar ", "zip ",
    "yq", "sponge", "touch", "ed ", "ex ", "eval", "base64", "$'", "\\", "xargs", "git mv", "sh ",
)  # fmt: skip


class Write:
    """One file that a call would write.

    Attributes:
        path: absolute, links not followed. real: where it leads in the end.
        shown: as the call has it. kind: WRITE replaces the text, APPEND adds to it, CHANGE does
            something in place, REMOVE takes the file away, TOUCH changes no text.
        text: what the file says afterwards; None where that is not known.
        origin: what a copy is made from, "" if it is none.
        placed: whether the folder is known; otherwise only the name means something.
    """

    __slots__ = ("_before", "_real", "kind", "origin", "path", "placed", "shown", "text")

    def __init__(  # noqa: PLR0913, PLR0917 - a plain record
        self,
        path: str,
        shown: str,
        kind: str,
        text: str | None,
        origin: str = "",
        placed: bool = True,
    ) -> None:
        self.path = path
        self.shown = shown
        self.kind = kind
        self.text = text
        self.origin = origin
        self.placed = placed
        self._real = ""
        self._before: list[str | None] = []

    @property
    def real(self) -> str:
        """Where the path leads; of a link that is removed, the link itself."""
        if not self._real:
            self._real = _real(self.path, self.kind == REMOVE)
        return self._real

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    def before(self) -> str | None:
        """What the file says now; "" where there is none, None where it cannot be read."""
        if not self._before:
            self._before.append(read(self.real))
        return self._before[0]

    def exists(self) -> bool:
        """Whether anything stands there, a dangling link included."""
        return os.path.lexists(self.path)


def _real(path: str, keep_last: bool) -> str:
    if not keep_last:
        return os.path.realpath(path)
    folder, _, name = path.rstrip("/").rpartition("/")
    return f"{os.path.realpath(folder or '/').rstrip('/')}/{name}"


def read(path: str) -> str | None:
    """Text of a file: "" where there is none, None where it cannot be read as text."""
    try:
        if not os.path.isfile(path):
            return None if os.path.lexists(path) else ""
        if os.path.getsize(path) > LARGEST:
            return None
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except OSError:
        return None


class _Last:
    """The writes of the event asked about last."""

    event: Event | None = None
    found: "tuple[Write, ...]" = ()


def writes_of(event: Event) -> tuple[Write, ...]:
    """The files that a tool call would write; () for any other event."""
    if _Last.event is not event:
        _Last.found = tuple(_writes(event))
        _Last.event = event
    return _Last.found


def _writes(event: Event) -> list[Write]:
    if event.tool_name == "Bash":
        return _of_command(event)
    if event.tool_name not in FILE_TOOLS:
        return []
    given = event.tool_input
    shown = given.get("file_path") or given.get("notebook_path")
    if not isinstance(shown, str) or not is_possible(shown):
        return []
    path = absolute(shown, event.cwd)
    if event.tool_name == "Write":
        text = given.get("content")
        return [Write(path, shown, WRITE, text)] if isinstance(text, str) else []
    found = Write(path, shown, CHANGE, None)
    if event.tool_name != "NotebookEdit":
        found.text = _edited(found.before(), given)
    return [found]


def is_possible(path: str) -> bool:
    """Whether a file can have this path at all."""
    try:
        return bool(path) and b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def absolute(path: str, folder: str) -> str:
    """`path` as a tool means it: `~` is home, `..` is taken literally, links are left."""
    if path == "~" or path.startswith("~/"):
        from hooks_shared import places

        path = places.home_folder(dict(os.environ)) + path[1:]
    return os.path.normpath(os.path.join(folder or "/", path))


def _edited(before: str | None, given: dict[str, object]) -> str | None:
    """What the file says after all edits; an edit that finds nothing changes nothing."""
    edits = given.get("edits")
    text = before
    for one in edits if isinstance(edits, list) else [given]:
        old, new = (
            (one.get("old_string"), one.get("new_string")) if isinstance(one, dict) else ("", 0)
        )
        if text is None or not isinstance(old, str) or not isinstance(new, str):
            return None
        if not old:
            text = text or new
        elif old not in text and "\r\n" in text:
            old, new = old.replace("\n", "\r\n"), new.replace("\n", "\r\n")
        if old:
            text = text.replace(old, new, -1 if one.get("replace_all") is True else 1)
    return text


def _of_command(event: Event) -> list[Write]:
    command = event.tool_input.get("command")
    if not isinstance(command, str) or not _may_write(command):
        return []
    from hooks_shared.writes.shell_writes import shell_writes

    return shell_writes(event, command)


def _may_write(command: str) -> bool:
    from hooks_shared.safety.quick import is_plain

    if is_plain(command) and "touch " not in command:
        return False
    return any(word in command for word in _WRITERS)


def is_unreadable(event: Event) -> bool:
    """Whether a shell line nests too deeply for anybody to say what it writes."""
    command = event.tool_input.get("command")
    if event.tool_name != "Bash" or not isinstance(command, str) or not _may_write(command):
        return False
    from hooks_shared.safety.verdict import last_reading

    return any(hit.rule == "too-complex" for hit in last_reading(event, command).hits)
