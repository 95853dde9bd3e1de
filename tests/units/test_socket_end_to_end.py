"""`metrics.telemetry` from canonical.yaml to rows, through a real systemd that listens for it."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.places import find_places
from tests.metrics.exports import JSON, logs, request_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubctl.system.process import Completed
    from tests.support.user_manager import UserManager

ROOT = Path(__file__).resolve().parents[2]
SOCKET, SERVICE = "hubctl-team-collect.socket", "hubctl-team-collect.service"
STATES = ("enabled", "active", "active")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def canonical(port: int, *, telemetry: bool = True) -> str:
    section = {"telemetry": telemetry, "port": port, "prices": {MINE: {"input": 5, "output": 9}}}
    environment = {"PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    unit = {"environment": environment} if telemetry else None
    return json.dumps({"hub": {"name": "team"}, "metrics": section, "units": {"collect": unit}})


MINE = "my-own-model"


@pytest.fixture
def hub(manager: UserManager) -> Path:
    folder = manager.home / "apart/from/all/hubs"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def apply(manager: UserManager, hub: Path) -> Callable[[str], Completed]:
    def call(text: str) -> Completed:
        (hub / "canonical.yaml").write_text(text)
        env = {**os.environ, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
        command = [sys.executable, "-m", "hubctl", "apply", "--yes", "--prune"]
        done = manager.runner(command, timeout=60, env=env, cwd=str(hub))
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    return call


def export(port: int, number: int) -> int:
    body = json.dumps(logs(request_event(number, model=MINE))).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/logs", body, JSON)
    with urllib.request.urlopen(request, timeout=60) as answer:
        status: int = answer.status
        return status


def is_deaf(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(10)
        return client.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED


def states(manager: UserManager) -> tuple[str, ...]:
    enabled = manager.systemctl("is-enabled", "--", SOCKET).stdout.strip()
    return enabled, *(manager.shows(unit, "ActiveState") for unit in (SOCKET, SERVICE))


def test_the_first_export_starts_the_collector(
    manager: UserManager, apply: Callable[[str], Completed]
) -> None:
    port, other = free_port(), free_port()
    apply(canonical(port))
    assert states(manager) == ("enabled", "active", "inactive")
    settings = json.loads((manager.home / ".claude/settings.json").read_text())
    assert settings["env"]["OTEL_EXPORTER_OTLP_ENDPOINT"] == f"http://127.0.0.1:{port}"

    assert export(port, 1) == 200
    assert states(manager) == STATES
    manager.systemctl("stop", "--", SERVICE)
    assert states(manager) == ("enabled", "active", "inactive")
    assert export(port, 2) == 200

    # Another port: the socket that was listened to goes, with the service that has it.
    apply(canonical(other))
    assert is_deaf(port)
    assert export(other, 3) == 200
    assert states(manager) == STATES

    places = find_places({"HOME": str(manager.home)})
    with open_store(metrics_path(places)) as store:
        rows = store.rows("SELECT request, cost_usd FROM claude_context ORDER BY 1")
    cost = (10 * 5 + 5 * 9) / 1e6  # by the hub's own prices, wherever the hub lies
    assert rows == [("r1", cost), ("r2", cost), ("r3", cost)]

    apply(canonical(other, telemetry=False))
    assert not list(manager.unit_dir.rglob("hubctl-team-*"))
    assert states(manager)[1:] == ("inactive", "inactive")
    assert is_deaf(other)
    assert not (manager.home / ".claude/settings.json").exists()
