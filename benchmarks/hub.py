"""What hubctl costs over a fleet, as ratios to floors measured in the same, interleaved run.

    python benchmarks/hub.py [--quick] [--runs N] [--write FILE]

Every case is a whole process. Prints a Markdown table and ends with 1 where a budget is exceeded;
`--quick` only proves that everything runs, over one and ten repositories.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Case, Cost, measure
from page import made_by, write_section
from table import Budget, Row, markdown
from worlds import ROOT, World, build

if TYPE_CHECKING:
    from collections.abc import Sequence

PYTHON = (sys.executable, "-I", "-S")
HUBCTL = (sys.executable, "-m", "hubctl")
FLOOR = str(ROOT / "benchmarks/floor.py")
SIZES = (1, 10, 100, 1000)
COMPILE = """\
import gc, os
gc.disable()  # as every command does
from hubctl.fleet.world import World
from hubctl.system.places import find_places
World.open(None, os.getcwd(), find_places(), "2026-01-01").compiler.compile_all()
"""
BARE = "bare interpreter, `python -I -S -c pass`"
MEGABYTES = 120
PRE_COMMIT = 35  # times the floor: 300 ms where that takes 8.5
CHEZMOI = 0.55  # seconds for the same 600 files in sync, on two slow cores


class Bench:
    """The rows so far; worlds are built below one temporary folder."""

    def __init__(self, base: Path, runs: int, sizes: Sequence[int]) -> None:
        self.base = base
        self.runs = runs
        self.sizes = sizes
        self.rows: list[Row] = []
        self.notes: list[str] = []
        self.start_up: dict[str, Cost] = {}  # what a case takes over the smallest fleet

    def run(self) -> None:
        """Everything."""
        worlds = [self._world(size) for size in self.sizes]
        self._start_up(worlds[0])
        drifts = [self._drift(world) for world in worlds]
        compiles = [self._compile(world) for world in worlds]
        self._note_slope("drift with snapshots", [cost for _, cost in drifts])
        self._note_slope("drift without snapshots", [cost for cost, _ in drifts])
        self._note_slope("compiling", compiles)
        self._files(min(100, self.sizes[-1]))

    def _world(self, size: int) -> World:
        world = build(self.base / f"fleet-{size}", size)
        world.apply()
        _list_files(world)
        return world

    def _start_up(self, world: World) -> None:
        costs = measure(
            [
                _case(world, BARE, *PYTHON, "-c", "pass"),
                _case(world, "version", *HUBCTL, "--version"),
                _case(world, "drift", *HUBCTL, "drift"),
                self._checkout(world),
                _case(world, "validate", *HUBCTL, "validate"),
            ],
            max(self.runs, 11),
        )
        # By itself: the others are to find the cache as it is.
        anew = measure([_case(world, "anew", *HUBCTL, "validate", forget=".")], self.runs)["anew"]
        floor = costs[BARE]
        self.rows += [
            Row(BARE, floor),
            Row("`hubctl --version`", costs["version"], floor, _times(6, floor)),
            Row("`hubctl drift`, one repository in sync", costs["drift"], floor, _times(25, floor)),
            Row(
                "`hubctl-drift` of pre-commit, by the lock alone",
                costs["checkout"],
                floor,
                _times(PRE_COMMIT, floor),
            ),
            Row(
                "`hubctl-validate` of pre-commit, canonical.yaml unchanged",
                costs["validate"],
                floor,
                _times(PRE_COMMIT, floor),
            ),
            Row(
                "`hubctl-validate`, nothing in the cache",
                anew,
                floor,
                replace(_times(PRE_COMMIT, floor), text=f"aim: ≤ {PRE_COMMIT} ×", is_aim=True),
            ),
        ]

    def _checkout(self, world: World) -> Case:
        """The check of a checkout, for somebody whose home has no hub."""
        root = next(path.parents[1] for path in world.base.rglob("hub.lock.json"))
        nobody = self.base / "nobody"
        nobody.mkdir(exist_ok=True)
        kept = {key: value for key, value in _env(world).items() if not key.startswith("XDG_")}
        command = (*HUBCTL, "drift", "--path", ".")
        return Case("checkout", command, root, {**kept, "HOME": str(nobody)})

    def _drift(self, world: World) -> tuple[Cost, Cost]:
        costs = measure(
            [
                _floor(world, "read"),
                _floor(world, "stat"),
                _case(world, "cold", *HUBCTL, "drift", forget="snapshots"),
                _case(world, "warm", *HUBCTL, "drift"),
            ],
            self.runs,
        )
        for name in ("cold", "warm"):
            self.start_up.setdefault(name, costs[name])
        count = _count(world)
        read, stat, cold, warm = (costs[name] for name in ("read", "stat", "cold", "warm"))
        self.rows += [
            Row(f"floor: read the files of {count}", read),
            Row(f"`drift` without snapshots, {count}", cold, read, self._beyond("cold", 3, read)),
            Row(f"floor: stat the files of {count}", stat),
            Row(f"`drift` with snapshots, {count}", warm, stat, self._beyond("warm", 2, stat)),
        ]
        self._note_memory(world, cold)
        return cold, warm

    def _beyond(self, name: str, times: float, floor: Cost) -> Budget:
        aim = name == "cold"
        text = f"{'aim: ' if aim else ''}≤ {times} × and start-up"
        return Budget(times * floor.wall + self.start_up[name].wall, text, aim)

    def _note_memory(self, world: World, cost: Cost) -> None:
        if world.repositories == SIZES[-1]:
            verdict = "holds" if cost.peak <= MEGABYTES else "**over**"
            self.notes.append(
                f"Peak memory of `drift` without snapshots over {_count(world)}: "
                f"{cost.peak:.0f} MB (budget {MEGABYTES} MB, {verdict})."
            )

    def _compile(self, world: World) -> Cost:
        case = _case(world, "compile", sys.executable, "-c", COMPILE, forget=".")
        cost = measure([case], max(3, self.runs // 2))["compile"]
        budget = Budget(1.5, "≤ 1.5 s") if world.repositories == SIZES[-1] else None
        self.rows.append(Row(f"compile canonical.yaml, {_count(world)}", cost, budget=budget))
        return cost

    def _files(self, size: int) -> None:
        world = build(self.base / "files", size, whole_files=True)
        world.apply()
        _list_files(world)
        checks = measure(
            [
                _floor(world, "compare"),
                _case(world, "cold", *HUBCTL, "drift", forget="snapshots"),
                _case(world, "warm", *HUBCTL, "drift"),
            ],
            self.runs,
        )
        writes = measure(
            [
                _floor(world, "write"),
                Case("apply", (*HUBCTL, "apply", "--yes"), world.hub, _env(world), world.clear),
            ],
            max(3, self.runs // 2),
        )
        whole = size == 100
        what = f"{size * 6} files in {size} repositories"
        floor = checks["compare"]
        self.rows += [
            Row(f"floor: read and compare {what}", floor),
            Row("`drift` without snapshots", checks["cold"], floor, _chezmoi(whole)),
            Row("`drift` with snapshots", checks["warm"], floor, _aim(0.3, whole)),
            Row(f"floor: write {what} durably", writes["write"]),
            Row("first `apply` of them", writes["apply"], writes["write"], _most(whole)),
        ]

    def _note_slope(self, what: str, costs: Sequence[Cost]) -> None:
        """What one more repository costs, between each two sizes: a line, or not."""
        pairs = zip(self.sizes, self.sizes[1:], costs, costs[1:], strict=False)
        slopes = [
            f"{(more.wall - few.wall) / (larger - smaller) * 1000:.2f} ms ({smaller} to {larger})"
            for smaller, larger, few, more in pairs
        ]
        self.notes.append(f"One more repository, {what}: {', '.join(slopes)}.")


def _times(times: float, floor: Cost) -> Budget:
    return Budget(times * floor.wall, f"≤ {times} ×")


def _chezmoi(whole: bool) -> Budget | None:
    return Budget(CHEZMOI, f"≤ {CHEZMOI} s, as chezmoi") if whole else None


def _aim(seconds: float, whole: bool) -> Budget | None:
    return Budget(seconds, f"aim: ≤ {seconds} s", is_aim=True) if whole else None


def _most(whole: bool) -> Budget | None:
    return Budget(1.4, "≤ 1.4 s") if whole else None


def _count(world: World) -> str:
    return f"{world.repositories:,} repositor{'y' if world.repositories == 1 else 'ies'}"


def _env(world: World) -> dict[str, str]:
    return world.environment()


def _case(world: World, name: str, *command: str, forget: str = "") -> Case:
    """A case in the hub's folder; `forget` names the cache that is removed before each run."""
    if not forget:
        return Case(name, command, world.hub, _env(world))
    return Case(name, command, world.hub, _env(world), lambda: world.forget(forget))


def _floor(world: World, mode: str) -> Case:
    listed = world.base / "files"
    written = Path(f"{listed}.written")
    command = (*PYTHON, FLOOR, mode, str(listed))
    return Case(mode, command, world.hub, _env(world), lambda: shutil.rmtree(written, True))


def _list_files(world: World) -> None:
    """What the floors read: the paths, and all bytes in one file."""
    listed = world.base / "files"
    paths = world.managed_files()
    listed.write_text("".join(f"{path}\n" for path in paths))
    with Path(f"{listed}.bytes").open("wb") as stream:
        for path in paths:
            data = os.readlink(path).encode() if os.path.islink(path) else Path(path).read_bytes()
            stream.write(b"%d\n%s" % (len(data), data))


def section(bench: Bench) -> str:
    """The section of the page."""
    notes = "".join(f"- {note}\n" for note in bench.notes)
    return (
        f"{made_by('python benchmarks/hub.py')}\n\n"
        "Every case is a whole process; cases and floors take turns, and medians stand here. A\n"
        "floor is the least that any Python program would have to do with the same files;\n"
        "start-up is what the same command takes over one repository. A repository has 20\n"
        "resources in 13 files and a link, and two ledgers.\n\n"
        f"{markdown(bench.rows)}\n{notes}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure hubctl over a fleet.")
    parser.add_argument("--quick", action="store_true", help="one and ten repositories, no verdict")
    parser.add_argument("--runs", type=int, default=9, help="runs of each case (default 9)")
    parser.add_argument("--write", metavar="FILE", type=Path, help="put the section into this page")
    given = parser.parse_args()
    sizes, runs = (SIZES[:2], 3) if given.quick else (SIZES, given.runs)
    base = Path(tempfile.mkdtemp(prefix="hubctl-bench-")).resolve()
    try:
        bench = Bench(base, runs, sizes)
        bench.run()
    finally:
        shutil.rmtree(base)
    text = section(bench)
    print(text)
    if given.write:
        write_section(given.write, "A fleet", text)
    return int(not given.quick and any(row.fails for row in bench.rows))


if __name__ == "__main__":
    raise SystemExit(main())
