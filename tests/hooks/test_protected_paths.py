"""Cases of hooks_shared/families/safety/protected_paths.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from hooks_shared.writes.families import ALLOW, ASK, DENY, FAMILIES
from hubctl.system.hooks_package import registry
from tests.hooks.file_case import Account, label, put, rows, said
from tests.hooks.hook_case import Case

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hooks.world import World

NAME = "protected-paths"
ROWS = rows(NAME)


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    made = Account(tmp_path.resolve())
    made.enter(monkeypatch)
    return made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Account:
    """One account for all rows: the hook writes nothing there."""
    return Account(tmp_path_factory.mktemp("shared").resolve())


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_rows(shared: Account, monkeypatch: pytest.MonkeyPatch, row: dict[str, Any]) -> None:
    shared.enter(monkeypatch)
    event = shared.event(row) | {"unknown_field": {"a": [1]}}
    decision, reason = said(shared.hook(NAME).decide(event))
    assert decision == row["verdict"], reason
    if row["family"]:
        assert f"protected-paths ({row['family']}): " in reason
        assert FAMILIES[row["family"]].advice in reason


def test_every_family_has_rows_that_refuse_and_near_misses() -> None:
    assert {row["family"] for row in ROWS if row["family"]} == set(FAMILIES)
    assert sum(not row["verdict"] for row in ROWS) >= 70


def _write(account: Account, path: str, **options: Any) -> tuple[str, str]:
    event = account.event({"tool": "Write", "path": path, "content": "new\n"})
    return said(account.hook(NAME, **options).decide(event))


@pytest.mark.parametrize("severity", [DENY, ASK, ALLOW])
@pytest.mark.parametrize("family", ["secrets", "outside", "dependencies"])
def test_a_family_is_switched(account: Account, family: str, severity: str) -> None:
    path = {"secrets": ".env", "outside": "../x", "dependencies": "node_modules/left/index.js"}
    decision, _ = _write(account, "{repo}/" + path[family], families={family: severity})
    assert decision == ("" if severity == ALLOW else severity)


@pytest.mark.parametrize(
    ("paths", "let_through"),
    [([".env"], True), (["*.env"], True), (["~/src/app/.env"], True), (["{repo}/.env"], True),
     ([".env.local"], False), (["env"], False), ([], False)],
)  # fmt: skip
def test_an_exception_names_files(account: Account, paths: list[str], let_through: bool) -> None:
    one = {"family": "secrets", "paths": account.filled(paths), "reason": "a demo"}
    assert (_write(account, "{repo}/.env", exceptions=[one])[0] == "") == let_through


def test_an_exception_counts_for_its_family_and_with_a_reason_only(account: Account) -> None:
    one = {"family": "locks", "paths": [".env"], "reason": "a demo"}
    assert _write(account, "{repo}/.env", exceptions=[one])[0] == DENY
    one = {"family": "secrets", "paths": [".env"]}
    assert _write(account, "{repo}/.env", exceptions=[one])[0] == DENY


@pytest.mark.parametrize("listed", ["~/src/other", "{other}", "../other"])
def test_further_directories(account: Account, listed: str) -> None:
    assert _write(account, "{other}/main.py")[0] == DENY
    assert _write(account, "{other}/main.py", directories=account.filled([listed]))[0] == ""


def test_a_directory_that_somebody_adds_counts_for_this_session(account: Account) -> None:
    case = account.hook(NAME)
    added = {
        "hook_event_name": "DirectoryAdded",
        "session_id": "s",
        "directory": str(account.other),
    }
    assert case.decide(added) is None
    event = account.event({"tool": "Write", "path": "{other}/main.py", "content": "x"})
    assert case.decide(event) is None
    assert said(case.decide({**event, "session_id": "t"}))[0] == DENY
    assert case.decide({"hook_event_name": "DirectoryAdded", "session_id": "s"}) is None


def test_the_clients_command_line_adds_directories(
    account: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import subprocess
    import sys

    code = "import sys; print('ready', flush=True); sys.stdin.read()"
    words = [sys.executable, "-c", code, "--add-dir", "/x", str(account.other), "-p", "/y"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as client:
        assert client.stdout is not None and client.stdout.readline()  # its arguments stand there
        monkeypatch.setenv("CLAUDE_PID", str(client.pid))
        try:
            decision = _write(account, "{other}/main.py")[0]
        finally:
            client.communicate(timeout=20)
    assert decision == ("" if sys.platform == "linux" else DENY)


def test_settings_of_every_scope_add_directories(account: Account) -> None:
    path = account.home / ".claude/settings.json"
    put(path, json.dumps({"permissions": {"additionalDirectories": ["~/src/other"]}}))
    assert _write(account, "{other}/main.py")[0] == ""
    put(path, '{"permissions": {"additionalDirectories": "x"}, "plansDirectory": "~/plans"}')
    assert _write(account, "{other}/main.py")[0] == DENY
    assert _write(account, "{home}/plans/a.md")[0] == ""


def test_the_clients_folder_may_stand_elsewhere(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(account.home / "conf"))
    assert _write(account, "{home}/conf/plans/a.md")[0] == ""
    assert _write(account, "{home}/.claude/plans/a.md")[0] == DENY


def test_the_scratchpad_that_the_client_names(account: Account) -> None:
    event = account.event({"tool": "Write", "path": "{home}/scratch/a.md", "content": "x"})
    assert said(account.hook(NAME).decide(event))[0] == DENY
    assert account.hook(NAME).decide({**event, "scratchpad_dir": f"{account.home}/scratch"}) is None


def test_a_session_in_a_worktree_or_below_may_write_in_all_checkouts(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for start in (account.tree, account.repo / "src"):
        account.enter(monkeypatch, start)
        for path in ("{tree}/main.py", "{repo}/src/app.py", "{repo}/README.md"):
            assert _write(account, path)[0] == "", (start, path)
        assert _write(account, "{other}/main.py")[0] == DENY


def test_blocks_and_fields_are_known_in_a_worktree_too(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.enter(monkeypatch, account.tree)
    put(account.tree / ".claude/commands/tidy.md", "Tidy up.\n")
    assert "hub-owned" in _write(account, "{tree}/.claude/commands/tidy.md")[1]


def test_putting_back_what_is_wanted_is_no_change(account: Account) -> None:
    path = account.repo / ".claude/settings.json"
    path.write_text(path.read_text().replace("sonnet", "opus"))
    edit = {"tool": "Edit", "path": str(path), "old_string": "opus"}
    back, on = ({**edit, "new_string": name} for name in ("sonnet", "haiku"))
    assert account.hook(NAME).decide(account.event(back)) is None
    assert said(account.hook(NAME).decide(account.event(on)))[0] == DENY


def test_the_committed_ledger_is_ours(account: Account) -> None:
    put(account.repo / ".claude/hub.lock.json", "{}\n")
    assert "hub-owned" in _write(account, "{repo}/.claude/hub.lock.json")[1]


def test_outside_git_the_start_folder_is_the_place(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = account.home / "plain"
    plain.mkdir()
    account.enter(monkeypatch, plain)
    assert _write(account, "{home}/plain/a/b.txt")[0] == ""
    assert _write(account, "{home}/other.txt")[0] == DENY


def test_a_link_is_told_with_what_it_leads_to(account: Account) -> None:
    reason = _write(account, "{repo}/way-out/main.py")[1]
    assert f"(which leads to `{account.other}/main.py`)" in reason


def test_a_line_that_nests_too_deeply_is_a_question(account: Account) -> None:
    command = "echo $(" * 40 + "x" + ")" * 40 + " > a.txt"
    assert said(account.hook(NAME).decide(account.event({"command": command})))[0] == ASK


@pytest.mark.parametrize("damage", ["", "{", '{"format": 2}', '{"format": 1, "files": []}', "[]"])
def test_a_damaged_list_of_what_is_ours_protects_the_rest(account: Account, damage: str) -> None:
    case = account.hook(NAME)
    (account.own / "owned.json").write_text(damage)
    for path, wanted in ((".claude/commands/tidy.md", ""), (".env", DENY)):
        event = account.event({"tool": "Write", "path": "{repo}/" + path, "content": "x"})
        assert said(case.decide(event))[0] == wanted


def test_without_a_state_folder_it_still_guards(account: Account) -> None:
    put(account.state.parent, "")
    case = Case(NAME, account.base, own=str(account.own), state=str(account.state))
    for path, wanted in (("{repo}/.env", DENY), ("{other}/x", DENY), ("{repo}/src/app.py", "")):
        event = account.event({"tool": "Write", "path": path, "content": "x"})
        assert said(case.decide(event))[0] == wanted


def test_it_answers_as_a_process(world: World) -> None:
    (world.repo / ".env").write_text("A=1\n")
    row = registry.find(NAME)
    assert row is not None
    world.enable(NAME, "PreToolUse", module=row.module, tools=list(row.tools), options=row.options)
    event = {"tool_name": "Write", "tool_input": {"file_path": f"{world.repo}/.env", "content": ""}}
    answer = world.run("PreToolUse", json.dumps({**event, "cwd": str(world.repo)}))
    assert (answer.code, answer.specific["permissionDecision"]) == (2, "deny")
