"""What every command needs: the world it works on, the terminal it talks to, how it reports."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from hubctl.cli.terminal import find_terminal, progress
from hubctl.errors import UsageError
from hubctl.fleet.world import World
from hubctl.system.clock import today
from hubctl.system.places import find_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubctl.fleet.rechecking import Checked
    from hubctl.fleet.world import Request
    from hubctl.model.change import Plan
    from hubctl.model.report import Report
    from hubctl.output.options import Options


def open_world(given: str | None) -> World:
    """The hub that `--hub` or the working folder leads to."""
    return World.open(given, working_folder(), find_places(), today())


def working_folder() -> str:
    """The working folder.

    Raises:
        UsageError: it was removed under us.
    """
    try:
        return os.getcwd()
    except FileNotFoundError as error:
        hint = "change into a folder that exists"
        raise UsageError("the working folder does not exist any more", hint=hint) from error


def absolute(path: str) -> str:
    """A path of the command line as an absolute one."""
    return os.path.join(working_folder(), os.path.expanduser(path))


def plan_with_progress(world: World, request: Request, *, quiet: bool) -> Plan:
    """Plan, with a bar over the targets where somebody watches and waits."""
    names = world.names(request.names)
    with progress(find_terminal(), len(names), quiet=quiet) as step:
        return world.plan(request, step)


def recheck_with_progress(world: World, request: Request, *, quiet: bool) -> Checked:
    """Plan for a drift report, with the same bar."""
    names = world.names(request.names)
    with progress(find_terminal(), len(names), quiet=quiet) as step:
        return world.recheck(request, step)


def options(
    *,
    quiet: bool = False,
    verbose: bool = False,
    blame: Mapping[str, str] | None = None,
    base: str = "",
) -> Options:
    """How this terminal wants a report to be shown."""
    from hubctl.output.options import Options

    terminal = find_terminal()
    return Options(
        width=terminal.width,
        colour=terminal.colour,
        unicode=terminal.unicode,
        quiet=quiet,
        verbose=verbose,
        blame=blame or {},
        home=find_places().home,
        base=base,
        line=source_line,
    )


def print_report(report: Report, format_name: str, shown: Options) -> int:
    """Write a report to stdout in the asked format; returns its exit code."""
    from hubctl.output import FORMATS

    write(FORMATS[format_name](report, shown))
    return report.exit_code


def write(text: str) -> None:
    """Write data to stdout, whatever its encoding can hold."""
    if not text:
        return
    encoding = sys.stdout.encoding or "utf-8"
    # The reader may have gone away (`| head`); the work and its exit code stay what they are.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def source_line(file: str, line: int) -> str | None:
    """One line of a file for an excerpt, None where it cannot be read."""
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            return next((t.rstrip("\r\n") for n, t in enumerate(stream, 1) if n == line), None)
    except OSError:
        return None


def say(lines: Iterable[str]) -> None:
    """Talk to people on stderr, if they still listen."""
    shown = options()
    with contextlib.suppress(BrokenPipeError):
        for line in lines:
            print(shown.sentence(line), file=sys.stderr)
