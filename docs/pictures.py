"""Draws the pictures of README.md from what the program prints in the demo's world.

    python docs/pictures.py            draw docs/pictures/*.svg
    python docs/pictures.py --check    exit 1 and name every picture that shows something else

Run it with the Python that hubctl is installed in. What is compared is the text, not the bytes:
another version of rich draws the same text in another way.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from hubctl.demo.edits import make_edits
from hubctl.demo.script import play
from hubctl.demo.world import DemoWorld
from hubctl.system.files import RealFiles
from hubctl.system.private_home import make_private_home, remove_private_home

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).resolve().parent / "pictures"
COLUMNS = 92
LOOK = {"FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "PYTHONIOENCODING": "utf-8"}
# What somebody changes in canonical.yaml before the plan, as `hubctl repos set` takes it.
CHANGES = (
    ("nautilus_dev", "overrides.settings.model", "sonnet"),
    ("nautilus_dev", "overrides.permissions.allow", "[Bash(make docs)]"),
    ("nautilus_dev", "profiles", "[python]"),
)
# Sections of which a picture shows the beginning, so that it stays short.
FOLDED = ("n8n_dev", "utxoracle")
SHOWN = 2  # lines of each: its head, and the first thing that is told
MARGIN = 2
LABELS = {
    "plan": "hubctl plan: one file to delete, one setting and one block of CLAUDE.md to update, "
    "one permission to create, each with its reason and the line of canonical.yaml",
    "drift": "hubctl drift --blame: who changed which value, what canonical.yaml wants there, "
    "and the command that repairs it",
}
# Each commit of the demo is a new one.
COMMIT = re.compile(r"commit [0-9a-f]{7,} of \d{4}-\d\d-\d\d")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
HEAD = re.compile(r"([a-z0-9][a-z0-9_-]*)  ~")
INDENT = re.compile(r"(?m)((?:\x1b\[[0-9;]*m)+|^)( +)")
THEME = TerminalTheme(
    (22, 27, 34),
    (216, 222, 233),
    [
        (72, 79, 88),
        (255, 123, 114),
        (126, 231, 135),
        (242, 204, 96),
        (121, 192, 255),
        (210, 168, 255),
        (118, 227, 234),
        (216, 222, 233),
    ],
)
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-label="LABEL">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, monospace; font-size: {char_height}px; }}
{styles}
</style>
<defs>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def screens() -> dict[str, str]:
    """Name of a picture → what stands on its terminal, with colours."""
    world = DemoWorld(home=make_private_home(None, "hubctl-pictures-"), door=RealFiles(), look=LOOK)
    try:
        for _ in play(world, "clean"):
            pass
        return {"plan": _plan(world), "drift": _drift(world)}
    finally:
        remove_private_home(world.home)


def _plan(world: DemoWorld) -> str:
    canonical = f"{world.hub}/canonical.yaml"
    before = world.door.read(canonical)
    for change in CHANGES:
        done = world.hubctl("repos", "set", *change)
        assert done.returncode == 0, done.complaint
    shown = _screen(world, "plan")
    world.write(canonical, before)
    return shown


def _drift(world: DemoWorld) -> str:
    make_edits(world)
    return _screen(world, "drift", "--blame")


def _screen(world: DemoWorld, *arguments: str) -> str:
    done = world.hubctl(*arguments)
    text = COMMIT.sub("commit 4f2a91c6d8 of 2026-03-02", done.stdout)
    lines = _folded(text.replace(world.home, "~").rstrip("\n").split("\n"))
    return "\n".join([f"\x1b[2m$\x1b[0m \x1b[1mhubctl {' '.join(arguments)}\x1b[0m", "", *lines])


def _folded(lines: list[str]) -> list[str]:
    """The lines, with the sections of FOLDED cut down to their beginning."""
    return [line for name, section in _sections(lines) for line in _beginning(name, section)]


def _sections(lines: list[str]) -> list[tuple[str, list[str]]]:
    """(target, lines) in order; "" for what belongs to none."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        plain = COLOUR.sub("", line)
        if plain and not plain.startswith(" "):
            head = HEAD.match(plain)
            found.append((head[1] if head else "", []))
        found[-1][1].append(line)
    return found


def _beginning(name: str, section: list[str]) -> list[str]:
    told = [number for number, line in enumerate(section) if line]
    if name not in FOLDED or len(told) <= SHOWN:
        return section
    kept = section[: told[SHOWN]]
    return [*kept, f"{' ' * 6}\x1b[2m… {len(told) - SHOWN} more lines\x1b[0m", ""]


def draw(name: str, screen: str) -> str:
    """A terminal with that text as SVG."""
    width = COLUMNS + 2 * MARGIN
    console = Console(record=True, width=width, file=io.StringIO(), highlight=False)
    shifted = "\n".join(f"{' ' * MARGIN}{line}" for line in [*screen.split("\n"), ""])
    console.print(Text.from_ansi(_separate_indents(shifted)), no_wrap=True, crop=False)
    return console.export_svg(
        title="",
        theme=THEME,
        code_format=SVG.replace("LABEL", LABELS[name]),
        font_aspect_ratio=0.6,
        unique_id=name,
    )


def _separate_indents(screen: str) -> str:
    """Indents in a style of their own: as part of a text, some viewers leave them out."""
    return INDENT.sub(lambda found: f"\x1b[3m{found[2]}\x1b[23m{found[1]}", screen)


def plain_lines(screen: str) -> list[str]:
    """The text of a screen, line by line, empty lines left out."""
    lines = [COLOUR.sub("", line).rstrip() for line in screen.split("\n")]
    return [line for line in lines if line]


def drawn_lines(svg: str) -> list[str]:
    """The text of a picture, as `plain_lines` gives that of its screen."""
    rows: dict[float, list[tuple[float, str]]] = {}
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own file
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        place = (float(element.get("x", "0")), element.text or "")
        rows.setdefault(float(element.get("y", "0")), []).append(place)
    width = 20 * 0.6
    lines = [_row(sorted(rows[y]), width) for y in sorted(rows)]
    return [line for line in lines if line]


def _row(parts: list[tuple[float, str]], width: float) -> str:
    line = ""
    for x, text in parts:
        line = line.ljust(round(x / width) - MARGIN) + text.replace("\xa0", " ")
    return line.rstrip()


def stale(made: Mapping[str, str], folder: Path) -> list[str]:
    """Names of the pictures in a folder that do not show these screens."""
    return [name for name, screen in made.items() if _shown(folder, name) != plain_lines(screen)]


def _shown(folder: Path, name: str) -> list[str]:
    path = folder / f"{name}.svg"
    return drawn_lines(path.read_text(encoding="utf-8")) if path.exists() else []


def main() -> int:
    """Exit code 1 where `--check` finds a picture out of date."""
    parser = argparse.ArgumentParser(description="Draw or check the pictures of README.md.")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    made = screens()
    if parser.parse_args().check:
        changed = stale(made, FOLDER)
        for name in changed:
            print(f"docs/pictures/{name}.svg is out of date: run python docs/pictures.py")
        return 1 if changed else 0
    FOLDER.mkdir(exist_ok=True)
    for name, screen in made.items():
        (FOLDER / f"{name}.svg").write_text(draw(name, screen), encoding="utf-8")
        print(f"docs/pictures/{name}.svg drawn")
    return 0


if __name__ == "__main__":
    sys.exit(main())
