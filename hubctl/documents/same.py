"""Equality of JSON values with their types: Python calls True, 1 and 1.0 equal, JSON does not."""

from __future__ import annotations

import json


def same_json(one: object, other: object, *, ordered: bool = False) -> bool:
    """Whether two JSON values are equal; with `ordered`, the order of keys counts too."""
    return one == other and _text(one, ordered) == _text(other, ordered)


def _text(value: object, ordered: bool) -> str:
    return json.dumps(value, sort_keys=not ordered)
