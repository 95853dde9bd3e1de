"""Planning takes work in proportion to what is planned; counted in calls, so that no clock lies."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.cli import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.cli import Account

FEW, MANY = 60, 480
TIMES = MANY // FEW


def calls_of(work: Callable[[], object]) -> int:
    """How many calls a piece of work makes."""
    count = 0

    def watch(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def rules(count: int) -> list[str]:
    return [f"Bash(tool-{number})" for number in range(count)]


def listed(name: str, count: int) -> str:
    entry = {"path": f"~/src/{name}", "overrides": {"permissions": {"allow": rules(count)}}}
    return json.dumps({"hub": {"name": name}, "repositories": {name: entry}}, indent=1)


def defaults(name: str, count: int) -> str:
    spec = {"permissions": {"allow": {"add": rules(count)}}, "env": {"A": "1"}}
    repositories = {name: {"path": f"~/src/{name}"}}
    return json.dumps({"hub": {"name": name}, "defaults": spec, "repositories": repositories})


def keys(name: str, count: int) -> str:
    env = {f"KEY_{number}": "1" for number in range(count)}
    entry = {"path": f"~/src/{name}", "overrides": {"env": env}}
    return json.dumps({"hub": {"name": name}, "repositories": {name: entry}})


def nothing(_account: Account, _name: str, _count: int) -> None:
    """Everything is new."""


def applied_and_strange(account: Account, name: str, count: int) -> None:
    """All that was written is gone, and as much is there that nobody knows."""
    account.apply()
    env = {"A": "1"} | {f"THEIRS_{number}": "1" for number in range(count)}
    account.put(f"src/{name}/{SETTINGS}", json.dumps({"env": env}))


@pytest.mark.parametrize(
    ("command", "written", "prepare"),
    [
        ("plan", listed, nothing),
        ("plan", defaults, nothing),
        ("plan", keys, nothing),
        ("drift", defaults, applied_and_strange),
    ],
)
def test_eight_times_as_much_is_eight_times_the_work(
    account: Account,
    command: str,
    written: Callable[[str, int], str],
    prepare: Callable[[Account, str, int], None],
) -> None:
    cost = {}
    for count in (0, FEW, MANY):
        name = f"r{count}"
        account.repository(name)
        account.canonical(written(name, count))
        prepare(account, name, count)
        account.run(command, "--json")
        cost[count] = calls_of(lambda: account.run(command, "--json"))
    assert cost[MANY] - cost[0] < 1.3 * TIMES * (cost[FEW] - cost[0])
