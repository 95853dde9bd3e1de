"""Alerts: the seed's five at their limits, each channel told once, no secrets in any word."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hubctl.config.thresholds import thresholds
from hubctl.errors import OperationError, UsageError
from hubctl.metrics.store import open_store
from hubctl.reports.alerts import MEASURED, readings
from hubctl.reports.channels import Channel, channels, message, resolved, shown
from hubctl.reports.telling import sender, tell
from tests.support.measures import answer, at, put

NOW = at("2026-03-20 12:00")
MINUTE = 60_000_000
LIMITS = {row.name: row for row in thresholds({})}


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "metrics.db")


def measure(path, now=NOW, limits=LIMITS):
    with open_store(path) as store:
        return {one.threshold.name: one for one in readings(store, limits, now)}


def many(table, count, **row):
    return table, [{"time": NOW - n * MINUTE, "source": "spool", **row} for n in range(count)]


def errors(count):
    return many("claude_events", count, kind="api_error", severity="error")


def hooks(milliseconds):
    return many("claude_hooks", 3, hook="slow", event="Stop", duration_ms=float(milliseconds))


def agents(good, bad):
    rows = [{"success": place < good} for place in range(good + bad)]
    return "claude_agents", [{"time": NOW - MINUTE, "source": "otel", **row} for row in rows]


def tools(good, bad):
    rows = [{"success": place < good} for place in range(good + bad)]
    return "claude_tool_usage", [{"time": NOW - MINUTE, "source": "otel", **row} for row in rows]


def cost(dollars):
    return "claude_context", [answer(NOW - 20 * 60 * MINUTE, cost_usd=float(dollars))]


def context(percent):
    return "claude_context", [answer(NOW - MINUTE, percent=float(percent), cost_usd=0.0)]


@pytest.mark.parametrize(
    ("name", "rows", "level"),
    [
        ("errors_per_hour", errors(10), ""),
        ("errors_per_hour", errors(11), "warning"),
        ("hook_latency_ms", hooks(100), ""),
        ("hook_latency_ms", hooks(101), "warning"),
        ("hook_latency_ms", hooks(501), "critical"),
        ("agent_success_percent", agents(8, 2), ""),
        ("agent_success_percent", agents(7, 3), "warning"),
        ("agent_success_percent", agents(0, 4), ""),  # four are too few
        ("daily_cost_usd", cost(30), ""),
        ("daily_cost_usd", cost(31), "warning"),
        ("daily_cost_usd", cost(51), "critical"),
        ("tool_failure_percent", tools(8, 2), ""),
        ("tool_failure_percent", tools(7, 3), "warning"),
        ("tool_failure_percent", tools(0, 9), ""),  # nine are too few
        ("context_percent", context(80), ""),
        ("context_percent", context(81), "warning"),
    ],
)
def test_a_limit_is_fine_and_what_is_beyond_is_told(path, name, rows, level):
    put(path, *rows)
    assert measure(path)[name].level == level


def test_old_rows_and_rows_that_do_not_count_are_not_measured(path):
    table, rows = errors(30)
    put(path, table, [{**row, "time": row["time"] - 61 * MINUTE} for row in rows])
    put(path, table, [{**row, "counted": False} for row in rows])
    assert measure(path)["errors_per_hour"].value == 0


def test_nothing_measured_alerts_nobody(path):
    found = measure(path)
    assert tuple(found) == MEASURED
    assert {one.level for one in found.values()} == {""}


def test_an_unknown_price_makes_a_cost_a_lower_bound(path):
    put(path, "claude_context", [answer(NOW - MINUTE, cost_usd=None)])
    one = measure(path)["daily_cost_usd"]
    assert (one.value, one.level) == (None, "")
    put(path, *cost(60))
    assert measure(path)["daily_cost_usd"].sentence.startswith("Daily cost: ≥$60.00")


def test_limits_are_those_of_the_hub(path):
    put(path, *errors(11))
    written = {"thresholds": {"errors_per_hour": {"warning": None, "critical": 5}}}
    limits = {row.name: row for row in thresholds(written)}
    assert measure(path, limits=limits)["errors_per_hour"].level == "critical"
    off = {"thresholds": {"errors_per_hour": {"warning": None}}}
    assert "errors_per_hour" not in measure(path, limits={row.name: row for row in thresholds(off)})


# -- telling --------------------------------------------------------------------------------------


class Sent:
    """Collects what channels are told; some of them fail."""

    def __init__(self, *failing):
        self.failing = set(failing)
        self.told = []

    def __call__(self, channel, alerts):
        if channel.name in self.failing:
            raise OperationError(f"{channel.name} is down")
        self.told += [(channel.name, one.threshold.name, one.level) for one in alerts]


ONE, TWO = (Channel(name=name, kind="json", url="http://x/") for name in ("one", "two"))


def check(path, send, *known, now=NOW):
    with open_store(path, write=True) as store:
        return tell(store, known, readings(store, LIMITS, now), now, send)


def test_each_channel_is_told_once_in_a_period(path):
    put(path, *errors(20))
    send = Sent()
    for minutes in (0, 5, 10):
        check(path, send, ONE, now=NOW + minutes * MINUTE)
    assert send.told == [("one", "errors_per_hour", "warning")]
    put(
        path, *[("claude_events", [{**row, "time": NOW + 60 * MINUTE} for row in errors(20)[1]])][0]
    )
    check(path, send, ONE, now=NOW + 61 * MINUTE)
    assert len(send.told) == 2


def test_what_gets_worse_is_told_again_and_what_gets_better_is_not(path):
    send = Sent()
    put(path, *cost(40))
    check(path, send, ONE)
    put(path, *cost(40))
    check(path, send, ONE, now=NOW + MINUTE)
    check(path, send, ONE, now=NOW + 2 * MINUTE)
    assert [level for _, _, level in send.told] == ["warning", "critical"]


def test_a_server_that_is_down_is_told_later_and_delays_nobody(path):
    put(path, *errors(20))
    first = check(path, down := Sent("one"), ONE, TWO)
    assert [told.problem for told in first] == ["one is down", ""]
    assert [name for name, _, _ in down.told] == ["two"]
    check(path, later := Sent(), ONE, TWO, now=NOW + MINUTE)
    assert [name for name, _, _ in later.told] == ["one"]


def test_a_channel_hears_from_its_level_on(path):
    put(path, *cost(40))
    quiet = Channel(name="quiet", kind="json", url="http://x/", level="critical")
    assert check(path, Sent(), quiet) == ()


# -- webhooks -------------------------------------------------------------------------------------


class Stand:
    """A server on loopback that keeps what it is sent."""

    def __init__(self, status=200):
        self.bodies, self.paths = [], []
        stand = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                stand.paths.append(self.path)
                stand.bodies.append(
                    json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                )
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/services/S3CRET?a=1"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


def hook_of(kind):
    return Channel(name="team", kind=kind, url="${TEAM_HOOK}")


@pytest.mark.parametrize("kind", ["slack", "discord", "json"])
def test_a_webhook_gets_what_its_kind_takes(path, kind):
    table, rows = errors(20)
    put(path, table, rows)
    with Stand() as stand:
        told = check(path, sender({"TEAM_HOOK": stand.url}, "box"), hook_of(kind))
    assert [one.problem for one in told] == [""]
    assert stand.paths == ["/services/S3CRET?a=1"]
    [body] = stand.bodies
    text = {"slack": body.get("text"), "discord": body.get("content")}.get(kind) or ""
    if kind == "json":
        [alert] = body["alerts"]
        assert (alert["name"], alert["value"], alert["level"]) == ("errors_per_hour", 20, "warning")
        text = f"{body['machine']} {alert['text']}"
    assert "box" in text and "20 an hour in the last hour" in text
    assert kind != "discord" or body["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_refusal_is_a_problem_without_the_address(path, status):
    put(path, *errors(20))
    with Stand(status) as stand:
        [told] = check(path, sender({"TEAM_HOOK": stand.url}, "box"), hook_of("slack"))
    assert str(status) in told.problem and "S3CRET" not in told.problem


def test_a_server_that_is_not_there_is_a_problem_without_the_address(path):
    put(path, *errors(20))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/S3CRET"
    [told] = check(path, sender({"TEAM_HOOK": url}, "box"), hook_of("slack"))
    assert told.problem and "S3CRET" not in told.problem


def test_names_from_files_cannot_steer_a_message(path):
    evil = "<!channel> @everyone \x1b[2J"
    table, rows = hooks(900)
    put(path, table, [{**row, "hook": evil} for row in rows])
    with open_store(path) as store:
        found = tuple(one for one in readings(store, LIMITS, NOW) if one.level)
    slack = message(Channel(name="s", kind="slack"), found, "box")["text"]
    assert "<" not in slack and "\x1b" not in slack
    assert len(message(Channel(name="d", kind="discord"), found * 50, "box")["content"]) < 2000


@pytest.mark.parametrize(
    ("value", "why"),
    [("", "TEAM_HOOK is not set"), ("ftp://x/S3CRET", "no address"),
     ("http://[S3CRET", "no address"),
     ("http://x/S3 CRET", "no address"), ("http://x:99999999/S3CRET", "no address"),
     ("S3CRET", "no address")],
)  # fmt: skip
def test_an_address_that_is_none_is_told_without_its_secret(value, why):
    with pytest.raises(OperationError) as caught:
        resolved(hook_of("slack"), {"TEAM_HOOK": value})
    assert why in caught.value.message and "S3CRET" not in caught.value.message


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("${TEAM}", "slack ${TEAM}"),
        ("https://hooks.example.com/${TEAM}", "slack https://hooks.example.com/${TEAM}"),
        ("https://hooks.example.com/a/${TEAM}", "slack https://hooks.example.com/…"),
        ("https://hooks.example.com/S3CRET", "slack https://hooks.example.com/…"),
        ("https://me:S3CRET@example.com/x", "slack https://example.com/…"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url, text):
    assert shown(Channel(name="s", kind="slack", url=url)) == text


def hub(**webhook):
    return {"metrics": {"alerts": {"desktop": False, "webhooks": {"team": webhook}}}}


def test_channels_of_a_hub():
    assert [one.name for one in channels({})] == ["desktop"]
    [one] = channels(hub(url="http://x/", level="critical"))
    assert (one.name, one.kind, one.level) == ("team", "json", "critical")
    for kind in ("slack", "discord"):
        with pytest.raises(UsageError):
            channels(hub(url="https://hooks.example.com/S3CRET", kind=kind))
