"""Variables of the exporter that somebody else set: nothing leads telemetry where they say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.config.telemetry import exporter_variables
from hubctl.fleet import managed

if TYPE_CHECKING:
    from tests.support.cli import Account

SETTINGS = ".claude/settings.json"
OURS = exporter_variables(4318)
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
LOGS = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"
THEIRS = "https://otel.company.example"


@pytest.fixture
def account(account: Account) -> Account:
    """A private account whose client shall export."""
    account.canonical(hub())
    return account


def hub(**more: Any) -> str:
    return json.dumps({"hub": {"name": "acme"}, "metrics": {"telemetry": True}, **more})


def variables(account: Account) -> dict[str, str]:
    found: dict[str, str] = json.loads(account.read(SETTINGS))["env"]
    return found


def set_by_hand(account: Account, **values: str) -> None:
    account.put(SETTINGS, json.dumps({"env": values}))


@pytest.mark.parametrize("name", [ENDPOINT, LOGS, "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"])
def test_what_is_somebody_else_s_holds_all_of_them_back(account: Account, name: str) -> None:
    set_by_hand(account, **{name: THEIRS})
    ran = account.run("apply", "--yes")
    assert variables(account) == {name: THEIRS}
    assert f"waits for a decision about {name}" in ran.out
    assert ran.code == (4 if name == ENDPOINT else 1)
    assert account.run("drift").code == (4 if name == ENDPOINT else 1)


def test_what_already_stands_there_as_wanted_is_nobody_s_obstacle(account: Account) -> None:
    set_by_hand(account, CLAUDE_CODE_ENABLE_TELEMETRY="1", HTTP_PROXY="http://127.0.0.1:1")
    assert account.run("apply", "--yes").code == 0
    assert variables(account) == {**OURS, "HTTP_PROXY": "http://127.0.0.1:1"}


def test_a_conflict_that_was_decided_lets_them_through(account: Account) -> None:
    set_by_hand(account, **{ENDPOINT: THEIRS})
    ran = account.run("apply", "--yes", "--take", f"host:{SETTINGS}#/env/{ENDPOINT}")
    assert ran.code == 0
    assert variables(account) == OURS


def test_one_that_canonical_names_leads_where_canonical_says(account: Account) -> None:
    set_by_hand(account, **{LOGS: THEIRS})
    account.canonical(hub(**{"global": {"env": {LOGS: THEIRS}}}))
    ran = account.run("apply", "--yes")
    assert ran.code == 0
    assert variables(account) == {**OURS, LOGS: THEIRS}
    assert "led-elsewhere" not in ran.out


def test_one_that_is_added_later_is_told(account: Account) -> None:
    account.run("apply", "--yes")
    set_by_hand(account, **OURS, **{LOGS: THEIRS})
    found = account.run("drift", "--json").json
    [told] = [one for one in found["findings"] if one["rule"] == "metrics/led-elsewhere"]
    assert told["message"] == f"{LOGS} leads telemetry past the collector of this machine"


def test_managed_settings_that_say_otherwise_are_told(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = account.put("managed.json", json.dumps({"env": {ENDPOINT: THEIRS}}))
    monkeypatch.setattr(managed, "_FILES", {"linux": str(place), "darwin": str(place)})
    account.run("apply", "--yes")
    found = account.run("drift", "--json").json
    shadowed = [
        change["address"]
        for target in found["targets"]
        for change in target["changes"]
        if change["status"] == "shadowed"
    ]
    assert shadowed == [f"host:{SETTINGS}#/env/{ENDPOINT}"]
