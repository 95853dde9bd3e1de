"""What reading figures costs over a store of a million rows, as ratios to the bare interpreter.

    python benchmarks/figures.py [--quick] [--runs N] [--write FILE]

The store holds a year of made-up sessions, put there by the store's own writers. Every case is a
whole process. Ends with 1 where a budget is exceeded; `--quick` only proves that everything runs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from measure import Case, measure
from page import made_by, write_section
from table import Budget, Row, markdown

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.measures import weeks_of_work  # noqa: E402 - needs the path above

LAST = "2026-03-20"
HUBCTL = (sys.executable, "-m", "hubctl")
BARE = "bare interpreter, `python -I -S -c pass`"
CASES = (
    ("`hubctl report weekly` as HTML", ("report", "weekly", "--format", "html"), 1.0),
    ("`hubctl report monthly`", ("report", "monthly"), 1.5),
    ("`hubctl usage month`", ("usage", "month"), 1.0),
)
GLANCE = json.dumps(
    {
        "cwd": str(ROOT),
        "model": {"display_name": "Sonnet"},
        "cost": {"total_cost_usd": 1.5},
        "context_window": {"used_percentage": 40},
        "rate_limits": {"five_hour": {"used_percentage": 30, "resets_at": 1_800_000_000}},
    }
).encode()
STATUS_LINE = 0.06  # seconds


def rows_of(home: Path, runs: int, *, quick: bool) -> tuple[int, list[Row]]:
    """How many rows the store has, and what each case cost."""
    size = {"days": 30, "sessions": 3, "size": 20} if quick else {"days": 365, "sessions": 16}
    store = home / ".local/state/hubctl/metrics.db"
    count = weeks_of_work(str(store), LAST, **({"size": 50} | size))
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT)}
    asked = [
        Case(name, (*HUBCTL, *words, "--until", LAST, "--no-refresh"), home, env)
        for name, words, _ in CASES
    ]
    line = Case("line", (*HUBCTL, "statusline"), home, env, given=GLANCE)
    bare = Case(BARE, (sys.executable, "-I", "-S", "-c", "pass"), home, env)
    costs = measure([bare, line, *asked], runs)
    floor = costs[BARE]
    found = [Row(BARE, floor)]
    found.append(Row("`hubctl statusline`", costs["line"], floor, Budget(STATUS_LINE, "≤ 60 ms")))
    for name, _, seconds in CASES:
        found.append(Row(name, costs[name], floor, Budget(seconds, f"≤ {seconds:g} s")))
    return count, found


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure reports over a million rows.")
    parser.add_argument("--quick", action="store_true", help="a small store, no verdict")
    parser.add_argument("--runs", type=int, default=9, help="runs of each case (default 9)")
    parser.add_argument("--write", metavar="FILE", type=Path, help="put the section into this page")
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="hubctl-bench-")).resolve()
    try:
        count, rows = rows_of(home, 3 if given.quick else given.runs, quick=given.quick)
    finally:
        shutil.rmtree(home)
    text = (
        f"{made_by('python benchmarks/figures.py')}\n\n"
        f"Over a store of {count:,} rows. Cases and floor take turns, and medians stand here.\n\n"
        f"{markdown(rows)}"
    )
    print(text)
    if given.write:
        write_section(given.write, "Figures", text)
    return int(not given.quick and any(row.fails for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
