"""Scenario scripts: one page of prose, files and commands that reads like a manual and is a test.

Prose stands at the left margin. What is indented by four spaces is carried out, in order:

    -- PATH --      the lines below are written to this file (`~` is the script's own home)
    $ COMMAND       is run in the hub's folder; the lines below are all it prints
    ? CODE          with which it ends, where that is not 0
    == PATH ==      the lines below are what stands in this file now

After a path may stand `(crlf)`, `(no newline)`, `(tabs)` (four leading spaces are one tab),
`(link)` (the line below is its destination) or, behind `==`, `(absent)`. In what is expected,
`[..]` stands for anything within a line and a line `...` for any number of lines. The home's path
is shown as `~` in what a command prints; stdout comes first, then stderr.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import re
import shlex
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

INDENT = " " * 4
_FILE = re.compile(r"(--|==) (\S+)((?: \([a-z ]+\))*) \1\Z")
_OPTIONS = {"crlf", "no newline", "tabs", "link", "absent"}


class ScriptError(AssertionError):
    """What happened is not what the script says; the message shows both."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """One thing to do: `kind` is `--`, `==` or `$`; `head` its path or command."""

    kind: str
    head: str
    line: int
    options: frozenset[str] = frozenset()
    body: tuple[str, ...] = ()
    code: int = 0

    @property
    def rows(self) -> tuple[str, ...]:
        """The body with the tabs it stands for."""
        return tuple(map(_tabbed, self.body)) if "tabs" in self.options else self.body


def _tabbed(row: str) -> str:
    bare = row.lstrip(" ")
    tabs, spaces = divmod(len(row) - len(bare), len(INDENT))
    return "\t" * tabs + " " * spaces + bare


def parse(text: str) -> tuple[Section, ...]:
    """The sections of a script, in order."""
    found: list[tuple[Section, list[str]]] = []
    opened = False
    for number, line in enumerate(text.splitlines(), 1):
        row = line[len(INDENT) :]
        if line and not line.startswith(INDENT):
            opened = False
        elif head := _head(row, number):
            found.append((head, []))
            opened = True
        elif opened:
            found[-1][1].append(row)
        elif row.strip():
            raise ScriptError(f"line {number}: belongs to no section: {row}")
    return tuple(_closed(head, rows) for head, rows in found)


def _closed(head: Section, rows: list[str]) -> Section:
    """A section with its body: no blank lines at its end, the exit code apart."""
    body = _trimmed(rows)
    code = re.fullmatch(r"\? (\d+)", body[-1]) if body and head.kind == "$" else None
    if code is None:
        return replace(head, body=body)
    return replace(head, body=_trimmed(body[:-1]), code=int(code[1]))


def _head(row: str, number: int) -> Section | None:
    if row.startswith("$ "):
        return Section(kind="$", head=row[2:], line=number)
    found = _FILE.match(row)
    if not found:
        return None
    options = frozenset(re.findall(r"\(([a-z ]+)\)", found[3]))
    if options - _OPTIONS:
        raise ScriptError(f"line {number}: unknown options: {sorted(options - _OPTIONS)}")
    return Section(kind=found[1], head=found[2], line=number, options=options)


def _trimmed(body: Sequence[str]) -> tuple[str, ...]:
    rows = list(body)
    while rows and not rows[-1].strip():
        rows.pop()
    return tuple(rows)


class Runner:
    """Runs a script in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.hub = home / "hub"
        self.hub.mkdir(parents=True)

    def run(self, text: str) -> None:
        """Carry out a whole script.

        Raises:
            ScriptError: something is not as the script says.
        """
        for section in parse(text):
            match section.kind:
                case "--":
                    self._write(section)
                case "==":
                    self._expect_file(section)
                case _:
                    self._command(section)

    def environment(self) -> dict[str, str]:
        """All that a command of the script can see of the outside."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "HUBCTL_DEBUG": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Somebody",
            "GIT_AUTHOR_EMAIL": "somebody@example.org",
            "GIT_COMMITTER_NAME": "Somebody",
            "GIT_COMMITTER_EMAIL": "somebody@example.org",
        }

    # -- files ------------------------------------------------------------------------------------

    def _path(self, section: Section) -> Path:
        written = section.head
        return self.home / written[2:] if written.startswith("~/") else self.hub / written

    def _write(self, section: Section) -> None:
        path = self._path(section)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if "link" in section.options:
            path.symlink_to(section.body[0])
        else:
            path.write_bytes(_bytes(section))

    def _expect_file(self, section: Section) -> None:
        path = self._path(section)
        if "absent" in section.options:
            if path.exists() or path.is_symlink():
                raise ScriptError(f"line {section.line}: {section.head} is there")
            return
        if "link" in section.options:
            self.compare(section, [os.readlink(path)])
            return
        data = path.read_bytes()
        _expect_ends(section, data)
        rows = data.decode().replace("\r\n", "\n").split("\n")
        self.compare(section, rows[:-1] if rows[-1] == "" else rows)

    # -- commands ---------------------------------------------------------------------------------

    def _command(self, section: Section) -> None:
        words = section.head.split(" ", 1)
        code, printed = (self._hubctl if words[0] == "hubctl" else self._shell)(section.head)
        shown = [row.rstrip() for row in printed.replace(str(self.home), "~").splitlines()]
        self.compare(section, _trimmed(shown))
        self.compare_code(section, code)

    def compare_code(self, section: Section, code: int) -> None:
        """Raise unless a command ended with its code."""
        if code != section.code:
            told = f"ended with {code}, not {section.code}"
            raise ScriptError(f"line {section.line}: $ {section.head}\n{told}")

    def compare(self, section: Section, got: Sequence[str]) -> None:
        """Raise unless `got` fits the section's body."""
        expected = section.rows
        if not matches(expected, got):
            diff = difflib.unified_diff(expected, got, "expected", "got", lineterm="", n=100)
            shown = "\n".join(diff)
            raise ScriptError(f"line {section.line}: {section.kind} {section.head}\n{shown}")

    def _hubctl(self, line: str) -> tuple[int, str]:
        """In this very process, which is ten times as fast."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with self._inside(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([self._expanded(word) for word in shlex.split(line)[1:]])
        return code, "".join(_written(stream) for stream in (out, err))

    def _expanded(self, word: str) -> str:
        return f"{self.home}{word[1:]}" if word.startswith("~/") else word

    def _shell(self, line: str) -> tuple[int, str]:
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=self.hub,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    @contextlib.contextmanager
    def _inside(self) -> Iterator[None]:
        before, folder, inside = dict(os.environ), os.getcwd(), self.environment()
        os.environ.clear()
        os.environ.update(inside)
        os.chdir(self.hub)
        try:
            yield
        finally:
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(before)


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def _bytes(section: Section) -> bytes:
    text = "\n".join(section.rows) + "\n"
    if "no newline" in section.options:
        text = text[:-1]
    return (text.replace("\n", "\r\n") if "crlf" in section.options else text).encode()


def _expect_ends(section: Section, data: bytes) -> None:
    lines, crlf = data.count(b"\n"), data.count(b"\r\n")
    if crlf != (lines if "crlf" in section.options else 0):
        raise ScriptError(f"line {section.line}: {crlf} of {lines} lines end in CR LF")
    if data.endswith(b"\n") == ("no newline" in section.options):
        raise ScriptError(f"line {section.line}: the end of the last line is not as it should be")


def matches(expected: Sequence[str], got: Sequence[str]) -> bool:
    """Whether lines fit a pattern of lines."""
    if not expected:
        return not got
    if expected[0] == "...":
        return any(matches(expected[1:], got[i:]) for i in range(len(got) + 1))
    return bool(got) and _fits(expected[0], got[0]) and matches(expected[1:], got[1:])


def _fits(pattern: str, line: str) -> bool:
    parts = map(re.escape, pattern.split("[..]"))
    return re.fullmatch(".*".join(parts), line) is not None
