"""Imports of instruction files: which files an `@path` brings into a session, and which not.

As the client resolves them: relative to the file, `~/` and absolute allowed, not inside code, four
deep at most, each file once. What leads out of a repository needs its owner's approval there, so it
is named and not read.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hubctl.model.tokens import memory_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.system.files import Files

DEEPEST: Final = 4
_IMPORT: Final = re.compile(r"(?:^|\s)@((?:[^\s\\]|\\ )+)")
_FENCE: Final = re.compile(r"[ \t]*(`{3,}|~{3,})")
_SPAN: Final = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_AFTER: Final = ".,;:!?)]}\"'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import.

    Attributes:
        path: absolute path that it leads to. importer: absolute path of the file it stands in.
        written: the words behind the `@`.
        data: its bytes; None where `problem` says why it is not loaded: `missing`, `outside`.
    """

    path: str
    importer: str
    written: str
    data: bytes | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Follows imports. `root`: the folder that they may not leave, "" for none."""

    door: Files
    home: str
    root: str = ""

    def imports(self, path: str, data: bytes, seen: set[str], depth: int = 1) -> Iterator[Import]:
        """Everything that the file at `path` imports, itself or through others; fills `seen`."""
        for written in imported_words(data.decode("utf-8", "replace")):
            found = self._resolve(path, written)
            if found is None or found.path in seen:
                continue
            seen.add(found.path)
            yield found
            if found.data is not None and depth < DEEPEST:
                yield from self.imports(found.path, found.data, seen, depth + 1)

    def _resolve(self, importer: str, written: str) -> Import | None:
        """The import; None for words that only look like one (`@somebody`, `@scope/package`)."""
        if "\0" in written:
            return None
        for words in dict.fromkeys((written, written.rstrip(_AFTER))):
            path = self._absolute(importer, words.replace("\\ ", " "))
            if not self._is_inside(path):
                problem = "outside" if self._is_file(path) else ""
            else:
                data = self._read(path)
                if data is not None:
                    return Import(path=path, importer=importer, written=words, data=data)
                problem = "missing"
            if problem == "outside" or (problem and words.endswith(".md")):
                return Import(path=path, importer=importer, written=words, problem=problem)
        return None

    def _absolute(self, importer: str, words: str) -> str:
        if words.startswith("~/"):
            return os.path.normpath(f"{self.home}/{words[2:]}")
        return os.path.normpath(os.path.join(os.path.dirname(importer), words))

    def _is_inside(self, path: str) -> bool:
        return not self.root or os.path.realpath(path).startswith(f"{self.root}/")

    def _is_file(self, path: str) -> bool:
        look = self.door.look(os.path.realpath(path))
        return look is not None and look.kind == "file"

    def _read(self, path: str) -> bytes | None:
        try:
            return self.door.read(path)
        except (OSError, ValueError):
            return None


def imported_words(text: str) -> Iterator[str]:
    """The words behind `@` outside of comments, fenced code and code spans."""
    fence = ""
    for line in memory_text(text).splitlines():
        found = _FENCE.match(line)
        if found and (not fence or (found[1][0] == fence[0] and len(found[1]) >= len(fence))):
            fence = "" if fence else found[1]
        elif not fence:
            yield from _IMPORT.findall(_SPAN.sub(" ", line))
