"""The command of a unit as words: no shell reads it, so nothing in it may count on one.

Pure text. How a word is quoted in a unit file stands in `units`.
"""

from __future__ import annotations

import posixpath
import re

from hubctl.errors import UsageError

_QUOTED = re.compile(r"'[^']*'|\"((?:\\.|[^\"\\])*)\"|\\.")
_SHELL = re.compile(r"[|&;<>()`*]|\$[A-Za-z_{(0-9@#?!*$-]")
_EXPANDED_IN_QUOTES = re.compile(r"[`]|\$[A-Za-z_{(0-9@#?!*$-]")
_PREFIXES = "@-:+!|"  # they change how systemd runs a program


def split_command(text: str) -> tuple[str, ...]:
    """The words of a command written as one string.

    Raises:
        UsageError: it needs a shell, or its quotes do not match.
    """
    import shlex

    outside = _QUOTED.sub(" ", text)
    inside = " ".join(match[1] or "" for match in _QUOTED.finditer(text))
    found = _SHELL.search(outside) or _EXPANDED_IN_QUOTES.search(inside)
    if found:
        raise UsageError(
            f"{found[0]!r} would need a shell, and no shell reads the command of a unit",
            hint="write it as a list: [sh, -c, '…'], or put what is meant literally in '…'",
        )
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(f"the command cannot be split into words: {error}") from error


def locate_program(program: str, *, directory: str) -> str:
    """The program as a service manager finds it: an absolute path, or a bare name.

    Args:
        program: first word of the command.
        directory: absolute folder that a relative path starts from.

    Raises:
        UsageError: systemd would read it as something else.
    """
    if "$" in program or program[:1] in _PREFIXES:
        raise UsageError(f"a unit cannot run a program called {program!r}")
    if "/" not in program or program.startswith("/"):
        return program
    return posixpath.normpath(f"{directory}/{program}")


def at_home(text: str, home: str) -> str:
    """`text` with a leading `~` or `~/` as the home folder."""
    return home + text[1:] if text == "~" or text.startswith("~/") else text
