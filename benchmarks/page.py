"""The page of the documentation: each benchmark owns one section of it and touches no other."""

from __future__ import annotations

import os
import platform
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "# What it costs\n\nMeasured, with the budgets that each program checks when it is run.\n"


def write_section(path: Path, title: str, text: str) -> None:
    """Put `text` under `## title`, in place of what stood there, or at the end."""
    page = path.read_text(encoding="utf-8") if path.exists() else HEAD
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    section = f"## {title}\n\n{text.rstrip()}\n"
    if found is None:
        page = f"{page.rstrip()}\n\n{section}"
    else:
        behind = page[found.end() :]
        page = page[: found.start()] + section + ("\n" + behind if behind else "")
    path.write_text(page, encoding="utf-8")


def made_by(command: str) -> str:
    """Where the numbers come from."""
    where = f"Python {platform.python_version()} on {platform.system()}"
    processors = len(os.sched_getaffinity(0))
    return f"Made by `{command} --write docs/benchmarks.md` ({where}, {processors} processors)."
