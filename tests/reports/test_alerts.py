"""Readings: what the thresholds measure, at their limits and beyond."""

from __future__ import annotations

import pytest

from hubctl.config.thresholds import thresholds
from hubctl.metrics.store import open_store
from hubctl.reports.alerts.readings import MEASURED, readings
from tests.reports.trouble import (
    LIMITS,
    MINUTE,
    NOW,
    agents,
    context,
    cost,
    errors,
    hooks,
    tools,
)
from tests.support.measures import answer, put


def measure(path, now=NOW, limits=LIMITS):
    with open_store(path) as store:
        return {one.threshold.name: one for one in readings(store, limits, now)}


@pytest.mark.parametrize(
    ("name", "rows", "level"),
    [
        ("errors_per_hour", errors(10), ""),
        ("errors_per_hour", errors(11), "warning"),
        ("hook_latency_ms", hooks(100), ""),
        ("hook_latency_ms", hooks(101), "warning"),
        ("hook_latency_ms", hooks(501), "critical"),
        ("hook_latency_ms", hooks(501, count=9), ""),  # nine are too few
        ("agent_success_percent", agents(8, 2), ""),
        ("agent_success_percent", agents(7, 3), "warning"),
        ("agent_success_percent", agents(0, 4), ""),  # four are too few
        ("daily_cost_usd", cost(30), ""),
        ("daily_cost_usd", cost(31), "warning"),
        ("daily_cost_usd", cost(51), "critical"),
        ("tool_failure_percent", tools(8, 2), ""),
        ("tool_failure_percent", tools(7, 3), "warning"),
        ("tool_failure_percent", tools(0, 9), ""),  # nine are too few
        ("context_percent", context(80), ""),
        ("context_percent", context(81), "warning"),
    ],
)
def test_a_limit_is_fine_and_what_is_beyond_is_told(path, name, rows, level):
    put(path, *rows)
    assert measure(path)[name].level == level


def test_old_rows_and_rows_that_do_not_count_are_not_measured(path):
    table, rows = errors(30)
    put(path, table, [{**row, "time": row["time"] - 61 * MINUTE} for row in rows])
    put(path, table, [{**row, "counted": False} for row in rows])
    assert measure(path)["errors_per_hour"].value == 0


def test_nothing_measured_alerts_nobody(path):
    found = measure(path)
    assert tuple(found) == MEASURED
    assert {one.level for one in found.values()} == {""}


def test_an_unknown_price_makes_a_cost_a_lower_bound(path):
    put(path, "claude_context", [answer(NOW - MINUTE, cost_usd=None)])
    one = measure(path)["daily_cost_usd"]
    assert (one.value, one.level) == (None, "")
    put(path, *cost(60))
    assert measure(path)["daily_cost_usd"].sentence.startswith("Daily cost: ≥$60.00")


def test_limits_are_those_of_the_hub(path):
    put(path, *errors(11))
    written = {"thresholds": {"errors_per_hour": {"warning": None, "critical": 5}}}
    limits = {row.name: row for row in thresholds(written)}
    assert measure(path, limits=limits)["errors_per_hour"].level == "critical"
    off = {"thresholds": {"errors_per_hour": {"warning": None}}}
    assert "errors_per_hour" not in measure(path, limits={row.name: row for row in thresholds(off)})


def test_a_slow_run_in_twenty_is_fine_and_two_are_not(path):
    """95 of 100: a mean would hide many small troubles behind speed, and blow up one large one."""
    put(path, *hooks(20_000, count=1))
    put(path, *hooks(5, count=19))
    assert measure(path)["hook_latency_ms"].value == 5.0
    put(path, *hooks(20_000, count=1))
    assert measure(path)["hook_latency_ms"].level == "critical"


def test_every_session_beyond_its_limit_is_one_alert(path):
    for session, percent in (("one", 85.0), ("two", 95.0), ("three", 10.0)):
        put(path, "claude_context", [answer(NOW - MINUTE, session=session, percent=percent)])
    with open_store(path) as store:
        found = [one for one in readings(store, LIMITS, NOW) if one.level]
    assert [one.key for one in found] == [
        "context_percent/session two",
        "context_percent/session one",
    ]
    put(path, "claude_context", [answer(NOW, session=name, percent=3.0) for name in ("one", "two")])
    assert measure(path)["context_percent"].level == ""  # after a compaction
