"""Pre-runs of commands and skills: what the client executes before it sends their text.

A pre-run that is not allowed, or that exits non-zero, aborts the whole invocation: so each has to
stand in `allowed-tools` and to end in `|| true`. Only text is looked at; nothing is run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_INLINE = re.compile(r"(?<!\S)!`([^`\n]+)`")
_BLOCK = re.compile(r"^```!\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_SAFE_END = re.compile(r"(?:\|\||;|\n)\s*(?:true|:|exit 0|echo\b[^|;&]*)\s*\Z")
_PARTS = re.compile(r"""('[^']*'|"(?:[^"\\]|\\.)*"|\\.)|(\|\||&&|(?<!>)&(?!>)|[;|\n])""", re.DOTALL)
_REDIRECT = re.compile(r"\s*\d?&?>{1,2}(?:&\d|\s*[^\s&|;]+)")
_RULE = re.compile(r"\bBash(?:\(((?:[^()]|\([^()]*\))*)\))?")
_HARMLESS = ("true", ":", "exit 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreRun:
    """One command line or block, and the line of the text it begins on (from 1)."""

    command: str
    line: int


def pre_runs(text: str) -> tuple[PreRun, ...]:
    """Every pre-run of a whole source text, in order."""
    found = [*_INLINE.finditer(text), *_BLOCK.finditer(text)]
    runs = (
        PreRun(command=match[1].strip(), line=text.count("\n", 0, match.start()) + 1)
        for match in sorted(found, key=lambda match: match.start())
    )
    return tuple(run for run in runs if run.command)


def ends_safely(command: str) -> bool:
    """Whether the command exits 0 whatever happens before its end."""
    return _SAFE_END.search(command) is not None or command in _HARMLESS


def not_allowed(command: str, allowed_tools: object) -> tuple[str, ...]:
    """The parts of a command that no Bash rule of `allowed-tools` (text or list) allows."""
    patterns = tuple(_patterns(allowed_tools))
    parts = (_REDIRECT.sub("", part).strip() for part in _split(command))
    return tuple(
        part
        for part in dict.fromkeys(parts)
        if part and part not in _HARMLESS and not any(p.fullmatch(part) for p in patterns)
    )


def _split(command: str) -> Iterator[str]:
    """The simple commands of a line, split at operators outside quotes."""
    start = 0
    for found in _PARTS.finditer(command):
        if found[2]:
            yield command[start : found.start()]
            start = found.end()
    yield command[start:]


def _patterns(allowed_tools: object) -> Iterator[re.Pattern[str]]:
    rules = allowed_tools if isinstance(allowed_tools, list) else [allowed_tools]
    for rule in rules:
        for found in _RULE.finditer(rule if isinstance(rule, str) else ""):
            yield _pattern(found[1])


def _pattern(rule: str | None) -> re.Pattern[str]:
    """A Bash rule as a pattern: `*` spans anything, a last ` *` or `:*` ends at a word."""
    text = (rule or "*").strip()
    for tail in (" *", ":*"):
        if text.endswith(tail):
            return re.compile(_glob(text.removesuffix(tail)) + r"(?:\s.*)?", re.DOTALL)
    return re.compile(_glob(text), re.DOTALL)


def _glob(text: str) -> str:
    return ".*".join(re.escape(piece) for piece in text.split("*"))
