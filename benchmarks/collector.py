"""What a collector of telemetry bears: fifty clients at once, as much as each of them can send.

    python benchmarks/collector.py [--quick] [--seconds N] [--write FILE]

The collector is a process of its own and so are the clients; exports are as long as real ones.
Ends with 1 where a budget is exceeded, or where an event that was answered with success is not in
the store; `--quick` only proves that everything runs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from page import made_by, write_section

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.metrics.exports import busy, send_all  # noqa: E402 - needs the path above

CLIENTS, EVENTS, RATE, MEMORY = 50, 50, 5_000, 160
_TICKS = os.sysconf("SC_CLK_TCK")
_COUNT = "SELECT (SELECT count(*) FROM claude_context) + (SELECT count(*) FROM claude_tool_usage)"


class Collector:
    """`hubctl collect` in a home of its own."""

    def __init__(self, home):
        self.store = home / ".local/state/hubctl/metrics.db"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        home.mkdir()
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hubctl", "collect", "--port", str(self.port)],
            env=environment,
            cwd=home,
            stderr=subprocess.PIPE,
            text=True,
        )
        while "listening" not in self._process.stderr.readline():
            pass

    def seconds(self):
        """Processor time so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def peak(self):
        """Most memory so far, in megabytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def stop(self):
        """How many rows it kept."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)
        self._process.stderr.close()
        with sqlite3.connect(self.store) as store:
            return store.execute(_COUNT).fetchone()[0]


def run(base, name, posts, events, every):
    """All clients send their posts; what that took, and what is in the store then."""
    bodies = [[busy(client, post, events) for post in range(posts)] for client in range(CLIENTS)]
    collector = Collector(base / name)
    idle = collector.peak()
    before, began = collector.seconds(), time.perf_counter()
    answers = send_all(collector.port, bodies, every, seconds=600)
    took = time.perf_counter() - began
    spent, peak = collector.seconds() - before, collector.peak()
    sent = CLIENTS * posts * events
    return {
        "sent": sent,
        "lost": answers[200] * events - collector.stop(),
        "later": answers[503],
        "rate": sent / took,
        "share": spent / took,
        "per": sent / spent,
        "idle": idle,
        "peak": peak,
        "size": sum(len(body) for mine in bodies for body in mine) / sent,
    }


def line(name, found):
    return (
        f"| {name} | {found['sent']:,} | {found['rate']:,.0f} | {found['share']:.0%} |"
        f" {found['per']:,.0f} | {found['idle']:.0f} → {found['peak']:.0f} MB |"
        f" {found['later']} | {found['lost']} |"
    )


def main():
    parser = argparse.ArgumentParser(description="Measure what a collector bears.")
    parser.add_argument("--quick", action="store_true", help="only prove that everything runs")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--write", metavar="FILE", help="the page to put the table on")
    given = parser.parse_args()
    events, posts = (4, 1) if given.quick else (EVENTS, RATE * given.seconds // CLIENTS // EVENTS)
    every = 0.0 if given.quick else CLIENTS * EVENTS / RATE
    base = Path(tempfile.mkdtemp(prefix="hubctl-bench-"))
    try:
        steady = run(base, "steady", posts, events, every)
        flood = run(base, "flood", posts, events, 0.0)
    finally:
        shutil.rmtree(base)
    lost = steady["lost"] or flood["lost"]
    fails = lost or max(steady["peak"], flood["peak"]) > MEMORY or steady["rate"] < RATE * 0.9
    text = (
        f"{made_by('python benchmarks/collector.py')}\n\n"
        f"{CLIENTS} connections, exports of {events} events with {steady['size']:,.0f} bytes each."
        " Kept is what stands in the store after the collector was told to end.\n\n"
        "| Case | events | a second | of one processor | events a second of it | memory |"
        " told to come again | lost |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        f"{line(f'{RATE:,} events a second', steady)}\n"
        f"{line('as fast as they are answered', flood)}\n\n"
        f"- Budgets: {RATE:,} events a second, {MEMORY} MB, nothing lost:"
        f" {'exceeded' if fails else 'hold'}.\n"
    )
    print(text)
    if given.write:
        write_section(Path(given.write), "Collecting telemetry", text)
    return 1 if (fails and not given.quick) or lost else 0


if __name__ == "__main__":
    sys.exit(main())
