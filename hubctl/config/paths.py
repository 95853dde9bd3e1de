"""Paths of canonical.yaml: `~`, `$VAR` and `${VAR}` become an absolute path.

Pure: home, environment and the folder that relative paths start from are handed in. Links and
`..` stay as they are, since only the disk knows where they lead.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from hubctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\}|(\$)|)")


def expand_path(text: str, *, base: str, home: str, env: Mapping[str, str]) -> str:
    """An absolute path.

    Args:
        text: as written. `$$` is a dollar sign.
        base: the folder of canonical.yaml, absolute.
        home: the home directory, absolute.
        env: environment variables; one that is empty counts as unset.

    Raises:
        UsageError: a variable is not set, or the spelling is none (see `path_problem`).
    """
    if why := path_problem(text):
        raise UsageError(f"the path {text!r} {why}")

    def variable(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if match[3]:
            return "$"
        if not env.get(name):
            raise UsageError(
                f"the path {text!r} uses ${name}, which is not set",
                hint=f"set {name}, or write the path in canonical.local.yaml",
            )
        return env[name]

    expanded = _VARIABLE.sub(variable, text)
    if text == "~" or text.startswith("~/"):
        expanded = home + expanded[1:]
    return _tidy(posixpath.join(base, expanded))


def path_problem(text: str) -> str:
    """Why a path cannot be expanded anywhere, as half a sentence; "" if it can."""
    if not text.strip():
        return "is empty"
    if not text.isprintable():
        return "has a control character"
    if text.startswith("~") and text != "~" and not text.startswith("~/"):
        return "names the home of another user; write it out"
    if any(not match[0][1:] for match in _VARIABLE.finditer(text)):
        return (
            "has a `$` that begins no variable; write `$NAME`, `${NAME}`, or `$$` for a dollar sign"
        )
    return ""


def same_path(text: str) -> str:
    """A form in which two spellings of one written path are equal."""
    braced = re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", r"$\1", text)
    return posixpath.normpath(braced)


def _tidy(path: str) -> str:
    """Without doubled slashes, `.` and a final slash; `..` stays."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return "/" + "/".join(parts)
