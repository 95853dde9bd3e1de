"""How the demo looks: headings, commands, what they print, what was proved."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.cli.context import options, write
from hubctl.cli.terminal import find_terminal
from hubctl.demo.script import IDLE_MINUTES, Decides, Lists, Opens, Prints, Proves, Says, Types
from hubctl.output.cells import pad, printable, width
from hubctl.output.page import GLUE, Page
from hubctl.output.style import BAD, DIM, GOOD, NOTE, PLAIN, RUN, STRONG, WARN, paint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.cli.terminal import Terminal
    from hubctl.demo.script import Beat, Leaves
    from hubctl.output.options import Options

_MARGIN = 2
_VERDICTS = {
    "deny": ("✗ denied", BAD),
    "ask": ("? you are asked", WARN),
    "advise": ("! advice", NOTE),
    "": ("✓ let through", GOOD),
}
_WIDEST = 100
_COLOUR_CODE = re.compile(r"\x1b\[[0-9;]*m")
# The head of a target's section in a plan: its name and its folder, at the left edge.
_SECTION = re.compile(r"([a-z0-9][a-z0-9_-]*)  [~/]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Writes beats to stdout."""

    options: Options
    terminal: Terminal

    def look(self) -> dict[str, str]:
        """Variables that make a command look as it would on this very terminal."""
        found = {"PYTHONIOENCODING": "utf-8" if self.terminal.unicode else "ascii"}
        found |= {"FORCE_COLOR": "1"} if self.terminal.colour else {"NO_COLOR": "1"}
        return found | {"COLUMNS": str(self.options.width - 2 * _MARGIN)}

    def beat(self, beat: Beat) -> None:
        """Write one beat."""
        page = Page(self.options)
        match beat:
            case Opens():
                _put_heading(page, beat)
            case Says():
                page.put(_MARGIN, (beat.text, PLAIN), hang=0)
            case Lists():
                _put_rows(page, beat.rows)
            case Types():
                page.put_whole(_MARGIN, ("$ ", DIM), (beat.command, RUN))
            case Prints():
                _put_output(page, beat)
            case Decides():
                _put_decision(page, beat)
            case Proves():
                page.put(_MARGIN, (f"✓{GLUE}", GOOD), (beat.text, GOOD))
        self._write(page, gap=not isinstance(beat, Types))

    def where(self, home: str, left: Leaves | None) -> None:
        """Where the folder lies, how to get in, and what was left running in it."""
        page = Page(self.options)
        if left is not None:
            self._put_left(page, left)
        page.put(0, (f"{home} is yours to look around in:", PLAIN), hang=0)
        rows = [
            (f"{home}/enter", "a shell in it; `exit` leads back"),
            (f"{home}/enter hubctl history", "one command in it"),
        ]
        rows.append(
            (f"{home}/enter hubctl dashboard --stop", "ends the dashboard now")
            if left
            else (f"{home}/enter hubctl dashboard", "its dashboard, in your browser")
        )
        rows.append((f"rm -r {home}", "and it is gone, the dashboard with it"))
        columns = max(width(command) for command, _ in rows)
        for command, words in rows:
            whole = pad(command, columns).replace(" ", GLUE)
            page.put(_MARGIN, (whole, RUN), (f"   {words}", DIM))
        self._write(page, gap=False)

    def _put_left(self, page: Page, left: Leaves) -> None:
        page.put(0, ("Look at it; yesterday was dear, and the dashboard leads to why:", PLAIN))
        page.put_whole(_MARGIN, ("dashboard  ", DIM), (left.address, RUN))
        page.put_whole(_MARGIN, ("report     ", DIM), (left.report, RUN))
        words = f"The dashboard ends by itself {IDLE_MINUTES} minutes after the last visit."
        page.put(_MARGIN, (words, DIM))
        page.gap()

    def _write(self, page: Page, *, gap: bool) -> None:
        write(page.text() + ("\n" if gap else ""))
        sys.stdout.flush()


def telling() -> Telling:
    """For this process's own terminal; lines stay readable on a wide one, and in a pipe."""
    found = options()
    columns = min(found.width or _WIDEST, _WIDEST)
    return Telling(options=replace(found, width=columns), terminal=find_terminal())


def _put_heading(page: Page, beat: Opens) -> None:
    rule = "─" if page.options.unicode else "-"
    text = f" {beat.number}  {beat.title} "
    rest = max(page.width - width(text) - 2, 2)
    page.put_whole(0, (rule * 2, DIM), (text, STRONG), (rule * rest, DIM))


def _put_decision(page: Page, beat: Decides) -> None:
    word, role = _VERDICTS[beat.verdict]
    time = f"{beat.milliseconds:.0f} ms"
    page.put_whole(2 * _MARGIN, ("Claude: ", DIM), (beat.words, RUN))
    page.put(3 * _MARGIN, (word.replace(" ", GLUE), role), (f" ({time.replace(' ', GLUE)})", DIM))
    if beat.reason:
        page.put(3 * _MARGIN, (printable(beat.reason), PLAIN), hang=0)


def _put_rows(page: Page, rows: tuple[tuple[str, str], ...]) -> None:
    columns = max(width(name) for name, _ in rows)
    for name, words in rows:
        page.put(
            2 * _MARGIN,
            (pad(name, columns).replace(" ", GLUE) + GLUE * 2, STRONG),
            (words, PLAIN),
            hang=columns + 2,
        )


def _put_output(page: Page, beat: Prints) -> None:
    lines = beat.text.rstrip("\n").split("\n")
    for line in _folded(lines, beat.only, page.options) if beat.only else lines:
        page.put_whole(2 * _MARGIN, (line, PLAIN))


def _folded(lines: list[str], only: str, options: Options) -> Iterator[str]:
    """All of one target's section; of every other one its name and how long it is."""
    for name, section in _sections(lines):
        if name in ("", only):
            yield from section
        else:
            while section and not section[-1]:
                section.pop()
            words = f"… {len(section) - 1} more lines: hubctl plan {name}"
            yield f"{paint(name, STRONG, options)}  {paint(words, DIM, options)}"
            yield ""


def _sections(lines: list[str]) -> list[tuple[str, list[str]]]:
    """(target, lines) in order; "" for what belongs to none."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        plain = _COLOUR_CODE.sub("", line)
        head = _SECTION.match(plain)
        if head:
            found.append((head[1], []))
        elif plain.strip() and not plain.startswith(" ") and found[-1][0]:
            found.append(("", []))
        found[-1][1].append(line)
    return found
