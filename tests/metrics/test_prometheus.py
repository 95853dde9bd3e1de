"""`/metrics` as Prometheus reads it, and every query and rule asked of a real one."""

from __future__ import annotations

import re
import subprocess
import threading
import time

import pytest
from ruamel.yaml import YAML

from hubctl.cli.main import main
from hubctl.metrics.collect import Surroundings, collect
from hubctl.metrics.export import prometheus
from hubctl.metrics.prices import shipped_prices
from hubctl.metrics.schema import schema
from hubctl.metrics.store import open_store
from hubctl.metrics.tables.batch import due_before
from hubctl.system.loopback import listen
from tests.metrics.rendered import (
    ALERTS,
    ALONE,
    EVERYTHING,
    RULES,
    SECOND,
    files,
    panels,
    rules,
    texts,
)
from tests.metrics.worked import Home
from tests.support import servers

DASHBOARD = files(EVERYTHING)[SECOND]
PANELS = panels(DASHBOARD)
GRAFANA = rules(files(ALONE)[ALERTS])
PROMETHEUS = rules(files(EVERYTHING)[RULES])
INSTANCE = "desk"
LINE = re.compile(r"([a-z_][a-z0-9_]*)(\{.*\})? (\S+)\Z")


def now():
    return time.time_ns() // 1000


def told(path, at=None):
    with open_store(path) as store:
        return prometheus.text(store, at or now())


@pytest.fixture(scope="module")
def scraped(tmp_path_factory):
    """A Prometheus that saw the work happen: nothing, a part, and another one."""
    place = tmp_path_factory.mktemp("prometheus")
    servers.prometheus_program("prometheus")
    home = Home(tmp_path_factory.mktemp("watched"))
    listening = listen(0)
    stop = threading.Event()
    pages = {"/metrics": prometheus.page}
    collector = threading.Thread(
        target=collect,
        args=(home.store, listening, Surroundings(prices=shipped_prices, say=print, pages=pages)),
        kwargs={"stopped": stop.is_set},
    )
    collector.start()
    (place / "rules.yaml").write_text(texts(EVERYTHING)[RULES])
    config = (
        "global: {scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 250ms}\n"
        f"rule_files: [{place}/rules.yaml]\n"
        "scrape_configs: [{job_name: claude, static_configs: [{targets: "
        f"['127.0.0.1:{listening.getsockname()[1]}'], labels: {{instance: {INSTANCE}}}}}]}}]\n"
    )
    try:
        with servers.prometheus(place / "p", config) as made:
            for part in range(4):
                if part:
                    home.work(part)
                wanted = float(value_of(told(home.store), "claude_calls_total"))
                servers.until(
                    lambda wanted=wanted: value_at(made, "claude_calls_total") == wanted,
                    what=f"{wanted} calls",
                )
            yield made
    finally:
        stop.set()
        collector.join(30)
        listening.close()


def value_at(server, query):
    return next((float(one["value"][1]) for one in server.query(query)), None)


def value_of(text, series):
    return next(line.split()[-1] for line in text.splitlines() if line.startswith(f"{series} "))


def expanded(query):
    found = query.replace("$__rate_interval", "1h").replace("$__range", "1h")
    found = found.replace("$instance", ".*")
    assert "$" not in found
    return found


@pytest.mark.parametrize(("title", "query"), PANELS, ids=[title for title, _ in PANELS])
def test_every_panel_has_rows(scraped, title, query):
    found = scraped.query(expanded(query["expr"]))
    assert any(one["value"][1] not in ("NaN", "0") for one in found)


@pytest.mark.parametrize("rule", GRAFANA, ids=[rule["uid"] for rule in GRAFANA])
def test_every_alert_of_grafana_has_its_value(scraped, rule):
    found = scraped.query(expanded(rule["data"][0]["model"]["expr"]))
    [condition] = rule["data"][1]["model"]["conditions"]
    [limit] = condition["evaluator"]["params"]
    values = [float(one["value"][1]) for one in found if one["metric"]["instance"] == INSTANCE]
    above = condition["evaluator"]["type"] == "gt"
    assert any(value > limit if above else value < limit for value in values)


@pytest.mark.parametrize(
    "rule", PROMETHEUS, ids=lambda rule: f"{rule['alert']}-{rule['labels']['severity']}"
)
def test_every_rule_of_prometheus_finds_its_trouble(scraped, rule):
    assert scraped.query(rule["expr"])


def test_prometheus_takes_the_rules(scraped):
    [group] = scraped.ask("rules")["groups"]
    assert [one["name"] for one in group["rules"]] == [rule["alert"] for rule in PROMETHEUS]


def test_the_instances_can_be_chosen(scraped):
    [variable] = DASHBOARD["templating"]["list"]
    found = re.fullmatch(r"label_values\((\w+), (\w+)\)", variable["query"])
    names = scraped.ask(f"label/{found[2]}/values", **{"match[]": found[1]})
    assert names == [INSTANCE]


def test_promtool_takes_the_text_and_the_rules(worked, tmp_path):
    done = subprocess.run(
        [servers.prometheus_program("promtool"), "check", "metrics"],
        input=told(worked.store),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    path = tmp_path / "rules.yaml"
    path.write_text(texts(EVERYTHING)[RULES])
    assert "7 rules found" in servers.promtool("check", "rules", path)


# Series over two days by the minute, at their limits and just beyond: alert → what fires.
def series(name, values, labels=""):
    return {"series": f'{name}{{instance="a"{labels}}}', "values": values}


DAY, HOUR = 24 * 60, 60
QUIET = [
    series("claude_errors_total", f"0x{DAY} 10x{HOUR}"),
    series("claude_hook_p95_seconds", f"0.1x{DAY + HOUR}", ', hook="h"'),
    series("claude_agents_finished_total", f"0x{DAY} 10x{HOUR}"),
    series("claude_agents_failed_total", f"0x{DAY} 2x{HOUR}"),
    series("claude_cost_usd_total", f"0x{DAY} 29.9x{HOUR}"),
    series("claude_calls_finished_total", f"0x{DAY} 100x{HOUR}"),
    series("claude_calls_failed_total", f"0x{DAY} 20x{HOUR}"),
]
TROUBLE = {
    "ClaudeErrors": [series("claude_errors_total", f"0x{DAY} 11x{HOUR}")],
    "ClaudeHookLatency": [
        series("claude_hook_p95_seconds", f"0.05x{DAY} 0.6x{HOUR}", ', hook="h"'),
    ],
    "ClaudeAgentSuccess": [
        series("claude_agents_finished_total", f"0x{DAY} 10x{HOUR}"),
        series("claude_agents_failed_total", f"0x{DAY} 3x{HOUR}"),
    ],
    "ClaudeDailyCost": [series("claude_cost_usd_total", f"0x{DAY} 51x{HOUR}")],
    "ClaudeToolFailures": [
        series("claude_calls_finished_total", f"0x{DAY} 100x{HOUR}"),
        series("claude_calls_failed_total", f"0x{DAY} 21x{HOUR}"),
    ],
}
FEW = [  # too few to tell
    series("claude_agents_finished_total", f"0x{DAY} 4x{HOUR}"),
    series("claude_agents_failed_total", f"0x{DAY} 4x{HOUR}"),
    series("claude_calls_finished_total", f"0x{DAY} 9x{HOUR}"),
    series("claude_calls_failed_total", f"0x{DAY} 9x{HOUR}"),
]


def check_alerts(tmp_path, given, firing):
    """A test of promtool: which alerts fire half an hour after the change."""
    (tmp_path / "rules.yaml").write_text(texts(EVERYTHING)[RULES])
    names = dict.fromkeys(rule["alert"] for rule in PROMETHEUS)
    cases = [
        {
            "eval_time": f"{DAY + 30}m",
            "alertname": name,
            "exp_alerts": [expected(rule) for rule in PROMETHEUS if rule["alert"] == name]
            if name == firing
            else [],
        }
        for name in names
    ]
    test = {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "input_series": given, "alert_rule_test": cases}],
    }
    with open(tmp_path / "test.yaml", "w") as stream:
        YAML(typ="safe").dump(test, stream)
    return servers.promtool("test", "rules", tmp_path / "test.yaml")


VALUES = {
    "ClaudeErrors": "11.0",
    "ClaudeHookLatency": "600.0",
    "ClaudeAgentSuccess": "70.0",
    "ClaudeDailyCost": "51.0",
    "ClaudeToolFailures": "21.0",
}


def expected(rule):
    labels = {"instance": "a"} | ({"hook": "h"} if "hook" in rule["expr"] else {})
    filled = {key: fill(text, rule["alert"]) for key, text in rule["annotations"].items()}
    return {"exp_labels": {**labels, **rule["labels"]}, "exp_annotations": filled}


def fill(text, alert):
    return text.replace("{{ .Labels.instance }}", "a").replace(
        '{{ printf "%.1f" .Value }}', VALUES[alert]
    )


@pytest.mark.parametrize("given", [QUIET, FEW], ids=["at-the-limits", "too-few"])
def test_at_its_limit_nothing_fires(tmp_path, given):
    check_alerts(tmp_path, given, "")


@pytest.mark.parametrize("name", TROUBLE)
def test_beyond_its_limit_each_alert_fires_alone(tmp_path, name):
    check_alerts(tmp_path, TROUBLE[name], name)


def test_every_line_is_one_of_the_format(worked):
    lines = told(worked.store).splitlines()
    seen = [line for line in lines if not line.startswith("#")]
    assert all(LINE.match(line) for line in seen)
    names = [LINE.match(line)[1] + (LINE.match(line)[2] or "") for line in seen]
    assert len(names) == len(set(names))


def test_labels_hold_whatever_a_name_is(tmp_path):
    path = str(tmp_path / "metrics.db")
    odd = 'two\nlines "quoted" back\\slash 🦊'
    calls = schema().table("claude_tool_usage")
    with open_store(path, write=True) as store, store.batch() as batch:
        row = {"time": now(), "source": "otel", "call": "c", "tool": odd, "success": False}
        batch.put(calls, [calls.row(row)])
        batch.roll_up()
    assert (
        'claude_tool_failures_total{tool="two\\nlines \\"quoted\\" back\\\\slash 🦊"} 1\n'
        in told(path)
    )


def test_a_hook_s_p95_is_of_the_last_hour_and_of_enough_runs(tmp_path):
    path = str(tmp_path / "metrics.db")
    hooks = schema().table("claude_hooks")
    runs = [("slow", 0.5, 19, 5.0), ("slow", 0.5, 1, 900.0), ("old", 61, 30, 900.0),
            ("few", 1, 9, 900.0)]  # fmt: skip
    with open_store(path, write=True) as store, store.batch() as batch:
        for place, (hook, minutes, count, took) in enumerate(runs):
            row = {"time": now() - int(minutes * 6e7), "source": "spool", "hook": hook}
            row |= {"event": "Stop", "duration_ms": took}
            batch.put(hooks, [hooks.row({**row, "run": f"{place}:{n}"}) for n in range(count)])
        batch.roll_up()
    found = [line for line in told(path).splitlines() if line.startswith("claude_hook_p95")]
    assert found == ['claude_hook_p95_seconds{hook="slow"} 0.005']


def test_counters_of_an_empty_store_begin_at_zero(tmp_path):
    text = told(str(tmp_path / "metrics.db"))
    for name in ("errors", "calls", "calls_finished", "calls_failed", "cost_usd"):
        assert f"\nclaude_{name}_total 0\n" in text


def test_a_counter_outlives_the_rows_it_counted(tmp_path):
    path = str(tmp_path / "metrics.db")
    calls = schema().table("claude_tool_usage")
    old = now() - 500 * 86_400_000_000
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.put(calls, [calls.row({"time": old, "source": "otel", "call": "c"})])
        batch.roll_up()
    before = told(path)
    with open_store(path, write=True) as store, store.batch() as batch:
        assert batch.prune(calls, due_before(now(), 400)) == 1
    assert (
        value_of(told(path), "claude_calls_total") == value_of(before, "claude_calls_total") == "1"
    )


def test_a_file_for_the_node_exporter_is_whole_and_readable(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "CLAUDE_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "textfile"
    folder.mkdir()
    assert main(["metrics", "prometheus", "-o", "textfile/claude.prom"]) == 0
    assert [path.name for path in folder.iterdir()] == ["claude.prom"]
    assert (folder / "claude.prom").stat().st_mode & 0o777 == 0o644
    assert main(["metrics", "prometheus"]) == 0
    printed = capsys.readouterr().out
    assert "claude_calls_total 0\n" in printed
    assert main(["metrics", "prometheus", "-o", "nowhere/claude.prom"]) == 3
