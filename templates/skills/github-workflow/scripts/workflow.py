#!/usr/bin/env python3
"""Writes a test workflow for GitHub Actions from what the project's own files say.

    python3 workflow.py [FOLDER] [--branch main] [> .github/workflows/test.yml]

Reads pyproject.toml, package.json, Cargo.toml and go.mod. The versions of actions stand in
actions.json beside this script. Python 3.11 or newer, standard library only.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from detect import Job, jobs

ACTIONS = json.loads(Path(__file__).with_name("actions.json").read_text(encoding="utf-8"))
HEAD = """\
name: test

on:
  push:
    branches: [{branch}]
  pull_request:

permissions:
  contents: read

concurrency:
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: ${{{{ github.event_name == 'pull_request' }}}}

jobs:
"""
JOB = """\
  {name}:
    runs-on: ubuntu-latest
    timeout-minutes: 15
"""
MATRIX = """\
    strategy:
      fail-fast: false
      matrix:
        {key}: [{values}]
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="A test workflow for a project.")
    parser.add_argument("folder", nargs="?", default=".", type=Path)
    parser.add_argument("--branch", default="main")
    given = parser.parse_args()
    if not re.fullmatch(r"[\w./-]+", given.branch):
        parser.error(f"{given.branch!r} is no name of a branch")
    found = jobs(given.folder)
    if not found:
        known = "pyproject.toml, package.json, Cargo.toml or go.mod"
        raise SystemExit(f"{given.folder} has no {known}: write the job by hand")
    print(text(found, given.branch), end="")
    for job in found:
        if len(job.steps) < 3:
            print(f"{job.name}: no test command found; add the project's own", file=sys.stderr)
    return 0


def text(found: list[Job], branch: str) -> str:
    """The whole workflow."""
    return HEAD.format(branch=branch) + "\n".join(map(_job, found))


def _job(job: Job) -> str:
    lines = JOB.format(name=job.name)
    if job.matrix:
        values = ", ".join(f'"{value}"' for value in job.matrix[1])
        lines += MATRIX.format(key=job.matrix[0], values=values)
    checkout = ("actions/checkout", {"persist-credentials": "false"})
    return lines + "    steps:\n" + "".join(_step(step) for step in (checkout, *job.steps))


def _step(step: tuple[str, dict[str, str] | str]) -> str:
    action, what = step
    if isinstance(what, str):
        return f"      - run: {what}\n"
    inputs = "".join(f"          {key}: {value}\n" for key, value in what.items())
    return f"      - uses: {action}@{ACTIONS[action]}\n        with:\n{inputs}"


if __name__ == "__main__":
    raise SystemExit(main())
