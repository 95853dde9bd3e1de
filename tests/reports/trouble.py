"""Rows that are beyond a limit, each just before NOW."""

from __future__ import annotations

from hubctl.config.thresholds import thresholds
from tests.support.measures import answer, at

LAST = "2026-03-20"
NOW = at(f"{LAST} 12:00")
MINUTE = 60_000_000
LIMITS = {row.name: row for row in thresholds({})}


def many(table, count, **row):
    return table, [{"time": NOW - n * MINUTE, "source": "spool", **row} for n in range(count)]


def errors(count):
    return many("claude_events", count, kind="api_error", severity="error")


def hooks(milliseconds, count=10, hook="slow"):
    return many("claude_hooks", count, hook=hook, event="Stop", duration_ms=float(milliseconds))


def agents(good, bad):
    rows = [{"success": place < good} for place in range(good + bad)]
    return "claude_agents", [{"time": NOW - MINUTE, "source": "otel", **row} for row in rows]


def tools(good, bad):
    rows = [{"success": place < good} for place in range(good + bad)]
    return "claude_tool_usage", [{"time": NOW - MINUTE, "source": "otel", **row} for row in rows]


def cost(dollars):
    return "claude_context", [answer(NOW - 20 * 60 * MINUTE, cost_usd=float(dollars))]


def context(percent):
    return "claude_context", [answer(NOW - MINUTE, percent=float(percent), cost_usd=0.0)]
