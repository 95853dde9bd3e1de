"""`hubctl plan`: what apply would do, and why; and `hubctl diff`, the same as a unified diff."""

from __future__ import annotations

import pytest

from tests.robust import worlds
from tests.support.cli import MODEL, SETTINGS, changes, tree


def test_it_reads_like_a_plan(account):
    worlds.new(account)
    ran = account.ok("plan")
    assert ran.err == ""
    for piece in (
        "+ #/model",
        '"sonnet"',
        "pending",
        "~/hub/canonical.yaml:8:9",
        "Plan: 6 to create",
        "Run: hubctl apply api",
    ):
        assert piece in ran.out, piece


def test_what_changes_is_shown_before_and_after(account):
    worlds.pending(account)
    out = account.ok("plan").out
    assert "~ #/model" in out
    assert '"sonnet" → "haiku"' in out
    worlds.orphan(account)
    assert "- .claude/rules/house.md" in account.ok("plan").out


def test_nothing_to_do_is_said(account):
    worlds.clean(account)
    ran = account.ok("plan", "--check")
    assert ran.out.splitlines()[-1].startswith("Plan: nothing to do")


@pytest.mark.parametrize(("world", "code"), [("clean", 0), ("pending", 1), ("both_moved", 1)])
def test_check_exits_1_where_there_is_something_to_do(account, world, code):
    getattr(worlds, world)(account)
    assert account.run("plan").code == 0
    assert account.run("plan", "--check").code == code
    assert account.run("diff").code == 0
    assert account.run("diff", "--check").code == code


def test_it_is_narrowed_to_targets_and_renderers(account):
    account.canonical(
        MODEL + "    conventions: [Small commits.]\n  web:\n    path: ~/src/web\n"
        "    overrides: {settings: {model: opus}}\n"
    )
    for name in ("api", "web"):
        account.repository(name)
    assert set(changes(account.report("plan", "web"))) == {f"web:{SETTINGS}#/model"}
    assert len(account.report("plan")["targets"]) == 2
    only = changes(account.report("plan", "--only", "settings"))
    assert set(only) == {f"api:{SETTINGS}#/model", f"web:{SETTINGS}#/model"}
    both = account.report("plan", "web", "api", "web")["targets"]
    assert [target["name"] for target in both] == ["api", "web"]


def test_an_unknown_renderer_is_refused(api):
    ran = api.run("plan", "--only", "setings")
    assert (ran.code, "settings" in ran.err) == (2, True)


def test_one_renderer_alone_still_keeps_its_local_files_out_of_git(account):
    account.canonical(MODEL + "      local: {settings: {spinnerTipsEnabled: false}}\n")
    root = account.repository()
    account.ok("apply", "--yes", "--only", "settings")
    assert ".claude/settings.local.json" not in account.git(root, "status", "--porcelain", "-uall")
    account.in_sync()


def test_only_one_renderer_makes_no_orphans_of_the_others(account):
    worlds.clean(account)
    assert changes(account.report("plan", "--only", "settings")) == {}
    account.ok("apply", "--yes", "--only", "settings")
    account.in_sync()


def test_quiet_and_verbose(account):
    worlds.missing(account)
    lengths = [len(account.ok("plan", *how).out) for how in (("-q",), (), ("-v",))]
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[2]


def test_narrow_terminals_lose_no_word(account, monkeypatch):
    worlds.pending(account)
    for columns in (200, 80, 40, 20):
        monkeypatch.setenv("COLUMNS", str(columns))
        out = account.ok("plan").out
        assert "haiku" in out.replace("\n", "").replace(" ", "")
        if columns >= 40:
            assert max(map(len, out.splitlines())) <= max(columns, 60)


def test_a_plan_writes_nothing(account):
    worlds.drifted(account)
    before = tree(account.home, without=(".git", ".cache"))
    for command in (("plan",), ("plan", "--json"), ("diff",), ("plan", "-v", "--check")):
        account.run(*command)
    assert tree(account.home, without=(".git", ".cache")) == before


# -- diff --------------------------------------------------------------------------------------


# world → lines that its diff has
LINES = {
    "new": ["--- /dev/null", "+++ api/.claude/rules/house.md", "+Tidy up.", '+"sonnet"'],
    "pending": ["--- api/.claude/settings.json", '-"sonnet"', '+"haiku"'],
    "missing": ["--- /dev/null", "+++ api/CLAUDE.md", "+- Small commits."],
    "orphan": ["--- api/.claude/rules/house.md", "+++ /dev/null", "-Tidy up."],
    "drifted": ["+++ api/.claude/settings.json", '-"opus"', '+"sonnet"'],
    "drifted_secret": ['-"‹hidden, 33 characters›"', '+"‹hidden, 27 characters›"'],
}


@pytest.mark.parametrize("world", LINES)
def test_a_diff_has_the_lines_that_apply_would_change(account, world):
    getattr(worlds, world)(account)
    lines = account.ok("diff").out.splitlines()
    assert [line for line in LINES[world] if line not in lines] == []
    assert all(line[:1] in ("-", "+", "@", " ", "") for line in lines)


def test_an_empty_diff_is_empty(account):
    worlds.clean(account)
    ran = account.ok("diff")
    assert (ran.out, ran.err) == ("", "")


def test_what_cannot_be_read_is_told_beside_the_diff(account):
    worlds.unreadable_and_drifted(account)
    ran = account.run("diff")
    assert ran.code == 3
    assert "settings.json:1" in ran.err
    assert "CLAUDE.md" in ran.out
