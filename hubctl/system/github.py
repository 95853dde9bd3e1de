"""Pull requests of a repository, by `gh` where that is installed and signed in. Counts only."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from hubctl.errors import OperationError
from hubctl.system.process import run

_PATIENCE_S = 30.0
_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequests:
    """Merged ones.

    Attributes:
        reviewed: with a review by somebody else. hours: median from opening to merge;
            None where there is none.
    """

    merged: int
    reviewed: int
    hours: float | None


def has_gh() -> bool:
    """Whether `gh` is installed."""
    return shutil.which("gh") is not None


def pull_requests(root: str, first: str, last: str) -> PullRequests | None:
    """Those merged from one ISO day to another; None where `gh` cannot tell. Asks the network."""
    asked = ["--state", "merged", "--search", f"merged:{first}..{last}", "--limit", str(_MOST)]
    fields = "author,createdAt,mergedAt,reviews"
    try:
        done = run(["gh", "pr", "list", *asked, "--json", fields], timeout=_PATIENCE_S, cwd=root)
        rows = json.loads(done.stdout) if not done.returncode else None
    except (OperationError, ValueError):
        return None
    if not isinstance(rows, list):
        return None
    hours = [found for row in rows if (found := _hours(row)) is not None]
    return PullRequests(
        merged=len(rows),
        reviewed=sum(map(_is_reviewed, rows)),
        hours=median(hours) if hours else None,
    )


def _is_reviewed(row: dict[str, Any]) -> bool:
    author = _login(row)
    return any(_login(review) not in ("", author) for review in row.get("reviews") or ())


def _login(row: dict[str, Any]) -> str:
    return str((row.get("author") or {}).get("login", ""))


def _hours(row: dict[str, Any]) -> float | None:
    try:
        opened, merged = (
            datetime.fromisoformat(str(row[key])) for key in ("createdAt", "mergedAt")
        )
    except (KeyError, ValueError):
        return None
    return (merged - opened).total_seconds() / 3600
