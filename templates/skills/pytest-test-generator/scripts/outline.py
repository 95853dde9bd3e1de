#!/usr/bin/env python3
"""What a Python file promises, and what its tests do not name yet.

    python3 outline.py FILE... [--tests DIR] [--json]

For every public function: signature, errors it raises, branches, doctest examples, effects that a
test has to keep off, and the test files that name it. Reads only; nothing is imported or run.
Python 3.11 or newer, standard library only.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from source import Function, functions, read


def main() -> int:
    parser = argparse.ArgumentParser(description="What a Python file promises.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--tests", type=Path, metavar="DIR", help="where the tests are")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    texts = test_texts(given.tests or nearest_tests(given.files[0]))
    found = [(path, as_json(one, texts)) for path in given.files for one in functions(read(path))]
    if given.json:
        print(json.dumps([{"file": str(path), **one} for path, one in found], indent=1))
    else:
        for path, one in found:
            print("\n".join(lines(path, one)))
    return 0


def nearest_tests(file: Path) -> Path | None:
    """The folder `tests` or `test` beside the file or above it."""
    for folder in file.resolve().parents:
        for name in ("tests", "test"):
            if (folder / name).is_dir():
                return folder / name
        if (folder / ".git").exists():
            return None
    return None


def test_texts(folder: Path | None) -> dict[str, str]:
    files = sorted(folder.rglob("*.py")) if folder else []
    return {str(path): path.read_text(encoding="utf-8", errors="replace") for path in files}


def as_json(one: Function, texts: dict[str, str]) -> dict[str, object]:
    last = one.name.rpartition(".")[2]
    named = [path for path, text in texts.items() if re.search(rf"\b{re.escape(last)}\b", text)]
    return {
        "name": one.name,
        "line": one.line,
        "signature": one.signature,
        "doc": one.doc.partition("\n")[0],
        "raises": [
            {"type": kind, "message": message, "line": line} for kind, message, line in one.raises
        ],
        "branches": [{"condition": text, "line": line} for text, line in one.branches],
        "examples": [{"call": call, "gives": gives} for call, gives in one.examples],
        "effects": one.effects(),
        "changing": one.changing(),
        "tested_in": named,
    }


def lines(path: Path, one: dict[str, object]) -> list[str]:
    """The same for people."""
    tested = ", ".join(one["tested_in"]) or "no test names it"
    out = [f"{path}:{one['line']}: {one['name']}{one['signature']}", f"  tests: {tested}"]
    if one["doc"]:
        out.append(f"  says: {one['doc']}")
    out += [f"  raises {r['type']} {r['message']} (line {r['line']})" for r in one["raises"]]
    out += [f"  branch: {b['condition']} (line {b['line']})" for b in one["branches"]]
    out += [f"  example: {e['call']} gives {e['gives']}" for e in one["examples"]]
    if one["effects"]:
        out.append(f"  keep off in tests: {', '.join(one['effects'])}")
    if one["changing"]:
        out.append(f"  freeze in tests: {', '.join(one['changing'])}")
    return out


if __name__ == "__main__":
    raise SystemExit(main())
