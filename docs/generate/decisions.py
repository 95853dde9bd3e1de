"""The index of decisions: their titles, in the order in which they were made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

INTRODUCTION = """\
# Decisions

One page for each decision that would surprise a reader: what was decided, why, and its price.

"""
_NUMBER = re.compile(r"\A(?:\d{4}: )?")


def page(folder: Path) -> str:
    """docs/decisions/README.md."""
    return INTRODUCTION + "".join(_line(path) for path in sorted(folder.glob("[0-9]*.md")))


def _line(path: Path) -> str:
    title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    return f"- {path.name[:4]} [{_NUMBER.sub('', title)}]({path.name})\n"
