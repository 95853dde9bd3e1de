"""`hubctl show`: what canonical.yaml makes of a target."""

from __future__ import annotations

from tests.support.cli import LOCAL_SETTINGS, MODEL, SETTINGS, tree

TWO = (
    MODEL
    + """\
      env: {PLACE: somewhere}
      local: {settings: {spinnerTipsEnabled: false}}
    conventions: [Small commits.]
  web: {path: ~/src/web}
  elsewhere: {overrides: {settings: {model: opus}}}
"""
)


def test_it_shows_addresses_scopes_and_values(api):
    api.canonical(TWO)
    out = api.ok("show", "api").out
    assert out.startswith("api  ~/src/api\n")
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()[3:] if line}
    assert rows[f"{SETTINGS}#/model"] == ["committed", '"sonnet"']
    assert rows[f"{LOCAL_SETTINGS}#/spinnerTipsEnabled"] == ["local", "false"]
    assert rows["CLAUDE.md#block:hubctl"][0] == "committed"
    assert "somewhere" not in out


def test_all_targets_in_order_where_none_is_named(api):
    api.canonical(TWO)
    out = api.ok("show").out
    heads = [line for line in out.splitlines() if "  ~/" in line or "(not on" in line]
    assert [line.split()[0] for line in heads] == ["api", "web", "elsewhere"]
    assert "canonical.yaml wants nothing here" in out
    assert "elsewhere  (not on this machine)" in out


def test_it_needs_no_repository_and_writes_nothing(api):
    api.canonical(TWO)
    before = tree(api.home)
    api.ok("show")
    after = tree(api.home)
    assert {path: after[path] for path in before} == before
    assert not (api.home / "src/api/.claude").exists()


def test_what_it_shows_is_what_a_plan_creates(api):
    api.canonical(TWO)
    shown = {
        item["address"] for item in api.ok("show", "api", "--json").json["targets"][0]["items"]
    }
    (planned,) = api.report("plan", "api")["targets"]
    assert {change["address"] for change in planned["changes"]} == shown


def test_an_unknown_target_is_a_usage_error(api):
    ran = api.run("show", "apx")
    assert (ran.code, ran.out, "did you mean api?" in ran.err) == (2, "", True)
