"""Hooks of the hub's own: rendered, installed, answering, and refused where they cannot work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.hook_hub import HUB, OWN, answer, document

# -- the hub's own hooks ---------------------------------------------------------------------------


def test_an_own_hook_is_rendered_installed_and_answers(with_own):
    with_own.apply()
    with_own.in_sync()
    release = Path(with_own.home, ".local/share/hubctl/hooks/current/hooks_shared/own/acme")
    assert {path.name for path in release.glob("*.py")} == {
        "__init__.py", "ticket_check.py", "words.py",
    }  # fmt: skip
    code, out, _ = answer(with_own, "git commit -m x")
    assert code == 0 and json.loads(out)["hookSpecificOutput"]["permissionDecision"] == "ask"
    assert answer(with_own, "git commit -m 'ABC-7 x'") == (0, "", "")


def test_a_changed_own_hook_is_a_pending_change_until_it_is_applied(with_own):
    with_own.apply()
    with_own.put("hub/hooks/words.py", 'WORD = "Name the ticket of"\n')
    assert with_own.run("plan", "--check", "api").code == 1
    with_own.apply()
    assert "Name the ticket of ABC" in answer(with_own, "git commit -m x")[1]
    with_own.in_sync()


def test_tampering_with_an_installed_own_hook_is_drift_and_is_repaired(with_own):
    with_own.apply()
    path = Path(with_own.home, ".local/share/hubctl/hooks/current/hooks_shared/own/acme/words.py")
    path.resolve().write_text("WORD = 'evil'\n")
    found = with_own.report("drift")
    assert found["exit_code"] == 1
    assert {finding["rule"] for finding in found["findings"]} == {"release/tampered"}
    assert with_own.ok("drift", "--fix").code == 0
    with_own.in_sync()
    assert "Which ticket" in answer(with_own, "git commit -m x")[1]


def test_an_own_hook_takes_the_place_of_hubctls(hooked):
    hooked.put(
        "hub/hooks/context-monitor.py", OWN.replace("from .words import WORD\n", 'WORD = "x"\n')
    )
    hooked.canonical(
        HUB.replace("options: {warning: 70}", "options: {key: Z}").replace(
            "{critical: 90}", "{key: Z}"
        )
    )
    hooked.apply()
    assert "ask" in answer(hooked, "git commit -m x")[1]


UNUSABLE = {
    "no literal": OWN.replace('"order": 30', '"order": int("30")'),
    "unknown key": OWN.replace('"order"', '"orderr"'),
    "unknown event": OWN.replace('["PreToolUse"]', '["PreTool"]'),
    "no events": OWN.replace('    "events": ["PreToolUse"],\n', ""),
    "no description": OWN.replace('"Asks for a ticket in commit messages.",', '" ",'),
    "no decide": OWN.replace("def decide", "def decided"),
    "decide of one": OWN.replace("decide(event, context)", "decide(event)"),
    "no Python": OWN + "def (\n",
    "a package": "import requests\n" + OWN,
    "a sibling that is not there": OWN.replace(".words", ".wordz"),
    "from above": OWN.replace(".words", "..words"),
    "tools at Stop": OWN.replace('["PreToolUse"]', '["Stop"]'),
    "a long deadline": OWN.replace('"order": 30', '"deadline": 300'),
    "closed and observing": OWN.replace('"order": 30', '"on_error": "closed", "observing": True'),
    "options beside their schema": OWN.replace('{"key": "ABC"}', '{"key": 5}'),
    "a broken schema": OWN.replace('"type": "object"', '"type": "thing"'),
    "an order of words": OWN.replace('"order": 30', '"order": "first"'),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_an_unusable_own_hook_stops_an_apply_with_its_line(with_own, kind):
    with_own.put("hub/hooks/ticket_check.py", UNUSABLE[kind])
    ran = with_own.run("apply", "--yes")
    assert ran.code == 2 and "hooks/ticket_check.py" in ran.err and "hooks/own-row" in ran.err
    assert not (with_own.home / "src/api/.claude").exists()
    rows = {row["id"]: row for row in document(with_own, "hook-list", "list")["hooks"]}
    assert rows["ticket-check"]["problem"]


def test_an_unusable_own_hook_that_nobody_enables_stops_nothing(with_own):
    with_own.put("hub/hooks/ticket_check.py", UNUSABLE["no Python"])
    with_own.canonical(HUB)
    with_own.apply()
    assert "cannot be used" in with_own.ok("hooks", "list").out


def test_a_module_outside_of_the_hub_is_no_hook(with_own):
    path = with_own.hub / "hooks/ticket_check.py"
    path.rename(with_own.home / "outside.py")
    path.symlink_to(with_own.home / "outside.py")
    assert with_own.run("apply", "--yes").code == 2
