"""Transcripts written by hand: each case comes to what somebody counted, however it is read."""

from __future__ import annotations

import json
import random

import pytest

from hubctl.metrics.refresh import refresh
from hubctl.metrics.store import metrics_path
from hubctl.system.places import find_places
from tests.metrics import cases_of_files, cases_of_lines, reference
from tests.metrics.reading import files, put, read, rows

CASES = {**cases_of_lines.CASES, **cases_of_files.CASES}
ALL = tuple(enumerate(sorted(CASES)))
COSTS = "SELECT total(cost_usd), total(cost_usd IS NULL) FROM claude_context WHERE counted"


def close(found, wanted):
    return abs(found - float(wanted)) <= 1e-9 * abs(float(wanted))


def put_all(home, made):
    for name, data in made.items():
        if data or name.endswith(".jsonl"):
            put(home, name, data)


def check(home, case):
    assert read(home) == case.sums
    [(cost, unpriced)] = rows(home, COSTS)
    assert unpriced == case.unpriced or not case.cost
    assert not case.cost or close(cost, case.cost)


def test_there_are_many_and_the_reference_agrees_with_each():
    assert len(CASES) > 100
    for name, case in CASES.items():
        assert reference.totals(transcripts(case.placed("x"))) == case.sums, name
        found, unpriced = reference.dollars(transcripts(case.placed("x")))
        assert not case.cost or (close(found, case.cost), unpriced) == (True, case.unpriced), name


def transcripts(made):
    return {name: data for name, data in made.items() if name.endswith(".jsonl")}


@pytest.mark.parametrize("name", CASES)
def test_a_case_alone_and_twice(tmp_path, name):
    put_all(tmp_path, CASES[name].placed("x"))
    check(tmp_path, CASES[name])
    refresh(find_places({"HOME": str(tmp_path)}))
    check(tmp_path, CASES[name])


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    home = tmp_path_factory.mktemp("together")
    for number, name in ALL:
        put_all(home, CASES[name].placed(f"c{number}x"))
    return home


def whole():
    sums = [CASES[name].sums for _, name in ALL]
    return tuple(sum(cells) for cells in zip(*sums, strict=True))


def test_all_cases_at_once(together):
    assert read(together) == whole() == reference.totals(files(together))
    wanted, unpriced = reference.dollars(files(together))
    [(cost, found)] = rows(together, COSTS)
    assert close(cost, wanted) and found == unpriced
    assert read(together) == whole()


def test_all_cases_after_the_store_is_gone(together):
    read(together)
    store = metrics_path(find_places({"HOME": str(together)}))
    for path in sorted((together / ".local").rglob("metrics.db*")):
        path.unlink()
    assert read(together) == whole()
    assert json.dumps(store)


@pytest.mark.parametrize("seed", range(4))
def test_all_cases_by_parts(tmp_path, seed):
    """Files grow by bytes, wherever those end; the sums are those of the whole."""
    chance = random.Random(seed)
    made = {}
    for number, name in ALL:
        if "10 MB" not in name:
            made |= transcripts(CASES[name].placed(f"c{number}x"))
    reached = dict.fromkeys(made, 0)
    for _ in range(3):
        for name in chance.sample(sorted(made), len(made)):
            reached[name] = chance.randint(reached[name], len(made[name]))
            put(tmp_path, name, made[name][: reached[name]])
        read(tmp_path)
    put_all(tmp_path, made)
    assert read(tmp_path) == reference.totals(made)
