#!/usr/bin/env python3
"""Writes Pydantic v2 models that every given JSON sample satisfies.

    python3 infer.py SAMPLE... [--name Order] [--extra forbid|ignore] [--check] [> models.py]

A sample is a JSON file (one object, or a list of them), a .jsonl file, or - for stdin. The more
samples, the truer the model: a key that is sometimes missing gets a default, one that is null
somewhere becomes `| None`, and assumptions are told on stderr. Python 3.11 or newer, standard
library only; `--check` and the models themselves need pydantic 2.
"""

from __future__ import annotations

import argparse
import json
import sys
import types
from pathlib import Path

from shapes import Shape, shape_of
from written import Models


def main() -> int:
    parser = argparse.ArgumentParser(description="Pydantic v2 models from JSON samples.")
    parser.add_argument("samples", nargs="+", metavar="SAMPLE")
    parser.add_argument("--name", default="Model", help="of the outermost class")
    parser.add_argument("--extra", choices=("forbid", "ignore"), default="ignore")
    parser.add_argument("--check", action="store_true", help="validate the samples; needs pydantic")
    given = parser.parse_args()
    if not given.name.isidentifier():
        parser.error(f"--name {given.name!r} is no name of a class")
    records = [record for sample in given.samples for record in read(sample)]
    shape = Shape()
    for record in records:
        shape_of(record, shape)
    models = Models(given.name, given.extra)
    text = models.module(shape)
    print(text, end="")
    for assumption in models.assumptions:
        print(f"assumed: {assumption}", file=sys.stderr)
    return check(text, given.name, records) if given.check else 0


def read(sample: str) -> list[dict[str, object]]:
    """The records of a sample: objects, each on its own."""
    try:
        text = sys.stdin.read() if sample == "-" else Path(sample).read_text(encoding="utf-8-sig")
        if sample.endswith((".jsonl", ".ndjson")):
            value: object = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            value = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise SystemExit(f"{sample}: {error}") from error
    records = value if isinstance(value, list) else [value]
    if not records or not all(isinstance(record, dict) for record in records):
        raise SystemExit(f"{sample}: an object, or a list of objects, is wanted")
    return records


def check(text: str, name: str, records: list[dict[str, object]]) -> int:
    """Validate every record; 1 where one fails."""
    module = sys.modules["sampled_models"] = types.ModuleType("sampled_models")
    exec(compile(text, "models.py", "exec"), module.__dict__)  # noqa: S102 - written just now
    model = getattr(module, name)
    bad = 0
    for number, record in enumerate(records, 1):
        try:
            model.model_validate_json(json.dumps(record))
        except ValueError as error:
            bad += 1
            print(f"record {number}: {error}", file=sys.stderr)
    print(f"{len(records) - bad} of {len(records)} records validate", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
