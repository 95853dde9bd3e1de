"""`hubctl statusline`: one line for the client, in the time that a glance takes.

`cli.main` calls `run` without loading click, as it does for --version. Whatever comes in, a line
goes out and the exit code is 0: another one would blank the client's line.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def run() -> int:
    """Read the client's JSON from stdin, write the line."""
    from hubctl.reports.glance import machine_line
    from hubctl.system.places import environment, find_places

    env = environment()
    width = env.get("COLUMNS", "")
    text = machine_line(
        _read(),
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
