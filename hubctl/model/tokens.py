"""Tokens: what a file costs in the client's context, and when that is paid.

The client's tokenizer is not public, so counts are estimates (see `count_tokens`). When a file is
loaded is the client's measured behaviour: one literal table, sections 5 and 6 of its contract.
Nothing here reads files; imports (`@path`) are resolved and added up by the caller.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.model.frontmatter import has_field, split_markdown, text_field

if TYPE_CHECKING:
    from collections.abc import Callable

LISTING_LIMIT = 1536  # characters of description and when_to_use that the client lists
MEMORY_LINES = 200
MEMORY_BYTES = 25_000

_SPACES = re.compile(r"[ \t]{2,}|\n{2,}")
_WIDE = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]"
)
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")


def count_tokens(text: str) -> int:
    """Estimate the tokens of `text`; 0 only for the empty text.

    Four ASCII characters are one token, a run of spaces or of newlines counts as one character;
    two other letters, one ideograph, kana or Hangul syllable are one token; an emoji is two.

    No bound is proven: by rule of thumb the true figure of English prose and code lies within a
    third of it either way, of other scripts within a factor of two. Good for comparing files and
    for budgets, not for invoices.
    """
    text = _SPACES.sub(" ", text)
    if text.isascii():
        return (len(text) + 3) // 4
    plain = sum(1 for char in text if char < "\x80")
    wide = len(_WIDE.findall(text))
    astral = len(_ASTRAL.findall(text))
    other = len(text) - plain - wide - astral
    return (plain + 2 * other + 4 * wide + 8 * astral + 3) // 4


class Loaded(enum.StrEnum):
    """When the client pays for a file."""

    ALWAYS = "always"
    PROJECT = "per project"
    NO_CLAUDE_MD = "per project, where no CLAUDE.md applies"
    INVOKED = "on invocation"
    CHOSEN = "while it is the chosen style"
    SUBAGENT = "in the subagent's own context"
    MATCHED = "when a matching file is read"
    NEARBY = "when a file beside or below it is read"
    READ = "when its skill has it read"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCost:
    """Estimated tokens of one file.

    Attributes:
        start: paid in every session that this file applies to, before anybody asks.
        invoked: paid on top when what `loaded` says comes to pass.
        loaded: when the bulk of it is paid.
    """

    start: int
    invoked: int
    loaded: Loaded


def cost_of(path: str, text: str, *, host: bool = False) -> FileCost:
    """What the file at a logical `path` (as in addresses) costs; `host`: of this account."""
    for pattern, cost in _ROWS:
        if pattern.fullmatch(path):
            return cost(text, host)
    return FileCost(start=0, invoked=0, loaded=Loaded.NEVER)


def memory_text(text: str) -> str:
    """What the client sends of an instruction file: block HTML comments are taken out."""
    kept: list[str] = []
    fence = ""
    comment = False
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if found and not comment:
            fence = _next_fence(fence, found[1])
        comment = comment or (not fence and line.lstrip().startswith("<!--"))
        if not comment:
            kept.append(line)
        elif "-->" in line:
            comment = False
            kept.append(line.partition("-->")[2].lstrip())
    return "".join(kept)


def _next_fence(fence: str, mark: str) -> str:
    if not fence:
        return mark
    return "" if mark[0] == fence[0] and len(mark) >= len(fence) else fence


def _memory(text: str, host: bool) -> FileCost:
    loaded = Loaded.ALWAYS if host else Loaded.PROJECT
    return FileCost(start=count_tokens(memory_text(text)), invoked=0, loaded=loaded)


def _auto_memory(text: str, host: bool) -> FileCost:
    lines = "".join(text.splitlines(keepends=True)[:MEMORY_LINES])
    head = lines.encode("utf-8", "replace")[:MEMORY_BYTES].decode("utf-8", "ignore")
    return FileCost(start=count_tokens(head), invoked=0, loaded=Loaded.PROJECT)


def _agents_md(text: str, host: bool) -> FileCost:
    return FileCost(start=count_tokens(text), invoked=0, loaded=Loaded.NO_CLAUDE_MD)


def _nearby(text: str, host: bool) -> FileCost:
    return FileCost(start=0, invoked=count_tokens(memory_text(text)), loaded=Loaded.NEARBY)


def _rule(text: str, host: bool) -> FileCost:
    parts = split_markdown(text)
    cost = _memory(parts.body, host)
    if not has_field(parts.front, "paths"):
        return cost
    return FileCost(start=0, invoked=cost.start, loaded=Loaded.MATCHED)


def _listed(text: str, host: bool) -> FileCost:
    """A skill or command: its listing at start, its body when it is invoked."""
    parts = split_markdown(text)
    listing = _listing(parts.front) or _first_paragraph(parts.body)
    # Only the person can call it then, so the client leaves it out of the model's list.
    hidden = text_field(parts.front, "disable-model-invocation").lower() == "true"
    start = 0 if hidden else count_tokens(listing[:LISTING_LIMIT])
    return FileCost(start=start, invoked=count_tokens(parts.body), loaded=Loaded.INVOKED)


def _listing(front: str | None) -> str:
    fields = (text_field(front, name) for name in ("description", "when_to_use"))
    return " ".join(field for field in fields if field)


def _first_paragraph(body: str) -> str:
    return body.strip().partition("\n\n")[0]


def _skill_file(text: str, host: bool) -> FileCost:
    return FileCost(start=0, invoked=count_tokens(text), loaded=Loaded.READ)


def _agent(text: str, host: bool) -> FileCost:
    parts = split_markdown(text)
    fields = [text_field(parts.front, name) for name in ("name", "description")]
    if not all(fields):
        return FileCost(start=0, invoked=0, loaded=Loaded.NEVER)
    start = count_tokens(": ".join(fields))
    return FileCost(start=start, invoked=count_tokens(parts.body), loaded=Loaded.SUBAGENT)


def _style(text: str, host: bool) -> FileCost:
    body = split_markdown(text).body
    return FileCost(start=0, invoked=count_tokens(body), loaded=Loaded.CHOSEN)


# The first row that fits wins. Claims of sections 5 and 6: instruction files and rules without
# `paths` at launch; nested CLAUDE.md and rules with `paths` on demand; of skills, commands and
# agents only the listing at launch; settings, schemas and canonical.yaml never.
_ROWS: tuple[tuple[re.Pattern[str], Callable[[str, bool], FileCost]], ...] = (
    (re.compile(r"(\.claude/)?CLAUDE\.md|CLAUDE\.local\.md"), _memory),
    (re.compile(r"AGENTS\.md"), _agents_md),
    (re.compile(r"\.claude/projects/[^/]+/memory/MEMORY\.md"), _auto_memory),
    (re.compile(r"\.claude/rules/.+\.md"), _rule),
    (re.compile(r"\.claude/commands/.+\.md"), _listed),
    (re.compile(r"\.claude/skills/[^/]+/SKILL\.md"), _listed),
    (re.compile(r"\.claude/skills/[^/]+/.+"), _skill_file),
    (re.compile(r"\.claude/agents/.+\.md"), _agent),
    (re.compile(r"\.claude/output-styles/.+\.md"), _style),
    (re.compile(r"(?!\.claude/).+/(CLAUDE|CLAUDE\.local)\.md"), _nearby),
)
