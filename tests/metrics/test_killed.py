"""A reader of transcripts that is killed, whenever that is: one last reading has every total."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import hubctl
from tests.metrics.reading import files, read, rows
from tests.metrics.reference import totals
from tests.metrics.sessions import answer_line, call_lines, write_session

ROOT = str(Path(hubctl.__file__).parents[1])
# Parts so small that there is always one half done.
COMMAND = """
from hubctl.metrics.tables import repricing
from hubctl.metrics.sources import transcript_reading
from hubctl.metrics.refresh import Wanted, refresh
from hubctl.system.places import find_places
transcript_reading._LINES_HELD, repricing._PART = 15, 40
print("begun", flush=True)
for price in range(10**6):
    row = {"input": price, "output": price}
    refresh(find_places(), Wanted(prices={"house-model": row}))
"""


def session(number):
    name = f"s{number}"
    for turn in range(30):
        more = {"seconds": turn, "model": "house-model", "output": turn}
        yield answer_line(name, f"m{number % 7}-{turn}", "r", **more)
        yield from call_lines(name, f"t{number}-{turn}", "Bash", seconds=turn)


@pytest.mark.parametrize("seconds", [0.01, 0.05, 0.1, 0.2, 0.4])
def test_a_killed_reader_loses_and_doubles_nothing(tmp_path, seconds):
    for number in range(12):
        write_session(tmp_path, f"s{number}", session(number))
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": ROOT}
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND], env=environment, cwd=tmp_path, stdout=subprocess.PIPE
    )
    try:
        process.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        process.stdout.close()
    assert read(tmp_path) == totals(files(tmp_path))
    assert rows(tmp_path, "SELECT count(*), count(success) FROM claude_tool_usage") == [(360, 360)]
    assert rows(tmp_path, "SELECT sum(cost_usd IS NOT NULL) FROM claude_context") == [(0,)]
    [(calls,)] = rows(tmp_path, "SELECT sum(tool_calls) FROM claude_sessions")
    assert calls == 360
