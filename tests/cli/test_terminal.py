from __future__ import annotations

import io
import os
import pty
import subprocess
import sys

import pytest

from hubctl.cli.terminal import Terminal, advancing, find_terminal, progress, working


class Stream(io.StringIO):
    def __init__(self, *, tty=False, encoding="utf-8"):
        super().__init__()
        self._tty, self._encoding = tty, encoding

    def isatty(self):
        return self._tty

    @property
    def encoding(self):
        return self._encoding


def found(env, *, tty, encoding="utf-8"):
    return find_terminal(env, Stream(tty=tty, encoding=encoding), Stream(tty=tty))


# environment, is a terminal, is coloured
COLOURS = [
    ({"TERM": "xterm"}, True, True),
    ({"TERM": "xterm"}, False, False),
    ({"TERM": "dumb"}, True, False),
    ({}, True, False),
    ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
    ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
    ({"FORCE_COLOR": "1"}, False, True),
    ({"FORCE_COLOR": "0"}, False, False),
    ({"FORCE_COLOR": "", "TERM": "xterm"}, True, True),
    ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ({"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
]


@pytest.mark.parametrize(("env", "tty", "colour"), COLOURS, ids=range(len(COLOURS)))
def test_colour(env, tty, colour):
    terminal = found(env, tty=tty)
    assert (terminal.colour, terminal.err_colour) == (colour, colour)


# COLUMNS, is a terminal, width
WIDTHS = [
    ("132", True, 132),
    ("132", False, 132),
    ("", False, 0),
    ("", True, 80),
    ("0", False, 0),
    ("-5", True, 80),
    ("²", False, 0),
    ("9" * 5000, False, 0),
]


@pytest.mark.parametrize(("columns", "tty", "width"), WIDTHS, ids=range(len(WIDTHS)))
def test_width(columns, tty, width):
    assert found({"COLUMNS": columns}, tty=tty).width == width


def test_the_width_of_a_real_terminal():
    main, side = pty.openpty()
    try:
        os.set_blocking(main, False)
        import fcntl
        import struct
        import termios

        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 97, 0, 0))
        with open(side, "w", closefd=False) as out:
            terminal = find_terminal({"TERM": "xterm"}, out, Stream())
        assert (terminal.out, terminal.err, terminal.width) == (True, False, 97)
    finally:
        os.close(main)
        os.close(side)


@pytest.mark.parametrize(
    ("encoding", "known"),
    [("utf-8", True), ("ascii", False), ("latin-1", False), ("nonsense", False), (None, False)],
)
def test_characters(encoding, known):
    assert found({}, tty=True, encoding=encoding).unicode is known


def test_a_closed_stream_is_a_pipe():
    closed = Stream(tty=True)
    closed.close()
    closed.isatty = io.StringIO.isatty.__get__(closed)
    assert find_terminal({}, closed, Stream()).out is False


# -- progress --------------------------------------------------------------------------------------

TTY = Terminal(out=True, err=True, width=80, colour=False, err_colour=False, unicode=True)
PIPE = Terminal(out=False, err=False, width=0, colour=False, err_colour=False, unicode=True)


def clock(*seconds):
    times = iter(seconds)
    return lambda: next(times)


# terminal, quiet, total, clock, shown
RUNS = [
    (TTY, False, 3, (0, 0.1, 2, 3), True),
    (TTY, False, 3, (0, 0.1, 0.2, 0.9), False),
    (TTY, False, 3, (0, 0.1, 0.2), False),
    (TTY, True, 3, (), False),
    (PIPE, False, 3, (), False),
    (TTY, False, 1, (), False),
]


@pytest.mark.parametrize("run", RUNS, ids=range(len(RUNS)))
def test_a_bar_is_drawn_only_for_those_who_wait_at_a_terminal(monkeypatch, run):
    terminal, quiet, total, times, shown = run
    err = Stream(tty=True)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("TERM", "xterm")
    with progress(terminal, total, quiet=quiet, clock=clock(*times)) as step:
        for number in range(total):
            step(f"repository {number}")
    assert ("repository 2" in err.getvalue()) is shown


@pytest.mark.parametrize(
    ("terminal", "times", "shown"),
    [(TTY, (0, 0.5, 2, 3), True), (TTY, (0, 0.1, 0.2, 0.9), False), (PIPE, (), False)],
)
def test_shares_of_a_length_that_shows_on_the_way(monkeypatch, terminal, times, shown):
    err = Stream(tty=True)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("TERM", "xterm")
    with advancing(terminal, clock=clock(*times)) as show:
        show("reading", 0, 0)
        show("reading", 50, 200)
        show("adding up", 3, 4)
    assert ("adding up" in err.getvalue()) is shown
    assert ("75%" in err.getvalue()) is shown


PROBE = """
import sys
from hubctl.cli.terminal import Terminal, progress
tty = Terminal(out=True, err=True, width=80, colour=False, err_colour=False, unicode=True)
with progress(tty, 3) as step:
    for name in "abc":
        step(name)
print("rich" in sys.modules)
"""


def test_a_short_run_never_loads_rich():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_an_error_inside_still_removes_the_bar(monkeypatch):
    err = Stream(tty=True)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(ValueError, match="x"), progress(TTY, 9, clock=clock(0, 5)) as step:
        step("a")
        raise ValueError("x")
    assert err.getvalue().endswith("\x1b[2K")


@pytest.mark.parametrize(("tty", "shown"), [(True, "api: it runs …\r\x1b[K"), (False, "")])
def test_a_line_says_what_takes_long_and_goes_away(monkeypatch, tty, shown):
    err = Stream(tty=tty)
    monkeypatch.setattr(sys, "stderr", err)
    with working(find_terminal({}, Stream(), err), "api: it runs"):
        pass
    assert err.getvalue() == shown
