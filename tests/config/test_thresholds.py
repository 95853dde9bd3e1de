"""Thresholds: the built-in table, what canonical.yaml changes, and what a value means."""

from __future__ import annotations

import pytest

from hubctl.config.thresholds import DEFAULTS, thresholds


def row(document, name):
    return next(row for row in thresholds(document) if row.name == name)


def test_the_built_in_limits_of_the_hub():
    limits = {r.name: (r.warning, r.critical) for r in DEFAULTS}
    assert limits["hook_latency_ms"] == (100, 500)
    assert limits["agent_success_percent"] == (80, None)
    assert limits["daily_cost_usd"] == (30, 50)
    assert limits["context_percent"] == (80, None)
    assert thresholds({}) == DEFAULTS
    assert thresholds({"thresholds": {"daily_cost_usd": None}}) == DEFAULTS


def test_canonical_changes_one_limit_and_null_takes_it_away():
    document = {
        "thresholds": {"daily_cost_usd": {"warning": 5}, "hook_latency_ms": {"critical": None}}
    }
    cost, latency = row(document, "daily_cost_usd"), row(document, "hook_latency_ms")
    assert (cost.warning, cost.critical) == (5, 50)
    assert (latency.warning, latency.critical) == (100, None)
    assert row({}, "daily_cost_usd").warning == 30


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("hook_latency_ms", 100, ""),
        ("hook_latency_ms", 100.1, "warning"),
        ("hook_latency_ms", 501, "critical"),
        ("agent_success_percent", 80, ""),
        ("agent_success_percent", 79.9, "warning"),
        ("context_percent", 99, "warning"),
    ],
)
def test_a_value_has_a_level(name, value, level):
    assert row({}, name).level(value) == level
