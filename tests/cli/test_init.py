"""`hubctl init`: a new hub in an empty folder."""

from __future__ import annotations

import json

import pytest

from tests.support.cli import ROOT, rules, tree


def test_a_new_hub_is_valid_and_changes_nothing_but_the_account(account):
    ran = account.ok("init")
    assert ran.out == ""
    assert "hubctl repos add PATH" in ran.err
    assert set(tree(account.hub)) == {"canonical.yaml", "canonical.schema.json", ".gitignore"}
    assert account.report("validate")["exit_code"] == 0
    assert rules(account.report("validate")) == []
    assert {t["name"] for t in account.report("plan")["targets"]} == {"host"}


def test_this_account_gets_every_command_that_hubctl_ships(account):
    account.ok("init")
    account.apply()
    shipped = ROOT / "templates/commands"
    found = {str(p.relative_to(shipped)) for p in shipped.rglob("*.md")}
    written = account.home / ".claude/commands"
    assert {str(p.relative_to(written)) for p in written.rglob("*.md")} == found


def test_the_whole_way_from_nothing_to_a_clean_fleet(account):
    account.ok("init")
    root = account.repository("My.API")
    account.ok("repos", "add", str(root), "--profile", "python")
    account.apply()
    account.in_sync()
    assert json.loads((root / ".claude/settings.json").read_text())["permissions"]["deny"]
    local = json.loads((root / ".claude/settings.local.json").read_text())
    assert "PreToolUse" in local["hooks"]
    checks = account.ok("health", "--json").json["checks"]
    assert [check["state"] for check in checks if check["id"] == "hooks"] == ["ok"]


def test_it_names_the_hub_after_its_folder_or_as_told(account):
    account.ok("init", "My Hub")
    assert "name: my-hub" in (account.hub / "My Hub/canonical.yaml").read_text()
    account.ok("init", "other", "--name", "acme")
    assert "name: acme" in (account.hub / "other/canonical.yaml").read_text()
    assert account.run("init", "third", "--name", "No Name").code == 2
    assert not (account.hub / "third").exists()


def test_the_schema_beside_it_is_the_one_hubctl_checks_with(account):
    account.ok("init")
    shipped = (ROOT / "schemas/canonical.schema.json").read_bytes()
    assert (account.hub / "canonical.schema.json").read_bytes() == shipped
    first = (account.hub / "canonical.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=./canonical.schema.json"


def test_an_old_schema_is_told_by_validate_and_renewed_on_request(account):
    account.ok("init")
    shipped = account.read("hub/canonical.schema.json")
    account.put("hub/canonical.schema.json", shipped.replace(b"profiles", b"profile", 1))
    report = account.report("validate")
    assert (report["exit_code"], rules(report)) == (0, ["canonical/old-schema"])
    assert "hubctl init --schema" in report["findings"][0]["hint"]
    ran = account.ok("init", "--schema")
    assert ran.err == "renewed: ~/hub/canonical.schema.json\n"
    assert account.read("hub/canonical.schema.json") == shipped
    assert rules(account.report("validate")) == []


@pytest.mark.parametrize("text", ["{}", "", "not json", '{"$id": "mine"}', "[" * 9999])
def test_a_schema_of_somebody_is_neither_told_nor_replaced(account, text):
    account.ok("init")
    account.put("hub/canonical.schema.json", text)
    assert rules(account.report("validate")) == []
    if text:
        assert account.run("init", "--schema").code == 2
        assert account.read("hub/canonical.schema.json").decode() == text


def test_without_a_hub_there_is_no_schema_to_renew(account):
    assert account.run("init", "--schema").code == 2
    assert tree(account.hub) == {}


def test_what_is_private_to_a_machine_is_ignored(account):
    account.ok("init")
    account.git(account.hub, "init", "-q")
    account.put("hub/canonical.local.yaml", "{}\n")
    assert "canonical.local.yaml" not in account.git(account.hub, "status", "--porcelain", "-uall")


@pytest.mark.parametrize("name", ["canonical.yaml", "canonical.schema.json", ".gitignore"])
def test_nothing_is_written_over(account, name):
    account.put(f"hub/{name}", "mine\n")
    before = tree(account.hub)
    ran = account.run("init")
    assert (ran.code, f"~/hub/{name}" in ran.err) == (2, True)
    assert tree(account.hub) == before


def test_a_link_to_nothing_is_not_written_through(account):
    (account.hub / "canonical.yaml").symlink_to(account.base / "elsewhere.yaml")
    assert account.run("init").code == 2
    assert not (account.base / "elsewhere.yaml").exists()


def test_a_place_that_is_a_file_is_told(account):
    account.put("hub/file", "mine\n")
    for place in ("file", "file/below"):
        ran = account.run("init", place)
        assert (ran.code, "file" in ran.err) == (3, True)
    assert account.read("hub/file") == b"mine\n"
