"""The files for Grafana as Grafana's own models read them, and as a hub's thresholds make them."""

from __future__ import annotations

import json

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from hubctl.config.thresholds import DEFAULTS
from hubctl.render.yaml_text import yaml_text
from tests.metrics.rendered import (
    ALERTS,
    ALONE,
    DASHBOARD,
    EVERYTHING,
    RULES,
    SECOND,
    SOURCES,
    files,
    rules,
    texts,
)

register_default_plugins()


@pytest.mark.parametrize(
    ("infrastructure", "path"), [(EVERYTHING, DASHBOARD), (EVERYTHING, SECOND), (ALONE, DASHBOARD)]
)
def test_a_dashboard_is_one_of_grafana_s_own_model(infrastructure, path):
    found = files(infrastructure)[path]
    read = Dashboard.from_json(found)
    again = json.loads(json.dumps(read, cls=JSONEncoder))
    assert len(again["panels"]) == len(found["panels"]) >= 20
    assert [panel["id"] for panel in found["panels"]] == list(range(1, len(found["panels"]) + 1))
    assert [panel["gridPos"] for panel in again["panels"]] == [
        panel["gridPos"] for panel in found["panels"]
    ]
    assert again["templating"] == found["templating"]


def test_which_files_there_are_follows_the_stores():
    assert set(files({"questdb": {}, "monitoring": {"path": "~/m"}})) == {
        DASHBOARD,
        ALERTS,
        SOURCES,
    }
    assert set(files(ALONE)) == {DASHBOARD, ALERTS, SOURCES, RULES}
    assert set(files(EVERYTHING)) == {DASHBOARD, ALERTS, SOURCES, RULES, SECOND}


def test_what_servers_are_asked_in_tests_is_all_that_is_rendered():
    """Those tests ask one dashboard of each store, and the alerts and rules of these two hubs."""
    assert files(ALONE)[DASHBOARD] == files(EVERYTHING)[SECOND]
    assert files(ALONE)[RULES] == files(EVERYTHING)[RULES]
    for path in (DASHBOARD, SECOND):
        board = files(EVERYTHING)[path]
        assert [len(panel["targets"]) for panel in board["panels"]] == [1] * len(board["panels"])
    for rule in [*rules(files(ALONE)[ALERTS]), *rules(files(EVERYTHING)[ALERTS])]:
        assert [one["refId"] for one in rule["data"]] == ["A", "B"]


def test_everything_asks_a_source_that_is_there():
    for infrastructure in (EVERYTHING, ALONE):
        made = files(infrastructure)
        known = {(one["type"], one["uid"]) for one in made[SOURCES]["datasources"]}
        boards = [made[path] for path in (DASHBOARD, SECOND) if path in made]
        used = {
            (panel["datasource"]["type"], panel["datasource"]["uid"])
            for board in boards
            for panel in board["panels"]
        }
        used_uids = {rule["data"][0]["datasourceUid"] for rule in rules(made[ALERTS])}
        assert used == known
        assert used_uids <= {uid for _, uid in known}


def test_a_hub_s_thresholds_stand_everywhere():
    own = {"errors_per_hour": {"warning": 3, "critical": 7.5}, "daily_cost_usd": {"warning": None}}
    made = files(EVERYTHING, own)
    limits = {rule["uid"]: rule["data"][1]["model"] for rule in rules(made[ALERTS])}
    params = {uid: one["conditions"][0]["evaluator"]["params"] for uid, one in limits.items()}
    assert params["claude-errors-per-hour-warning"] == [3]
    assert params["claude-errors-per-hour-critical"] == [7.5]
    assert "claude-daily-cost-usd-warning" not in params
    assert params["claude-daily-cost-usd-critical"] == [50]
    [expr] = [
        rule["expr"]
        for rule in rules(made[RULES])
        if rule["labels"] == {"severity": "critical", "threshold": "errors_per_hour"}
    ]
    assert expr.endswith(" > 7.5")
    [panel] = [one for one in made[DASHBOARD]["panels"] if one["title"] == "Errors an hour"]
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    assert [step["value"] for step in steps] == [None, 3, 7.5]
    [panel] = [one for one in made[DASHBOARD]["panels"] if one["title"] == "Cost a day"]
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    assert [step["value"] for step in steps] == [None, 50]


def test_a_hub_without_thresholds_has_no_alerts():
    none = {row.name: {"warning": None, "critical": None} for row in DEFAULTS}
    made = files(EVERYTHING, none)
    assert rules(made[ALERTS]) == rules(made[RULES]) == []


@pytest.mark.parametrize("infrastructure", [EVERYTHING, ALONE])
def test_no_mark_of_a_threshold_is_left(infrastructure):
    for text in texts(infrastructure).values():
        assert "@" not in text


def test_grafana_replaces_nothing_in_alerts():
    """What begins with a dollar sign in a provisioning file is taken from its environment."""
    made = texts(EVERYTHING)
    assert "$" not in made[ALERTS]
    assert [word for word in made[SOURCES].split() if "$" in word] == ['"$QUESTDB_PASSWORD"']


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.text(" ab:#-\n|>'\"{[&*!%@`", max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1))
def test_yaml_reads_back_as_it_was(value):
    assert YAML(typ="safe", pure=True).load(yaml_text(value)) == value
