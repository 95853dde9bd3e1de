"""Inputs of every event: documented shapes and captures of two client versions, as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_LINES = (Path(__file__).parent / "data" / "inputs.jsonl").read_text("utf-8").splitlines()
INPUTS: tuple[dict[str, Any], ...] = tuple(json.loads(line) for line in _LINES)
FIRST: dict[str, dict[str, Any]] = {}
for one in INPUTS:
    FIRST.setdefault(one["hook_event_name"], one)


def event_text(name: str, **changes: Any) -> str:
    """The first input of an event, with some fields replaced; None leaves one out."""
    merged = {**FIRST[name], **changes}
    return json.dumps({key: value for key, value in merged.items() if value is not None}) + "\n"
