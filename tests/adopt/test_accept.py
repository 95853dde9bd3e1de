"""`hubctl accept` and `hubctl exceptions`: a good local change goes back into canonical.yaml."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.config.load import load
from tests.adopt.trees import RUN, L, M, S
from tests.support.cli import LOCK, changes, validate

if TYPE_CHECKING:
    from tests.support.cli import Account

HUB = """\
hub:
  name: acme
# shared by all
defaults:
  permissions: {allow: ["Bash(ls)"], deny: ["Read(./.env)"]}
profiles:
  web:
    settings:
      model: opus  # the big one
    hooks:
      Stop:
        - {type: command, command: make check, scope: project}
repositories:
  api:
    path: ~/src/api
    profiles: [web]
    overrides:
      env: {A: "1"}
      local: {permissions: {allow: ["Bash(make)"]}}
      mcp: {db: {command: db, args: [a]}}
      commands: [ship]
  web:
    path: ~/src/web
    profiles: [web]
"""


@pytest.fixture
def hub(account: Account) -> Account:
    account.canonical(HUB)
    account.put("hub/commands/ship.md", "---\ndescription: Ship\n---\nShip it.\n")
    account.repository("api")
    account.repository("web")
    account.apply()
    return account


def spec(account: Account, name: str = "api") -> dict[str, Any]:
    found: dict[str, Any] = account.ok("show", name, "--json").json["targets"][0]["spec"]
    return found


def document(account: Account) -> dict[str, Any]:
    return dict(load(account.read("hub/canonical.yaml"), file="canonical.yaml").document)


def edit(account: Account, path: str, change: Any, name: str = "api") -> None:
    place = account.home / f"src/{name}/{path}"
    found = json.loads(place.read_text())
    change(found)
    place.write_text(json.dumps(found, indent=2) + "\n")


def drifted(account: Account) -> list[str]:
    return sorted(changes(account.report("drift")))


def accept_all(account: Account, *options: str) -> None:
    """Accept everything that drifted; only what was meant may change, and nothing is left to do."""
    before = {path: account.read(f"src/api/{path}") for path in (S, L, M)}
    account.ok("accept", *drifted(account), *options)
    left = changes(account.report("plan"))
    left.pop("api:.git/info/exclude#block:hubctl", "")  # its last local file may be gone
    assert left == {}
    assert {path: account.read(f"src/api/{path}") for path in (S, L, M)} == before


def without(found: dict[str, Any], *keys: str) -> None:
    for key in keys[:-1]:
        found = found[key]
    del found[keys[-1]]


EDITS = {
    "a-value": (S, lambda s: s.update(model="haiku")),
    "a-new-key": (S, lambda s: s.update(language="de")),
    "a-key-that-a-profile-brings-is-gone": (S, lambda s: without(s, "model")),
    "an-own-key-is-gone": (S, lambda s: without(s, "env", "A")),
    "an-own-value": (S, lambda s: s["env"].update(A="2")),
    "another-variable": (S, lambda s: s["env"].update(B="x")),
    "a-rule-that-defaults-bring-is-gone": (
        S,
        lambda s: s["permissions"]["allow"].remove("Bash(ls)"),
    ),
    "an-own-rule-is-gone": (L, lambda s: s["permissions"]["allow"].remove("Bash(make)")),
    "a-local-value": (L, lambda s: s.update(outputStyle="Terse")),
    "a-handler-is-gone": (S, lambda s: without(s, "hooks")),
    "a-handler-changed": (S, lambda s: s["hooks"]["Stop"][0]["hooks"][0].update(timeout=9)),
    "a-matcher-changed": (S, lambda s: s["hooks"]["Stop"][0].update(matcher="x")),
    "a-server-changed": (M, lambda s: s["mcpServers"]["db"].update(args=["b", "c"])),
    "a-server-is-gone": (M, lambda s: without(s, "mcpServers", "db", "args")),
    "much-at-once": (
        S,
        lambda s: (s.update(model="x", n=1), s["env"].clear(), s["permissions"].update(deny=[])),
    ),
}


@pytest.mark.parametrize("case", EDITS)
def test_what_is_accepted_is_wanted_from_then_on(hub: Account, case: str) -> None:
    path, change = EDITS[case]
    others = spec(hub, "web")
    edit(hub, path, change)
    assert drifted(hub)
    accept_all(hub)
    assert spec(hub, "web") == others
    text = hub.read("hub/canonical.yaml").decode()
    assert "# shared by all" in text
    assert "# the big one" in text


def test_an_element_that_somebody_added(hub: Account) -> None:
    edit(hub, S, lambda s: s["permissions"]["allow"].append("Bash(new)"))
    address = f'api:{S}#/permissions/allow="Bash(new)"'
    ran = hub.run("accept", address)
    assert ran.code == 2
    assert "nothing to accept" in ran.err


def test_into_a_profile_for_all_who_have_it(hub: Account) -> None:
    edit(hub, S, lambda s: s.update(model="haiku"))
    hub.ok("accept", f"api:{S}#/model", "--to", "profiles.web")
    text = hub.read("hub/canonical.yaml").decode()
    assert "model: haiku  # the big one" in text
    assert changes(hub.report("plan")) == {f"web:{S}#/model": "pending"}


def test_a_layer_that_is_overruled_is_refused(hub: Account) -> None:
    edit(hub, S, lambda s: s.update(model="haiku"))
    before = hub.read("hub/canonical.yaml")
    ran = hub.run("accept", f"api:{S}#/model", "--to", "defaults")
    assert ran.code == 4
    assert "another layer" in ran.err
    assert hub.read("hub/canonical.yaml") == before


def test_a_command_goes_back_into_its_source(hub: Account) -> None:
    path = "src/api/.claude/commands/ship.md"
    hub.put(path, hub.read(path).replace(b"Ship it.", b"Ship it, carefully."))
    ran = hub.ok("accept", "api:.claude/commands/ship.md")
    assert ran.err == "~/hub/commands/ship.md: new text\nUndo: hubctl rollback\n"
    assert hub.read("hub/commands/ship.md") == b"---\ndescription: Ship\n---\nShip it, carefully.\n"
    hub.in_sync()


def test_a_command_that_was_deleted_is_no_longer_named(hub: Account) -> None:
    (hub.home / "src/api/.claude/commands/ship.md").unlink()
    hub.ok("accept", "api:.claude/commands/ship.md")
    assert not spec(hub)["commands"]
    assert not changes(hub.report("plan"))


def test_records_follow(hub: Account) -> None:
    edit(hub, S, lambda s: s.update(model="haiku"))
    was = json.loads(hub.read(f"src/api/{LOCK}"))["records"][f"{S}#/model"]
    hub.ok("accept", f"api:{S}#/model")
    assert json.loads(hub.read(f"src/api/{LOCK}"))["records"][f"{S}#/model"] != was
    hub.ok("rollback", "--yes")
    assert json.loads(hub.read(f"src/api/{LOCK}"))["records"][f"{S}#/model"] == was


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (f"api:{S}#/model", "nothing to accept"),
        ("api:CLAUDE.md#block:hubctl", "nothing to accept"),
        ("nobody:.claude/settings.json#/model", "no target"),
        ("no address", "not an address"),
    ],
)
def test_refusals(hub: Account, address: str, says: str) -> None:
    before = hub.read("hub/canonical.yaml")
    ran = hub.run("accept", address)
    assert ran.code == 2
    assert says in ran.err
    assert hub.read("hub/canonical.yaml") == before


@pytest.mark.parametrize("key", ["hooks", "mcpServers"])
def test_what_holds_several_things_is_adopted_instead(account: Account, key: str) -> None:
    account.repository("api", json.dumps({"model": "opus"}))
    account.put(f"src/api/{M}", '{"x": 1}')
    account.ok("adopt", "../src/api", "--yes")
    path = S if key == "hooks" else M
    edit(account, path, lambda s: s.update({key: {"Stop": [{"hooks": [RUN]}]}}))
    ran = account.run("accept", f"api:{path}#/{key}")
    assert ran.code == 2
    if key == "hooks":
        assert "hubctl adopt" in ran.err


def test_a_secret_is_never_accepted(hub: Account) -> None:
    edit(hub, S, lambda s: s["env"].update(A="ghp_" + "a1B2" * 9))
    before = hub.read("hub/canonical.yaml")
    assert "secret" in hub.run("accept", f"api:{S}#/env/A").err
    assert hub.read("hub/canonical.yaml") == before


def test_a_dry_run_shows_the_diff_alone(hub: Account) -> None:
    edit(hub, S, lambda s: s.update(model="haiku"))
    before = hub.read("hub/canonical.yaml")
    ran = hub.ok("accept", f"api:{S}#/model", "--dry-run")
    assert "+        model: haiku" in ran.out
    assert hub.read("hub/canonical.yaml") == before


def test_a_setting_of_the_account(account: Account) -> None:
    account.canonical("hub: {name: acme}\nglobal:\n  settings: {theme: dark}\n")
    account.apply()
    account.put(".claude/settings.json", '{"theme": "light"}\n')
    account.ok("accept", "host:.claude/settings.json#/theme")
    assert account.read("hub/canonical.yaml").decode().endswith("settings: {theme: light}\n")
    assert changes(account.report("plan")) == {}


# -- allowing --------------------------------------------------------------------------------------


def test_allowing_with_a_reason_until_a_day(hub: Account) -> None:
    edit(hub, S, lambda s: s.update(model="haiku"))
    address = f"api:{S}#/model"
    hub.ok("accept", address, "--allow", "we try it", "--until", "2999-12-31")
    assert hub.report("drift")["exit_code"] == 0
    document = hub.ok("exceptions", "--json").json
    validate(document, "exceptions")
    found = document["exceptions"]
    assert [(x["address"], x["reason"], x["until"], x["state"]) for x in found] == [
        (address, "we try it", "2999-12-31", "in use")
    ]
    assert "we try it" in hub.ok("exceptions").out


def test_the_expired_and_the_superfluous(hub: Account) -> None:
    address = f"api:{S}#/model"
    hub.ok("accept", address, "--allow", "old", "--until", "2020-01-01")
    hub.ok("accept", "web:.", "--allow", "all of it", "--until", "2999-01-01")
    states = [x["state"] for x in hub.ok("exceptions", "--json").json["exceptions"]]
    assert states == ["expired", "not needed"]
    assert "exception/expired" in {f["rule"] for f in hub.report("drift")["findings"]}


@pytest.mark.parametrize(
    "options", [("--allow", "x"), ("--until", "2999-01-01"), ("--allow", "x", "--until", "soon")]
)
def test_an_exception_needs_both_and_a_day(hub: Account, options: tuple[str, ...]) -> None:
    before = hub.read("hub/canonical.yaml")
    assert hub.run("accept", f"api:{S}#/model", *options).code == 2
    assert hub.read("hub/canonical.yaml") == before


# -- by conversation -------------------------------------------------------------------------------


def converse(account: Account, *answers: str) -> tuple[int, str]:
    with account.start("accept", "-i", stdin=subprocess.PIPE) as process:
        out, err = process.communicate("\n".join(answers) + "\n", timeout=60)
    return process.returncode, out + err


def test_each_change_is_asked_about_and_every_choice_shows_its_diff(hub: Account) -> None:
    edit(hub, S, lambda s: (s.update(model="haiku", language="de"), s["env"].update(A="2")))
    edit(hub, L, lambda s: without(s, "permissions"))
    assert len(drifted(hub)) == 4
    # env/A: repair · language (new): accept · model: allow · the local rule: skip
    code, told = converse(hub, "r", "a", "", "y", "x", "we try it", "2999-12-31", "y", "s")
    assert "+        language: de" in told or "+      settings: {language: de}" in told
    assert "+    reason: we try it" in told
    assert code == 0
    assert json.loads(hub.read(f"src/api/{S}"))["env"] == {"A": "1"}
    assert json.loads(hub.read(f"src/api/{S}"))["model"] == "haiku"
    assert drifted(hub) == [f"api:{S}#/model", f'api:{L}#/permissions/allow="Bash(make)"']


def test_leaving_early_or_saying_no_writes_nothing(hub: Account) -> None:
    edit(hub, S, lambda s: s.update(model="haiku"))
    before = hub.read("hub/canonical.yaml")
    code, told = converse(hub, "a", "", "n", "q")
    assert (code, hub.read("hub/canonical.yaml")) == (0, before)
    assert "nothing was changed" in told


def test_an_impossible_choice_is_explained_and_asked_again(hub: Account) -> None:
    edit(hub, S, lambda s: s.update(model="haiku"))
    _, told = converse(hub, "x", "why", "someday", "s")
    assert "would not be valid" in told


def test_nothing_to_decide(hub: Account) -> None:
    assert "nothing drifted" in hub.ok("accept", "-i").err


def test_a_handler_of_ones_own_can_be_accepted_into_a_hub_without_hooks(account: Account) -> None:
    account.repository("api", json.dumps({"model": "opus"}))
    account.ok("adopt", "../src/api", "--yes")
    groups = [{"matcher": "Bash", "hooks": [RUN]}]
    edit(account, S, lambda s: s.update(hooks={"PreToolUse": groups}))
    account.ok("adopt", "../src/api", "--yes")
    assert document(account)["repositories"]["api"]["overrides"]["hooks"] == {
        "PreToolUse": [{**RUN, "matcher": "Bash", "scope": "project"}]
    }
