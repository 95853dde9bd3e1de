"""Which files a command line of settings cannot do without: the programs and scripts it starts.

Reads shell text well enough to name them, and stays silent where it cannot be sure: what a test
looks at first, output files, and words that only the shell can complete are not named. Pure.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PROJECT: Final = re.compile(r"\$(?:CLAUDE_PROJECT_DIR\b|\{CLAUDE_PROJECT_DIR(?::-[^}]*)?\})")
_HOME: Final = re.compile(r"(?:\$HOME\b|\$\{HOME\}|~)(?=/)")
_UNKNOWN: Final = re.compile(r"[$`*?\[\]{}~]|%[A-Za-z]")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")
_DURATION: Final = re.compile(r"[0-9.]+[smhd]?\Z")
_BEFORE_PROGRAM: Final = frozenset(
    ("!", "{", "builtin", "command", "do", "elif", "else", "env", "exec", "if", "nice", "nohup")
) | {"stdbuf", "sudo", "then", "time", "timeout", "until", "while"}
_TESTS: Final = frozenset(("[", "[[", "test"))
_FOLDER_CHANGES: Final = frozenset(("cd", "pushd"))
_INTERPRETER: Final = re.compile(
    r"(?:ba|da|fi|k|z)?sh|python[0-9.]*|node|bun|deno|ruby|perl|php|tsx|ts-node|pwsh|osascript"
    r"|source|\."
)
_RUNNERS: Final = frozenset(("bun", "deno", "pipenv", "poetry", "uv"))  # with `run` after it
_DIRECT_RUNNERS: Final = frozenset(("bunx", "npx", "uvx"))
_INLINE: Final = frozenset(("-c", "-e", "-m", "-p", "--eval", "--print", "-"))
_REDIRECTS: Final = frozenset("<>")


def needed_paths(command: str, args: Sequence[str] | None = None) -> tuple[str, ...]:
    """Words that name a file which must be there, as written but without quotes.

    `args` makes it the client's exec form: `command` is the program and there is no shell.
    """
    if args is not None:
        return tuple(_started([command, *args]))
    commands = [found for words in _simple_commands(command) if (found := _from_program(words))]
    tested = {word for words in commands if words[0] in _TESTS for word in words[1:]}
    found = [word for words in commands for word in _started(words) if word not in tested]
    return tuple(dict.fromkeys(_in_their_folder(found, commands)))


def resolved(word: str, root: str, home: str) -> str:
    """The absolute path behind a word; "" where only a shell or a session knows it.

    `root` is the repository, "" for settings that no repository owns.
    """
    path = _HOME.sub(home, word, count=1) if home and _HOME.match(word) else word
    if root and _PROJECT.match(path):
        path = root + path[_PROJECT.match(path).end() :]  # type: ignore[union-attr]
    if "/" not in path or _UNKNOWN.search(path):
        return ""
    if path.startswith("/"):
        return path
    return f"{root}/{path.removeprefix('./')}" if root else ""


def _simple_commands(text: str) -> Iterator[list[str]]:
    """Words of each simple command, redirections left out."""
    words: list[str] = []
    skip = False
    for token in _tokens(text):
        if set(token) <= set("();&|\n"):
            if words:
                yield words
            words, skip = [], False
        elif set(token) <= _REDIRECTS | set("&") and _REDIRECTS & set(token):
            skip = True
            if words and words[-1].isdigit():
                words.pop()
        elif skip:
            skip = False
        else:
            words.append(token)
    if words:
        yield words


def _tokens(text: str) -> list[str]:
    lexer = shlex.shlex(text.replace("\n", " \n "), posix=True, punctuation_chars="();<>|&\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:  # a quote that nobody closes
        return []


def _started(words: Sequence[str]) -> Iterator[str]:
    """The program, and the script where the program is an interpreter."""
    rest = _from_program(words)
    if not rest or rest[0] in _TESTS:
        return
    program = rest[0].rpartition("/")[2]
    yield rest[0]
    if program in _DIRECT_RUNNERS:
        yield from _started(rest[1:])
    elif program in _RUNNERS and rest[1:2] == ["run"]:
        yield from _started(rest[2:])
    elif _INTERPRETER.fullmatch(program):
        yield from _script(rest[1:])


def _from_program(words: Sequence[str]) -> Sequence[str]:
    """The words from the program on: neither keywords nor assignments nor wrappers before it."""
    for index, word in enumerate(words):
        before = word in _BEFORE_PROGRAM or _ASSIGNMENT.match(word)
        if not (before or word.startswith("-") or _DURATION.match(word)):
            return words[index:]
    return []


def _script(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        if word in _INLINE:
            return
        if not word.startswith("-"):
            yield word
            return


def _in_their_folder(found: list[str], commands: Sequence[Sequence[str]]) -> list[str]:
    """Relative words drop out after a `cd` to anywhere but the repository itself."""
    moves = [words[1:2] for words in commands if words[0] in _FOLDER_CHANGES]
    at_home = all(words and _PROJECT.fullmatch(words[0].rstrip("/")) for words in moves)
    return [word for word in found if at_home or word.startswith(("/", "$", "~"))]
