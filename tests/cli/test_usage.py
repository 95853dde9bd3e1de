"""`hubctl usage`: tables, one JSON document, a live view; costs that are not known say so."""

from __future__ import annotations

import pytest

from tests.support.cli import validate
from tests.support.measures import answer, at, put

NOW = at("2026-03-05 12:00")
PRICES = """\
hub: {name: acme}
metrics:
  prices:
    claude-sonnet-4-5: {input: 900, output: 1000}
"""
BY = ("day", "week", "month", "session", "project", "model", "block")


@pytest.fixture
def filled(account, monkeypatch):
    """Two days of answers, and a clock that stands at noon of 5 March; an answer costs a dollar."""
    monkeypatch.setattr("hubctl.system.clock.nanoseconds", lambda: NOW * 1000)
    api, web = (str(account.home / f"src/{name}") for name in ("api", "web"))
    rows = [
        answer("2026-03-04 10:00", project=api),
        answer("2026-03-05 09:00", project=api, session="s2"),
        answer("2026-03-05 11:30", project=web, model="brand-new", cost_usd=None, session="s2"),
    ]
    put(str(account.state / "metrics.db"), "claude_context", rows)
    account.canonical(PRICES)
    return account


@pytest.mark.parametrize("by", BY)
def test_json_holds_to_its_schema(filled, by):
    document = filled.ok("usage", by, "--json").json
    validate(document, "usage")
    assert document["by"] == by
    assert document["total"]["answers"] == sum(row["answers"] for row in document["rows"]) == 3


def test_a_table_ends_in_its_total_and_tells_what_is_unknown(filled):
    out = filled.ok("usage", "day").out
    lines = out.splitlines()
    assert lines[0].split()[:2] == ["DAY", "ANSWERS"]
    assert "$1.00" in lines[1] and "≥$1.00" in lines[2] and "≥$2.00" in lines[3]
    assert "no known price for 1 answer: brand-new (1)" in out
    assert "today" in out and "collecting data (1/3 days)" in out


def test_a_model_without_a_price_is_unknown_and_not_free(filled):
    out = filled.ok("usage", "model").out
    line = next(line for line in out.splitlines() if line.startswith("brand-new"))
    assert "unknown" in line and "$0" not in line
    [row] = filled.ok("usage", "model", "--model", "brand-new", "--json").json["rows"]
    assert row["cost_usd"] is None


def test_one_project_by_the_end_of_its_path(filled):
    document = filled.ok("usage", "--project", "api", "--json").json
    assert document["project"] == str(filled.home / "src/api")
    assert document["total"]["answers"] == 2
    refused = filled.run("usage", "--project", "none")
    assert (refused.code, "hubctl usage project" in refused.err) == (2, True)


def test_days_can_be_chosen(filled):
    document = filled.ok("usage", "--since", "2026-03-04", "--until", "2026-03-04", "--json").json
    assert [row["key"] for row in document["rows"]] == ["2026-03-04"]
    assert filled.run("usage", "--since", "2026-03-06", "--until", "2026-03-05").code == 2
    assert "no answers from" in filled.ok("usage", "--until", "2020-01-01").out


@pytest.mark.parametrize("price", ["3", "{input: x, output: 1}", "{output: 1}", "{input: [1]}"])
def test_a_price_that_is_none_is_refused_by_its_name(filled, price):
    filled.canonical(f"hub: {{name: acme}}\nmetrics:\n  prices:\n    odd: {price}\n")
    ran = filled.run("usage")
    assert (ran.code, "metrics.prices" in ran.err) == (2, True)


def test_nothing_measured_yet(account):
    assert "no answers" in account.ok("usage").out
    validate(account.ok("usage", "--json").json, "usage")


def test_a_live_view_is_made_anew_until_control_c(filled, monkeypatch):
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("hubctl.cli.watching.watch.__kwdefaults__", {"wait": pause})
    assert filled.ok("usage", "--watch").out.count("DAY ") == 2


def test_the_name_of_a_folder_cannot_steer_the_terminal(account, monkeypatch):
    monkeypatch.setattr("hubctl.system.clock.nanoseconds", lambda: NOW * 1000)
    row = answer("2026-03-05 09:00", project="/p/\x1b[2Jx", model="m\u202en")
    put(str(account.state / "metrics.db"), "claude_context", [row])
    for by in ("project", "model", "session"):
        assert not {"\x1b", "\u202e"} & set(account.ok("usage", by).out)
