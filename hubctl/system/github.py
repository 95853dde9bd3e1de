"""Pull requests of a repository, by `gh` where that is installed and signed in. Times alone.

Asks the network, once for each repository and only where somebody wants it. No names, titles or
texts leave this module.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hubctl.errors import OperationError
from hubctl.system.process import ProgramMissingError, run

_PATIENCE_S = 30.0
_MOST = 500
_NOT_SIGNED_IN = 4
_QUIET = {"GH_PROMPT_DISABLED": "1", "GH_NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequests:
    """Merged ones.

    Attributes:
        reviewed: with a review by somebody else.
        open_hours: from opening to merge; review_hours: from opening to the first such review.
    """

    merged: int = 0
    reviewed: int = 0
    open_hours: tuple[float, ...] = ()
    review_hours: tuple[float, ...] = ()


def pull_requests(root: str, first: str, last: str) -> PullRequests:
    """Those merged from one ISO day to another.

    Raises:
        OperationError: `gh` cannot tell, and why.
    """
    asked = ["--state", "merged", "--search", f"merged:{first}..{last}", "--limit", str(_MOST)]
    command = ["gh", "pr", "list", *asked, "--json", "author,createdAt,mergedAt,reviews"]
    try:
        done = run(command, timeout=_PATIENCE_S, cwd=root, env={**os.environ, **_QUIET})
    except ProgramMissingError:
        raise OperationError("gh is not installed") from None
    if done.returncode == _NOT_SIGNED_IN or (done.returncode and "gh auth login" in done.stderr):
        raise OperationError("gh is not signed in (gh auth login)")
    if done.returncode:
        raise OperationError(f"gh: {_first_line(done.stderr)}")
    try:
        rows = json.loads(done.stdout)
        if not isinstance(rows, list):
            raise TypeError
        return _counted([row for row in rows if isinstance(row, dict)])
    except (ValueError, TypeError, AttributeError):
        raise OperationError("gh gave an answer that is not understood") from None


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0][:120] if lines else "it failed without a word"


def _counted(rows: list[dict[str, Any]]) -> PullRequests:
    firsts = [_first_review(row) for row in rows]
    opened = [_hours(row.get("createdAt"), row.get("mergedAt")) for row in rows]
    waits = [
        _hours(row.get("createdAt"), first)
        for row, first in zip(rows, firsts, strict=True)
        if first is not None
    ]
    return PullRequests(
        merged=len(rows),
        reviewed=len(waits),
        open_hours=tuple(hours for hours in opened if hours is not None),
        review_hours=tuple(hours for hours in waits if hours is not None),
    )


def _first_review(row: dict[str, Any]) -> str | None:
    """When somebody else reviewed first; "" where only that it was is known."""
    author = _login(row)
    reviews = [one for one in row.get("reviews") or () if _login(one) not in ("", author)]
    return min((str(one.get("submittedAt") or "") for one in reviews), default=None)


def _login(row: dict[str, Any]) -> str:
    return str((row.get("author") or {}).get("login", ""))


def _hours(begin: object, end: object) -> float | None:
    try:
        first, last = (datetime.fromisoformat(str(moment)) for moment in (begin, end))
        return (last - first).total_seconds() / 3600
    except (ValueError, TypeError):
        return None
