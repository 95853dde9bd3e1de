"""How fast the dashboard stands in a real browser over a store of a million rows.

    python benchmarks/dashboard.py [--quick] [--runs N] [--write FILE]

Needs chromium. Every run is a visitor who has never been here: a browser context without a cache.
What is measured is told by the browser itself: its first contentful paint, and when the last panel
stood. Ends with 1 where the budget is exceeded; `--quick` only proves that everything runs.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from page import made_by, write_section
from table import seconds

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.browser import CHROMIUM, browser  # noqa: E402 - needs the path above
from tests.support.measures import put, weeks_of_work  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.browser import Browser

BUDGET = 0.3  # seconds to the first paint
HUB = "hub: {name: bench}\nrepositories: {}\n"
FLOOR = "a page of one word, from a file"
PAINT = (
    "new Promise((done) => new PerformanceObserver((list) => {"
    " for (const one of list.getEntries())"
    " if (one.name === 'first-contentful-paint') done(one.startTime);"
    "}).observe({type: 'paint', buffered: true}))"
)
STANDS = (
    "new Promise((done) => { const look = () => document.querySelector('.waiting')"
    " ? requestAnimationFrame(look) : done(performance.now()); look(); })"
)


@dataclass(frozen=True)
class Visit:
    """One visit, in seconds: first paint, last panel, and the server's time for the page itself."""

    paint: float
    whole: float
    served: float = 0.0


class Site:
    """A dashboard that runs over a store."""

    def __init__(self, home: Path, address: str) -> None:
        self.store = str(home / ".local/state/hubctl/metrics.db")
        self.base, _, self.token = address.partition("/?token=")
        self.port = int(self.base.rpartition(":")[2])

    def ask(self, path: str) -> float:
        """Seconds that the server takes for a path."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        begin = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"hubctl-{self.port}={self.token}"})
        answer = connection.getresponse()
        answer.read()
        took = time.perf_counter() - begin
        connection.close()
        assert answer.status == 200, path
        return took

    def change(self) -> None:
        """One more row: every panel that was kept is of the past."""
        now = int(time.time() * 1_000_000)
        row = {"time": now, "source": "transcript", "session": "late", "project": "/home/ada/src"}
        more = {"model": "claude-sonnet-4-5", "cost_usd": 0.01, "response": f"late{now}"}
        put(self.store, "claude_context", [row | more])


def served(home: Path) -> Iterator[Site]:
    """The real command over a home, until the iteration ends."""
    (home / "hub").mkdir()
    (home / "hub/canonical.yaml").write_text(HUB)
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT), "TZ": "UTC"}
    hubctl = [sys.executable, "-m", "hubctl"]
    # What a first reading does once: prices, sessions, roll-ups.
    first = [*hubctl, "metrics", "refresh"]
    subprocess.run(first, cwd=home / "hub", env=env, check=True, timeout=600)
    with subprocess.Popen(
        [*hubctl, "dashboard", "--for", "900"],
        cwd=home / "hub",
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield Site(home, process.stdout.readline().strip())
        finally:
            process.terminate()


def visit(chromium: Browser, site: Site, path: str) -> Visit:
    """Somebody comes for the first time."""
    with chromium.page() as page:
        page.cookie(site.base, f"hubctl-{site.port}", site.token)
        page.go(site.base + path)
        paint, whole = page.run(PAINT), page.run(STANDS)
    return Visit(paint / 1000, whole / 1000)


def plain(chromium: Browser, home: Path) -> Visit:
    """What the browser itself needs for a page."""
    file = home / "plain.html"
    file.write_text("<!doctype html><title>plain</title><p>plain")
    with chromium.page(file.as_uri()) as page:
        paint = page.run(PAINT) / 1000
    return Visit(paint, paint)


def visits(chromium: Browser, site: Site, home: Path, runs: int) -> dict[str, list[Visit]]:
    """Every case, in turns, after one turn that only warms."""

    def usual() -> Visit:
        served_in = site.ask("/")
        found = visit(chromium, site, "/")
        return Visit(found.paint, found.whole, served_in)

    def changed(path: str) -> Callable[[], Visit]:
        def after() -> Visit:
            site.change()
            served_in = site.ask(path)
            found = visit(chromium, site, path)
            return Visit(found.paint, found.whole, served_in)

        return after

    cases: dict[str, Callable[[], Visit]] = {
        FLOOR: lambda: plain(chromium, home),
        "the last week, as it was": usual,
        "the last week, just after the store changed": changed("/"),
        "the last year, just after the store changed": changed("/?days=365"),
    }
    found: dict[str, list[Visit]] = {name: [] for name in cases}
    for turn in range(runs + 1):
        for name, case in cases.items():
            one = case()
            if turn:
                found[name].append(one)
    return found


def rows(found: dict[str, list[Visit]]) -> tuple[list[tuple[str, ...]], bool]:
    """Cells of the table, and whether all budgets hold."""
    made, holds = [], True
    floor = median(one.paint for one in found[FLOOR])
    for name, each in found.items():
        paint = median(one.paint for one in each)
        own = median(one.served for one in each)
        whole = median(one.whole for one in each)
        is_floor = name == FLOOR
        holds = holds and (is_floor or paint <= BUDGET)
        verdict = "holds" if paint <= BUDGET else "**over**"
        made.append(
            (
                name,
                seconds(paint),
                "" if is_floor else f"{paint / floor:.1f}",
                "" if is_floor else "≤ 300 ms",
                "" if is_floor else verdict,
                "" if is_floor else seconds(whole),
                "" if is_floor else seconds(own),
            )
        )
    return made, holds


HEAD = ("Visit", "first paint", "× floor", "budget", "", "last panel", "server, the page alone")
ALIGN = ("---", "---:", "---:", "---", "---", "---:", "---:")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the dashboard over a million rows.")
    parser.add_argument("--quick", action="store_true", help="a small store, no verdict")
    parser.add_argument("--runs", type=int, default=9, help="visits of each case (default 9)")
    parser.add_argument("--write", metavar="FILE", type=Path, help="put the section into this page")
    given = parser.parse_args()
    if CHROMIUM is None:
        print("chromium is not installed here", file=sys.stderr)
        return 2
    home = Path(tempfile.mkdtemp(prefix="hubctl-bench-")).resolve()
    try:
        size = (
            {"days": 30, "sessions": 3, "size": 20}
            if given.quick
            else {"days": 365, "sessions": 16}
        )
        whole = {"size": 50} | size
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        store = str(home / ".local/state/hubctl/metrics.db")
        count = weeks_of_work(store, today, **whole)
        for site in served(home):
            with browser(home) as chromium:
                found = visits(chromium, site, home, 2 if given.quick else given.runs)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    cells, holds = rows(found)
    table = "".join(f"| {' | '.join(row)} |\n" for row in (HEAD, ALIGN, *cells))
    text = (
        f"{made_by('python benchmarks/dashboard.py')}\n\n"
        f"Over a store of {count:,} rows, in a headless Chromium of this machine that has nothing"
        " of the page yet; medians, in turns. The first paint is the browser's own first contentful"
        f" paint.\n\n{table}"
    )
    print(text)
    if given.write:
        write_section(given.write, "Dashboard", text)
    return int(not given.quick and not holds)


if __name__ == "__main__":
    raise SystemExit(main())
