"""Drift reports what stands in repositories beside what canonical wants, and remembers it."""

from __future__ import annotations

import json
import os

import pytest

from hubctl.fleet import looking
from tests.support.cli import Account, rules

COMMAND = "---\ndescription: Check it\n---\n\nCheck everything there is, twice.\n"
CHECK = ".claude/commands/check.md"


def finding(account: Account, rule: str, *arguments: str) -> dict:
    """The one finding of a rule in a drift report."""
    found = [f for f in account.report("drift", *arguments)["findings"] if f["rule"] == rule]
    assert len(found) == 1, found
    return found[0]


def line_of(account: Account, text: str) -> int:
    lines = account.read("hub/canonical.yaml").decode().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_repositories_in_sync_have_nothing_to_tell(fleet):
    fleet.in_sync()


def test_a_finding_names_its_address_the_line_that_decides_and_what_resolves_it(fleet):
    for name in ("api", "web"):
        fleet.put(f"src/{name}/{CHECK}", COMMAND)
    found = finding(fleet, "fleet/duplicate")
    assert found["address"] == f"api:{CHECK}"
    assert found["decided_by"]["file"] == str(fleet.hub / "canonical.yaml")
    assert found["decided_by"]["line"] == line_of(fleet, "  api:")
    assert "hubctl apply" in found["hint"]
    assert fleet.report("drift")["exit_code"] == 0


def test_what_the_hub_renders_into_all_is_no_duplicate(fleet):
    fleet.put("hub/commands/check.md", COMMAND)
    text = fleet.read("hub/canonical.yaml").decode()
    fleet.canonical(text + "defaults:\n  commands: [check]\n")
    fleet.apply()
    fleet.in_sync()


def test_a_copy_of_what_the_hub_gives_the_account(fleet):
    fleet.put("hub/commands/check.md", COMMAND)
    text = fleet.read("hub/canonical.yaml").decode()
    fleet.canonical(text + "global:\n  commands: [check]\n")
    fleet.apply()
    fleet.put(f"src/web/{CHECK}", COMMAND)
    found = finding(fleet, "fleet/taken-name")
    assert found["address"] == f"web:{CHECK}"
    assert "with the same text" in found["message"]


def test_the_line_that_decides_is_the_nearest_one_that_could(fleet):
    fleet.put("hub/commands/other.md", COMMAND + "Or not.\n")
    text = fleet.read("hub/canonical.yaml").decode()
    fleet.canonical(text + "defaults:\n  commands: [other]\n")
    fleet.apply()
    for name in ("api", "web"):
        fleet.put(f"src/{name}/{CHECK}", COMMAND)
    found = finding(fleet, "fleet/duplicate")
    assert found["decided_by"]["line"] == line_of(fleet, "  commands: [other]")


@pytest.mark.parametrize("path", [".claude/settings.json", ".claude/settings.local.json"])
def test_a_kill_switch_fails_the_report(fleet, path):
    fleet.put(f"src/web/{path}", '{"disableAllHooks": true}')
    found = finding(fleet, "settings/kill-switch")
    assert (found["severity"], found["exit_code"]) == ("error", 1)
    assert found["address"] == f"web:{path}#/disableAllHooks"
    assert fleet.report("drift")["exit_code"] == 1


def test_a_finding_may_be_allowed_for_a_time(fleet, settled):
    fleet.put("src/web/.claude/settings.json", '{"disableAllHooks": true}')
    text = fleet.read("hub/canonical.yaml").decode()
    exception = """\
exceptions:
  - address: web:.claude/settings.json#/disableAllHooks
    reason: a bisect
    until: "{}"
"""
    fleet.canonical(text + exception.format("2999-12-31"))
    for _ in range(2):
        found = finding(fleet, "settings/kill-switch")
        assert (found["severity"], found["exit_code"]) == ("note", 0)
        assert found["message"].endswith("; allowed: a bisect")
    fleet.canonical(text + exception.format("2001-01-01"))
    assert finding(fleet, "settings/kill-switch")["exit_code"] == 1


def test_a_kill_switch_that_is_committed_fails_the_check_of_a_checkout(fleet):
    root = fleet.home / "src/web"
    local = '{"disableAllHooks": true}'
    fleet.put("src/web/.claude/settings.local.json", local)
    assert "settings/kill-switch" not in rules(fleet.report("drift", "--path", str(root)))
    fleet.put("src/web/.claude/settings.json", local)
    assert "settings/kill-switch" in rules(fleet.report("drift", "--path", str(root)))


def test_a_checkout_on_another_machine_is_not_asked_for_local_files(fleet):
    root = fleet.home / "src/api"
    handlers = [{"type": "command", "command": f"{word}"} for word in ("~/x.sh", "./gone.sh")]
    settings = json.loads(fleet.read("src/api/.claude/settings.json"))
    settings["hooks"] = {"Stop": [{"hooks": handlers}]}
    fleet.put("src/api/.claude/settings.json", json.dumps(settings))
    fleet.put("src/api/.claude/hooks/spare.sh", "#!/bin/sh\n")
    found = fleet.report("drift", "--path", str(root))
    told = [f for f in found["findings"] if f["rule"].startswith("fleet/")]
    assert [f["rule"] for f in told] == ["fleet/missing-file"]
    assert "gone.sh" in told[0]["message"]


def test_broken_links_and_what_they_lead_to_later(fleet, looks, settled):
    (fleet.home / "src/web/.claude").mkdir()
    os.symlink("../later.md", fleet.home / "src/web/.claude/rules-link.md")
    found = finding(fleet, "fleet/broken-link")
    assert found["address"] == "web:.claude/rules-link.md"
    fleet.put("src/web/later.md", "now\n")
    fleet.in_sync()


def test_links_that_leave_a_repository(fleet):
    fleet.put("dotfiles/skill/SKILL.md", "---\nname: a\n---\n")
    (fleet.home / "src/web/.claude/skills").mkdir(parents=True)
    os.symlink(fleet.home / "dotfiles/skill", fleet.home / "src/web/.claude/skills/a")
    assert finding(fleet, "fleet/outside-link")["address"] == "web:.claude/skills/a"
    text = fleet.read("hub/canonical.yaml").decode()
    fleet.canonical(text.replace("name: acme", "name: acme\n  follow: [~/dotfiles]"))
    assert "fleet/outside-link" not in rules(fleet.report("drift"))


def test_a_circle_of_links_ends(fleet):
    folder = fleet.home / "src/web/.claude/commands"
    folder.mkdir(parents=True)
    os.symlink(".", folder / "again")
    os.symlink("b", folder / "a")
    os.symlink("a", folder / "b")
    found = fleet.report("drift")
    assert rules(found) == ["fleet/broken-link", "fleet/broken-link"]


def test_a_broken_link_of_ours_counts(fleet):
    text = fleet.read("hub/canonical.yaml").decode()
    fleet.canonical(text + "defaults:\n  hooks:\n    Stop: [session-summary]\n")
    fleet.apply()
    fleet.in_sync()
    (fleet.home / ".local/share/hubctl/hooks/current").unlink()
    found = fleet.report("drift", "api")
    assert "fleet/broken-link" in rules(found)
    assert found["exit_code"] == 1


def test_leftovers_of_a_hub_that_is_gone(fleet):
    rule = "<!-- hubctl: from rules/x.md; edit there, then run hubctl apply -->\n\nx\n"
    fleet.put("src/docs/.claude/rules/x.md", rule)
    fleet.put("src/docs/CLAUDE.md", "<!-- hubctl:begin hubctl -->\nx\n<!-- hubctl:end hubctl -->\n")
    found = fleet.report("drift")
    assert [(f["rule"], f["address"]) for f in found["findings"]] == [
        ("fleet/leftover", "docs:.claude/rules/x.md"),
        ("fleet/leftover", "docs:CLAUDE.md#block:hubctl"),
    ]


def test_hook_scripts_that_the_account_calls(fleet):
    fleet.put("src/web/.claude/hooks/check.sh", "#!/bin/sh\n")
    assert finding(fleet, "fleet/uncalled-hook")["address"] == "web:.claude/hooks/check.sh"
    call = {"type": "command", "command": '"$CLAUDE_PROJECT_DIR"/.claude/hooks/check.sh'}
    hooks = {"Stop": [{"hooks": [call]}]}
    fleet.put(".claude/settings.json", json.dumps({"hooks": hooks}))
    fleet.in_sync()


def test_the_same_key_with_two_values(fleet):
    for name, model in (("web", "opus"), ("docs", "sonnet")):
        fleet.put(f"src/{name}/.claude/settings.json", json.dumps({"model": model}))
    found = finding(fleet, "fleet/different-values")
    assert '"opus" in web' in found["message"]
    assert '"sonnet" in docs' in found["message"]


def test_what_canonical_sets_is_meant_to_differ(fleet):
    text = fleet.read("hub/canonical.yaml").decode()
    fleet.canonical(text.replace("overrides:", "overrides:\n      settings: {model: opus}"))
    fleet.apply()
    fleet.put("src/web/.claude/settings.json", '{"model": "sonnet"}')
    fleet.in_sync()


def test_values_that_must_not_be_shown_are_not(fleet):
    for name, value in (("api", "hunter2-a"), ("web", "hunter2-b"), ("docs", "hunter2-b")):
        place = f"src/{name}/.claude/settings.local.json"
        fleet.put(place, json.dumps({"env": {"SERVICE_TOKEN": value}}))
    found = finding(fleet, "fleet/different-values")
    assert "hunter2" not in json.dumps(found)
    cached = b"".join(p.read_bytes() for p in fleet.cache.rglob("snapshots/*"))
    assert b"hunter2" not in cached


def test_hidden_characters_show_where_they_stand(fleet):
    fleet.put("src/web/CLAUDE.md", "# Web\n\nplease \u202eobey\n")
    found = fleet.report("drift")
    (told,) = found["findings"]
    assert told["location"] == {
        "file": str(fleet.home / "src/web/CLAUDE.md"),
        "line": 3,
        "column": told["location"]["column"],
    }
    assert (told["address"], found["exit_code"]) == ("web:CLAUDE.md", 1)


# -- remembered ------------------------------------------------------------------------------------


def test_nothing_is_looked_at_twice(fleet, looks, settled):
    for name in ("api", "web"):
        fleet.put(f"src/{name}/{CHECK}", COMMAND)
    first = fleet.report("drift")
    assert sorted(looks) == ["api", "docs", "web"]
    looks.clear()
    assert fleet.report("drift") == first
    assert looks == []


def test_comparing_is_remembered_until_something_comparable_moves(
    fleet, looks, settled, monkeypatch
):
    for name in ("api", "web"):
        fleet.put(f"src/{name}/{CHECK}", COMMAND)
    assert rules(fleet.report("drift")) == ["fleet/duplicate"]
    compared: list[int] = []
    compare = looking.fleet_findings

    def watched(inventories):
        compared.append(1)
        return compare(inventories)

    monkeypatch.setattr(looking, "fleet_findings", watched)
    fleet.put("src/docs/CLAUDE.md", "nothing that is compared\n")
    assert rules(fleet.report("drift")) == ["fleet/duplicate"]
    assert compared == []
    fleet.put(f"src/docs/{CHECK}", COMMAND)
    assert "api, docs and web" in finding(fleet, "fleet/duplicate")["message"]
    assert compared == [1]


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda home: (home / "src/web" / CHECK).unlink(), []),
        (lambda home: (home / "src/web" / CHECK).write_text("Other words.\n"), []),
        (
            lambda home: (home / "src/docs/.claude/hooks/x.sh").write_text("#!/bin/sh\n"),
            ["fleet/duplicate", "fleet/uncalled-hook"],
        ),
    ],
    ids=["removed", "rewritten", "added"],
)
def test_a_change_is_noticed(fleet, settled, change, left):
    (fleet.home / "src/docs/.claude/hooks").mkdir(parents=True)
    for name in ("api", "web"):
        fleet.put(f"src/{name}/{CHECK}", COMMAND)
    assert rules(fleet.report("drift")) == ["fleet/duplicate"]
    change(fleet.home)
    assert rules(fleet.report("drift")) == left


def test_a_log_that_grows_beside_hooks_is_not_looked_at(fleet, looks, settled):
    log = fleet.put("src/web/.claude/hooks/log.jsonl", "{}\n")
    fleet.in_sync()
    looks.clear()
    with log.open("a") as stream:
        stream.write("{}\n")
    fleet.in_sync()
    assert looks == []


def test_one_target_alone_leaves_the_memory_of_all(fleet, looks, settled):
    for name in ("api", "web"):
        fleet.put(f"src/{name}/{CHECK}", COMMAND)
    first = fleet.report("drift")
    assert fleet.report("drift", "api")["findings"] == []
    looks.clear()
    assert fleet.report("drift") == first
    assert looks == []


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"{}\n{}", b'{"format":2,"key":""}\n', b"\xff\n\xff"]
)
def test_a_damaged_memory_is_none(fleet, settled, damage):
    for name in ("api", "web"):
        fleet.put(f"src/{name}/{CHECK}", COMMAND)
    first = fleet.report("drift")
    (path,) = fleet.cache.glob("snapshots/*")
    path.write_bytes(damage)
    assert fleet.report("drift") == first


def test_a_memory_whose_second_line_is_gone_is_none(fleet, settled):
    for name in ("api", "web"):
        fleet.put(f"src/{name}/{CHECK}", COMMAND)
    fleet.report("drift")
    (path,) = fleet.cache.glob("snapshots/*")
    path.write_bytes(path.read_bytes().partition(b"\n")[0] + b"\n{")
    fleet.put(f"src/docs/{CHECK}", COMMAND)
    assert "api, docs and web" in finding(fleet, "fleet/duplicate")["message"]


def test_odd_trees_are_walked(fleet):
    """Folders where files belong, pipes, deep trees, names that are no text."""
    base = fleet.home / "src/web/.claude"
    (base / "commands/x.md").mkdir(parents=True)
    (base / "skills/a/SKILL.md").mkdir(parents=True)
    os.mkfifo(base / "commands/pipe.md")
    deep = base / "rules" / "/".join("d" * 30)
    deep.mkdir(parents=True)
    (deep / "x.md").write_text("deep\n")
    (base / "hooks").mkdir()
    os.mkfifo(base / "hooks/pipe.sh")
    os.close(os.open(os.fsencode(base) + b"/commands/\xff.md", os.O_CREAT))
    assert fleet.report("drift")["exit_code"] == 0
