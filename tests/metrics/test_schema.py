"""The declaration of the tables: complete, described, and the same wherever it is written."""

from __future__ import annotations

import json
import sqlite3

import pytest
from ruamel.yaml import YAML

from hubctl.metrics.histogram import Collected, bucket_of, merge, quantile, value_of
from hubctl.metrics.prices import Usage, plain, prices, shipped_prices
from hubctl.metrics.schema import TYPES, schema
from hubctl.metrics.tables.ddl import questdb_ddl, sqlite_ddl
from hubctl.metrics.tables.migrations import MIGRATIONS
from tests.guards.tree import ROOT
from tests.metrics.sessions import NOON

SEVEN = {
    *("claude_tool_usage", "claude_events", "claude_sessions", "claude_agents"),
    *("claude_hooks", "claude_tasks", "claude_context"),
}
NOW = int(NOON.timestamp() * 1_000_000)


def test_the_twin_is_what_the_declaration_says():
    declared = YAML(typ="safe").load(ROOT / "schemas/metrics.yaml")
    assert json.loads((ROOT / "schemas/metrics.json").read_text(encoding="utf-8")) == declared


def test_there_are_the_seven():
    assert {table.name for table in schema().tables} == SEVEN


@pytest.mark.parametrize("table", schema().tables, ids=lambda table: table.name)
def test_a_table_is_complete(table):
    names = list(table.names)
    assert names[0] == "time"
    assert len(set(names)) == len(names)
    assert all(
        column.type in TYPES and column.description.endswith((".", "…")) for column in table.columns
    )
    used = {*table.keys, *table.daily.by, *table.daily.sums, table.daily.histogram}
    assert used <= set(names)
    assert table.sources
    assert table.retention_days > 0


def test_versions_have_their_migrations():
    assert set(MIGRATIONS) == set(range(2, schema().version + 1))


def test_the_statements_make_what_is_declared():
    connection = sqlite3.connect(":memory:")
    connection.create_aggregate("histogram", 1, Collected)
    for _ in range(2):
        for statement in sqlite_ddl(schema()):
            connection.execute(statement)
    for table in schema().tables:
        found = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]
        assert found[1:-1] == list(table.names)
        daily = [row[1] for row in connection.execute(f"PRAGMA table_info({table.daily_name})")]
        assert daily[0] == "day"
        assert daily[-1] == "histogram"
    connection.close()


def test_statements_for_a_server_know_rows_by_machine_time_and_keys():
    for table, statement in zip(schema().tables, questdb_ddl(schema()), strict=True):
        assert f"DEDUP UPSERT KEYS(time, machine, {', '.join(table.keys)})" in statement
        assert " WAL " in statement


@pytest.mark.parametrize("value", [1e-9, 0.1, 1, 7, 99.9, 1e6, 1e18])
def test_a_bucket_s_value_is_near(value):
    assert value_of(bucket_of(value)) == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_values_without_a_bucket_of_their_own(value):
    assert value_of(bucket_of(value)) >= 0


def test_distributions_add_up():
    counts = merge(["8:2 9:1", "8:1", "", "nonsense x:y 5"])
    assert counts == {8: 3, 9: 1}
    assert quantile(counts, 0.5) == pytest.approx(2.0, rel=0.1)
    assert quantile({}, 0.5) is None


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("claude-opus-5-5", "claude-opus-5-5"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("claude-opus-4-1@20250805", "claude-opus-4-1"),
        ("anthropic/claude-opus-4.5", "claude-opus-4-5"),
        ("claude-sonnet-4-6[1m]", "claude-sonnet-4-6"),
        ("us.anthropic.claude-opus-4-6-v1[1m]", "claude-opus-4-6"),
        ("claude-sonnet-4-20250514-v1:0:200k", "claude-sonnet-4"),
        ("vertex_ai/claude-opus-4-6@default", "claude-opus-4-6"),
        ("claude-3-7-sonnet-latest", "claude-3-7-sonnet"),
        ("house-model", "house-model"),
    ],
)
def test_names_of_models(name, own):
    assert plain(name) == own


@pytest.mark.parametrize(
    "name", ["claude-sonnet-4-0", "claude-3-5-sonnet-v2@20241022", "claude-haiku-4-5@20251001"]
)
def test_aliases_are_known(name):
    assert shipped_prices().model(name)


@pytest.mark.parametrize("name", ["", "claude", "gpt-5", "my-claude-opus-5", "claude-opus-5-9"])
def test_what_nobody_told_of_is_unknown(name):
    assert shipped_prices().model(name) is None


def used(**tokens):
    return Usage(**{"time": NOW, "input": 0, "output": 0, **tokens})


@pytest.mark.parametrize(
    ("model", "usage", "dollars"),
    [
        ("claude-opus-5-5", used(input=10**6), 4.0),
        ("claude-opus-5-5", used(output=10**6), 20.0),
        ("claude-opus-5-5", used(cache_read=10**6), 0.2),
        ("claude-opus-5-5", used(cache_write=10**6), 5.0),
        ("claude-opus-5-5", used(cache_write=10**6, cache_hour=10**6), 8.0),
        ("claude-opus-5-5", used(web_searches=100), 1.0),
        ("claude-haiku-5-5", used(input=100_000), 0.01),
        ("claude-haiku-5-5", used(input=100_001), 0.0500005),
        ("claude-opus-4-8", used(input=10**6, speed="fast"), 10.0),
        ("claude-opus-5-5", used(input=10**6, speed="fast"), 8.0),
        ("claude-fable-5-2", used(input=10**6, cache_read=10**6), 8.2),
        ("claude-opus-4-5", used(input=1, speed="fast"), None),
        ("claude-opus-5-5", used(input=10**6, web_searches=1, tier="batch"), 2.01),
        ("who-knows", used(input=10**6), None),
        ("claude-sonnet-5-5", used(cache_read=10**6, time=1_790_000_000_000_000), 0.2),
        ("claude-sonnet-5-5", used(cache_read=10**6, time=1_795_000_000_000_000), 0.1),
    ],
)
def test_what_an_answer_costs(model, usage, dollars):
    assert shipped_prices().cost(model, usage) == (
        None if dollars is None else pytest.approx(dollars)
    )


def test_windows():
    known = shipped_prices()
    assert known.window("claude-opus-5-5", 10) == 1_000_000
    assert known.window("claude-sonnet-4-6", 10) == 200_000
    assert known.window("claude-sonnet-4-6", 200_001) == 1_000_000
    assert known.window("claude-sonnet-4-6[1m]", 10) == 1_000_000
    assert known.window("who-knows", 10) == 0


def test_a_hub_s_own_prices_stand_above():
    own = prices({"claude-opus-5-5": {"input": 1, "output": 2}})
    assert own.cost("claude-opus-5-5", used(output=10**6)) == 2.0
    assert own.mark != shipped_prices().mark


def test_every_shipped_price_is_plausible():
    for name, model in shipped_prices():
        for price in model.prices:
            assert 0 < price.cache_read < price.input < price.cache_write < price.cache_hour, name
            assert price.output > price.input, name
