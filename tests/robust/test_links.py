"""Links of a dotfile manager stay links, and nothing is written where they must not lead."""

from __future__ import annotations

import json

import pytest

from tests.support.cli import LOCAL_SETTINGS, MODEL, SETTINGS, changes, rules, tree

FOLLOW = MODEL.replace("  name: acme\n", "  name: acme\n  follow: [~/dotfiles]\n")
MINE = b'{\n\t"theme": "dark"\n}\n'
BOTH = b'{\n\t"theme": "dark",\n\t"model": "sonnet"\n}\n'


@pytest.fixture
def chain(api):
    """settings.json → one → two → real: three links, the last two in ~/dotfiles."""
    api.put("dotfiles/deep/real.json", MINE).chmod(0o600)
    (api.home / "dotfiles/two").symlink_to("deep/real.json")
    (api.home / "dotfiles/one").symlink_to(api.home / "dotfiles/two")
    (api.home / "src/api/.claude").mkdir()
    (api.home / "src/api" / SETTINGS).symlink_to("../../../dotfiles/one")
    return api


def links(account):
    paths = ("src/api/" + SETTINGS, "dotfiles/one", "dotfiles/two")
    return [str((account.home / path).readlink()) for path in paths]


def test_a_chain_of_three_into_a_followed_folder_stays_and_its_end_is_edited(chain):
    chain.canonical(FOLLOW)
    before, mine = links(chain), tree(chain.home / "dotfiles")
    chain.apply()
    assert links(chain) == before
    real = chain.home / "dotfiles/deep/real.json"
    assert real.read_bytes() == BOTH
    assert real.stat().st_mode & 0o777 == 0o600
    assert set(tree(chain.home / "dotfiles")) == set(mine)
    chain.in_sync()
    chain.ok("rollback", "--yes")
    assert (tree(chain.home / "dotfiles"), links(chain)) == (mine, before)


def test_a_link_that_leads_out_is_refused_with_the_line_to_add(chain):
    before = tree(chain.home / "dotfiles")
    report = chain.report("apply", "--yes")
    assert (report["exit_code"], rules(report)) == (3, ["contain/outside"])
    (finding,) = report["findings"]
    assert finding["address"] == f"api:{SETTINGS}"
    assert "hub.follow" in finding["hint"]
    assert finding["hint"].endswith(f": {chain.home}/dotfiles/deep")
    assert tree(chain.home / "dotfiles") == before


def test_the_line_it_tells_to_add_resolves_it(chain):
    (finding,) = chain.report("plan")["findings"]
    folder = finding["hint"].rpartition(": ")[2]
    chain.canonical(MODEL.replace("  name: acme\n", f"  name: acme\n  follow: [{folder}]\n"))
    chain.apply()
    assert chain.read("dotfiles/deep/real.json") == BOTH


def test_a_link_inside_its_target_needs_no_leave(api):
    api.put("src/api/config/claude.json", MINE)
    (api.home / "src/api/.claude").mkdir()
    (api.home / "src/api" / SETTINGS).symlink_to("../config/claude.json")
    api.apply()
    assert api.read("src/api/config/claude.json") == BOTH
    assert (api.home / "src/api" / SETTINGS).is_symlink()


def test_a_link_to_nothing_gets_its_target_and_stays_a_link(api):
    (api.home / "src/api/.claude").mkdir()
    (api.home / "src/api" / SETTINGS).symlink_to("later.json")
    api.apply()
    assert (api.home / "src/api" / SETTINGS).is_symlink()
    assert json.loads(api.read("src/api/.claude/later.json")) == {"model": "sonnet"}


@pytest.mark.parametrize("name", [".claude", SETTINGS])
def test_a_loop_of_links_is_one_finding_and_other_files_go_on(api, name):
    api.canonical(MODEL + "    language: python\n")
    root = api.home / "src/api"
    if name == SETTINGS:
        (root / ".claude").mkdir()
    (root / name).symlink_to(root / f"{name}.loop")
    (root / f"{name}.loop").symlink_to(root / name)
    for command in (("drift",), ("plan",), ("apply", "--yes")):
        report = api.report(*command)
        assert report["exit_code"] == 3, command
        assert any("loop of links" in f["message"] for f in report["findings"]), command
    assert (root / name).is_symlink()


def test_a_claude_folder_that_is_a_link_out_of_the_repository_is_refused(api, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (api.home / "src/api/.claude").symlink_to(outside)
    report = api.report("apply", "--yes")
    assert report["exit_code"] == 3
    assert "contain/outside" in rules(report)
    assert list(outside.iterdir()) == []


def test_a_claude_folder_that_is_a_link_inside_the_repository_is_followed(api):
    root = api.home / "src/api"
    (root / "tools/claude").mkdir(parents=True)
    (root / ".claude").symlink_to("tools/claude")
    api.apply()
    assert (root / ".claude").is_symlink()
    assert json.loads(api.read("src/api/tools/claude/settings.json")) == {"model": "sonnet"}
    api.in_sync()
    api.ok("rollback", "--yes")
    assert list((root / "tools/claude").iterdir()) == []


def test_a_file_behind_a_link_of_another_repository_is_not_written(api):
    """A link into a neighbour leads out of the target, whoever manages the neighbour."""
    other = api.repository("web", MINE)
    (api.home / "src/api/.claude").mkdir()
    (api.home / "src/api" / SETTINGS).symlink_to(other / SETTINGS)
    report = api.report("apply", "--yes")
    assert report["exit_code"] == 3
    assert api.read("src/web/" + SETTINGS) == MINE


def test_two_paths_with_one_file_behind_them_are_a_conflict(api):
    text = MODEL + "      local:\n        settings:\n          outputStyle: Brief\n"
    api.canonical(text)
    (api.home / "src/api/.claude").mkdir()
    (api.home / "src/api" / LOCAL_SETTINGS).symlink_to("settings.json")
    report = api.report("drift")
    assert "contain/same-file" in rules(report)
    assert report["exit_code"] == 4
    assert not [address for address in changes(report) if LOCAL_SETTINGS in address]


def test_on_the_host_links_are_followed(account):
    account.canonical("hub: {name: acme}\nglobal:\n  settings: {model: sonnet}\n")
    account.put("dotfiles/claude.json", MINE)
    (account.home / ".claude").mkdir()
    (account.home / ".claude/settings.json").symlink_to("../dotfiles/claude.json")
    account.apply()
    assert (account.home / ".claude/settings.json").is_symlink()
    assert account.read("dotfiles/claude.json") == BOTH
