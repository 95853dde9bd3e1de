"""`hubctl adopt`: what it proposes, what it writes, what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.config.load import load
from tests.adopt.trees import HOOK, RUN, L, M, S, hooks, settings
from tests.support.cli import LOCK, changes, tree, validate

if TYPE_CHECKING:
    from tests.support.cli import Account

DEFAULTS = """\
hub:
  name: acme
defaults:
  permissions: {deny: ["Read(./.env)"]}
  hooks: {PreToolUse: [context-monitor]}
  conventions: [Be brief.]
  language: python
  pre_commit: true
  gitignore: [.cache/]
profiles:
  base:
    settings: {model: opus}
  more:
    extends: [base]
    env: {A: "1"}
  other:
    settings: {model: haiku}
"""


def document(account: Account) -> dict[str, Any]:
    data = account.read("hub/canonical.yaml")
    return dict(load(data, file="canonical.yaml").document)


def acting(account: Account) -> dict[str, str]:
    report = account.report("plan")
    return {
        c["address"]: c["action"]
        for target in report["targets"]
        for c in target["changes"]
        if c["action"] != "none"
    }


def test_the_diff_is_what_is_written(account: Account) -> None:
    account.repository("api", settings(model="opus"))
    ran = account.ok("adopt", "../src/api", "--yes")
    added = [line[1:] for line in ran.out.splitlines() if line.startswith("+")]
    text = account.read("hub/canonical.yaml").decode()
    assert text == "hub:\n  name: acme\n" + "".join(f"{line}\n" for line in added)
    assert document(account)["repositories"]["api"]["overrides"] == {"settings": {"model": "opus"}}


def test_a_dry_run_writes_nothing_at_all(account: Account) -> None:
    account.repository("api", settings(model="opus"))
    before = tree(account.home, without=())
    ran = account.ok("adopt", "../src/api", "--dry-run")
    assert "+    path: ~/src/api" in ran.out
    after = tree(account.home, without=())
    assert {k: v for k, v in after.items() if not k.startswith(".cache")} == before


def test_nobody_is_asked_where_nobody_is(account: Account) -> None:
    account.repository("api", settings(model="opus"))
    before = account.read("hub/canonical.yaml")
    assert account.run("adopt", "../src/api").code == 2
    assert account.read("hub/canonical.yaml") == before


def test_profiles_that_stand_there_whole_are_named(account: Account) -> None:
    account.canonical(DEFAULTS)
    account.repository(
        "api", settings(model="opus", env={"A": "1"}, permissions={"deny": ["Read(./.env)"]})
    )
    account.ok("adopt", "../src/api", "--yes")
    entry = document(account)["repositories"]["api"]
    assert entry["profiles"] == ["more"]
    assert "settings" not in entry["overrides"]
    assert "permissions" not in entry["overrides"]
    assert acting(account) == {}


def test_what_defaults_would_bring_is_held_back(account: Account) -> None:
    account.canonical(DEFAULTS)
    root = account.repository("api", settings(model="haiku-2"))
    before = tree(root, without=())
    account.ok("adopt", "../src/api", "--yes")
    assert acting(account) == {}
    assert account.apply().code == 0
    assert tree(root, without=()) == before


def test_what_is_held_back_is_told_and_comes_when_its_line_goes(account: Account) -> None:
    account.canonical(DEFAULTS)
    account.repository("api", settings(model="haiku-2"))
    found = account.ok("adopt", "../src/api", "--yes", "--json").json["findings"]
    paths = {f["path"] for f in found if f["rule"] == "adopt/held-back"}
    head = "repositories.api.overrides"
    assert paths == {
        f"{head}.{key}"
        for key in (
            *("permissions", "hooks.PreToolUse", "gitignore", "pre_commit"),
            *("instructions", "language"),
        )
    }
    text = account.read("hub/canonical.yaml").decode()
    account.canonical(text.replace("      permissions: null\n", ""))
    assert acting(account) == {f'api:{S}#/permissions/deny="Read(./.env)"': "create"}


def test_what_is_held_back_is_named(account: Account) -> None:
    rules = [f"Bash(r{number})" for number in range(9)]
    deny = f"permissions: {{deny: {json.dumps(rules)}}}"
    account.canonical(f"hub: {{name: acme}}\ndefaults: {{{deny}, pre_commit: true}}\n")
    account.repository("api", settings(permissions={"deny": rules[4:]}))
    ran = account.ok("adopt", "../src/api", "--yes")
    text = " ".join(ran.err.split())
    head = "held back, because the repository does not have it: "
    some = "`Bash(r0)`, `Bash(r1)`, `Bash(r2)` and 1 more in `permissions.deny`"
    assert f"{head}{some} [adopt/held-back]" in text
    assert f"{head}`pre_commit` [adopt/held-back]" in text
    assert "api: 1 file read, 5 values under the hub" in text
    assert text.endswith("Next: hubctl plan api")


def test_a_place_is_told_once(account: Account) -> None:
    """What is wrong with a value that therefore stays outside, and that it does: one finding."""
    account.repository("api", '{"model": 7, "env": {"A": 1, "B": "x"}}')
    found = account.run("adopt", "../src/api", "--yes", "--json").json["findings"]
    places = [(f["location"]["line"], f["location"]["column"]) for f in found]
    assert len(places) == len(set(places)) == 2
    assert all(f["message"].endswith("it stays as it is, unmanaged") for f in found)
    assert {f["severity"] for f in found} == {"warning"}


def test_what_the_hub_owns_from_now_on_is_told(account: Account) -> None:
    account.repository("api", settings(model="opus"))
    address = f"api:{S}#/model"
    ran = account.ok("adopt", "../src/api", "--own", address, "--yes")
    assert f"the hub owns {address} from now on\n" in ran.err


def test_a_new_profile_holds_what_several_have_in_common(account: Account) -> None:
    rules = ["Bash(make)", "Bash(ls)"]
    for number, name in enumerate(("a", "b", "c")):
        keys = {"model": "opus", "permissions": {"allow": [*rules, f"Bash(only-{name})"]}}
        account.repository(name, settings(**keys, n=number))
    account.ok("adopt", "../src/a", "../src/b", "../src/c", "--profile", "house", "--yes")
    found = document(account)
    assert found["profiles"]["house"] == {
        "settings": {"model": "opus"},
        "permissions": {"allow": rules},
    }
    for name in ("a", "b", "c"):
        assert found["repositories"][name]["profiles"] == ["house"]
        assert found["repositories"][name]["overrides"]["permissions"] == {
            "allow": [f"Bash(only-{name})"]
        }
    assert acting(account) == {}


def test_nothing_in_common_is_no_profile(account: Account) -> None:
    account.repository("a", settings(model="x"))
    account.repository("b", settings(model="y"))
    ran = account.run("adopt", "../src/a", "../src/b", "--profile", "house", "--yes")
    assert ran.code == 2
    assert "nothing in common" in ran.err


def test_a_file_as_the_hub_writes_it_is_named(account: Account) -> None:
    account.put("hub/commands/ship.md", "---\ndescription: Ship it\n---\nShip it.\n")
    account.canonical(
        "hub:\n  name: acme\n"
        "repositories:\n  a:\n    path: ~/src/a\n    overrides: {commands: [ship]}\n"
    )
    account.repository("a")
    account.apply()
    written = account.read("src/a/.claude/commands/ship.md")
    account.repository("b", settings(model="opus"))
    account.put("src/b/.claude/commands/ship.md", written)
    account.put("src/b/.claude/commands/mine.md", "Mine.\n")
    account.ok("adopt", "../src/b", "--yes")
    assert document(account)["repositories"]["b"]["overrides"]["commands"] == ["ship"]
    assert acting(account) == {}


# -- owning ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("owns", [False, True])
def test_only_what_is_owned_is_deleted_when_canonical_drops_it(
    account: Account, owns: bool
) -> None:
    text = '{\n  "model": "opus",\n  "language": "de"\n}\n'
    account.repository("api", text)
    own = ("--own", f"api:{S}#/model") if owns else ()
    account.ok("adopt", "../src/api", "--yes", *own)
    account.ok("repos", "set", "api", "overrides.settings", "{language: de}")
    account.apply("--prune")
    left = '{\n  "language": "de"\n}\n' if owns else text
    assert account.read(f"src/api/{S}").decode() == left


def test_an_owned_command_becomes_a_source_and_gets_its_line(account: Account) -> None:
    account.repository("api")
    path = ".claude/commands/tdd/red.md"
    account.put(f"src/api/{path}", "---\ndescription: Red\n---\nWrite a test.\n")
    account.ok("adopt", "../src/api", "--yes", "--own", f"api:{path}")
    assert account.read("hub/commands/tdd/red.md") == account.read(f"src/api/{path}")
    assert acting(account) == {f"api:{path}": "update"}
    account.apply()
    lines = account.read(f"src/api/{path}").decode().splitlines()
    assert [line for line in lines if "hubctl: from" not in line and line] == [
        *("---", "description: Red", "---", "Write a test."),
    ]
    account.ok("repos", "remove", "api", "--restore", "--yes")
    assert account.read(f"src/api/{path}").decode().count("hubctl") == 0


@pytest.mark.parametrize(
    "address",
    ["api:CLAUDE.md", f"api:{S}#/nothing", "web:CLAUDE.md", "api:.claude/hooks/x.sh"],
)
def test_what_cannot_be_owned_is_refused_before_anything_is_written(
    account: Account, address: str
) -> None:
    account.repository("api", settings(model="opus"))
    account.put("src/api/CLAUDE.md", "x\n")
    before = account.read("hub/canonical.yaml")
    assert account.run("adopt", "../src/api", "--yes", "--own", address).code == 2
    assert account.read("hub/canonical.yaml") == before


# -- ledgers ---------------------------------------------------------------------------------------


def test_the_lock_comes_with_the_first_thing_that_is_written_and_knows_everything(
    account: Account,
) -> None:
    root = account.repository("api", settings(model="opus", env={"A": "1"}))
    account.ok("adopt", "../src/api", "--yes")
    account.apply()
    assert not (root / LOCK).exists()
    account.ok("repos", "set", "api", "overrides.settings.language", "de")
    account.apply()
    records = json.loads((root / LOCK).read_bytes())["records"]
    assert records[f"{S}#/env/A"].startswith("adopted ")
    assert not records[f"{S}#/language"].startswith("adopted ")
    account.in_sync("api")


def test_drift_of_an_adopted_value_is_seen_and_repaired(account: Account) -> None:
    root = account.repository("api", settings(model="opus"))
    account.ok("adopt", "../src/api", "--yes")
    (root / S).write_text(settings(model="haiku"))
    assert changes(account.report("drift")) == {f"api:{S}#/model": "drifted"}
    account.ok("drift", "--fix")
    assert (root / S).read_text() == settings(model="opus")


def test_what_is_added_later_is_told(account: Account) -> None:
    root = account.repository("api", settings(model="opus"))
    account.ok("adopt", "../src/api", "--yes")
    (root / S).write_text(settings(model="opus", verbose=True))
    assert changes(account.report("drift")) == {f"api:{S}#/verbose": "unmanaged"}


def test_again_takes_what_is_new_and_nothing_else(account: Account) -> None:
    root = account.repository("api", settings(model="opus"))
    account.ok("adopt", "../src/api", "--yes")
    account.put(f"src/api/{L}", hooks([{"hooks": [RUN]}], event="Stop"))
    (root / S).write_text(
        settings(model="opus", language="de", permissions={"allow": ["Bash(ls)"]})
    )
    account.ok("adopt", "../src/api", "--yes")
    entry = document(account)["repositories"]["api"]["overrides"]
    assert entry["settings"] == {"model": "opus", "language": "de"}
    assert entry["permissions"] == {"allow": ["Bash(ls)"]}
    assert entry["hooks"] == {"Stop": [RUN]}
    assert acting(account) == {}
    again = account.read("hub/canonical.yaml")
    account.ok("adopt", "../src/api", "--yes")
    assert account.read("hub/canonical.yaml") == again


def test_rollback_takes_an_adoption_back(account: Account) -> None:
    before = account.read("hub/canonical.yaml")
    account.repository("api", settings(model="opus"))
    account.ok("adopt", "../src/api", "--yes")
    account.ok("rollback", "--yes")
    assert account.read("hub/canonical.yaml") == before


# -- refusals --------------------------------------------------------------------------------------


def test_the_home_folder_and_folders_that_are_not_there(account: Account) -> None:
    assert "home folder" in account.run("adopt", str(account.home), "--yes").err
    assert account.run("adopt", "../src/nowhere", "--yes").code == 2


def test_a_name_that_is_taken(account: Account) -> None:
    account.repository("api", settings(model="opus"))
    account.put("src/deep/api/.claude/settings.json", settings(model="haiku"))
    account.ok("adopt", "../src/api", "--yes")
    assert "--name" in account.run("adopt", "../src/deep/api", "--yes").err
    account.ok("adopt", "../src/deep/api", "--name", "api2", "--yes")
    assert acting(account) == {}


def test_a_repository_of_another_hub(account: Account) -> None:
    account.repository("api", settings(model="opus"))
    lock = '{"format": "hubctl/ledger", "version": 1, "hub": "other", "repository": "x"}'
    account.put(f"src/api/{LOCK}", lock)
    before = account.read("hub/canonical.yaml")
    for options in (("--yes",), ("--dry-run",)):
        assert account.run("adopt", "../src/api", *options).code == 4
    assert account.read("hub/canonical.yaml") == before


def test_two_of_one_name(account: Account) -> None:
    account.put("src/a/x/.keep", "")
    account.put("src/b/x/.keep", "")
    assert "--name" in account.run("adopt", "../src/a/x", "../src/b/x", "--yes").err


def test_a_canonical_that_cannot_be_edited_in_place(account: Account) -> None:
    account.canonical("hub: {name: acme}\nrepositories: &r\n  a: {path: ~/src/a}\nx-copy: *r\n")
    account.repository("api", settings(model="opus"))
    before = account.read("hub/canonical.yaml")
    assert account.run("adopt", "../src/api", "--yes").code == 2
    assert account.read("hub/canonical.yaml") == before


def test_secrets_stay_where_they_are(account: Account) -> None:
    token = "ghp_" + "a1B2" * 9
    account.repository("api")
    account.put(
        f"src/api/{M}", settings(mcpServers={"x": {"command": "y", "env": {"TOKEN": token}}})
    )
    ran = account.run("adopt", "../src/api", "--yes", "--json")
    assert token not in ran.out + account.read("hub/canonical.yaml").decode()
    left = ran.json["repositories"][0]["left"]
    assert [one["fragment"] for one in left] == ["/mcpServers/x/env/TOKEN"]


def test_everything_read_is_listed(account: Account) -> None:
    account.repository("api", hooks([{"hooks": [RUN]}]))
    account.put("src/api/CLAUDE.md", "@docs/a.md and @docs/gone.md\n")
    account.put("src/api/docs/a.md", "a\n")
    account.put("src/api/.claude/agents/x.md", "x\n")
    document = account.run("adopt", "../src/api", "--dry-run", "--json").json
    validate(document, "adopt")
    found = document["repositories"][0]
    files = {file["path"]: (file["kind"], file["note"]) for file in found["files"]}
    assert files == {
        S: ("settings", ""),
        "CLAUDE.md": ("instructions", ""),
        "docs/a.md": ("import", ""),
        "docs/gone.md": ("import", "missing"),
        ".claude/agents/x.md": ("agent", ""),
    }
    assert found["adopted"][0].startswith(HOOK)
