"""Whole processes, measured in turns: wall time, processor time and peak memory of every run.

Taking turns spreads the noise of a busy machine over every case and its floor alike.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


def _nothing() -> None:
    """A case that needs no preparing."""


@dataclass(frozen=True)
class Case:
    """One command.

    Attributes:
        before: runs ahead of each start and is not measured.
        given: what it reads on stdin.
        codes: exit codes that are no failure.
    """

    name: str
    command: Sequence[str]
    cwd: Path
    environment: Mapping[str, str]
    before: Callable[[], None] = field(default=_nothing)
    given: bytes = b""
    codes: Sequence[int] = (0,)


@dataclass(frozen=True)
class Cost:
    """One run, or medians of many: seconds on the wall, of processor, peak memory in MB."""

    wall: float
    processor: float
    peak: float


def measure(cases: Sequence[Case], runs: int) -> dict[str, Cost]:
    """Medians of every case over `runs` runs in turns."""
    return {name: _medians(found) for name, found in measure_each(cases, runs).items()}


def measure_each(cases: Sequence[Case], runs: int) -> dict[str, list[Cost]]:
    """Run every case `runs` times, in turns, after one turn that only warms caches."""
    costs: dict[str, list[Cost]] = {case.name: [] for case in cases}
    for turn in range(runs + 1):
        for case in cases:
            case.before()
            cost = _run(case)
            if turn:
                costs[case.name].append(cost)
    return costs


def _run(case: Case) -> Cost:
    start = time.perf_counter()
    process = subprocess.Popen(
        case.command,
        cwd=case.cwd,
        env=case.environment,
        stdin=subprocess.PIPE if case.given else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if case.codes != (0,) else None,
    )
    if process.stdin:
        process.stdin.write(case.given)
        process.stdin.close()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in case.codes:
        raise SystemExit(f"{case.name} exited {process.returncode}: {' '.join(case.command)}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def _medians(found: Sequence[Cost]) -> Cost:
    return Cost(
        median(cost.wall for cost in found),
        median(cost.processor for cost in found),
        median(cost.peak for cost in found),
    )
