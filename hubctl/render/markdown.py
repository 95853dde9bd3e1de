"""Markdown from several hands set into one text: heading levels, blank lines, nothing left open.

Works line by line on what canonical.yaml and fragments say; it never interprets the content.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from hubctl.model.frontmatter import split_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*\Z")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*\Z")
_NO_TITLE = re.compile(r"\s*(?:[#>|]|[-+*]\s|\d+[.)]\s|<|\Z)| {4}|\t")
_DEEPEST = 6


@functools.lru_cache(maxsize=1024)
def fit(text: str, level: int) -> str:
    """`text` without frontmatter, its highest heading at `level`, ready to be followed by more.

    Trailing spaces and repeated blank lines go, an open fence or comment is closed. Ends
    without a newline; "" where there is nothing to say. Cached: a fleet shares its fragments.
    """
    body = split_markdown(text.replace("\r\n", "\n")).body.rstrip()
    lines = list(_closed(_atx(line.rstrip() for line in body.split("\n"))))
    levels = [len(found[1]) for line, inside in lines if not inside and (found := _heading(line))]
    shift = level - min(levels, default=level)
    shifted = ((_shifted(line, shift) if not inside else line, inside) for line, inside in lines)
    return "\n".join(_squeezed(shifted)).strip("\n")


def titled(text: str, title: str, level: int) -> str:
    """`text` as a section of its own: under `title`, unless it begins with a heading; "" stays."""
    if not text or _heading(text.partition("\n")[0]):
        return text
    return f"{'#' * level} {one_line(title)}\n\n{text}"


def bullet(text: str) -> str:
    """One list entry; further lines are indented so that they belong to it."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return "- " + "\n  ".join(line for line in lines if line)


def code(text: str) -> str:
    """`text` as a code span on one line, whatever backticks it holds."""
    line = " ".join(text.split())
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line[:1] == "`" or line[-1:] == "`" else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def one_line(text: str) -> str:
    """`text` with every run of white space as one space."""
    return " ".join(text.split())


def _marked(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (line, fence that is open after it, `-->` while a comment is), fences included."""
    fence = comment = ""
    for line in lines:
        if comment:
            comment = "" if "-->" in line else comment
        elif found := _FENCE.match(line):
            fence = _after_fence(fence, found)
        elif not fence and "<!--" in line and "-->" not in line.rpartition("<!--")[2]:
            comment = "-->"
        yield line, fence, comment


def _after_fence(fence: str, found: re.Match[str]) -> str:
    mark, info = found[1], found[2]
    if not fence:
        return "" if mark[0] == "`" and "`" in info else mark
    closes = mark[0] == fence[0] and len(mark) >= len(fence) and not info.strip()
    return "" if closes else fence


def _closed(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield (line, inside a fence or comment); whatever is open at the end is closed."""
    before = fence = comment = ""
    for line, fence, comment in _marked(lines):
        after = fence or comment
        yield line, bool(before or after)
        before = after
    if before:
        yield before, True


def _atx(lines: Iterable[str]) -> Iterator[str]:
    """Underlined titles as `#` titles, so that one rule shifts them all."""
    held: list[str] = []
    inside = False
    for line, fence, comment in _marked(lines):
        under = _UNDERLINE.match(line)
        if under and not inside and _is_title(held):
            held[-1] = f"{'#' if under[1][0] == '=' else '##'} {held[-1].strip()}"
        else:
            held.append(line)
        inside = bool(fence or comment)
    yield from held


def _is_title(held: list[str]) -> bool:
    alone = len(held) == 1 or (len(held) > 1 and not held[-2])
    return bool(held) and alone and not _NO_TITLE.match(held[-1])


def _heading(line: str) -> re.Match[str] | None:
    return _HEADING.match(line)


def _shifted(line: str, shift: int) -> str:
    found = _heading(line)
    if not found:
        return line
    level = min(max(len(found[1]) + shift, 1), _DEEPEST)
    return f"{'#' * level} {found[2] or ''}".rstrip()


def _squeezed(lines: Iterable[tuple[str, bool]]) -> Iterator[str]:
    blank = False
    for line, inside in lines:
        if line or inside or not blank:
            yield line
        blank = not line and not inside
