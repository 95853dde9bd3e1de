"""Checks of what is measured: each tells its trouble, and nothing where there is nothing."""

from __future__ import annotations

import pytest

from hubctl.metrics.export.targets import remember
from hubctl.metrics.store import open_store
from tests.health.test_health import broken, states
from tests.support.measures import answer, at, put

NOW = at("2026-03-20 12:00")
HUB = "hub: {name: acme}\n"
MINUTE = 60_000_000


@pytest.fixture
def hub(account, monkeypatch):
    """An empty hub, and a clock that stands still."""
    monkeypatch.setattr("hubctl.health.measures.nanoseconds", lambda: NOW * 1000)
    account.canonical(HUB)
    return account


def path(account):
    return str(account.state / "metrics.db")


def test_nothing_measured_is_skipped(hub):
    found = states(hub, "audit")
    assert {found[name] for name in ("store", "thresholds", "collector", "hook-times")} == {
        "skipped"
    }


def test_a_store_that_is_fine(hub):
    put(path(hub), "claude_context", [answer(NOW - MINUTE)])
    assert broken(hub, "audit") == set()
    assert "MB, last of 2026-03-20 11:59" in hub.ok("health").out


def damaged(account):
    with open_store(path(account), write=True) as store, store.batch() as batch:
        batch.note(NOW - MINUTE, "it was damaged and made anew")


def unreadable(account):
    (account.state / "metrics.db").write_bytes(b"no database at all" * 100)
    for part in ("-wal", "-shm"):
        (account.state / f"metrics.db{part}").unlink(missing_ok=True)


def old_note(account):
    with open_store(path(account), write=True) as store, store.batch() as batch:
        batch.note(NOW - 40 * 86_400_000_000, "long ago")


def failing(account, times=3):
    with open_store(path(account), write=True) as store, store.batch() as batch:
        for _ in range(times):
            remember(batch, "questdb http://db:9000", NOW - MINUTE, "no answer in time")


def failed_twice(account):
    failing(account, 2)


def dear(account):
    put(path(account), "claude_context", [answer(NOW - MINUTE, cost_usd=80.0)])


def slow(account):
    rows = [{"time": NOW - MINUTE, "source": "spool", "hook": "x", "event": "Stop"}] * 10
    put(path(account), "claude_hooks", [{**row, "duration_ms": 300.0} for row in rows])


def silent(account):
    account.canonical(HUB + "metrics: {telemetry: true}\n")


def heard(account):
    silent(account)
    with open_store(path(account), write=True) as store, store.batch() as batch:
        batch.set_meta("heard", str(NOW - 2 * MINUTE))


@pytest.mark.parametrize(
    ("happening", "checks"),
    [
        (damaged, {"store"}),
        (old_note, set()),
        (failing, {"store"}),
        (failed_twice, set()),
        (unreadable, {"store", "thresholds", "hook-times"}),
        (dear, {"thresholds"}),
        (slow, {"thresholds", "hook-times"}),
        (silent, {"collector"}),
        (heard, set()),
    ],
)
def test_what_is_wrong_is_told_by_its_check(hub, happening, checks):
    put(path(hub), "claude_context", [answer(NOW - MINUTE)])
    happening(hub)
    assert broken(hub, "audit") - {"drift", "units"} == checks
    document = hub.run("audit", "--json").json
    told = [
        one for check in document["checks"] if check["id"] in checks for one in check["findings"]
    ]
    assert len(told) >= len(checks) and all(
        one["hint"] for one in told if "damaged" not in one["message"]
    )
