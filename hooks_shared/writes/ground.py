"""Where a session may write: its repository, worktrees, additional and temporary folders.

Also the client's own folders for plans, memory and scratch. Git and the client's settings are read
from their files, and only for a path that lies outside the checkout.
"""

import os

from hooks_shared import places
from hooks_shared.contract import Event
from hooks_shared.jsontext import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TEMPORARY = (
    "/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/private/var/tmp",  # noqa: S108 - judged
    "/var/folders", "/private/var/folders",
)  # fmt: skip
_TEMPORARY_NAMES = ("TMPDIR", "TEMP", "TMP", "CLAUDE_TMPDIR", "CLAUDE_CODE_TMPDIR")
_OF_CLIENT = ("plans", "agent-memory", "agent-memory-local", "session-env", "todos", "tasks")
_MANAGED = (
    "/etc/claude-code/managed-settings.json",
    "/Library/Application Support/ClaudeCode/managed-settings.json",
)


class Ground:
    """The session's place.

    Attributes:
        start: real folder in which the session was started. root: real root of its checkout, or
            `start` outside git. common_dir: git's common directory, "" outside git.
        home, client: the home directory and the client's folder.
    """

    __slots__ = ("client", "common_dir", "environ", "event", "home", "root", "start")

    def __init__(self, event: Event, environ: dict[str, str]) -> None:
        start = environ.get("CLAUDE_PROJECT_DIR", "") or event.cwd or "/"
        self.event = event
        self.environ = environ
        self.start = os.path.realpath(start)
        self.root, self.common_dir = places.find_checkout(start)
        self.home = os.path.realpath(places.home_folder(environ) or "/")
        moved = environ.get("CLAUDE_CONFIG_DIR", "")
        self.client = os.path.realpath(moved) if moved.startswith("/") else f"{self.home}/.claude"

    def relative(self, real: str) -> str:
        """A path below the checkout it lies in, "" where it lies in none of this repository."""
        root = self.checkout(real)
        return real[len(root.rstrip("/")) + 1 :] if root else ""

    def checkout(self, real: str) -> str:
        """Root of the innermost checkout of this repository around a path, "" without one."""
        roots = (self.root, *self.worktrees())
        return max((root for root in roots if is_below(real, root)), key=len, default="")

    def worktrees(self) -> "Iterator[str]":
        """Real roots of the repository's other checkouts."""
        if not self.common_dir:
            return
        parent, _, name = self.common_dir.rpartition("/")
        if name == ".git":
            yield parent or "/"
        folder = f"{self.common_dir}/worktrees"
        for one in _listed(folder):
            pointer = places.first_line(f"{folder}/{one}/gitdir")
            if pointer.endswith("/.git"):
                yield os.path.realpath(os.path.join(f"{folder}/{one}", pointer[:-5]))

    def allows(self, real: str) -> bool:
        """Whether a session may write there."""
        if is_below(real, self.root) or is_below(real, self.start):
            return True
        return (
            self._is_temporary(real)
            or any(is_below(real, root) for root in self.worktrees())
            or self._is_of_client(real)
            or self.holds(real, self._additional())
        )

    def holds(self, real: str, folders: "Iterable[str]") -> bool:
        """Whether one of these folders, as written in settings, is around a path."""
        return any(is_below(real, self._whole(one)) for one in folders)

    def _whole(self, path: str) -> str:
        if path == "~" or path.startswith("~/"):
            path = self.home + path[1:]
        return os.path.realpath(os.path.join(self.start, path)) if path else "\0"

    def _is_temporary(self, real: str) -> bool:
        """Temporary, unless it is the corner of a temporary folder where the work itself lies."""
        named = [self.environ.get(name, "") for name in _TEMPORARY_NAMES]
        for folder in (*named, *_TEMPORARY):
            top = os.path.realpath(folder) if folder.startswith("/") else ""
            if top in ("", "/", self.root, self.home) or not is_below(real, top):
                continue
            if not any(_corner(one, top) == _corner(real, top) for one in (self.root, self.home)):
                return True
            if _corner(real, top).startswith("claude-"):
                return True
        return False

    def _is_of_client(self, real: str) -> bool:
        """Plans, memory, scratch: what the client tells the model to write."""
        scratch = self.event.text("scratchpad_dir")
        if scratch.startswith("/") and is_below(real, os.path.realpath(scratch)):
            return True
        client = os.path.realpath(self.client)
        if not is_below(real, client):
            return False
        parts = real[len(client) + 1 :].split("/")
        if parts[0] == "projects":
            return len(parts) > 3 and parts[2] in ("memory", "scratchpad", "tool-results")
        return parts[0] in _OF_CLIENT and len(parts) > 1

    def settings_files(self) -> list[str]:
        """The client's settings files that count here, absolute."""
        local = [f"{self.start}/.claude/settings.json"]
        local += [
            f"{self.root}/.claude/{name}" for name in ("settings.json", "settings.local.json")
        ]
        parent, _, name = self.common_dir.rpartition("/")
        if name == ".git":
            local.append(f"{parent}/.claude/settings.local.json")
        return list(dict.fromkeys([f"{self.client}/settings.json", *local, *_MANAGED]))

    def _additional(self) -> "Iterator[str]":
        """Folders that settings, or the command line of the client, add."""
        for path in self.settings_files():
            settings = read_json(path)
            permissions = settings.get("permissions")
            listed = (
                permissions.get("additionalDirectories") if isinstance(permissions, dict) else 0
            )
            yield from (
                one for one in (listed if isinstance(listed, list) else ()) if _is_text(one)
            )
            for key in ("plansDirectory", "autoMemoryDirectory"):
                if _is_text(settings.get(key)):
                    yield str(settings[key])
        yield from _of_command_line(self.environ.get("CLAUDE_PID", ""))


def is_below(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies in it; both real."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _corner(path: str, top: str) -> str:
    """The first part of `path` below `top`, "" elsewhere."""
    return path[len(top) + 1 :].partition("/")[0] if path.startswith(top + "/") else ""


def read_json(path: str) -> dict[str, object]:
    """The object that a file holds; {} where it holds none."""
    try:
        with open(path, encoding="utf-8") as file:
            found = loads(file.read(1 << 20).removeprefix("\ufeff"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _of_command_line(process: str) -> "Iterator[str]":
    """Values of `--add-dir` that the client was started with, where the system tells them."""
    if not process.isdigit():
        return
    try:
        with open(f"/proc/{process}/cmdline", encoding="utf-8", errors="surrogateescape") as file:
            words = file.read(1 << 16).split("\0")
    except OSError:
        return
    taking = False
    for word in words:
        if word.startswith("-"):
            taking = word == "--add-dir"
            if word.startswith("--add-dir="):
                yield word[10:]
        elif taking and word:
            yield word


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
