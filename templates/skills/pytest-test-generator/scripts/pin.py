#!/usr/bin/env python3
"""Writes pytest tests that pin what a function does today, by running it.

    python3 pin.py FILE FUNCTION [--case '[1, "a"]']... [--anyway] [> TEST]

Arguments come from annotations, and from the very values the function compares with; of all tries
those are kept that reach another line or end in another way. `--case` adds a call as a JSON list
of arguments. What touches the world is refused without `--anyway`. Python 3.11 or newer, standard
library only; the written tests need pytest.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from source import CHANGING, EFFECTS, reached, read
from tries import candidates
from watched import Outcome, load, minimal, watch
from written import module_text


def main() -> int:
    parser = argparse.ArgumentParser(description="Pin what a function does today.")
    parser.add_argument("file", type=Path)
    parser.add_argument("function")
    parser.add_argument("--case", action="append", default=[], metavar="JSON")
    parser.add_argument("--anyway", action="store_true", help="run it although it has effects")
    parser.add_argument("--most", type=int, default=24, help="cases to keep (default 24)")
    given = parser.parse_args()
    refuse_effects(given.file, given.function, anyway=given.anyway)
    name, function = load(given.file.resolve(), given.function)
    asked = [read_case(text) for text in given.case]
    tree = read(given.file)
    outcomes = [watch(function, case) for case in (*asked, *candidates(tree, function))]
    kept = minimal(outcomes, first=len(asked), most=given.most)
    tell(outcomes, kept)
    if not any(one.usable for one in kept):
        raise SystemExit("nothing to pin: give calls with --case '[ARGUMENT, ...]'")
    print(module_text(name, function, [one for one in kept if one.usable]), end="")
    return 0


def refuse_effects(file: Path, function: str, *, anyway: bool) -> None:
    calls = reached(read(file), function)
    bad = sorted(call for call in calls if set(call.split(".")) & (EFFECTS | CHANGING))
    if bad and not anyway:
        raise SystemExit(
            f"{function} calls {', '.join(bad)}: running it would do that. Test it with a fake, "
            "or say --anyway"
        )


def read_case(text: str) -> tuple[object, ...]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise SystemExit(f"--case {text}: {error}") from error
    if not isinstance(value, list):
        raise SystemExit(f"--case {text}: a JSON list of the arguments is wanted")
    return tuple(value)


def tell(outcomes: list[Outcome], kept: list[Outcome]) -> None:
    left = {one.problem: one for one in reversed(outcomes) if not one.usable}
    kept = [one for one in kept if one.usable]
    lines = {line for one in outcomes for line in one.lines}
    pinned = {line for one in kept for line in one.lines}
    print(f"{len(outcomes)} calls tried, {len(kept)} pinned", file=sys.stderr)
    for one in left.values():
        print(f"left out: {one.arguments!r}: {one.problem}", file=sys.stderr)
    if lines - pinned:
        print(f"lines reached but not pinned: {sorted(lines - pinned)}", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
