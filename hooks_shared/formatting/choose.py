"""Which formatter a file gets: what canonical.yaml names, else what the repository itself uses.

Looks from the file's folder up to the repository's root and never above it; programs of the
repository (`node_modules/.bin`, `.venv/bin`) stand before those of PATH.
"""

import os

from hooks_shared.formatting.table import LANGUAGES, Formatter, rows_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

OFF = "off"
_EVIDENCE_BYTES = 256 << 10
_BINS = ("node_modules/.bin", ".venv/bin", "venv/bin")
_EDITION = "2021"


class Choice:
    """One formatter for one file.

    Attributes:
        name: what the model is told. command: with the program's absolute path; [] where the
            program is missing. folder: where it runs. sure: see the table.
    """

    __slots__ = ("command", "folder", "name", "sure")

    def __init__(self, name: str, command: list[str], folder: str, sure: bool) -> None:
        self.name = name
        self.command = command
        self.folder = folder
        self.sure = sure


def suffix_of(path: str) -> str:
    """The file name's ending with its dot, lower case; "" where it has none."""
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return (dot + ending).lower() if stem else ""


def wanted(path: str, named: dict[str, object]) -> object:
    """What canonical.yaml says of this file: a formatter's id, a command, OFF; None for nothing."""
    suffix = suffix_of(path)
    return named.get(suffix, named.get(LANGUAGES.get(suffix, ""))) if suffix else None


def choose(path: str, root: str, named: dict[str, object]) -> Choice | None:
    """The formatter of the file `path` below `root`; None where nobody asks for one.

    Both are real absolute paths; `named` says by language or suffix what canonical.yaml wants.
    """
    want = wanted(path, named)
    if want == OFF:
        return None
    if isinstance(want, list):
        words = [str(word) for word in want]
        return _choice(words[0].rpartition("/")[2], words, path, root, root) if words else None
    rows = rows_for(LANGUAGES.get(suffix_of(path), ""))
    if isinstance(want, str):
        rows = [row for row in rows if row.id == want]
        return _of_row(rows[0], path, root, path.rpartition("/")[0]) if rows else None
    return _used(rows, path, root)


def _used(rows: list[Formatter], path: str, root: str) -> Choice | None:
    """The formatter of which the nearest folder has evidence, else the language's only one."""
    for folder in _folders(path, root):
        names = _names(folder)
        for row in rows:
            if any(_tells(folder, names, *one) for one in row.evidence):
                return _of_row(row, path, root, folder)
    found = [_of_row(row, path, root, path.rpartition("/")[0]) for row in rows if not row.evidence]
    return next((one for one in found if one.command), None)


def _folders(path: str, root: str) -> "Iterator[str]":
    """The folder of `path` and those above it, up to `root`."""
    folder = path.rpartition("/")[0]
    while folder == root or folder.startswith(root.rstrip("/") + "/"):
        yield folder
        if folder == root:
            return
        folder = folder.rpartition("/")[0]


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _tells(folder: str, names: list[str], name: str, text: str) -> bool:
    """Whether a folder has the file `name` (`beginning*`), with `text` in it."""
    start = name[:-1]
    found = [n for n in names if n == name or (name.endswith("*") and n.startswith(start))]
    return bool(name) and any(not text or text in _read(f"{folder}/{one}") for one in found)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_EVIDENCE_BYTES)
    except OSError:
        return ""


def _of_row(row: Formatter, path: str, root: str, folder: str) -> Choice:
    choice = _choice(row.id, list(row.command), path, root, folder)
    choice.sure = row.sure
    return choice


def _choice(name: str, words: list[str], path: str, root: str, folder: str) -> Choice:
    program = find_program(words[0], path, root)
    if not program:
        return Choice(name, [], folder, True)
    filled = [_filled(word, path, root) for word in words[1:]]
    return Choice(name, [program, *filled], folder, True)


def _filled(word: str, path: str, root: str) -> str:
    if "{" not in word:
        return word
    word = word.replace("{path}", path).replace("{name}", path.rpartition("/")[2])
    word = word.replace("{suffix}", suffix_of(path)[1:])
    return word.replace("{edition}", _edition(path, root)) if "{edition}" in word else word


def find_program(name: str, path: str, root: str) -> str:
    """Absolute path of a program: the repository's own, nearest first, then PATH; "" if none."""
    if "/" in name:
        own = os.path.join(root, name)
        return own if _runs(own) else ""
    for folder in _folders(path, root):
        for bin_folder in _BINS:
            if _runs(f"{folder}/{bin_folder}/{name}"):
                return f"{folder}/{bin_folder}/{name}"
    active = os.environ.get("VIRTUAL_ENV", "")
    listed = [f"{active}/bin"] if active else []
    listed += os.environ.get("PATH", "").split(":")
    places = (f"{one}/{name}" for one in listed if one.startswith("/"))
    return next((place for place in places if _runs(place)), "")


def _runs(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _edition(path: str, root: str) -> str:
    """The Rust edition of the nearest Cargo.toml that tells one; a workspace's lies above."""
    for folder in _folders(path, root):
        for line in _read(f"{folder}/Cargo.toml").split("\n"):
            key, _, value = line.partition("=")
            edition = value.split("#")[0].strip().strip("\"'")
            if key.strip() == "edition" and edition.isdigit():
                return edition
    return _EDITION
