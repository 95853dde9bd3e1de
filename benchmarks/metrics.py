"""What collecting figures costs, as ratios to reading the same bytes in the same, interleaved run.

    python benchmarks/metrics.py [--quick] [--runs N] [--size MB] [--write FILE]

Transcripts are made up twice (see transcripts.py): as the client writes them, and with hardly any
text, where rows cost most. `--size 1000` reads a gigabyte of the first kind. Every case is a whole
process. Ends with 1 where a budget is exceeded (aims may be missed); `--quick` only proves that
everything runs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from measure import Case, measure
from page import made_by, write_section
from table import Budget, Row, markdown, seconds

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from transcripts import DENSE, ORDINARY, World  # noqa: E402

from hubctl.system.hooks_package import store as spool_format  # noqa: E402 - needs the path above

HUBCTL = (sys.executable, "-m", "hubctl", "metrics", "refresh")
READ = "import sys\nfor name in open(sys.argv[1]).read().split('\\n')[:-1]:\n  {}"
WHOLE = "f = open(name, 'rb', 0)\n  while f.read(1 << 21): pass"
PARSED = "import json\n  for line in open(name, 'rb'): json.loads(line)"
TOOLS = ("Bash", "Read", "Edit", "Grep")
RATE, WARM, MEMORY, ROWS = 150e6, 0.05, 80, 100_000
TEXT = (ROOT / "hubctl/cli/main.py").read_text(encoding="utf-8")
COUNT = (
    "SELECT (SELECT count(*) FROM claude_context) + (SELECT count(*) FROM claude_tool_usage)"
    " + (SELECT count(*) FROM claude_events) + (SELECT count(*) FROM claude_sessions)"
)
DENSE_PART = 0.2  # of the size, of text that is nearly none


def write_spool(home, records):
    """Segments of a spool, as a day of work leaves them."""
    folder = home / ".local/state/hubctl/mine/hooks/spool"
    folder.mkdir(parents=True, exist_ok=True)
    hooks = [{"id": f"hook-{n}", "ms": 1.5, "decision": ""} for n in range(4)]
    start = (datetime.now(UTC) - timedelta(days=1)).timestamp()
    for first in range(0, records, 6000):
        with (folder / f"20260304-{first // 6000:04}.jsonl").open("wb") as file:
            for number in range(first, min(records, first + 6000)):
                record = {
                    "v": 1,
                    "t": start + number / 100,
                    "event": "PreToolUse",
                    "lane": "closed",
                    "tool": TOOLS[number % 4],
                    "session": f"s{number // 500}",
                    "folder": "/x/hubctl/mine/hooks/repositories/home/dev/p1/@",
                    "ms": 12.5 + number % 7,
                    "decision": "",
                    "code": 0,
                    "hooks": hooks,
                    "samples": [],
                    "incidents": [],
                }
                file.write(f"\n{spool_format.seal(record)}\n".encode())


def environment(home):
    return {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}


def refreshing(name, home, *, anew):
    """A refresh; `anew` forgets the store first."""

    def forget():
        for path in (home / ".local/state/hubctl").glob("metrics.db*"):
            path.unlink()

    case = Case(name, HUBCTL, home, environment(home))
    return Case(name, HUBCTL, home, environment(home), forget) if anew else case


def written(base, kind, size):
    """A home with transcripts; their bytes, and a file that lists them."""
    home, listed = base / kind, base / f"{kind}.list"
    paths = World(kind, TEXT).write(home, size)
    listed.write_text("".join(f"{path}\n" for path in paths))
    what = f"{sum(path.stat().st_size for path in paths) / 1e6:.0f} MB in {len(paths)} transcripts"
    return home, sum(path.stat().st_size for path in paths), listed, what


def floors(home, listed):
    """Reading the listed files, and parsing each of their lines."""
    return [
        Case(name, (sys.executable, "-c", READ.format(body), str(listed)), home, environment(home))
        for name, body in (("read", WHOLE), ("parse", PARSED))
    ]


def transcript_rows(base, size, runs):
    """Cold and warm over transcripts, beside reading and parsing the same bytes."""
    home, size, listed, what = written(base, ORDINARY, size)
    empty = base / "empty"
    empty.mkdir()
    costs = measure([*floors(home, listed), refreshing("cold", home, anew=True)], runs)
    costs |= measure(
        [refreshing("start", empty, anew=False), refreshing("warm", home, anew=False)],
        max(5, runs),
    )
    cold, warm, start = costs["cold"], costs["warm"], costs["start"]
    rows = [
        Row(f"floor: read {what}", costs["read"]),
        Row("floor: parse every line of them", costs["parse"], costs["read"]),
        Row("first `metrics refresh` over them", cold, costs["read"]),
        Row("floor: `metrics refresh` with nothing to read", start),
        Row(
            "`metrics refresh` when nothing is new",
            *(warm, start, Budget(start.wall + WARM, "≤ 50 ms and start-up")),
        ),
    ]
    with sqlite3.connect(home / ".local/state/hubctl/metrics.db") as store:
        [(count,)] = store.execute(COUNT)
    good = size / cold.processor >= RATE and cold.peak <= MEMORY
    notes = [
        f"First refresh: {rates(size, count, cold, costs['parse'])}"
        f" {aim(good, f'≥ {RATE / 1e6:.0f} MB/s, ≤ {MEMORY} MB')}.",
        f"When nothing is new: {seconds(warm.wall - start.wall)} above start-up.",
    ]
    return rows, notes


def dense_rows(base, size, runs):
    """Cold over answers with hardly any text."""
    home, size, listed, what = written(base, DENSE, size)
    costs = measure([*floors(home, listed), refreshing("cold", home, anew=True)], runs)
    row = Row(f"first `metrics refresh` over {what} of hardly any text", costs["cold"])
    with sqlite3.connect(home / ".local/state/hubctl/metrics.db") as store:
        [(count,)] = store.execute(COUNT)
    return [row], [f"With hardly any text: {rates(size, count, costs['cold'], costs['parse'])}."]


def rates(size, count, cost, parse):
    """Bytes and rows a second of processor, memory, and how parsing alone compares."""
    return (
        f"{size / cost.processor / 1e6:.0f} MB and {count / cost.processor:,.0f} rows a second of"
        f" processor, {cost.peak:.0f} MB of memory at most,"
        f" {cost.processor / parse.processor:.1f} × `json.loads` of every line alone"
    )


def aim(holds, said):
    return f"(aim {said}: {'holds' if holds else 'missed'})"


def spool_rows(base, records, runs):
    """A spool into the store."""
    home = base / "spool"
    write_spool(home, records)
    costs = measure([refreshing("spool", home, anew=True)], runs)
    with sqlite3.connect(home / ".local/state/hubctl/metrics.db") as store:
        [(count,)] = store.execute("SELECT count(*) FROM claude_hooks")
    cost = costs["spool"]
    rate = count / cost.processor
    note = (
        f"Spool: {rate:,.0f} rows a second of processor, {cost.peak:.0f} MB of memory at most"
        f" {aim(rate >= ROWS, f'≥ {ROWS:,}')}."
    )
    return [Row(f"{count:,} runs of hooks from the spool", cost)], [note]


def main():
    parser = argparse.ArgumentParser(description="Measure what collecting figures costs.")
    parser.add_argument("--quick", action="store_true", help="only prove that everything runs")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--size", metavar="MB", type=int, default=200, help="of transcripts")
    parser.add_argument("--write", metavar="FILE", help="the page to put the table on")
    given = parser.parse_args()
    size, records, runs = given.size * 10**6, 40_000, given.runs
    if given.quick:
        size, records, runs = 2 * 10**6, 500, 1
    base = Path(tempfile.mkdtemp(prefix="hubctl-bench-"))
    try:
        parts = (
            transcript_rows(base, size, runs),
            dense_rows(base, int(size * DENSE_PART), runs),
            spool_rows(base, records, runs),
        )
    finally:
        shutil.rmtree(base)
    rows = [row for part, _ in parts for row in part]
    notes = [note for _, part in parts for note in part]
    text = (
        f"{made_by('python benchmarks/metrics.py')}\n\n"
        "Every case is a whole process; cases and floors take turns, and medians stand here.\n\n"
        f"{markdown(rows)}\n" + "".join(f"- {note}\n" for note in notes)
    )
    print(text)
    if given.write:
        write_section(Path(given.write), "Collecting figures", text)
    return 1 if not given.quick and any(row.fails for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
