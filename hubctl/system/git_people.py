"""How people work together in a repository: counts from its history; names never leave it."""

from __future__ import annotations

from dataclasses import dataclass

from hubctl.errors import OperationError
from hubctl.system.git import NOTHING_RUNS, clean_environment
from hubctl.system.process import run

_PATIENCE_S = 30.0
_FORMAT = "%aE%x1f%P%x1f%(trailers:key=Co-authored-by,valueonly,separator=%x2c)%x1e"


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Counts of commits on all branches.

    Attributes:
        authors: people who wrote one. merges: commits with more than one parent, which are not in
            `commits`. shared: commits with a co-author.
    """

    commits: int = 0
    authors: int = 0
    merges: int = 0
    shared: int = 0


def together(root: str, since: int, until: int) -> Together | None:
    """What happened between two moments (seconds since 1970); None where git cannot tell."""
    settings = [word for setting in NOTHING_RUNS for word in ("-c", setting)]
    span = [f"--since=@{since}", f"--until=@{until - 1}"]
    command = ["git", *settings, "-C", root, "log", "--all", *span, f"--format={_FORMAT}"]
    try:
        done = run(command, timeout=_PATIENCE_S, env=clean_environment())
    except OperationError:
        return None
    if done.returncode:
        return None
    rows = [row.strip("\n").split("\x1f") for row in done.stdout.split("\x1e") if row.strip()]
    plain = [row for row in rows if len(row[1].split()) < 2]
    return Together(
        commits=len(plain),
        authors=len({row[0].lower() for row in plain}),
        merges=len(rows) - len(plain),
        shared=sum(bool(row[2].strip()) for row in plain),
    )
