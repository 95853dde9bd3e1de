"""What hooks cost, as ratios to the bare interpreter measured in the same, interleaved run.

    python benchmarks/hooks.py [--runs N] [--write FILE]

Ratios are of processor time, which other work on the machine does not touch. Ends with 1 where a
budget is exceeded; `--write` puts the section "Hooks" into a page.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guards import GUARD, LEAST_COMMANDS, MOST_GROWTH, ORDINARY, SHAPES, WORST
from installed import add_trivial, commands, compile_below, event_text, transcript, world
from measure import Case, measure_each
from page import made_by, write_section

from hubctl.system.hooks_package import store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from measure import Cost

READ = """cd web && npm run build 2>&1 | tail -5; rm -rf "$PWD/dist"; git commit -m 'no rm -rf /'"""
DENIED = "cd / && rm -rf *; git push -f"
CODE = "x = 1\n" * 100
MOST_OF_ONE = 0.1
MOST_OF_SAMPLE = 0.2
# What a release leaves out that measures nothing: behind each module, in place of its own.
SILENT = {
    "dispatch.py": "\n\ndef _record(run, verdict, code):\n    return {}\n",
    "store.py": "\n\ndef append(folder, record):\n    return True\n",
}
MOST_MILLISECONDS = 15


@dataclass(frozen=True)
class Budget:
    """The most that a case may cost, in floors: its median, and what 95 of 100 runs stay below."""

    median: float
    most: float | None = None

    def __str__(self) -> str:
        return f"≤ {self.median:g}" + (f", p95 ≤ {self.most:g}" if self.most else "")

    def holds(self, median: float, most: float) -> bool:
        return median <= self.median and (self.most is None or most <= self.most)


QUIET, WORKING, LARGE = Budget(2.5), Budget(3, 4), Budget(6)


class Bench:
    """An installed release with every hook of ours on, and the table so far."""

    def __init__(self, root: Path, runs: int) -> None:
        self.runs = runs
        self.machine, self.repo, self.own = world(root)
        transcript(self.repo, 1000)
        (self.repo / "a.py").write_text(CODE)
        self.lines = commands(self.machine, self.repo, self.own)
        self.rows: list[tuple[str, ...]] = []
        self.notes: list[str] = []
        self.good = True

    def run(self) -> None:
        """Everything."""
        self._cases()
        self._release()
        self._sample()
        self._eleventh()
        self._guard()
        self._worst()

    def _cases(self) -> None:
        listed = self._quiet() | self._working() | self._large()
        json_alone = self._case("`import json` alone", ["-c", "import json"])
        floor = self._floor()
        cases = [floor, *(case for case, _ in listed.values()), json_alone]
        costs = measure_each(cases, self.runs)
        self._add(floor.name, costs[floor.name], costs[floor.name], None)
        for name, (_, budget) in listed.items():
            self._add(name, costs[name], costs[floor.name], budget)
        self._add(json_alone.name, costs[json_alone.name], costs[floor.name], None)

    def _quiet(self) -> dict[str, tuple[Case, Budget]]:
        """Every hook is on, and none has anything to say."""
        small = {"tool_response": {"stdout": "ok\n", "stderr": ""}}
        return {
            **self._started("a quiet PreToolUse", "PreToolUse", QUIET),
            **self._started("a quiet PostToolUse", "PostToolUse", QUIET, **small),
            **self._started("the settings line, quiet", "PreToolUse", QUIET, line=True),
        }

    def _working(self) -> dict[str, tuple[Case, Budget]]:
        read, denied = {"command": READ}, {"command": DENIED}
        written = {"file_path": f"{self.repo}/a.py", "content": CODE}
        answer = {"tool_response": {"stdout": "x" * 12_000, "stderr": ""}}
        return {
            **self._started("the guards read a command", "PreToolUse", WORKING, tool_input=read),
            **self._started("the guards deny one", "PreToolUse", WORKING, tool_input=denied),
            **self._started("a Bash output of 12 kB", "PostToolUse", WORKING, **answer),
            **self._started(
                *("code was written", "PostToolUse", WORKING), tool_name="Write", tool_input=written
            ),
        }

    def _large(self) -> dict[str, tuple[Case, Budget]]:
        long = {"command": "echo " + "x" * 10_000}
        piped = {"command": "cat a.txt | sort | uniq -c && " * 350 + "echo on"}
        answer = {"tool_response": {"stdout": "x" * 1_000_000, "stderr": ""}}
        return {
            **self._started("10,000 characters, one word", "PreToolUse", LARGE, tool_input=long),
            **self._started("10,000 characters, piped", "PreToolUse", LARGE, tool_input=piped),
            **self._started("an output of 1 MB", "PostToolUse", LARGE, **answer),
        }

    def _started(
        self, name: str, event: str, budget: Budget, line: bool = False, **fields: Any
    ) -> dict[str, tuple[Case, Budget]]:
        """One run of the dispatcher over one event, or of its settings line."""
        lane = "closed" if event == "PreToolUse" else "open"
        text = event_text(event, self.repo, **fields).encode()
        if line:
            case = self._case(name, [], text, ["/bin/sh", "-c", self.lines[event]])
        else:
            run = f"{self.machine.release}/run.py"
            case = self._case(name, [run, event, lane, self.machine.registry_dir], text)
        return {name: (case, budget)}

    def _case(
        self, name: str, arguments: Sequence[str], given: bytes = b"", command: Sequence[str] = ()
    ) -> Case:
        return Case(
            name,
            [*(command or (self.machine.interpreter, "-I", "-S")), *arguments],
            self.repo,
            {
                "PATH": "/usr/bin:/bin",
                "CLAUDE_PROJECT_DIR": str(self.repo),
                "HOME": str(self.repo.parent),
            },
            given=given,
            codes=(0, 2, 40, 42) if given else (0,),
        )

    def _floor(self) -> Case:
        return self._case("bare interpreter, `python -I -S -c pass`", ["-c", "pass"])

    def _add(self, name: str, costs: list[Cost], floors: list[Cost], budget: Budget | None) -> None:
        floor = _at([cost.processor for cost in floors], 0.5)
        times = [cost.processor for cost in costs]
        median, most = _at(times, 0.5) / floor, _at(times, 0.95) / floor
        within = budget is None or budget.holds(median, most)
        self.good = self.good and within
        verdict = "" if budget is None else "holds" if within else "**over**"
        milliseconds = [f"{_at(times, share) * 1000:.1f} ms" for share in (0.5, 0.95)]
        ratios = (f"{median:.2f}", f"{most:.2f}")
        self.rows.append((name, *milliseconds, *ratios, str(budget or ""), verdict))

    def _release(self) -> None:
        """The look at the installed release when a session starts, as the hook itself times it."""
        text = event_text("SessionStart", self.repo, source="startup").encode()
        case = self._case("a start", [], text, ["/bin/sh", "-c", self.lines["SessionStart"]])
        measure_each([case], self.runs)
        looks = [hook["ms"] for hook in _hooks(self._records()) if hook["id"] == "release-check"]
        took = _at(looks, 0.95)
        said = f"Looking at the release when a session starts: p95 {took:.1f} ms"
        self._note(f"{said} (budget {MOST_MILLISECONDS})", took, MOST_MILLISECONDS)

    def _sample(self) -> None:
        """What a run pays for its line in the spool, against a release that leaves none."""
        release = Path(self.machine.release).resolve()
        silent = release.parent / "silent"
        shutil.copytree(release, silent)
        for name, text in SILENT.items():
            with (silent / "hooks_shared" / name).open("a", encoding="utf-8") as module:
                module.write(text)
        compile_below(silent)
        text = event_text("PreToolUse", self.repo).encode()
        end = ["PreToolUse", "closed", self.machine.registry_dir]
        floor = self._floor()
        listed = [
            floor,
            self._case("silent", [f"{silent}/run.py", *end], text),
            self._case("measured", [f"{release}/run.py", *end], text),
        ]
        before = len(self._records())
        costs = measure_each(listed, self.runs)
        if len(self._records()) - before != self.runs + 1:
            raise SystemExit(
                "a run that is to leave nothing left something, or the other way round"
            )
        floors, without, within = (
            _at([cost.processor for cost in costs[case.name]], 0.5) for case in listed
        )
        paid = (within - without) / floors
        said = f"What a run leaves to measure it: {paid:.3f} × (budget {MOST_OF_SAMPLE})"
        self._note(said, paid, MOST_OF_SAMPLE)

    def _records(self) -> list[dict[str, Any]]:
        """What all runs so far left in the spool."""
        records = []
        for segment in sorted((Path(self.machine.registry_dir) / "spool").glob("*")):
            records += store.read_segment(segment.read_bytes())[0]
        return records

    def _eleventh(self) -> None:
        """What one more hook costs: ten trivial ones against twenty-one, taking turns."""
        state = Path(self.machine.registry_dir)
        fewer = state.parent / "fewer"
        add_trivial(self.machine, self.own, range(10))
        shutil.copytree(state, fewer)
        add_trivial(self.machine, self.own, range(10, 21))
        run = [f"{self.machine.release}/run.py", "PreToolUse", "closed"]
        text = event_text("PreToolUse", self.repo).encode()
        floor = self._floor()
        listed = [
            floor,
            self._case("ten", [*run, str(fewer)], text),
            self._case("more", [*run, str(state)], text),
        ]
        costs = measure_each(listed, self.runs)
        floors, ten, more = (
            _at([cost.processor for cost in costs[case.name]], 0.5) for case in listed
        )
        each = (more - ten) / 11 / floors
        self._note(f"One more trivial hook: {each:.3f} × (budget {MOST_OF_ONE})", each, MOST_OF_ONE)

    def _guard(self) -> None:
        """Both guards in one process, over ordinary commands."""
        release = str(Path(self.machine.release).resolve())
        done = subprocess.run(
            [self.machine.interpreter, "-I", "-S", "-c", GUARD, release],
            input="\0".join(ORDINARY), capture_output=True, text=True, check=True,
        )  # fmt: skip
        rate = float(done.stdout)
        said = (
            f"Both guards over ordinary commands: {rate:,.0f} a second (budget {LEAST_COMMANDS:,})"
        )
        self._note(said, LEAST_COMMANDS, rate)

    def _worst(self) -> None:
        """Hostile shapes, 8,000 and 32,000 characters each."""
        release = str(Path(self.machine.release).resolve())
        done = subprocess.run(
            [self.machine.interpreter, "-I", "-S", "-c", WORST, release],
            input="\0".join(SHAPES), capture_output=True, text=True, check=True,
        )  # fmt: skip
        growth, longest = map(float, done.stdout.split())
        said = (
            f"Worst of {len(SHAPES)} hostile shapes: {longest * 1000:.0f} ms for 32,000 letters, "
            f"{growth:.1f} × of 8,000 (budget {MOST_GROWTH})"
        )
        self._note(said, growth, MOST_GROWTH)

    def _note(self, said: str, less: float, more: float) -> None:
        self.good = self.good and less <= more
        self.notes.append(f"{said}, {'holds' if less <= more else '**over**'}.")

    def section(self) -> str:
        """The section of the page."""
        head = ("Case", "p50", "p95", "p50 × floor", "p95 × floor", "budget", "")
        lines = [head, ("---", *["---:"] * 4, "---", "---"), *self.rows]
        table = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
        return (
            f"{made_by('python benchmarks/hooks.py')}\n\n"
            "What Claude Code waits for at a tool call, with every hook of hubctl enabled: one\n"
            f"process each, {self.runs} runs in turns, in processor time. Formatters and git are\n"
            "not among it.\n\n"
            f"{table}\n" + "".join(f"- {note}\n" for note in self.notes)
        )


def _hooks(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [hook for record in records for hook in record["hooks"]]


def _at(values: list[float], share: float) -> float:
    found = sorted(values)
    return found[min(len(found) - 1, int(len(found) * share))]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what hooks cost.")
    parser.add_argument("--runs", type=int, default=100, help="runs of each case (default 100)")
    parser.add_argument("--write", metavar="FILE", type=Path, help="put the section into this page")
    given = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="hubctl-bench-")).resolve()
    try:
        bench = Bench(root, given.runs)
        bench.run()
    finally:
        shutil.rmtree(root)
    print(bench.section())
    if given.write:
        write_section(given.write, "Hooks", bench.section())
    return int(not bench.good)


if __name__ == "__main__":
    raise SystemExit(main())
