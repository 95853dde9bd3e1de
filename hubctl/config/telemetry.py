"""What `metrics.telemetry` adds below everything of the host: an exporter's variables, a unit.

Both can be overridden where the host says otherwise. The variables stand where the client reads
them at its start; settings of a repository could send telemetry elsewhere, so they stay out. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.layers import Contribution, Layer, mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

UNIT = "collect"
PORT = 4318
_SOURCE = ("metrics", "telemetry")


def collects(document: Mapping[str, Any]) -> bool:
    """Whether `metrics.telemetry` is on."""
    return mapping(document.get("metrics")).get("telemetry") is True


def telemetry_layer(document: Mapping[str, Any]) -> Layer:
    """What the host gets where `metrics.telemetry` is on; nothing where it is not."""
    if not collects(document):
        return Layer(text="metrics", contributions=())
    port = mapping(document.get("metrics")).get("port") or PORT
    return Layer(
        text="metrics.telemetry",
        contributions=(
            Contribution(at=("settings", "env"), source=_SOURCE, value=exporter_variables(port)),
            Contribution(at=("units",), source=_SOURCE, value={UNIT: _unit(port)}),
        ),
    )


def exporter_variables(port: int) -> dict[str, str]:
    """Variables that make the client export to a collector on this machine, without content."""
    return {
        "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
        "OTEL_METRICS_EXPORTER": "otlp",
        "OTEL_LOGS_EXPORTER": "otlp",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
        "OTEL_METRICS_INCLUDE_ACCOUNT_UUID": "false",
    }


def _unit(port: int) -> dict[str, Any]:
    """A service that the first export starts; it ends by itself when none comes any more."""
    return {
        "description": "Receives the client's telemetry on this machine",
        "command": ["hubctl", "collect", "--port", str(port)],
        "listen": port,
        "type": "simple",
        "restart": "on-failure",
        "memory_max": "256M",
        "nice": 5,
    }
