"""Saved plans: carried out as they stand, in the world they were made for, or not at all."""

from __future__ import annotations

import json

import pytest

from tests.support.cli import MODEL, SETTINGS, Account, tree, validate

FILE = "src/api/" + SETTINGS
TWO = (
    MODEL
    + """\
    language: python
  web:
    path: ~/src/web
    overrides:
      env: {TOKEN_NAME: "the value of a variable"}
      rules: [house]
"""
)


@pytest.fixture
def saved(account):
    """Two repositories and a saved plan for both."""
    account.canonical(TWO)
    account.put("hub/rules/house.md", "Tidy up.\n")
    account.repository("api", '{"theme": "dark"}\n')
    account.repository("web")
    account.ok("plan", "-o", "plan.json")
    return account


def world(account):
    return tree(account.home / "src"), tree(account.state) if account.state.exists() else {}


def refused(account, code, *words):
    before = world(account)[0]
    ran = account.run("apply", "--plan", "plan.json")
    assert ran.code == code, ran
    assert world(account)[0] == before
    assert not list(account.state.glob("*/journal/*"))
    for word in words:
        assert word in ran.err
    return ran


def test_a_saved_plan_is_carried_out_without_a_question(saved):
    validate(json.loads((saved.hub / "plan.json").read_text()), "plan")
    assert saved.ok("apply", "--plan", "plan.json").out.count("wrote") == 2
    saved.in_sync()


def test_two_saved_plans_of_one_world_are_byte_identical(saved):
    saved.ok("plan", "-o", "other.json")
    assert (saved.hub / "other.json").read_bytes() == (saved.hub / "plan.json").read_bytes()
    done = saved.process("plan", "-o", "third.json", env={"PYTHONHASHSEED": "7"})
    assert done.code == 0
    assert (saved.hub / "third.json").read_bytes() == (saved.hub / "plan.json").read_bytes()


def test_a_saved_plan_is_for_this_account_alone(saved):
    place = saved.hub / "plan.json"
    assert place.stat().st_mode & 0o777 == 0o600
    place.chmod(0o644)
    saved.ok("plan", "-o", "plan.json")
    assert place.stat().st_mode & 0o777 == 0o600


def edit_settings(account: Account):
    account.put(FILE, '{"theme": "light"}\n')
    return account.shown(account.home / FILE)


def edit_canonical(account: Account):
    account.canonical(TWO.replace("sonnet", "opus"))
    return account.shown(account.hub / "canonical.yaml")


def create_instructions(account: Account):
    account.put("src/api/CLAUDE.md", "# Mine\n")
    return account.shown(account.home / "src/api/CLAUDE.md")


def link_settings(account: Account):
    place = account.home / FILE
    place.rename(place.with_name("real.json"))
    place.symlink_to("real.json")
    return account.shown(place)


def move_repository(account: Account):
    (account.home / "src/web").rename(account.home / "src/elsewhere")
    account.put("hub/canonical.local.yaml", "repositories: {web: ~/src/elsewhere}\n")
    return account.shown(account.home / "src/web")


def remove_repository(account: Account):
    (account.home / "src/web").rename(account.home / "src/gone")
    return account.shown(account.home / "src/web")


def edit_source(account: Account):
    account.put("hub/rules/house.md", "Tidy up twice.\n")
    return "web:.claude/rules/house.md"


def override_locally(account: Account):
    account.put(
        "hub/canonical.local.yaml", "repositories: {api: {overrides: {settings: {model: opus}}}}\n"
    )
    return f"api:{SETTINGS}#/model"


MOVES = [
    edit_settings,
    edit_canonical,
    create_instructions,
    link_settings,
    move_repository,
    remove_repository,
    edit_source,
    override_locally,
]


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_a_plan_whose_world_moved_is_refused_with_zero_writes_naming_what(saved, move):
    named = move(saved)
    refused(saved, 3, "no longer fits", named, "hubctl plan -o FILE")


def test_a_plan_that_was_carried_out_meanwhile_is_refused(saved):
    saved.apply()
    before = world(saved)[0]
    ran = saved.run("apply", "--plan", "plan.json")
    assert ran.code == 3
    assert saved.shown(saved.home / FILE) in ran.err
    assert world(saved)[0] == before


def test_what_the_plan_does_not_touch_may_move(saved):
    saved.put("src/api/README.md", "new\n")
    saved.put(".claude/settings.json", '{"theme": "dark"}\n')
    saved.ok("apply", "--plan", "plan.json")
    saved.in_sync()


def test_a_plan_of_another_hub_is_refused(saved):
    """Even of one with the very same bytes, because its paths are its own."""
    other = Account(base=saved.base / "other")
    other.canonical(TWO)
    ran = saved.run("--hub", str(other.hub), "apply", "--plan", "plan.json")
    assert (ran.code, "another hub" in ran.err) == (2, True)
    other.canonical(TWO.replace("acme", "other"))
    ran = saved.run("--hub", str(other.hub), "apply", "--plan", "plan.json")
    assert (ran.code, saved.shown(saved.hub) in ran.err) == (2, True)


def change_of(plan):
    return next(c for t in plan["targets"] for c in t["changes"] if c["desired"])


def other_value(plan):
    change_of(plan)["desired"]["value"] = "haiku"


def other_target(plan):
    plan["targets"][0]["target"] = "nobody"
    for change in plan["targets"][0]["changes"]:
        change["address"] = change["address"].replace("api:", "nobody:", 1)


def without_fingerprints(plan):
    plan["targets"][0]["fingerprints"] = {}


def other_root(plan):
    plan["targets"][0]["root"] = "/"


def climbing(plan):
    change_of(plan)["address"] = "api:../outside"


EDITS = [other_value, other_target, without_fingerprints, other_root, climbing]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edited_plan_is_refused(saved, edit):
    place = saved.hub / "plan.json"
    plan = json.loads(place.read_text())
    edit(plan)
    place.write_text(json.dumps(plan, indent=1))
    refused(saved, 2, "plan" if edit is not climbing else "not an address: 'api:../outside'")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.99])
def test_a_truncated_plan_is_refused(saved, share):
    place = saved.hub / "plan.json"
    data = place.read_bytes()
    place.write_bytes(data[: int(len(data) * share)])
    refused(saved, 2, "plan is no JSON document", "hubctl plan -o FILE")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"[" * 200_000, b"null", b"\0" * 10])
def test_what_is_no_plan_is_refused(saved, data):
    (saved.hub / "plan.json").write_bytes(data)
    refused(saved, 2)


def test_a_plan_that_cannot_be_read_or_written_is_told_by_name(saved):
    ran = saved.run("apply", "--plan", "nowhere.json")
    assert (ran.code, "nowhere.json" in ran.err) == (2, True)
    (saved.hub / "folder").mkdir()
    ran = saved.run("apply", "--plan", "folder")
    assert (ran.code, "folder" in ran.err) == (2, True)
    for out in ("folder", "nowhere/plan.json", "/dev/full"):
        ran = saved.run("plan", "-o", out)
        assert (ran.code, out in ran.err) == (3, True)


def test_an_exception_holds_for_a_saved_plan_too(saved):
    saved.apply()
    address = f"api:{SETTINGS}#/model"
    saved.canonical(
        TWO + f"exceptions: [{{address: '{address}', reason: a trial, until: 2999-01-01}}]\n"
    )
    saved.put(FILE, saved.read(FILE).replace(b"sonnet", b"opus"))
    saved.ok("plan", "-o", "plan.json")
    saved.ok("apply", "--plan", "plan.json")
    assert b"opus" in saved.read(FILE)
