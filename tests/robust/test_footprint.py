"""Where things land: other people's repositories, other machines, other instruction files."""

from __future__ import annotations

import json

import pytest

from tests.support.cli import LOCAL_SETTINGS, LOCK, MODEL, SETTINGS, changes, rules, tree

FULL = (
    MODEL
    + """\
      permissions: {allow: [Bash(make *)]}
      rules: [house]
      commands: [tidy]
    conventions: [Small commits.]
"""
)


@pytest.fixture
def full(api):
    api.canonical(FULL)
    api.put("hub/rules/house.md", "Tidy up.\n")
    api.put("hub/commands/tidy.md", "---\ndescription: Tidy\n---\nTidy up.\n")
    return api


def status(account, name="api"):
    return account.git(account.home / "src" / name, "status", "--porcelain", "-uall")


# -- commit: false -----------------------------------------------------------------------------


def test_a_repository_that_is_not_ours_shows_nothing_to_commit(full):
    full.canonical(FULL.replace("    path:", "    commit: false\n    path:"))
    full.put("src/api/CLAUDE.md", "# Theirs\n")
    full.put("src/api/" + SETTINGS, '{"theme": "dark"}\n')
    root = full.home / "src/api"
    full.git(root, "add", "-A")
    full.git(root, "commit", "-qm", "Theirs")
    committed = tree(root)
    full.apply()
    assert status(full) == ""
    assert json.loads(full.read("src/api/" + LOCAL_SETTINGS))["model"] == "sonnet"
    assert b"Small commits." in full.read("src/api/CLAUDE.local.md")
    assert full.read("src/api/CLAUDE.md") == b"# Theirs\n"
    assert full.read("src/api/" + SETTINGS) == b'{"theme": "dark"}\n'
    assert not (root / LOCK).exists()
    full.in_sync()
    full.ok("rollback", "--yes")
    assert tree(root) == committed
    assert not (root / ".git/info/exclude").exists()


def test_the_users_own_exclude_entries_survive(full):
    full.canonical(FULL.replace("    path:", "    commit: false\n    path:"))
    full.put("src/api/.git/info/exclude", "# mine\n*.scratch")
    full.apply()
    assert full.read("src/api/.git/info/exclude").startswith(b"# mine\n*.scratch")
    full.canonical("hub: {name: acme}\nrepositories: {api: {path: ~/src/api}}\n")
    full.apply("--prune")
    assert full.read("src/api/.git/info/exclude") == b"# mine\n*.scratch"


def test_changing_ones_mind_moves_everything_and_leaves_nothing(full):
    before = tree(full.home / "src/api")
    full.apply()
    committed = tree(full.home / "src/api")
    full.canonical(FULL.replace("    path:", "    commit: false\n    path:"))
    full.apply("--prune")
    full.in_sync()
    assert status(full) == ""
    full.canonical(FULL)
    full.apply("--prune")
    full.in_sync()
    assert tree(full.home / "src/api") == committed
    full.canonical("hub: {name: acme}\nrepositories: {api: {path: ~/src/api}}\n")
    full.apply("--prune")
    assert tree(full.home / "src/api") == before


# -- AGENTS.md ---------------------------------------------------------------------------------


def test_where_only_agents_md_is_no_claude_md_appears(full):
    full.put("src/api/AGENTS.md", "# For every agent\n")
    full.apply()
    assert not (full.home / "src/api/CLAUDE.md").exists()
    assert b"Small commits." in full.read("src/api/.claude/rules/hub.md")
    assert full.read("src/api/AGENTS.md") == b"# For every agent\n"
    full.in_sync()


def test_with_the_bridge_that_imports_the_block_begins_with_agents_md(full):
    full.canonical(
        FULL.replace("      rules:", "      instructions: {bridge: import}\n      rules:")
    )
    full.put("src/api/AGENTS.md", "# For every agent\n")
    full.apply()
    text = full.read("src/api/CLAUDE.md").decode()
    lines = [line for line in text.splitlines() if line and not line.startswith("<!--")]
    assert lines[0] == "@AGENTS.md"
    full.in_sync()
    assert not (full.home / "src/api/.claude/rules/hub.md").exists()


def test_agents_md_that_comes_later_moves_the_instructions_in_one_apply(full):
    full.apply()
    assert b"Small commits." in full.read("src/api/CLAUDE.md")
    full.put("src/api/AGENTS.md", "# For every agent\n")
    assert full.report("drift")["exit_code"] == 1
    full.apply()
    full.in_sync()
    assert not (full.home / "src/api/CLAUDE.md").exists()
    (full.home / "src/api/AGENTS.md").unlink()
    full.apply()
    full.in_sync()
    assert b"Small commits." in full.read("src/api/CLAUDE.md")


def test_a_claude_md_of_the_users_beside_agents_md_gets_the_block(full):
    full.put("src/api/AGENTS.md", "# For every agent\n")
    full.put("src/api/CLAUDE.md", "# Mine\n")
    full.apply()
    assert full.read("src/api/CLAUDE.md").startswith(b"# Mine\n")
    assert b"Small commits." in full.read("src/api/CLAUDE.md")
    full.in_sync()


# -- the host ------------------------------------------------------------------------------------

HOST = (
    "hub: {name: acme}\nglobal:\n  settings: {cleanupPeriodDays: 30}\n  conventions: [Be brief.]\n"
)


def test_the_host_is_a_target_of_its_own(account):
    account.put(".claude/settings.json", '{"theme": "dark"}\n')
    account.canonical(HOST)
    account.apply()
    found = json.loads(account.read(".claude/settings.json"))
    assert found == {"theme": "dark", "cleanupPeriodDays": 30}
    assert b"Be brief." in account.read(".claude/CLAUDE.md")
    assert not (account.home / LOCK).exists()
    account.in_sync()
    account.ok("rollback", "--yes")
    assert tree(account.home / ".claude")["settings.json"][0] == b'{"theme": "dark"}\n'
    assert set(tree(account.home / ".claude")) == {"settings.json"}


def test_the_client_may_keep_its_folder_elsewhere(account, monkeypatch):
    elsewhere = account.base / "config/claude"
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(elsewhere))
    account.canonical(HOST)
    account.apply()
    assert json.loads((elsewhere / "settings.json").read_text()) == {"cleanupPeriodDays": 30}
    assert b"Be brief." in (elsewhere / "CLAUDE.md").read_bytes()
    assert not (account.home / ".claude").exists()
    account.in_sync()
    place = elsewhere / "settings.json"
    place.write_text(place.read_text().replace("30", "31"))
    assert changes(account.report("drift")) == {
        "host:.claude/settings.json#/cleanupPeriodDays": "drifted"
    }


def test_a_hub_inside_the_clients_folder_does_not_render_a_source_onto_itself(account):
    account.put(".claude/canonical.yaml", HOST + "  commands: [mine]\n")
    mine = account.put(".claude/commands/mine.md", "---\ndescription: Mine\n---\nMine.\n")
    before = mine.read_bytes()
    ran = account.run("--hub", str(account.home / ".claude"), "apply", "--yes")
    assert ran.code in (0, 2)
    assert mine.read_bytes() == before


# -- other machines --------------------------------------------------------------------------------


def test_the_file_of_this_machine_says_where_a_repository_is(full):
    full.canonical(FULL.replace("    path: ~/src/api\n", ""))
    assert full.run("plan").out.count("no path on this machine") == 1
    full.put("hub/canonical.local.yaml", "repositories: {api: ~/src/api}\n")
    full.apply()
    full.in_sync()


def test_personal_overrides_of_this_machine_win(full):
    full.put(
        "hub/canonical.local.yaml", "repositories: {api: {overrides: {settings: {model: opus}}}}\n"
    )
    full.apply()
    assert json.loads(full.read("src/api/" + SETTINGS))["model"] == "opus"
    ran = full.run("explain", f"api:{SETTINGS}#/model")
    assert "canonical.local.yaml:1" in ran.out
    assert "canonical.yaml:8" in ran.out


def test_a_path_may_use_variables(full, monkeypatch):
    full.canonical(FULL.replace("~/src/api", "$PLACE/api"))
    ran = full.run("plan")
    assert (ran.code, "$PLACE" in ran.err) == (2, True)
    monkeypatch.setenv("PLACE", str(full.home / "src"))
    full.apply()
    full.in_sync()
    monkeypatch.setenv("PLACE", str(full.home / "nowhere"))
    assert rules(full.report("drift")) == ["fleet/missing-repository"]


# -- exceptions ------------------------------------------------------------------------------------

WHERE = {"address": f"{SETTINGS}#/model", "file": SETTINGS, "target": "."}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("until", ["2999-12-31", "2020-01-01"])
def test_an_exception_allows_a_drift_until_its_last_day(full, where, until):
    full.apply()
    address = f"api:{WHERE[where]}"
    entry = f"exceptions: [{{address: '{address}', reason: a trial, until: {until}}}]\n"
    full.canonical(FULL + entry)
    full.put("src/api/" + SETTINGS, full.read("src/api/" + SETTINGS).replace(b"sonnet", b"opus"))
    report = full.report("drift")
    assert changes(report) == {f"api:{SETTINGS}#/model": "drifted"}
    if until > "2900":
        (told,) = [f for f in report["findings"] if f["rule"] == "drift/drifted"]
        assert (report["exit_code"], told["severity"]) == (0, "note")
        assert "a trial" in told["message"]
        full.ok("drift", "--fix")
        full.apply()
        assert b"opus" in full.read("src/api/" + SETTINGS)
    else:
        assert report["exit_code"] == 1
        (told,) = [f for f in report["findings"] if f["rule"] == "exception/expired"]
        assert (told["address"], "2020-01-01" in told["message"]) == (address, True)
        assert told["decided_by"]["line"] == FULL.count("\n") + 1
        full.run("drift", "--fix")
        assert b"sonnet" in full.read("src/api/" + SETTINGS)


def test_an_exception_covers_nothing_beside_it(full):
    full.apply()
    full.canonical(
        FULL + f"exceptions: [{{address: 'api:{SETTINGS}#/model', reason: x, until: 2999-01-01}}]\n"
    )
    data = full.read("src/api/" + SETTINGS)
    full.put("src/api/" + SETTINGS, data.replace(b"make", b"mule"))
    report = full.report("drift")
    assert (report["exit_code"], list(changes(report).values()).count("missing")) == (1, 1)


# -- one checkout ----------------------------------------------------------------------------------


@pytest.fixture
def checkout(full):
    """A clone of the repository at another place, as CI has it."""
    full.apply()
    root = full.home / "src/api"
    full.git(root, "add", "-A")
    full.git(root, "commit", "-qm", "Set up")
    full.git(full.home, "clone", "-q", str(root), str(full.home / "ci/api"))
    return full


def at(account, *more):
    """Check the checkout, with the hub where there is one."""
    hub = ("--hub", str(account.hub)) if (account.hub / "canonical.yaml").exists() else ()
    return account.report(*hub, "drift", "--path", str(account.home / "ci/api"), *more)


def without_hub(account, monkeypatch):
    (account.hub / "canonical.yaml").rename(account.base / "kept.yaml")
    monkeypatch.chdir(account.home / "ci/api")


@pytest.mark.parametrize("hub", [True, False], ids=["hub", "no hub"])
def test_a_checkout_agrees_with_its_lock_or_does_not(checkout, monkeypatch, hub):
    if not hub:
        without_hub(checkout, monkeypatch)
    report = at(checkout)
    assert (report["exit_code"], report["targets"][0]["name"]) == (0, "api")
    assert rules(report) == ([] if hub else ["ledger/without-hub"])
    place = checkout.home / "ci/api/CLAUDE.md"
    place.write_bytes(place.read_bytes().replace(b"Small", b"Large"))
    report = at(checkout)
    assert report["exit_code"] == 1
    assert changes(report) == {"api:CLAUDE.md#block:hubctl": "drifted"}


@pytest.mark.parametrize("hub", [True, False], ids=["hub", "no hub"])
@pytest.mark.parametrize("damage", ["", "{", "<<<<<<< HEAD\n", '{"format": "x"}', None])
def test_a_lost_or_damaged_lock_is_never_clean(checkout, monkeypatch, hub, damage):
    if not hub:
        without_hub(checkout, monkeypatch)
    lock = checkout.home / "ci/api" / LOCK
    lock.unlink()
    if damage is not None:
        lock.write_text(damage)
    for name in ((), ("--as", "api")):
        report = at(checkout, *name)
        assert report["exit_code"] == 1
        told = [f for f in report["findings"] if f["rule"].startswith("ledger/") and f["exit_code"]]
        assert len(told) == 1


def test_what_canonical_wants_by_now_is_seen_with_the_hub_alone(checkout, monkeypatch):
    checkout.canonical(FULL.replace("sonnet", "opus"))
    report = at(checkout)
    assert (report["exit_code"], changes(report)) == (1, {f"api:{SETTINGS}#/model": "pending"})
    without_hub(checkout, monkeypatch)
    report = at(checkout)
    assert report["exit_code"] == 0
    assert "pending changes are unknown" in report["findings"][0]["message"]


def test_whoever_edits_file_and_lock_together_is_seen_with_the_hub(checkout, monkeypatch):
    other = checkout.home / "src/api"
    checkout.canonical(FULL.replace("sonnet", "haiku"))
    checkout.apply()
    for path in (SETTINGS, LOCK):
        checkout.put(f"ci/api/{path}", (other / path).read_bytes())
    checkout.canonical(FULL)
    assert at(checkout)["exit_code"] == 1
    without_hub(checkout, monkeypatch)
    assert at(checkout)["exit_code"] == 0


def test_a_checkout_is_only_looked_at(checkout):
    before = tree(checkout.home / "ci", without=())
    for more in ((), ("--as", "api"), ("--blame",)):
        at(checkout, *more)
    assert tree(checkout.home / "ci", without=()) == before


def test_local_resources_are_none_of_its_business(checkout):
    text = FULL.replace("      rules:", "      local: {settings: {x: 1}}\n      rules:")
    checkout.canonical(text)
    assert at(checkout)["exit_code"] == 0


def test_a_name_that_is_none_or_a_folder_that_is_none_is_a_usage_error(checkout):
    ran = checkout.run("--hub", ".", "drift", "--path", "../ci/api", "--as", "apu")
    assert (ran.code, "did you mean api" in ran.err) == (2, True)
    assert checkout.run("drift", "--path", str(checkout.home / "nowhere")).code == 2
    assert checkout.run("drift", "--as", "api").code == 2
    assert checkout.run("drift", "--path", ".", "--fix").code == 2
    assert checkout.run("drift", "--path", ".", "api").code == 2
