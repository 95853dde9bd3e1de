"""`hubctl statusline`: one line for the client, in the time that a glance takes.

`cli.main` calls `run` without loading click, as it does for --version. Whatever comes in, a line
goes out and the exit code is 0: another one would blank the client's line.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

_AGAIN_S = 60.0


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
    _write(text)
    return 0


def _write(text: str) -> None:
    from hubctl.system import glance

    encoding = sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.replace("·", "-").encode(encoding, "replace").decode(encoding)
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError:
        # Nobody reads, or there is no room: what is left goes nowhere, and the end is a good one.
        glance.let_go(sys.stdout.fileno())


def _read() -> dict[str, object]:
    import json

    from hubctl.system.glance import given

    try:
        data = b"" if sys.stdin.isatty() else given(sys.stdin.fileno())
        found = json.loads(data)
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
    known = statusline.Known(
        drift=_drift(marks, root, now),
        branch=glance.branch_of(root) if root else "",
        limit=statusline.number(marks.get("context_percent", 80.0)),
        now=now,
        width=width,
        colour=colour,
    )
    return statusline.line(given, known)


def _drift(marks: dict[str, object], root: str, now: float) -> str:
    from hubctl.reports.statusline import drift_mark, number
    from hubctl.system.glance import changed_since

    targets = marks.get("targets")
    if not isinstance(targets, dict):
        return ""
    while root and root not in targets:  # a session may begin in a folder of a repository
        root = root.rpartition("/")[0]
    mark = targets.get(root)
    if not isinstance(mark, dict):
        return ""
    at, canonical = number(mark.get("time")) or 0.0, mark.get("canonical")
    path = canonical if isinstance(canonical, str) else ""
    return drift_mark(mark, now, changed=changed_since(root, path, at, mark.get("seen")))


def _keep_limits(limits: dict[str, object], cache: str, now: float) -> None:
    """What `hubctl status` tells of the plan; written where it changed, or is told again later."""
    from hubctl.reports.statusline import number
    from hubctl.system.glance import LIMITS, read_json, write_json

    path = f"{cache}/{LIMITS}"
    kept = read_json(path)
    time = number(kept.get("time"))
    is_fresh = time is not None and 0 <= now - time < _AGAIN_S
    if limits and not (is_fresh and kept.get("windows") == limits):
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
        look, or that it is older than a day.
        """
        return run()

    return command
