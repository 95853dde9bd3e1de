"""`hubctl status`: the dashboard's panels as text and as one document, live too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hubctl.cli.terminal import find_terminal
from hubctl.dashboard.board import PANELS
from tests.support.cli import MODEL, validate
from tests.support.measures import at, weeks_of_work

NOW = at("2026-03-20 18:00")


@pytest.fixture
def worked(account, monkeypatch):
    """Days of work, a hub in sync, and a clock that stands at the evening of the last day."""
    account.canonical(MODEL)
    account.repository()
    account.apply()
    for name in ("hubctl.system.clock.nanoseconds", "hubctl.dashboard.board.nanoseconds"):
        monkeypatch.setattr(name, lambda: NOW * 1000)
    weeks_of_work(str(account.state / "metrics.db"), "2026-03-20", days=4, sessions=2, size=10)
    return account


def test_every_panel_is_told(worked):
    out = worked.ok("status", "--days", "4").out
    document = worked.ok("status", "--days", "4", "--json").json
    validate(document, "status")
    sections = {section["id"]: section for section in document["sections"]}
    assert len(sections) == len(PANELS)
    for section in sections.values():
        assert f"\n{section['title']}\n" in f"\n{out}"
    answers = {figure["id"]: figure["value"] for figure in sections["cost"]["figures"]}["answers"]
    assert answers == 80 and "Answers 80" in out


def test_it_fits_a_narrow_terminal(worked, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    lines = worked.ok("status").out.splitlines()
    assert max(map(len, lines)) <= 60


def test_drift_is_told_and_marked_for_the_status_line(worked):
    worked.put("src/api/.claude/settings.json", '{"model": "opus"}\n')
    assert "Differences 1 (warning)" in worked.ok("status").out
    assert '"drift": 1' in (worked.cache / "marks.json").read_text()


def test_without_a_hub_the_rest_is_told(account):
    out = account.ok("status").out
    assert "Today" in out and "Health" in out
    validate(account.ok("status", "--json").json, "status")


def test_the_plan_is_what_the_client_last_told(worked):
    kept = '{"windows": {"five_hour": {"used_percentage": 37, "resets_at": null}}, "time": %f}'
    (worked.cache / "limits.json").write_text(kept % (NOW / 1e6 - 300))
    assert "5 h 37 %, told by the client 5 min ago" in worked.ok("status").out
    (worked.cache / "limits.json").write_text('{"windows": 3}')
    assert "Plan" not in worked.ok("status").out


def test_a_live_view_ends_with_control_c(worked, monkeypatch):
    def wait(_seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr("hubctl.cli.watching.watch.__kwdefaults__", {"wait": wait})
    assert worked.ok("status", "--watch").out.startswith("Today\n")


@pytest.mark.parametrize("lines", [12, 40, 400])
def test_a_live_view_fits_the_terminal_and_says_what_it_leaves_out(worked, monkeypatch, lines):
    def wait(_seconds):
        raise KeyboardInterrupt

    terminal = replace(find_terminal(), out=True, width=100)
    for module in ("terminal", "watching"):
        monkeypatch.setattr(f"hubctl.cli.{module}.find_terminal", lambda: terminal)
        monkeypatch.setattr(f"hubctl.cli.{module}.rows", lambda: lines)
    monkeypatch.setattr("hubctl.cli.watching.watch.__kwdefaults__", {"wait": wait})
    out = worked.ok("status", "--watch", "--days", "4").out
    drawn = out.partition("\x1b[H")[2].partition("\x1b[J")[0].replace("\x1b[K", "").splitlines()
    assert len(drawn) < lines
    assert ("more lines: a higher terminal shows them" in drawn[-1]) == (lines == 12)
    assert ("Errors" in drawn) == (lines > 12)
    assert ("    TOKENS OF" in "\n".join(drawn)) == (lines > 12)
    assert ("    STATE  CHECK" in "\n".join(drawn)) == (lines == 400)
