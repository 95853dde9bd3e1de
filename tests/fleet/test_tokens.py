"""`hubctl tokens`: which files are counted, when they are paid, whose they are, what is told."""

from __future__ import annotations

import json
import re

import pytest

from hubctl.model.tokens import Loaded, count_tokens
from hubctl.system.data import read_data
from tests.support.cli import Account, validate

HUB = """\
hub:
  name: acme
repositories:
  api:
    path: ~/src/api
    overrides:
      conventions: [Small commits only.]
global:
  skills: [pytest-test-generator]
  conventions: [Answer briefly.]
"""
PROJECT = Loaded.PROJECT.value
NEVER = Loaded.NEVER.value


@pytest.fixture
def api(account: Account) -> Account:
    account.canonical(HUB)
    account.repository()
    return account


def costs(account: Account, *names: str) -> dict:
    found = account.ok("tokens", *names, "--json").json
    validate(found, "tokens")
    return found


def files(account: Account, target: str = "api") -> dict[str, dict]:
    (found,) = [t for t in costs(account, target)["targets"] if t["target"] == target]
    assert found["start"] == sum(file["start"] for file in found["files"])
    assert found["invoked"] == sum(file["invoked"] for file in found["files"])
    assert found["ours"] == sum(file["ours"] for file in found["files"])
    return {file["path"]: file for file in found["files"]}


def test_the_schema_knows_every_word_for_when():
    schema = json.loads(read_data("schemas/tokens.schema.json"))
    assert schema["$defs"]["file"]["properties"]["loaded"]["enum"] == [one.value for one in Loaded]


def test_nothing_there_costs_nothing(api):
    assert files(api) == {}


def test_each_kind_of_file_has_its_time(api):
    tree = {
        "CLAUDE.md": "Project words.\n",
        "CLAUDE.local.md": "Local words.\n",
        ".claude/rules/all.md": "Rule words.\n",
        ".claude/rules/deep/py.md": "---\npaths: '*.py'\n---\nPython words.\n",
        ".claude/skills/big/SKILL.md": "---\ndescription: Does it\n---\nBody words.\n",
        ".claude/skills/big/references/a.md": "Reference words.\n",
        ".claude/commands/dev/x.md": "---\ndescription: Run it\n---\nCommand words.\n",
        ".claude/agents/a.md": "---\nname: a\ndescription: Helps\n---\nAgent words.\n",
        ".claude/output-styles/s.md": "Style words.\n",
        "lib/CLAUDE.md": "Nested words.\n",
    }
    for path, text in tree.items():
        api.put(f"src/api/{path}", text)
    api.put("src/api/.claude/settings.json", '{"model": "opus"}')
    api.put("src/api/.claude/hooks/x.sh", "#!/bin/sh\n")
    found = files(api)
    assert {path: file["loaded"] for path, file in found.items()} == {
        "CLAUDE.md": PROJECT,
        "CLAUDE.local.md": PROJECT,
        ".claude/rules/all.md": PROJECT,
        ".claude/rules/deep/py.md": Loaded.MATCHED.value,
        ".claude/skills/big/SKILL.md": Loaded.INVOKED.value,
        ".claude/skills/big/references/a.md": Loaded.READ.value,
        ".claude/commands/dev/x.md": Loaded.INVOKED.value,
        ".claude/agents/a.md": Loaded.SUBAGENT.value,
        ".claude/output-styles/s.md": Loaded.CHOSEN.value,
        "lib/CLAUDE.md": Loaded.NEARBY.value,
    }
    assert found["CLAUDE.md"]["start"] == count_tokens("Project words.\n")
    assert found["lib/CLAUDE.md"]["start"] == 0
    assert found[".claude/skills/big/SKILL.md"]["start"] == count_tokens("Does it")


def test_a_file_that_git_ignores_is_not_searched_for_below(api):
    api.put("src/api/.gitignore", "node_modules/\n")
    api.put("src/api/node_modules/x/CLAUDE.md", "Nested words.\n")
    api.put("src/api/.claude/worktrees/a/CLAUDE.md", "A copy.\n")
    api.put("src/api/sub/CLAUDE.local.md", "Nested words.\n")
    assert list(files(api)) == ["sub/CLAUDE.local.md"]


def test_instruction_files_of_the_folders_above(api):
    api.put("src/CLAUDE.md", "Above words.\n")
    api.put("CLAUDE.local.md", "Home words.\n")
    api.put(".claude/CLAUDE.md", "Account words.\n")
    found = files(api)
    assert list(found) == ["~/src/CLAUDE.md", "~/CLAUDE.local.md"]
    assert {file["loaded"] for file in found.values()} == {PROJECT}
    assert costs(api)["account"] == count_tokens("Account words.\n")


def test_agents_md_is_read_where_no_claude_md_applies(api):
    api.put("src/api/AGENTS.md", "Agents words.\n")
    assert files(api)["AGENTS.md"]["start"] == count_tokens("Agents words.\n")
    api.put("src/api/CLAUDE.local.md", "Local words.\n")
    hidden = files(api)["AGENTS.md"]
    assert (hidden["start"], hidden["loaded"]) == (0, NEVER)
    api.put("src/api/CLAUDE.md", "@AGENTS.md\n")
    imported = files(api)["AGENTS.md"]
    assert (imported["loaded"], imported["imported_by"]) == (PROJECT, "CLAUDE.md")
    assert imported["start"] == count_tokens("Agents words.\n")


def test_imports_are_counted_once_and_told_where_they_are_not(api):
    api.put("src/api/CLAUDE.md", "@docs/a.md @docs/a.md @docs/none.md @/etc/hostname\n")
    api.put("src/api/docs/a.md", "Imported <b> words.\n")
    found = files(api)
    assert found["docs/a.md"]["imported_by"] == "CLAUDE.md"
    assert found["docs/a.md"]["start"] == count_tokens("Imported <b> words.\n")
    told = [(f["rule"], f["address"], f["exit_code"]) for f in costs(api)["findings"]]
    assert told == [
        ("tokens/import-missing", "api:CLAUDE.md", 0),
        ("tokens/import-outside", "api:CLAUDE.md", 0),
    ]


def test_the_memory_that_the_client_keeps(api):
    slug = re.sub(r"[^A-Za-z0-9]", "-", str(api.home / "src/api"))
    api.put(f".claude/projects/{slug}/memory/MEMORY.md", "Remember.\n" * 300)
    ((path, file),) = files(api).items()
    assert path == f"~/.claude/projects/{slug}/memory/MEMORY.md"
    assert file["start"] == count_tokens("Remember.\n" * 200)


def test_what_hubctl_wrote_is_told_apart(api):
    api.put("src/api/CLAUDE.md", "Words of my own, many of them.\n")
    api.apply()
    file = files(api)["CLAUDE.md"]
    assert 0 < file["ours"] < file["start"]
    skill = files(api, "host")[".claude/skills/pytest-test-generator/SKILL.md"]
    assert skill["ours"] == skill["start"] + skill["invoked"] > 0
    api.put("src/api/CLAUDE.md", "Words of my own.\n")
    assert files(api)["CLAUDE.md"]["ours"] == 0


def test_somebody_elses_block_is_not_ours(api):
    block = "<!-- hubctl:begin hubctl -->\nSmall commits only.\n<!-- hubctl:end hubctl -->\n"
    api.put("src/api/CLAUDE.md", block)
    assert files(api)["CLAUDE.md"]["ours"] == 0


def test_a_long_file_is_told_from_the_threshold_on(api):
    api.put("src/api/CLAUDE.md", "line\n" * 200)
    assert costs(api)["findings"] == []
    api.put("src/api/CLAUDE.md", "line\n" * 201)
    (finding,) = costs(api)["findings"]
    assert (finding["rule"], finding["severity"]) == ("tokens/long-instructions", "warning")
    assert finding["address"] == "api:CLAUDE.md"
    api.canonical(HUB + "thresholds:\n  instruction_lines: {warning: 300}\n")
    assert costs(api)["findings"] == []
    api.canonical(HUB + "thresholds:\n  instruction_lines: {warning: null}\n")
    assert costs(api)["findings"] == []


def test_a_file_too_large_for_the_client_costs_nothing(api):
    api.put("src/api/CLAUDE.md", "x" * (4 * 1024 * 1024 + 1))
    file = files(api)["CLAUDE.md"]
    assert (file["start"], file["loaded"]) == (0, NEVER)


def test_links_are_followed_inside_and_named_outside(api):
    root = api.home / "src/api"
    api.put("src/api/shared/skill/SKILL.md", "---\ndescription: Does it\n---\nBody.\n")
    api.put("dotfiles/skill/SKILL.md", "---\ndescription: Does it\n---\nBody.\n")
    (root / ".claude/skills").mkdir(parents=True)
    (root / ".claude/skills/in").symlink_to("../../shared/skill")
    (root / ".claude/skills/out").symlink_to(api.home / "dotfiles/skill")
    (root / ".claude/skills/round").symlink_to(".")
    assert list(files(api)) == [".claude/skills/in/SKILL.md"]
    (finding,) = costs(api)["findings"]
    assert (finding["rule"], finding["address"]) == (
        "tokens/link-outside",
        "api:.claude/skills/out",
    )


def test_the_hub_itself_costs_nothing(api):
    rows = costs(api)["reference"]
    assert rows[0]["path"] == "~/hub/canonical.yaml"
    assert rows[1]["path"] == "schemas/*.schema.json"
    assert all((row["start"], row["invoked"], row["loaded"]) == (0, 0, NEVER) for row in rows)


def test_the_account_is_added_to_every_repository(api):
    api.put(".claude/CLAUDE.md", "Account words.\n")
    api.put("src/api/CLAUDE.md", "Project words.\n")
    sums = {t["target"]: (t["start"], t["start_with_account"]) for t in costs(api)["targets"]}
    account, project = count_tokens("Account words.\n"), count_tokens("Project words.\n")
    assert sums == {"host": (account, account), "api": (project, project + account)}
    (only,) = costs(api, "api")["targets"]
    assert only["start_with_account"] == project + account


def test_a_repository_that_is_not_here_is_told(api):
    api.canonical(HUB.replace("~/src/api", "~/src/gone"))
    found = costs(api)
    assert [target["target"] for target in found["targets"]] == ["host"]
    assert [finding["rule"] for finding in found["findings"]] == ["fleet/missing-repository"]


def test_an_unknown_target_is_a_usage_error(api):
    ran = api.run("tokens", "apy")
    assert (ran.code, ran.out) == (2, "")
    assert "api" in ran.err


# -- the table -------------------------------------------------------------------------------------


def test_numbers_stand_right_and_paths_whole(api):
    api.put("src/api/CLAUDE.md", "word " * 8000)
    api.put("src/api/.claude/skills/a/SKILL.md", "---\ndescription: d\n---\nb\n")
    for name in ("x", "y"):
        api.put(f"src/api/.claude/skills/a/{name}.md", "reference\n")
    lines = api.ok("tokens", "api").out.splitlines()
    assert lines[0] == "api  ~/src/api"
    head = lines[1]
    row = next(line for line in lines if line.startswith("CLAUDE.md"))
    end = head.index("AT START") + len("AT START")
    assert row[:end].endswith("10,000")
    assert row[end:].split()[0] == "0"
    assert row.endswith(PROJECT)
    assert any(line.startswith(".claude/skills/a/ (2 more)") for line in lines)
    sums = [line for line in lines if line.startswith("api ")]
    assert "10,00" in sums[-1]


def test_quiet_is_the_sums_alone(api):
    api.put("src/api/CLAUDE.md", "Project words.\n")
    lines = api.ok("tokens", "-q").out.splitlines()
    assert [line.split()[0] for line in lines] == ["SESSION", "host", "api"]


def test_a_narrow_terminal_keeps_the_ends_of_paths(api, monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")
    api.put("src/api/.claude/skills/a-rather-long-name/SKILL.md", "Body.\n")
    api.put("src/api/.claude/rules/x.md", "---\npaths: a\n---\nBody.\n")
    lines = api.ok("tokens", "api").out.splitlines()
    assert all(len(line) <= 70 for line in lines)
    assert any(line.startswith("…") and "name/SKILL.md" in line for line in lines)


def test_a_path_cannot_steer_the_terminal(api):
    api.put("src/api/.claude/rules/\x1b[31mred.md", "Body.\n")
    out = api.ok("tokens", "api").out
    assert "\x1b" not in out
    assert "\\x1b[31mred.md" in out
