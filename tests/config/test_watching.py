"""`metrics.alerts.every` and `metrics.report`: timers of the host, and nothing without them."""

from __future__ import annotations

import pytest

from hubctl.config.resolve import Resolver


def units(**metrics):
    document = {"repositories": {"api": {"path": "~/src/api"}}, "metrics": metrics}
    resolver = Resolver(document)
    assert resolver.spec("api")["units"] == {}
    return resolver.spec("host")["units"]


def test_the_performance_monitor_runs_on_sunday_evening():
    unit = units(report={"folder": "~/reports/"})["performance-monitor"]
    assert unit["command"] == ["hubctl", "report", "weekly", "--output", "~/reports/"]
    assert (unit["schedule"], unit["persistent"]) == ("Sun *-*-* 20:00:00", True)
    other = units(report={"folder": "/srv/r", "schedule": "Mon 09:00"})["performance-monitor"]
    assert (other["schedule"], other["command"][-1]) == ("Mon 09:00", "/srv/r/")


def test_alerts_are_checked_as_often_as_is_said():
    unit = units(alerts={"every": "5min"})["alerts"]
    assert (unit["command"], unit["every"]) == (["hubctl", "alerts", "check"], "5min")
    assert unit["systemd"]["Service"]["SuccessExitStatus"] == "1"


@pytest.mark.parametrize(
    "metrics", [{}, {"alerts": {"desktop": True}}, {"report": {}}, {"report": None, "alerts": None}]
)
def test_without_them_there_is_no_timer(metrics):
    assert units(**metrics) == {}


def test_the_host_s_own_word_stands_above():
    document = {
        "metrics": {"report": {"folder": "~/reports"}},
        "units": {"performance-monitor": {"schedule": "Fri 12:00"}},
    }
    unit = Resolver(document).spec("host")["units"]["performance-monitor"]
    assert (unit["schedule"], unit["command"][-1]) == ("Fri 12:00", "~/reports/")
