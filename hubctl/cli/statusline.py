"""`hubctl statusline`: one line for the client, in the time that a glance takes.

`cli.main` calls `run` without loading click, as it does for --version. Whatever comes in, a line
goes out and the exit code is 0: another one would blank the client's line.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

_MOST_BYTES = 1 << 20


def run() -> int:
    """Read the client's JSON from stdin, write the line."""
    from hubctl.system.places import environment, find_places

    given = _read()
    env = environment()
    width = env.get("COLUMNS", "")
    text = _line(
        given,
        find_places(env).cache,
        width=int(width) if width.isascii() and width.isdigit() and len(width) < 6 else 0,
        colour=not env.get("NO_COLOR"),
    )
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    return 0


def _read() -> dict[str, object]:
    import json

    try:
        if sys.stdin.isatty():
            return {}
        found = json.loads(sys.stdin.buffer.read(_MOST_BYTES))
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _line(given: dict[str, object], cache: str, *, width: int, colour: bool) -> str:
    from hubctl.reports import statusline
    from hubctl.system import glance
    from hubctl.system.clock import nanoseconds

    now = nanoseconds() / 1e9
    root = statusline.project(given)
    marks = glance.read_json(f"{cache}/{glance.MARKS}")
    _keep_limits(statusline.limits_of(given), cache, now)
    limit = marks.get("context_percent", 80.0)
    known = statusline.Known(
        drift=_drift(marks, root),
        branch=glance.branch_of(root) if root else "",
        limit=float(limit) if isinstance(limit, int | float) else None,
        now=now,
        width=width,
        colour=colour,
    )
    return statusline.line(given, known)


def _drift(marks: dict[str, object], root: str) -> str:
    from hubctl.reports.statusline import drift_mark
    from hubctl.system.glance import changed_since

    targets = marks.get("targets")
    mark = targets.get(root) if isinstance(targets, dict) else None
    if not isinstance(mark, dict):
        return ""
    time, canonical = mark.get("time"), mark.get("canonical")
    at = float(time) if isinstance(time, int | float) else 0.0
    moved = changed_since(root, canonical if isinstance(canonical, str) else "", at)
    return drift_mark(mark, changed=moved)


def _keep_limits(limits: dict[str, object], cache: str, now: float) -> None:
    """What `hubctl status` tells of the plan; written only where it changed."""
    from hubctl.system.glance import LIMITS, read_json, write_json

    path = f"{cache}/{LIMITS}"
    if limits and read_json(path).get("windows") != limits:
        write_json(path, {"windows": limits, "time": now})


def __getattr__(name: str) -> click.Command:
    """The command for help and for `--hub`; click is loaded for nobody else."""
    if name != "command":
        raise AttributeError(name)
    import click

    @click.command("statusline")
    def command() -> int:
        """One line for Claude Code's status line: model, context, cost, limits, drift.

        Reads the client's JSON from stdin. In canonical.yaml: `settings: {statusLine: {type:
        command, command: hubctl statusline}}`. `drift?` says that a file changed since the last
        check.
        """
        return run()

    return command
