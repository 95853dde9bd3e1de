"""Every golden case: the same items, the same files, and nothing left to do afterwards."""

from __future__ import annotations

import json
import os

import pytest

from tests.render.golden_case import (
    GOLDEN,
    case_names,
    edited,
    files_after,
    given_files,
    item_line,
    pack,
    rendered,
)

CASES = case_names()


@pytest.mark.parametrize("case", CASES)
def test_golden(case):
    items = rendered(case)
    lines = "".join(f"{item_line(item)}\n" for item in items)
    files = pack(files_after(case, items))
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / case / "expected.jsonl").write_text(lines)
        (GOLDEN / case / "expected.txt").write_text(files)
    assert lines == (GOLDEN / case / "expected.jsonl").read_text()
    assert files == (GOLDEN / case / "expected.txt").read_text()


@pytest.mark.parametrize("case", CASES)
def test_rendering_twice_changes_nothing(case):
    items = rendered(case)
    after = files_after(case, items)
    for path in {item.address.path for item in items} & after.keys():
        mine = [item for item in items if item.address.path == path]
        if mine[0].address.fragment:
            assert edited(path, after[path], mine) == after[path]


@pytest.mark.parametrize("case", [case for case in CASES if given_files(case)])
def test_what_is_not_ours_stays(case):
    items = rendered(case)
    after = files_after(case, items)
    for path, text in given_files(case).items():
        fields = {item.address.pointer for item in items if item.address.path == path}
        if path.endswith(".json"):
            assert lost(json.loads(text), json.loads(after[path]), (), fields) == []
        else:
            assert set(text.splitlines()) <= set(after[path].splitlines())


def lost(before: object, after: object, at: tuple[str, ...], ours: set) -> list:
    """Pointers of values that stood there, are not ours, and are gone or changed."""
    if isinstance(before, dict) and isinstance(after, dict):
        pairs = ((key, before[key], after.get(key)) for key in before)
        return [p for key, b, a in pairs for p in lost(b, a, (*at, key), ours)]
    if isinstance(before, list) and isinstance(after, list):
        return [] if all(element in after for element in before) else [at]
    return [] if at in ours or before == after else [at]


@pytest.mark.parametrize("case", CASES)
def test_items_stand_in_order_and_each_address_once(case):
    addresses = [item.address for item in rendered(case)]
    assert addresses == sorted(set(addresses))
