"""Thresholds: the built-in table, what canonical.yaml changes, and what a value means."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hubctl.config.thresholds import DAY, DEFAULTS, thresholds


def row(document, name):
    return next(row for row in thresholds(document) if row.name == name)


def test_the_built_in_limits_of_the_hub():
    limits = {r.name: (r.warning, r.critical) for r in DEFAULTS}
    assert limits["hook_latency_ms"] == (100, 500)
    assert limits["agent_success_percent"] == (80, None)
    assert limits["daily_cost_usd"] == (30, 50)
    assert limits["context_percent"] == (80, None)
    assert limits["errors_per_hour"] == (10, None)
    assert limits["tool_failure_percent"] == (20, None)
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
    assert row({}, name).level(value, 10) == level


def test_too_little_has_no_level():
    latency = row({}, "hook_latency_ms")
    assert (latency.level(900, latency.needed), latency.level(900, latency.needed - 1)) == (
        "critical",
        "",
    )
    assert latency.level(None, 10) == ""


@pytest.mark.parametrize("threshold", DEFAULTS, ids=lambda one: one.name)
def test_the_schema_says_what_the_table_says(threshold):
    path = Path(__file__).parents[2] / "schemas/canonical.schema.json"
    declared = json.loads(path.read_text())["properties"]["thresholds"]["properties"]
    one = declared[threshold.name]
    limits = one["properties"]
    assert [limits[level].get("default") for level in ("warning", "critical")] == [
        threshold.warning,
        threshold.critical,
    ]
    told = one["description"].lower()
    assert told.startswith(threshold.measures.lower())
    assert (" from " in told) == (threshold.needed > 1)
    assert ("last 24 hours" in told) == (threshold.window == DAY)
