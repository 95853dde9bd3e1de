"""Git's object store as a place for bytes: they go in and come out as they are.

Only plumbing that runs no hook, no filter and no program a repository could name, and that touches
neither branch, index, stash nor HEAD: trees are built in an index of our own. What the trees mean
is the caller's.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.system.git import NOTHING_RUNS, clean_environment
from hubctl.system.process import run_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SECONDS = 600.0
LINK = "120000"
REPOSITORY = "160000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of a tree: git's mode (six octal digits) and the name of its content."""

    mode: str
    object: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A name below `refs/` and the commit it stands for; `time` is seconds since 1970."""

    name: str
    commit: str
    parent: str
    time: int
    message: str


class GitObjects:
    """The object store of the checkout whose top folder is `root`."""

    def __init__(self, root: str) -> None:
        self.root = root

    # -- what is there -----------------------------------------------------------------------------

    def listed(self) -> tuple[str, ...]:
        """Every path that git tracks or would offer to track; a repository inside ends with `/`."""
        kept = self._paths(["ls-files", "-z", "--stage"])
        inner = {row.partition("\t")[2] for row in kept if row.startswith(REPOSITORY)}
        tracked = {row.partition("\t")[2] for row in kept}
        others = self._paths(["ls-files", "-z", "--others", "--exclude-standard"])
        names = {name + "/" if name in inner else name for name in (*tracked, *others)}
        return tuple(sorted(names))

    def head(self) -> str:
        """The commit that HEAD stands for, "" before the first one."""
        code, out, _ = self._run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])
        return out.decode().strip() if code == 0 else ""

    def tree(self, commit: str) -> dict[str, Entry]:
        """Every file of a commit by path."""
        entries = {}
        for row in self._paths(["ls-tree", "-r", "-z", "--full-tree", commit]):
            facts, _, path = row.partition("\t")
            mode, _kind, name = facts.split(" ")
            entries[path] = Entry(mode=mode, object=name)
        return entries

    def contents(self, names: Iterable[str]) -> dict[str, bytes]:
        """The bytes of objects by their names; all of them are in memory at once.

        Raises:
            OperationError: the repository has lost one of them.
        """
        wanted = sorted(set(names))
        out = self._must(["cat-file", "--batch"], "\n".join(wanted).encode()) if wanted else b""
        found, start = {}, 0
        for name in wanted:
            end = out.index(b"\n", start)
            facts = out[start:end].split(b" ")  # NAME KIND SIZE, or NAME missing
            if facts[1:2] != [b"blob"]:
                raise OperationError(f"{self.root} has lost the object {name}; see: git fsck")
            start = end + 1 + int(facts[2]) + 1
            found[name] = out[end + 1 : start - 1]
        return found

    def ignored_under(self, rules: Mapping[str, bytes], paths: Sequence[str]) -> frozenset[str]:
        """Those of `paths` that git would ignore if its ignore files were `rules` (path → text)."""
        with tempfile.TemporaryDirectory(prefix="hubctl-rules-") as folder:
            for path, text in rules.items():
                os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
                with open(f"{folder}/{path}", "wb") as stream:
                    stream.write(text)
            own = {"GIT_DIR": self._git_folder(), "GIT_WORK_TREE": folder}
            asked = ["-C", folder, "check-ignore", "--no-index", "-z", "--stdin"]
            given = b"\0".join(os.fsencode(path) for path in paths)
            _, out, _ = self._run(asked, given, own)
        return frozenset(os.fsdecode(row) for row in out.split(b"\0") if row)

    def _git_folder(self) -> str:
        return os.fsdecode(self._must(["rev-parse", "--absolute-git-dir"]).removesuffix(b"\n"))

    # -- what is added -----------------------------------------------------------------------------

    def keep_files(self, paths: Sequence[str]) -> dict[str, str]:
        """Store regular files (relative to the root) as they are; path → name of the content."""
        if not paths:
            return {}
        # One name a line; git reads a quoted one back.
        given = b"".join(_quoted(os.fsencode(path)) + b"\n" for path in paths)
        out = self._must(["hash-object", "-w", "--no-filters", "--stdin-paths"], given)
        return dict(zip(paths, out.decode().split(), strict=True))

    def keep(self, data: bytes) -> str:
        """Store bytes; the name of the content."""
        return self._must(["hash-object", "-w", "--no-filters", "--stdin"], data).decode().strip()

    def keep_tree(self, entries: Mapping[str, Entry]) -> str:
        """Store a whole tree; its name."""
        rows = (f"{entry.mode} {entry.object}\t{path}\0" for path, entry in entries.items())
        given = os.fsencode("".join(rows))
        with tempfile.TemporaryDirectory(prefix="hubctl-index-") as folder:
            own = {"GIT_INDEX_FILE": f"{folder}/index"}
            self._must(["update-index", "-z", "--index-info"], given, own)
            return self._must(["write-tree"], b"", own).decode().strip()

    def keep_commit(self, tree: str, parent: str, message: str) -> str:
        """Store a commit of ours on top of `parent` ("" for none); its name."""
        who = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", "hubctl"), ("EMAIL", "hubctl@localhost"))
        }
        on_top = ["-p", parent] if parent else []
        given = message.encode("utf-8", "surrogateescape")
        return self._must(["commit-tree", tree, *on_top, "-F", "-"], given, who).decode().strip()

    # -- references --------------------------------------------------------------------------------

    def references(self, prefix: str) -> tuple[Reference, ...]:
        """All references below `prefix`, by name."""
        fields = ("refname", "objectname", "parent", "committerdate:unix", "contents")
        form = "%00".join(f"%({field})" for field in fields) + "%00%00"
        out = self._must(["for-each-ref", f"--format={form}", prefix]).decode("utf-8", "replace")
        return tuple(_reference(row.lstrip("\n")) for row in out.split("\0\0\n") if row.strip())

    def add_reference(self, name: str, commit: str) -> bool:
        """Make a new reference; False where there is one of that name."""
        return self._run(["update-ref", name, commit, ""])[0] == 0

    def drop_reference(self, reference: Reference) -> None:
        """Remove a reference, if it still stands for the same commit."""
        self._must(["update-ref", "-d", reference.name, reference.commit])

    def difference(self, old: str, new: str, options: Sequence[str]) -> str:
        """What `git diff` says between two trees or commits."""
        plain = ["--no-ext-diff", "--no-textconv", "--no-color", *options]
        return self._must(["diff", *plain, old, new]).decode("utf-8", "replace")

    # -- git ---------------------------------------------------------------------------------------

    def _paths(self, arguments: list[str]) -> list[str]:
        return [os.fsdecode(row) for row in self._must(arguments).split(b"\0") if row]

    def _must(
        self, arguments: list[str], given: bytes = b"", own: Mapping[str, str] | None = None
    ) -> bytes:
        code, out, complaint = self._run(arguments, given, own)
        if code:
            raise OperationError(f"git {arguments[0]} failed in {self.root}: {complaint}")
        return out

    def _run(
        self, arguments: list[str], given: bytes = b"", own: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        settings = [word for setting in NOTHING_RUNS for word in ("-c", setting)]
        command = ["git", *settings, "-C", self.root, *arguments]
        env = clean_environment() | dict(own or {})
        return run_bytes(command, timeout=_SECONDS, env=env, input=given)


def _quoted(path: bytes) -> bytes:
    if b"\n" not in path and not path.startswith(b'"'):
        return path
    escaped = path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'


def _reference(row: str) -> Reference:
    name, commit, parent, time, message = row.split("\0")
    return Reference(
        name=name, commit=commit, parent=parent.split(" ")[0], time=int(time), message=message
    )


def top_folder(path: str) -> str:
    """The top folder of the checkout that `path` lies in.

    Raises:
        OperationError: it lies in none, or git does not trust it.
    """
    command = ["git", "-C", path, "rev-parse", "--show-toplevel"]
    code, out, complaint = run_bytes(command, timeout=30.0, env=clean_environment())
    if code or not out.strip():
        why = complaint or "it has no files of its own"
        raise OperationError(f"no git checkout at {path}: {why}")
    return os.fsdecode(out.removesuffix(b"\n"))
