"""Renders the block of .gitignore that every clone shares.

It stands only where canonical.yaml lists patterns: hubctl's own local files are kept out of git by
`.git/info/exclude` anyway, so nobody's .gitignore is touched unasked. Once the block is wanted, it
names those files too, for colleagues whose hubctl has not run yet. Under `commit: false` the
patterns go to `.git/info/exclude` (exclude.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.address import Address
from hubctl.model.item import BlockText, Item
from hubctl.model.state import Scope
from hubctl.render.origin import without_markers
from hubctl.render.spec import is_committed, texts_at

if TYPE_CHECKING:
    from hubctl.model.target import Subject

NAME = "gitignore"
OWN_FILES = ("/.claude/hooks/hubctl", "/.claude/settings.local.json", "/CLAUDE.local.md")


def render(subject: Subject) -> tuple[Item, ...]:
    """One block, or nothing."""
    patterns = ignore_patterns(subject)
    if not patterns or not is_committed(subject):
        return ()
    lines = dict.fromkeys((*patterns, *OWN_FILES))
    return (
        Item(
            address=Address(target=subject.target.name, path=".gitignore", fragment="block:hubctl"),
            value=BlockText(text=without_markers("\n".join(lines) + "\n"), comment="hash"),
            scope=Scope.COMMITTED,
            renderer=NAME,
            spec=(NAME,),
        ),
    )


def ignore_patterns(subject: Subject) -> tuple[str, ...]:
    """The patterns of canonical.yaml, each on one line and once, in order."""
    lines = (
        line.strip() for pattern in texts_at(subject.spec, NAME) for line in pattern.splitlines()
    )
    return tuple(dict.fromkeys(line for line in lines if line))
