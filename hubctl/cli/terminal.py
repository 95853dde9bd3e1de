"""What the terminal can do, and a progress bar for those who wait at one.

The one place that asks the environment about colour, width and characters. Everything else is
told through `output.options.Options`.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DEFAULT_WIDTH = 80
PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Capabilities.

    Attributes:
        out, err: stdout, stderr is a terminal.
        width: columns of text on stdout; 0 for a pipe, where lines are never cut or wrapped.
        colour, err_colour: ANSI colours may be written to stdout, to stderr.
        unicode: stdout's encoding holds the characters we use beyond ASCII.
    """

    out: bool
    err: bool
    width: int
    colour: bool
    err_colour: bool
    unicode: bool


def find_terminal(
    env: Mapping[str, str] | None = None,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> Terminal:
    """The terminal behind two streams (default: this process's own) in an environment.

    `NO_COLOR` (not empty) beats `FORCE_COLOR` (not empty, not 0), which beats `TERM=dumb` and a
    pipe. `COLUMNS` sets the width even of a pipe.
    """
    env = os.environ if env is None else env
    out, err = out or sys.stdout, err or sys.stderr
    out_tty, err_tty = _is_terminal(out), _is_terminal(err)
    return Terminal(
        out=out_tty,
        err=err_tty,
        width=_width(env, out, tty=out_tty),
        colour=_may_colour(env, tty=out_tty),
        err_colour=_may_colour(env, tty=err_tty),
        unicode=_holds_unicode(out),
    )


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # a closed stream
        return False


def rows() -> int:
    """Lines that the terminal shows; 24 where nobody says."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).lines or 24
    except (OSError, ValueError, AttributeError):
        return 24


def _may_colour(env: Mapping[str, str], *, tty: bool) -> bool:
    if env.get("NO_COLOR"):
        return False
    if env.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return tty and env.get("TERM", "") not in ("", "dumb")


def _width(env: Mapping[str, str], out: TextIO, *, tty: bool) -> int:
    columns = env.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and len(columns) < 6 and int(columns):
        return int(columns)
    if not tty:
        return 0
    try:
        return os.get_terminal_size(out.fileno()).columns or DEFAULT_WIDTH
    except (OSError, ValueError, AttributeError):
        return DEFAULT_WIDTH


def _holds_unicode(out: TextIO) -> bool:
    try:
        "→…·‹›│".encode(out.encoding or "ascii")
    except (UnicodeEncodeError, LookupError, AttributeError):
        return False
    return True


@contextmanager
def progress(
    terminal: Terminal,
    total: int,
    *,
    quiet: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Callable[[str], None]]:
    """A bar over `total` targets on stderr; call what it yields after each, with its name.

    Nothing is shown in a pipe, and nothing before a second has passed: a short run stays quiet and
    never loads rich.
    """
    bar = _Bar(total, clock) if terminal.err and not quiet and total > 1 else None
    try:
        yield bar.step if bar else _ignore
    finally:
        if bar:
            bar.close()


@contextmanager
def advancing(
    terminal: Terminal, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[str, int, int], None]]:
    """A bar over work whose length shows on the way; call what it yields with name, done and all.

    Nothing is shown in a pipe, and nothing before a second has passed.
    """
    bar = _Shares(clock) if terminal.err else None
    try:
        yield bar.show if bar else _ignore_share
    finally:
        if bar:
            bar.close()


@contextmanager
def working(terminal: Terminal, what: str) -> Iterator[None]:
    """A line on stderr for as long as something takes; nothing in a pipe."""
    if terminal.err:
        sys.stderr.write(f"{what} …" if terminal.unicode else f"{what} ...")
        sys.stderr.flush()
    try:
        yield
    finally:
        if terminal.err:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _ignore(_name: str) -> None:
    """A step that nobody watches."""


def _ignore_share(_name: str, _done: int, _all: int) -> None:
    """An advance that nobody watches."""


class _Shares:
    """Per cent of several kinds of work after each other, drawn once it is worth it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._start = clock()
        self._shown = ("", 0)
        self._drawn: _Drawn | None = None

    def show(self, name: str, done: int, whole: int) -> None:
        """So much of a kind of work is done."""
        share = (name, 100 * done // whole if whole else 100)
        if share == self._shown or self._clock() - self._start < PATIENCE_S:
            return
        self._shown = share
        self._drawn = self._drawn or _Drawn(100, shares=True)
        self._drawn.show(share[1], name)

    def close(self) -> None:
        """Remove the bar."""
        if self._drawn is not None:
            self._drawn.stop()


class _Bar:
    """Counts from the start, draws once it is worth it."""

    def __init__(self, total: int, clock: Callable[[], float]) -> None:
        self._total = total
        self._clock = clock
        self._start = clock()
        self._done = 0
        self._drawn: _Drawn | None = None

    def step(self, name: str) -> None:
        """One more target is done."""
        self._done += 1
        if self._drawn is None and self._is_worth_it():
            self._drawn = _Drawn(self._total)
        if self._drawn is not None:
            self._drawn.show(self._done, name)

    def _is_worth_it(self) -> bool:
        return self._done < self._total and self._clock() - self._start >= PATIENCE_S

    def close(self) -> None:
        """Remove the bar."""
        if self._drawn is not None:
            self._drawn.stop()


class _Drawn:
    """The bar on the screen; rich is loaded here and nowhere else."""

    def __init__(self, total: int, *, shares: bool = False) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
        )

        console = Console(file=sys.stderr)
        columns = (
            BarColumn(),
            TaskProgressColumn() if shares else MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
        )
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task("", total=total)
        self._progress.start()

    def show(self, done: int, name: str) -> None:
        self._progress.update(self._task, completed=done, description=name)

    def stop(self) -> None:
        self._progress.stop()
