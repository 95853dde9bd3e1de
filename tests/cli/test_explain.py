"""`hubctl explain`: which lines decide a value, through which profiles."""

from __future__ import annotations

import pytest

from tests.support.cli import SETTINGS, validate

LAYERS = """\
hub: {name: acme}
defaults:
  settings: {model: haiku}
  permissions: {allow: [Bash(ls *)]}
profiles:
  base:
    settings: {model: opus}
  python:
    extends: base
    permissions: {allow: [Bash(pytest *)]}
repositories:
  api:
    path: ~/src/api
    profiles: [python]
    overrides:
      settings:
        model: sonnet
      permissions: {allow: {remove: [Bash(ls *)]}}
"""
MODEL = f"api:{SETTINGS}#/model"


@pytest.fixture
def layers(account):
    account.canonical(LAYERS)
    account.repository()
    return account


def lines(ran):
    return [
        int(row.split()[0].rpartition(":")[2]) for row in ran.out.splitlines() if ".yaml:" in row
    ]


def test_every_layer_that_had_a_say_is_told_in_order(layers):
    ran = layers.ok("explain", MODEL)
    assert ran.out.startswith(MODEL)
    assert lines(ran) == [3, 7, 17]
    for name in ("defaults", "profiles.base", "repositories.api"):
        assert name in ran.out
    assert '"sonnet"' in ran.out
    assert "pending" in ran.out


def test_an_element_is_explained_by_itself(layers):
    ran = layers.ok("explain", f'api:{SETTINGS}#/permissions/allow="Bash(pytest *)"')
    assert lines(ran) == [10]
    ran = layers.ok("explain", f'api:{SETTINGS}#/permissions/allow="Bash(ls *)"')
    assert lines(ran) == [4, 18]
    assert "wants nothing" in ran.out


@pytest.mark.parametrize(
    ("edit", "status"), [(None, "in-sync"), (b"opus", "drifted"), (b"", "missing")]
)
def test_the_status_is_that_of_drift(layers, edit, status):
    layers.apply()
    path = f"src/api/{SETTINGS}"
    if edit:
        layers.put(path, layers.read(path).replace(b"sonnet", edit))
    elif edit is not None:
        layers.put(path, layers.read(path).replace(b'"model": "sonnet"', b'"x": 1'))
    assert f"status    {status}" in layers.ok("explain", MODEL).out


def test_what_nobody_wants_is_said_to_be_nobodys(layers):
    layers.put(f"src/api/{SETTINGS}", '{"theme": "dark"}')
    ran = layers.ok("explain", f"api:{SETTINGS}#/theme")
    assert "canonical.yaml wants nothing at this address" in ran.out


BAD = ["api", "api:", "nobody:x", "api:../x", "api:/x", "api:x#y", "api:x#/p=[", ":x", ""]


@pytest.mark.parametrize("address", BAD)
def test_what_is_no_address_here_is_refused(layers, address):
    ran = layers.run("explain", address)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")


def test_every_address_of_a_plan_can_be_explained(layers):
    for change in layers.report("plan")["targets"][0]["changes"]:
        ran = layers.ok("explain", change["address"])
        line = change["decided_by"]["line"]
        assert lines(ran)[-1:] == [line], change["address"]


SIDES = """\
hub: {name: acme}
defaults:
  hooks:
    PreToolUse: [context-monitor]
repositories:
  api:
    path: ~/src/api
    overrides:
      settings: {model: opus, env: {TOKEN_OF: x}}
      hooks:
        PreToolUse: [smart-safety-check]
"""


@pytest.fixture
def sides(account):
    account.canonical(SIDES)
    account.repository()
    account.apply()
    return account


def test_what_stands_there_is_told_with_its_line(sides):
    place = f"~/src/api/{SETTINGS}"
    assert f'stands    "opus" in {place}:5' in sides.ok("explain", MODEL).out
    sides.put(f"src/api/{SETTINGS}", '{\n\n  "env": {},\n  "model": "haiku"}\n')
    ran = sides.ok("explain", MODEL)
    assert f'stands    "haiku" in {place}:4' in ran.out
    assert lines(ran) == [9]
    assert (
        f"stands    nothing in {place}" in sides.ok("explain", f"api:{SETTINGS}#/env/TOKEN_OF").out
    )


def test_what_the_client_reads_instead_is_told_with_its_line(sides):
    local = "src/api/.claude/settings.local.json"
    text = sides.read(local).decode()
    sides.put(local, text.replace("{", '{\n  "model": "sonnet",', 1))
    ran = sides.ok("explain", MODEL)
    assert "shadowed" in ran.out
    assert f'wins      "sonnet" in ~/{local}:2' in ran.out
    found = sides.ok("explain", MODEL, "--json").json
    validate(found, "explain")
    assert found["overridden_by"]["line"] == 2


def test_why_a_hook_is_there(sides):
    address = "api:.claude/settings.local.json#hook:PreToolUse/hubctl"
    ran = sides.ok("explain", address)
    found = {
        row.split()[0]: row for row in ran.out.splitlines() if row.count("-") and ".yaml:" in row
    }
    assert ".yaml:4" in found["context-monitor"]
    assert "defaults" in found["context-monitor"]
    assert ".yaml:11" in found["smart-safety-check"]
    document = sides.ok("explain", address, "--json").json
    validate(document, "explain")
    assert [hook["hook"] for hook in document["hooks"]] == ["context-monitor", "smart-safety-check"]
    assert document["stands"]["line"] > 1


def test_a_file_that_cannot_be_read_is_named_with_its_line(sides):
    sides.put(f"src/api/{SETTINGS}", '{\n  "model": "opus",\n}\n')
    assert f"nothing in ~/src/api/{SETTINGS}:2" in sides.ok("explain", MODEL).out


def test_no_hidden_value_shows_on_either_side(sides):
    ran = sides.ok("explain", f"api:{SETTINGS}#/env/TOKEN_OF")
    assert '"x"' not in ran.out
    assert "hidden" in ran.out
