"""Rewrites what a scenario script expects by what happens; what fits keeps its wildcards."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.script import INDENT, Runner, matches, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.script import Section


class Rewriter(Runner):
    """Runs a script to its end, and remembers what is not as it expects."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.bodies: dict[int, list[str]] = {}

    def compare(self, section: Section, got: Sequence[str]) -> None:
        """Remember what happened where it does not fit."""
        fits = matches(section.rows, got)
        self.bodies[section.line] = list(section.body if fits else map(_untabbed, got))

    def compare_code(self, section: Section, code: int) -> None:
        """Remember the code."""
        if code:
            self.bodies[section.line].append(f"? {code}")


def _untabbed(row: str) -> str:
    bare = row.lstrip("\t")
    return INDENT * (len(row) - len(bare)) + bare


def rewritten(text: str) -> str:
    """A script that expects what happens."""
    with tempfile.TemporaryDirectory() as folder:
        rewriter = Rewriter(Path(folder) / "home")
        rewriter.run(text)
    heads = {section.line for section in parse(text)}
    rows: list[str] = []
    skipping = False
    for number, row in enumerate(text.splitlines(), 1):
        if number in heads or (row and not row.startswith(INDENT)):
            skipping = False
        if not skipping:
            rows.append(row)
        if number in rewriter.bodies:
            rows += [(INDENT + body).rstrip() for body in rewriter.bodies[number]] + [""]
            skipping = True
    return "\n".join(rows).rstrip("\n") + "\n"
