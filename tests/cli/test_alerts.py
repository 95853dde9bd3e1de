"""`hubctl alerts`: what is beyond its limit is told, shown and remembered; secrets never show."""

from __future__ import annotations

import pytest

from tests.support.cli import validate
from tests.support.measures import answer, at, put

NOW = at("2026-03-20 12:00")
HUB = """\
hub: {name: acme}
metrics:
  prices:
    claude-sonnet-4-5: {input: 60000, output: 0}
  alerts:
    desktop: DESKTOP
    webhooks:
      team: {kind: slack, url: "${TEAM_HOOK}"}
"""


@pytest.fixture
def costly(account, monkeypatch):
    """A day that cost 60 dollars, and nobody at the desktop."""
    for module in ("hubctl.system.clock", "hubctl.metrics.refresh"):  # the latter forgets old rows
        monkeypatch.setattr(f"{module}.nanoseconds", lambda: NOW * 1000)
    put(str(account.state / "metrics.db"), "claude_context", [answer("2026-03-20 09:00")])
    account.canonical(HUB.replace("DESKTOP", "false"))
    return account


def stand_in(account, monkeypatch, code=0):
    """A notify-send that keeps its arguments."""
    kept = account.base / "notified"
    program = account.base / "bin/notify-send"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {kept}\nexit {code}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return kept


def test_what_is_beyond_is_shown_and_a_missing_variable_is_told(costly):
    ran = costly.run("alerts", "check")
    assert ran.code == 3
    assert "Daily cost" in ran.out and "critical" in ran.out
    assert "not told: team: the variable TEAM_HOOK is not set" in ran.err


def test_the_desktop_is_told_once(costly, monkeypatch):
    kept = stand_in(costly, monkeypatch)
    costly.canonical(HUB.replace("DESKTOP", "true").partition("    webhooks")[0])
    for _ in range(2):
        assert costly.run("alerts", "check").code == 1
    text = kept.read_text()
    assert text.count("Daily cost: $60.00 in the last day, above the critical limit of $50.00") == 1
    assert "--urgency=critical" in text


def test_a_desktop_that_fails_is_told_and_tried_again(costly, monkeypatch):
    kept = stand_in(costly, monkeypatch, code=1)
    costly.canonical(HUB.replace("DESKTOP", "true").partition("    webhooks")[0])
    for _ in range(2):
        ran = costly.run("alerts", "check")
        assert (ran.code, "not told: desktop: notify-send" in ran.err) == (3, True)
    assert kept.read_text().count("Daily cost") == 2


def test_no_send_tells_nobody(costly, monkeypatch):
    kept = stand_in(costly, monkeypatch)
    costly.canonical(HUB.replace("DESKTOP", "true"))
    assert costly.run("alerts", "check", "--no-send").code == 1
    assert not kept.exists()


def test_documents_hold_to_their_schema_and_hold_no_secret(costly, monkeypatch):
    monkeypatch.setenv("TEAM_HOOK", "http://127.0.0.1:9/S3CRET")
    for arguments in (("check",), ("check", "--no-send"), ("list",)):
        ran = costly.run("alerts", *arguments, "--json")
        validate(ran.json, "alerts")
        assert "S3CRET" not in ran.out + ran.err
        assert ran.json["channels"][0]["leads_to"] == "slack ${TEAM_HOOK}"


def test_the_list_shows_every_threshold_and_who_is_told(costly):
    out = costly.ok("alerts", "list").out
    for title in ("Errors", "Hook latency", "Agent success", "Daily cost", "Tool failures"):
        assert title in out
    assert "collecting data (0/5)" in out and "told: team, slack ${TEAM_HOOK}" in out


def test_of_several_hooks_the_list_shows_the_slowest(costly):
    base = {"time": NOW - 60_000_000, "source": "spool", "event": "Stop"}
    times = {"a": 5.0, "b": 50.0, "c": 1.0}
    rows = [{**base, "hook": hook, "duration_ms": took} for hook, took in times.items()]
    put(str(costly.state / "metrics.db"), "claude_hooks", rows * 10)
    listed = costly.ok("alerts", "list").out
    assert [line for line in listed.splitlines() if "Hook latency" in line] == [
        "✓ Hook latency   50 ms in the last hour of b, limit 100 ms"
    ]
    put(str(costly.state / "metrics.db"), "claude_hooks",
        [{**row, "duration_ms": 600.0} for row in rows[:2] * 10])  # fmt: skip
    lines = [line for line in costly.ok("alerts", "list").out.splitlines() if "latency" in line]
    assert [line.split("of ")[1][0] for line in lines] == ["a", "b"]


def test_nothing_measured_is_fine(account):
    assert account.ok("alerts", "check").out == ""


@pytest.mark.parametrize(
    "webhook", ["{url: no}", "{kind: slack}", '{url: "http://x", kind: pager}', '{url: "a b"}']
)
def test_a_webhook_that_is_none_is_a_finding(account, webhook):
    account.canonical(f"hub: {{name: a}}\nmetrics: {{alerts: {{webhooks: {{t: {webhook}}}}}}}\n")
    assert account.run("validate").code == 2
