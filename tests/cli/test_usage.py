"""`hubctl usage`: tables, one JSON document, a live view; costs that are not known say so."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from hubctl.metrics.days import zone
from hubctl.metrics.store import open_store
from hubctl.output.cells import width
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


def test_format_json_is_json(filled):
    assert filled.ok("usage", "--format", "json").out == filled.ok("usage", "--json").out


def test_programs_get_all_days_and_people_a_screenful(filled):
    old = answer("2025-11-05 09:00", session="old")
    put(str(filled.state / "metrics.db"), "claude_context", [old])
    for by in BY:
        assert filled.ok("usage", by, "--json").json["total"]["answers"] == 4
    assert "2025-11-05" not in filled.ok("usage").out
    assert "2025-11-05" in filled.ok("usage", "--all").out
    assert "2025-11-05" in filled.ok("usage", "--since", "20251101").out
    assert filled.ok("usage", "--json", "--until", "2020-01-01").json["rows"] == []


@pytest.mark.parametrize("by", BY)
def test_answers_of_a_clock_that_is_ahead_are_among_all_of_them(filled, by):
    rows = [answer("2026-03-07 09:00", session="s9")]
    put(str(filled.state / "metrics.db"), "claude_context", rows)
    document = filled.ok("usage", by, "--json").json
    assert (document["total"]["answers"], document["last"]) == (4, "2026-03-07")
    assert filled.ok("usage", by, "--json", "--until", "2026-03-05").json["total"]["answers"] == 3


@pytest.mark.parametrize("hour", ["00:10", "23:50"])
def test_all_days_of_another_zone(filled, hour):
    put(str(filled.state / "metrics.db"), "claude_context", [answer(f"2026-02-01 {hour}")])
    for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        document = filled.ok("usage", "--json", "--timezone", name).json
        assert (document["total"]["answers"], document["timezone"]) == (4, name)


def test_where_nothing_is_shown_the_way_to_the_last_answers_is_told(account, monkeypatch):
    monkeypatch.setattr("hubctl.system.clock.nanoseconds", lambda: NOW * 1000)
    put(str(account.state / "metrics.db"), "claude_context", [answer("2025-11-05 09:00")])
    assert "the last ones are of 2025-11-05: hubctl usage --all" in account.ok("usage").out


def test_each_row_by_model(filled):
    lines = filled.ok("usage", "--breakdown").out.splitlines()
    assert [line.split()[0] for line in lines[1:6]] == [
        *("2026-03-04", "sonnet-4-5", "2026-03-05", "brand-new", "sonnet-4-5"),
    ]
    [_, day] = filled.ok("usage", "--json").json["rows"]
    assert {one["model"]: one["cost_usd"] for one in day["models"]} == {
        "claude-sonnet-4-5": 1.0,
        "brand-new": None,
    }


def test_the_other_way_round(filled):
    def keys(*asked):
        return [row["key"] for row in filled.ok("usage", *asked, "--json").json["rows"]]

    assert keys("--order", "desc") == ["2026-03-05", "2026-03-04"]
    assert keys("--order", "asc") == keys() == ["2026-03-04", "2026-03-05"]
    assert (
        keys("model") == keys("model", "--order", "desc") == keys("model", "--order", "asc")[::-1]
    )


def test_csv(filled):
    rows = list(csv.DictReader(io.StringIO(filled.ok("usage", "--format", "csv").out)))
    assert [(row["key"], row["answers"], row["cost_usd"]) for row in rows] == [
        ("2026-03-04", "1", "1.0"),
        ("2026-03-05", "2", "1.0"),
    ]
    parts = filled.ok("usage", "--format", "csv", "--breakdown").out
    assert {(row["model"], row["cost_usd"]) for row in csv.DictReader(io.StringIO(parts))} == {
        ("claude-sonnet-4-5", "1.0"),
        ("brand-new", ""),
    }
    assert "\r\n" in parts


def test_a_cell_of_csv_is_never_a_formula(account, monkeypatch):
    monkeypatch.setattr("hubctl.system.clock.nanoseconds", lambda: NOW * 1000)
    row = answer("2026-03-05 09:00", model="=cmd()")
    put(str(account.state / "metrics.db"), "claude_context", [row])
    assert ",'=cmd()" not in account.ok("usage", "--format", "csv").out
    assert "'=cmd()" in account.ok("usage", "model", "--format", "csv").out


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 120, 200])
@pytest.mark.parametrize("by", BY)
def test_a_table_fits_the_terminal(filled, monkeypatch, by, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    out = filled.ok("usage", by, "--breakdown").out
    table = out.split("\n\n")[0].splitlines()
    assert max(map(width, table)) <= max(columns, 30)
    assert "TOKENS" in table[0] and "COST" in table[0]
    assert ("left out" in out) == (columns <= 60) or columns in (80, 120)


def test_nothing_is_left_out_for_a_pipe(filled):
    head = filled.ok("usage", "session").out.splitlines()[0]
    for name in ("PROJECT", "MODEL", "BEGAN", "TIME", "CACHE READ", "CACHE WRITE", "COST"):
        assert name in head
    assert "\x1b" not in filled.ok("usage", "session").out


def test_a_zone_that_nobody_knows_is_refused(filled):
    for name in ("Europe/Nowhere", "../../etc/passwd", "\0", "x" * 300, "/etc/localtime"):
        ran = filled.run("usage", "--timezone", name)
        assert (ran.code, "there is no time zone" in ran.err) == (2, True)


def test_a_zone_is_that_of_one_command(filled, monkeypatch):
    before = filled.ok("usage", "--json").out
    filled.ok("usage", "--timezone", "Pacific/Kiritimati")
    assert filled.ok("usage", "--json").out == before
    for database in (filled.state / "metrics.db",):
        with open_store(str(database)) as store:
            assert store.meta("zone") == zone()


def test_what_the_client_told_it_cost(filled):
    put(
        str(filled.state / "metrics.db"),
        "claude_context",
        [answer("2026-03-05 10:00", client_cost_usd=0.5)],
    )
    document = filled.ok("usage", "--cost", "client", "--json").json
    validate(document, "usage")
    assert (document["total"]["cost_usd"], document["total"]["unpriced"]) == (0.5, 3)
    assert "the client told no cost of 3 answers" in filled.ok("usage", "--cost", "client").out


def test_the_open_block_is_told_from_its_first_answer_on(account, monkeypatch):
    """Also after midnight, and with its pace once there is one."""
    path = str(account.state / "metrics.db")
    put(path, "claude_context", [answer("2026-03-04 22:10")])

    def block(moment):
        monkeypatch.setattr("hubctl.system.clock.nanoseconds", lambda: at(moment) * 1000)
        document = account.ok("usage", "block", "--json", "--no-refresh").json
        validate(document, "usage")
        return document["block"]

    early = block("2026-03-04 22:12")
    assert (early["minutes_left"], early["tokens"], early["cost_usd"]) == (288.0, None, None)
    late = block("2026-03-05 00:10")
    # Two hours gave 1100 tokens and a dollar; 2 h 50 min are left.
    assert (late["tokens"], late["tokens_per_minute"]) == (round(1100 * (2 + 17 / 6) / 2), 9.2)
    assert late["cost_usd"] == pytest.approx((2 + 17 / 6) / 2)
    assert late["usd_per_hour"] == 0.5
    assert "pace" in account.ok("usage", "block").out
    assert block("2026-03-05 03:00") is None


def test_projections_tell_what_is_known_of_them(filled):
    rows = [answer(f"2026-02-{day} 09:00") for day in (20, 21, 22)]
    put(str(filled.state / "metrics.db"), "claude_context", rows)
    [day, *_] = filled.ok("usage", "--json").json["projections"]
    assert day["cost_usd"] is None and day["least_usd"] == pytest.approx(1.0)
    assert "≥$" in next(
        line for line in filled.ok("usage").out.splitlines() if line.startswith("month")
    )


def test_where_nothing_can_be_kept_the_transcripts_are_read_for_now(account):
    line = {
        "type": "assistant",
        "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "message": {"id": "m", "model": "claude-sonnet-4-6", "usage": {"output_tokens": 5}},
    }
    account.put(".claude/projects/p/s.jsonl", json.dumps(line) + "\n")
    account.put(".local/state/hubctl", "a file where a folder should be")
    ran = account.ok("usage", "--json")
    assert ran.json["total"]["output_tokens"] == 5
    assert "nothing can be kept" in ran.err
    assert not list((account.base / "tmp").iterdir())


@pytest.mark.parametrize(("word", "meant"), [("daily", "day"), ("blocks", "block")])
def test_the_words_of_other_tools_lead_to_ours(account, word, meant):
    ran = account.run("usage", word)
    assert ran.code == 2
    assert f"hubctl usage {meant}\n" in ran.err
