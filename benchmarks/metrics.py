"""What collecting figures costs, as ratios to reading the same bytes in the same, interleaved run.

    python benchmarks/metrics.py [--quick] [--runs N] [--megabytes N] [--write FILE]

Transcripts and spools are made up, as long and as varied as real ones. Every case is a whole
process. Ends with 1 where a budget is exceeded (aims may be missed); `--quick` only proves that
everything runs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from measure import Case, measure
from page import made_by, write_section
from table import Budget, Row, markdown

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hubctl.system.hooks_package import store as spool_format  # noqa: E402 - needs the path above
from tests.metrics.sessions import answer_line, result_line, usage  # noqa: E402

HUBCTL = (sys.executable, "-m", "hubctl", "metrics", "refresh")
READ = "import sys\nfor name in open(sys.argv[1]).read().split('\\n')[:-1]:\n  {}"
WHOLE = "f = open(name, 'rb', 0)\n  while f.read(1 << 21): pass"
PARSED = "import json\n  for line in open(name, 'rb'): json.loads(line)"
TOOLS = ("Bash", "Read", "Edit", "Grep")
RATE, WARM, MEMORY, ROWS = 150e6, 0.05, 80, 100_000


def session(number, chance, text):
    """Lines of one session: answers in one to three lines each, calls, results of any length."""
    name, at = f"s{number}", number * 40
    for turn in range(chance.randint(20, 900)):
        at += chance.randint(1, 40)
        message, request, call = f"msg_{number}_{turn}", f"req_{number}_{turn}", f"t{number}_{turn}"
        tokens = usage(chance.randint(1, 900), read=chance.randint(0, 150_000))
        blocks = (
            {"type": "thinking", "thinking": text[: chance.randint(50, 1500)]},
            {"type": "text", "text": text[: chance.randint(20, 300)]},
            {
                "type": "tool_use",
                "id": call,
                "name": chance.choice(TOOLS),
                "input": {"text": text[: chance.randint(0, 1500)]},
            },
        )
        for block in blocks[chance.randint(0, 2) :]:
            yield answer_line(name, message, request, seconds=at, content=[block], usage=tokens)
        start = chance.randint(0, len(text) // 2)
        said = text[start : start + int(chance.paretovariate(1) * 300)]
        yield result_line(name, call, seconds=at + 1, text=said, toolUseResult={"stdout": said})


def write_transcripts(home, size):
    """Transcripts of `size` bytes together; the paths."""
    chance, text = random.Random(1), (ROOT / "hubctl/cli/main.py").read_text() * 3
    paths, written = [], 0
    while written < size:
        folder = home / f".claude/projects/-home-dev-p{len(paths) % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        paths.append(folder / f"s{len(paths)}.jsonl")
        with paths[-1].open("w") as file:
            for line in session(len(paths), chance, text):
                file.write(json.dumps(line, separators=(",", ":")) + "\n")
            written += file.tell()
    return paths


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


def transcript_rows(base, size, runs):
    """Cold and warm over transcripts, beside reading and parsing the same bytes."""
    home, empty = base / "transcripts", base / "empty"
    empty.mkdir()
    paths = write_transcripts(home, size)
    size = sum(path.stat().st_size for path in paths)
    listed = base / "list"
    listed.write_text("".join(f"{path}\n" for path in paths))
    floors = [
        Case(name, (sys.executable, "-c", READ.format(body), str(listed)), home, environment(home))
        for name, body in (("read", WHOLE), ("parse", PARSED))
    ]
    costs = measure([*floors, refreshing("cold", home, anew=True)], runs)
    costs |= measure(
        [refreshing("start", empty, anew=False), refreshing("warm", home, anew=False)],
        max(5, runs),
    )
    what = f"{size / 1e6:.0f} MB in {len(paths)} transcripts"
    rate = size / costs["cold"].processor
    extra = costs["warm"].wall - costs["start"].wall
    aim = Budget(size / RATE, "aim: ≥ 150 MB/s", is_aim=True)
    warm = Budget(costs["start"].wall + WARM, "≤ 50 ms and start-up")
    memory = costs["cold"].peak
    rows = [
        Row(f"floor: read {what}", costs["read"]),
        Row("floor: parse every line of them", costs["parse"], costs["read"]),
        Row("first `metrics refresh` over them", costs["cold"], costs["read"], aim),
        Row("floor: `metrics refresh` with nothing to read", costs["start"]),
        Row("`metrics refresh` when nothing is new", costs["warm"], costs["start"], warm),
    ]
    notes = [
        f"First refresh: {rate / 1e6:.0f} MB a second of processor, "
        f"{costs['cold'].processor / costs['parse'].processor:.1f} × parsing alone.",
        f"Peak memory of the first refresh: {memory:.0f} MB (aim {MEMORY} MB).",
        f"When nothing is new: {extra * 1000:.1f} ms above start-up.",
    ]
    return rows, notes


def spool_rows(base, records, runs):
    """A spool into the store."""
    home = base / "spool"
    write_spool(home, records)
    costs = measure([refreshing("spool", home, anew=True)], runs)
    with sqlite3.connect(home / ".local/state/hubctl/metrics.db") as store:
        [(count,)] = store.execute("SELECT count(*) FROM claude_hooks")
    cost = costs["spool"]
    aim = Budget(count / ROWS, f"aim: ≥ {ROWS:,} rows/s", is_aim=True)
    rate = f"{count / cost.processor:,.0f} rows a second of processor, {cost.peak:.0f} MB at most"
    return [Row(f"{count:,} runs of hooks from the spool", cost, budget=aim)], [f"Spool: {rate}."]


def main():
    parser = argparse.ArgumentParser(description="Measure what collecting figures costs.")
    parser.add_argument("--quick", action="store_true", help="only prove that everything runs")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--write", metavar="FILE", help="the page to put the table on")
    given = parser.parse_args()
    size, records, runs = given.megabytes * 10**6, 40_000, given.runs
    if given.quick:
        size, records, runs = 2 * 10**6, 500, 1
    base = Path(tempfile.mkdtemp(prefix="hubctl-bench-"))
    try:
        rows, notes = transcript_rows(base, size, runs)
        more, told = spool_rows(base, records, runs)
    finally:
        shutil.rmtree(base)
    rows += more
    text = (
        f"{made_by('python benchmarks/metrics.py')}\n\n"
        "Every case is a whole process; cases and floors take turns, and medians stand here.\n\n"
        f"{markdown(rows)}\n" + "".join(f"- {note}\n" for note in (*notes, *told))
    )
    print(text)
    if given.write:
        write_section(Path(given.write), "Collecting figures", text)
    return 1 if not given.quick and any(row.fails for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
