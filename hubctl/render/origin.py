"""The one comment line that says where generated text comes from, and where in a file it stands.

Frontmatter and shebang stay first. Formats without comments are left alone. Writing the line
twice gives one line. Owned blocks need none: their own marker says it.
"""

from __future__ import annotations

import functools
import re

from hubctl.model.frontmatter import has_field, split_markdown
from hubctl.model.source_names import SKILLS

_MARK = re.compile(r"(<!--|#) hubctl: from .+, then run hubctl apply( -->)?\Z")
_BLOCK_MARK = re.compile(r"hubctl:(begin|end)\b")
_SHIPPED = "hubctl:templates/"
_CODING = re.compile(r"#.*?coding[:=]")
_HASH_PROGRAMS = frozenset(
    ("ash", "awk", "bash", "dash", "fish", "ksh", "perl", "python", "ruby", "sh", "uv", "zsh")
)
_HASH_SUFFIXES = (".py", ".sh", ".bash", ".zsh")


def origin(shown: str) -> str:
    """What the comment says about a thing made from `shown`."""
    if shown.startswith(_SHIPPED):
        own = shown.removeprefix(_SHIPPED)
        return f"hubctl: from {shown}; to change it put {own} into the hub, then run hubctl apply"
    return f"hubctl: from {shown}; edit there, then run hubctl apply"


def html_origin(shown: str) -> str:
    """The comment line for Markdown, without line end."""
    return f"<!-- {origin(shown).replace('>', '&gt;')} -->"


def hash_origin(shown: str) -> str:
    """The comment line for scripts, YAML and ignore files, without line end."""
    return f"# {origin(shown)}"


def has_origin(text: str) -> bool:
    """Whether one of the lines of `text` says that hubctl made it (outside of any block)."""
    return any(_MARK.match(line) for line in text.split("\n"))


def without_origin(text: str) -> str:
    """`text` without the lines that say that hubctl made it, and without the gap below one."""
    kept: list[str] = []
    after = False
    for line in text.split("\n"):
        if _MARK.match(line):
            after = True
        elif not (after and not line):
            kept.append(line)
            after = False
        else:
            after = False
    return "\n".join(kept)


def without_markers(text: str) -> str:
    """Text that can stand in an owned block: no carriage returns, nothing like its markers."""
    return _BLOCK_MARK.sub(r"hubctl: \1", text.replace("\r", "").replace("\0", ""))


@functools.lru_cache(maxsize=4096)
def with_origin(kind: str, name: str, text: str, shown: str) -> str:
    """`text` of the source `name` with its origin line, where the format allows one.

    Cached: every repository of a fleet gets the same sources.
    """
    if kind == SKILLS and "/assets/" in name:
        return text  # material that a skill hands on as it is
    if name.endswith(".md"):
        return _in_markdown(kind, name, text, html_origin(shown))
    if _is_hash_script(name, text):
        return _in_script(text, hash_origin(shown))
    return text


def _in_markdown(kind: str, name: str, text: str, line: str) -> str:
    parts = split_markdown(_without_mark(text))
    body = _without_mark(parts.body)
    if _listed_by_body(kind, name) and not has_field(parts.front, "description"):
        # The client describes such a file by its first paragraph, which the comment would become.
        kept = body.rstrip()
        return (
            f"{_ended(parts.head)}{kept}\n\n{line}\n" if kept else f"{_ended(parts.head)}{line}\n"
        )
    gap = "" if body.startswith("\n") or not body else "\n"
    return f"{_ended(parts.head)}{line}\n{gap}{_ended(body)}"


def _listed_by_body(kind: str, name: str) -> bool:
    return kind == "commands" or (kind == SKILLS and name.endswith("/SKILL.md"))


def _without_mark(body: str) -> str:
    lines = body.split("\n")
    while lines and _MARK.match(lines[0]):
        lines = lines[1:]
    kept = "\n".join(lines)
    while _MARK.match(kept.rstrip("\n").rpartition("\n")[2]):
        kept = kept.rstrip("\n").rpartition("\n")[0]
    return kept if kept.strip() else ""


def _is_hash_script(name: str, text: str) -> bool:
    if not text.startswith("#!"):
        return name.endswith(_HASH_SUFFIXES)
    words = [word.rpartition("/")[2] for word in text.partition("\n")[0][2:].split()]
    program = next((w for w in words if w != "env" and not w.startswith("-") and "=" not in w), "")
    return program.rstrip("0123456789.") in _HASH_PROGRAMS


def _in_script(text: str, line: str) -> str:
    lines = text.split("\n")
    # Python reads a coding line among the first two only.
    index = 0
    while index < min(2, len(lines)) and (_is_shebang(index, lines) or _CODING.match(lines[index])):
        index += 1
    rest = lines[index:]
    while rest and _MARK.match(rest[0]):
        rest = rest[1:]
    return _ended("\n".join((*lines[:index], line, *rest)))


def _is_shebang(index: int, lines: list[str]) -> bool:
    return index == 0 and lines[0].startswith("#!")


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
