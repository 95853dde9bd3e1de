"""`hubctl explain`: which lines decide a value, through which profiles."""

from __future__ import annotations

import pytest

from tests.support.cli import SETTINGS

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
