"""`metrics.telemetry`: the host gets variables and a service; repositories get nothing."""

from __future__ import annotations

import pytest

from hubctl.config.resolve import Resolver
from hubctl.config.telemetry import PORT
from hubctl.metrics.collect import PORT as LISTENED_TO


def specs(**document):
    resolver = Resolver({"repositories": {"api": {"path": "~/src/api"}}, **document})
    return resolver.spec("host"), resolver.spec("api")


def test_the_service_listens_where_the_client_sends():
    host, repository = specs(metrics={"telemetry": True})
    variables = host["settings"]["env"]
    assert variables["OTEL_EXPORTER_OTLP_ENDPOINT"] == f"http://127.0.0.1:{PORT}"
    assert variables["OTEL_EXPORTER_OTLP_PROTOCOL"] == "http/json"
    assert host["units"]["collect"]["command"] == ["hubctl", "collect", "--port", str(PORT)]
    assert host["units"]["collect"]["listen"] == PORT
    assert PORT == LISTENED_TO
    assert (repository["settings"], repository["units"]) == ({}, {})


def test_another_port():
    host, _ = specs(metrics={"telemetry": True, "port": 5000})
    assert host["settings"]["env"]["OTEL_EXPORTER_OTLP_ENDPOINT"].endswith(":5000")
    assert host["units"]["collect"]["command"][-1] == "5000"
    assert host["units"]["collect"]["listen"] == 5000


@pytest.mark.parametrize("metrics", [{}, None, {"telemetry": False}, {"telemetry": None}])
def test_off_is_nothing(metrics):
    host, _ = specs(metrics=metrics)
    assert (host["settings"], host["units"]) == ({}, {})


def test_the_host_s_own_word_stands_above():
    host, _ = specs(
        metrics={"telemetry": True},
        **{"global": {"env": {"OTEL_LOGS_EXPORTER": "none"}}},
        units={"collect": {"memory_max": "64M"}},
    )
    assert host["settings"]["env"]["OTEL_LOGS_EXPORTER"] == "none"
    assert host["units"]["collect"]["memory_max"] == "64M"
    assert host["units"]["collect"]["type"] == "simple"
