"""Something else stands where a file, a folder or a link belongs, or a name climbs out."""

from __future__ import annotations

import json
import os
import shutil
import socket

import pytest

from tests.support.cli import LOCAL_SETTINGS, LOCK, MODEL, SETTINGS, changes, rules, tree

RICH = (
    MODEL
    + """\
      rules: [house]
      local:
        settings: {outputStyle: Brief}
    conventions: [Small commits.]
  web:
    path: ~/src/web
    overrides:
      settings: {model: opus}
"""
)


@pytest.fixture
def rich(account):
    account.canonical(RICH)
    account.put("hub/rules/house.md", "Tidy up.\n")
    account.repository("api")
    account.repository("web")
    return account


def into_folder(place):
    place.unlink(missing_ok=True)
    place.mkdir(parents=True)
    (place / "mine.txt").write_text("mine")


def into_fifo(place):
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(place)


def into_socket(place):
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    here = os.getcwd()
    os.chdir(place.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(place.name)
    os.chdir(here)


def into_binary(place):
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"\x00\x01\x02 binary")


TURNS = [into_folder, into_fifo, into_socket, into_binary]
PATHS = [SETTINGS, "CLAUDE.md", ".claude/rules/house.md", LOCAL_SETTINGS, LOCK]
WHOLE = (".claude/rules/house.md", LOCK)  # ours as a whole: other bytes in it are drift and no more


@pytest.mark.parametrize("applied", [False, True], ids=["new", "applied"])
@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.__name__)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.rpartition("/")[2])
def test_what_is_no_file_of_its_kind_is_told_and_left_and_others_go_on(rich, path, turn, applied):
    if turn is into_binary and path in WHOLE:
        return
    if applied:
        rich.apply()
    root = rich.home / "src/api"
    turn(root / path)
    kept = tree(root)
    for command in (("plan",), ("drift",), ("drift", "--fix"), ("apply", "--yes")):
        report = rich.report(*command)
        told = [f for f in report["findings"] if path in f["address"] + str(f["location"])]
        assert told or command == ("plan",), command
    for name, found in kept.items():
        if name == path or name.startswith(path + "/"):
            assert tree(root)[name] == found
    assert json.loads(rich.read("src/web/" + SETTINGS)) == {"model": "opus"}
    assert report["exit_code"] in (1, 3, 4)


@pytest.mark.parametrize("applied", [False, True], ids=["new", "applied"])
def test_a_folder_in_the_place_of_the_exclude_file_is_told(rich, applied):
    if applied:
        rich.apply()
    into_folder(rich.home / "src/api/.git/info/exclude")
    report = rich.report("apply", "--yes")
    assert report["exit_code"] == 3
    assert [f for f in report["findings"] if ".git/info/exclude" in str(f)]
    assert json.loads(rich.read("src/web/" + SETTINGS)) == {"model": "opus"}


def test_without_it_no_local_file_appears_in_git(api):
    api.canonical(MODEL + "      local: {settings: {spinnerTipsEnabled: false}}\n")
    into_folder(api.home / "src/api/.git/info/exclude")
    report = api.report("apply", "--yes")
    assert report["exit_code"] == 3
    assert rules(report) == ["git/not-ignored", "read/failed"]
    assert not (api.home / "src/api" / LOCAL_SETTINGS).exists()
    assert json.loads(api.read("src/api/" + SETTINGS)) == {"model": "sonnet"}
    shutil.rmtree(api.home / "src/api/.git/info/exclude")
    api.apply()
    api.in_sync()


# File → bytes that can be read and not be edited, the line that says why.
UNEDITABLE = {
    SETTINGS: (b'{\n "env": {},\n "env": {"MINE": "1"}\n}\n', 3),
    LOCAL_SETTINGS: (b'{"permissions": {"allow": []},\n "permissions": {}}\n', 2),
    ".mcp.json": (b'{"mcpServers": {},\n\n "mcpServers": {}}', 3),
}
ALL_FILES = (
    MODEL.replace("model: sonnet", "env: {OURS: a}")
    + """\
      local: {permissions: {allow: [Bash(ls)]}}
      mcp: {files: {command: files}}
    conventions: [Be kind.]
"""
)


@pytest.mark.parametrize("name", UNEDITABLE)
def test_a_file_that_cannot_be_edited_is_left_alone_at_plan_and_others_go_on(api, name):
    api.canonical(ALL_FILES)
    data, line = UNEDITABLE[name]
    api.put(f"src/api/{name}", data)
    for command in (("plan",), ("apply", "--yes"), ("drift",), ("drift", "--fix")):
        report = api.report(*command)
        (finding,) = [f for f in report["findings"] if f["exit_code"] == 3]
        assert (finding["rule"], finding["location"]["line"]) == ("edit/impossible", line)
        assert finding["decided_by"]["line"] > 0
        assert finding["hint"]
        assert report["exit_code"] == 3
        assert not [address for address in changes(report) if f":{name}" in address]
    assert api.read(f"src/api/{name}") == data
    for other in (*UNEDITABLE, "CLAUDE.md"):
        assert (api.home / "src/api" / other).exists()
    (api.home / "src/api" / name).unlink()
    api.apply()
    assert api.report("drift")["exit_code"] == 0


@pytest.mark.parametrize("name", [".claude", ".claude/rules", ".git/info"])
def test_a_folder_that_became_a_file_is_told_and_kept(rich, name):
    rich.apply()
    place = rich.home / "src/api" / name
    shutil.rmtree(place)
    place.write_text("now a file\n")
    for command in (("drift",), ("drift", "--fix"), ("apply", "--yes")):
        report = rich.report(*command)
        assert report["exit_code"] in (1, 3, 4), command
        assert report["findings"]
    assert place.read_text() == "now a file\n"
    assert report["exit_code"] == 3
    place.unlink()
    place.mkdir()
    rich.run("apply", "--yes")
    found = rich.report("drift")
    assert found["exit_code"] in (0, 1, 4)


def test_a_repository_that_is_a_file_or_gone_is_one_finding_and_the_others_go_on(rich):
    shutil.rmtree(rich.home / "src/api")
    report = rich.report("apply", "--yes")
    assert (report["exit_code"], rules(report)) == (1, ["fleet/missing-repository"])
    assert json.loads(rich.read("src/web/" + SETTINGS)) == {"model": "opus"}
    rich.put("src/api", "a file\n")
    report = rich.report("drift")
    assert (report["exit_code"], rules(report)) == (1, ["fleet/missing-repository"])
    assert rich.read("src/api") == b"a file\n"


def test_a_repository_without_its_git_folder_is_still_drift_free_or_told(rich):
    rich.apply()
    shutil.rmtree(rich.home / "src/api/.git")
    report = rich.report("drift")
    assert not [s for s in changes(report).values() if s == "drifted"]
    rich.run("apply", "--yes")


CLIMBING = [
    "../../outside",
    "/etc/passwd",
    "a/../../b",
    "..",
    "./x",
    "a//b",
    "a\\..\\b",
    "\u202egnp",
]


@pytest.mark.parametrize("name", CLIMBING)
@pytest.mark.parametrize("kind", ["commands", "skills", "rules", "agents", "output_styles"])
def test_a_name_of_a_source_that_climbs_is_refused(api, kind, name):
    before = tree(api.home / "src")
    api.put("hub/outside.md", "not a source\n")
    api.canonical(MODEL + f"      {kind}: [{json.dumps(name)}]\n")
    assert api.run("apply", "--yes").code == 2
    assert api.run("validate").code in (0, 2)
    assert tree(api.home / "src") == before


def test_a_source_that_links_out_of_the_hub_is_not_read(api):
    secret = api.put("private/key.md", "my private key\n")
    (api.hub / "rules").mkdir()
    (api.hub / "rules/house.md").symlink_to(secret)
    api.canonical(MODEL + "      rules: [house]\n")
    ran = api.run("apply", "--yes")
    assert ran.code == 2
    assert "my private key" not in ran.out + ran.err
    assert not (api.home / "src/api/.claude/rules").exists()


OUTSIDE = [
    "../victim.md",
    "/victim.md",
    "a/../../victim.md",
    "../web/CLAUDE.md#block:hubctl",
    "",
    ".",
]


@pytest.mark.parametrize("local", OUTSIDE)
@pytest.mark.parametrize("which", ["lock", "local"])
def test_a_ledger_that_climbs_out_makes_nothing_happen_outside(rich, which, local):
    victim = rich.put("src/victim.md", "precious\n")
    rich.apply()
    web = tree(rich.home / "src/web", without=())
    place = rich.home / "src/api" / LOCK
    if which == "local":
        place = next(p for p in rich.state.glob("*/ledger/*") if LOCAL_SETTINGS in p.read_text())
    found = json.loads(place.read_text())
    found["records"][local] = found["containers"][local] = "sha256:" + "0" * 64
    place.write_text(json.dumps(found))
    rich.canonical(RICH.replace("sonnet", "opus").replace("      rules: [house]\n", ""))
    for command in (("drift",), ("apply", "--yes", "--prune", "api")):
        report = rich.report(*command)
        assert report["exit_code"] in (0, 1, 3, 4)
    assert victim.read_text() == "precious\n"
    assert tree(rich.home / "src/web", without=()) == web


def test_a_damaged_lock_is_told_until_apply_records_anew_what_agrees(rich):
    rich.apply()
    into_binary(rich.home / "src/api" / LOCK)
    for command in (("drift",), ("drift", "--fix"), ("drift",)):
        report = rich.report(*command)
        assert (report["exit_code"], "ledger/damaged" in rules(report)) == (1, True), command
    assert rich.read("src/api/" + LOCK) == b"\x00\x01\x02 binary"
    assert rich.run("apply", "--yes").code == 0
    assert rich.report("drift")["exit_code"] == 0
    assert json.loads(rich.read("src/api/" + LOCK))["repository"] == "api"


def test_a_lock_that_links_out_is_never_written(rich):
    rich.apply()
    outside = rich.put("elsewhere/lock.json", rich.read("src/api/" + LOCK))
    place = rich.home / "src/api" / LOCK
    place.unlink()
    place.symlink_to(outside)
    before = outside.read_bytes()
    rich.canonical(RICH.replace("sonnet", "opus"))
    report = rich.report("apply", "--yes")
    assert report["exit_code"] in (1, 3, 4)
    assert outside.read_bytes() == before
    assert place.is_symlink()
