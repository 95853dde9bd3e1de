"""Frontmatter: where it ends, and its plain text fields, with the standard library alone.

This is no YAML parser: it splits a Markdown file and reads `key: text` well enough to count and
place things. Checks of skills, commands and agents parse for real (render/frontmatter.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"---[ \t]*\Z")
_FIELD = re.compile(r"([A-Za-z_][\w-]*):(?:[ \t]+(.*))?\Z")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Markdown:
    """A Markdown text in two parts.

    Attributes:
        front: the lines between the two `---` lines; None where there is no frontmatter.
        body: everything after it; `head + body` is the whole text.
        head: frontmatter with its `---` lines, "" where there is none.
    """

    front: str | None
    head: str
    body: str


def split_markdown(text: str) -> Markdown:
    """Split LF text; an opening `---` that nothing closes is no frontmatter."""
    lines = text.splitlines(keepends=True)
    if lines and _FENCE.match(lines[0].rstrip("\n")):
        for index, line in enumerate(lines[1:], start=1):
            if _FENCE.match(line.rstrip("\n")):
                return Markdown(
                    front="".join(lines[1:index]),
                    head="".join(lines[: index + 1]),
                    body="".join(lines[index + 1 :]),
                )
    return Markdown(front=None, head="", body=text)


def text_field(front: str | None, name: str) -> str:
    """The text of a top-level field, quotes and block signs taken off; "" where there is none."""
    lines = (front or "").splitlines()
    for index, line in enumerate(lines):
        found = _FIELD.match(line)
        if found and found[1] == name:
            return _unquote(found[2] or "", _indented(lines[index + 1 :]))
    return ""


def has_field(front: str | None, name: str) -> bool:
    """Whether the frontmatter has a top-level field of that name, empty or not."""
    fields = map(_FIELD.match, (front or "").splitlines())
    return any(found is not None and found[1] == name for found in fields)


def _indented(lines: list[str]) -> str:
    taken: list[str] = []
    for line in lines:
        if line.strip() and not line.startswith((" ", "\t", "- ")):
            break
        taken.append(line.strip())
    return " ".join(part for part in taken if part)


def _unquote(first: str, rest: str) -> str:
    first = "" if _BLOCK.match(first.strip()) else first.strip()
    text = f"{first} {rest}".strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text
