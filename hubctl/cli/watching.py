"""Live views: a page that is made anew every few seconds until Control-C.

In a terminal each one is drawn over the last; in a pipe they follow each other.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hubctl.cli.context import write
from hubctl.cli.terminal import find_terminal, rows
from hubctl.system.clock import pause

if TYPE_CHECKING:
    from collections.abc import Callable

_HOME, _TO_END_OF_LINE, _TO_END = "\x1b[H", "\x1b[K", "\x1b[J"
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"


def watch(
    page: Callable[[], str],
    seconds: float,
    *,
    wait: Callable[[float], None] = pause,
) -> int:
    """Show pages until somebody presses Control-C, which is how it is meant to end: exit code 0."""
    over = find_terminal().out
    last = ""
    try:
        _say(_ENTER if over else "")
        while True:
            last = page()
            _say(_drawn(last) if over else last + "\n")
            wait(seconds)
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        return 0
    finally:
        if over:
            _say(_LEAVE + last)


def _drawn(page: str) -> str:
    """A page over what stood there, cut to what the terminal shows, and that it is."""
    lines = page.rstrip("\n").split("\n")
    room = max(rows() - 1, 1)
    if len(lines) > room:
        hidden = len(lines) - room + 1
        lines = [*lines[: room - 1], f"… {hidden} more lines: a higher terminal shows them"]
    return _HOME + "".join(f"{line}{_TO_END_OF_LINE}\n" for line in lines) + _TO_END


def _say(text: str) -> None:
    write(text)
    sys.stdout.flush()
