"""Telling of alerts: each channel once in a period, and again only where it got worse.

What was told is remembered in the store for each channel, once the channel took it: a server that
is down is told by the next check, and delays no other channel.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hubctl.errors import OperationError
from hubctl.reports.alerts import DAY, LEVELS, WINDOWS, period_of
from hubctl.reports.channels import DESKTOP, Channel, message, resolved
from hubctl.system.http import Line, Server
from hubctl.system.process import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hubctl.metrics.store import Store
    from hubctl.reports.alerts import Reading

KEY = "alerts"
_FORGET = 8 * WINDOWS[DAY]
_PATIENCE_S = 10.0
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one channel: what was due, and why it could not be told ("" if it was)."""

    channel: Channel
    alerts: tuple[Reading, ...]
    problem: str = ""


def due(store: Store, channel: Channel, found: Sequence[Reading], now: int) -> tuple[Reading, ...]:
    """The readings that a channel wants and has not been told in this period, or not as bad."""
    told = _remembered(store)
    return tuple(one for one in found if channel.wants(one) and _is_new(told, channel, one, now))


def _is_new(told: Mapping[str, tuple[int, str]], channel: Channel, one: Reading, now: int) -> bool:
    position, level = told.get(_name(channel, one), (0, ""))
    if not position or period_of(one, position) != period_of(one, now):
        return True
    return level in LEVELS and LEVELS.index(one.level) > LEVELS.index(level)


def _name(channel: Channel, one: Reading) -> str:
    return f"{channel.name}\n{one.key}"


def tell(
    store: Store,
    channels: Sequence[Channel],
    found: Sequence[Reading],
    now: int,
    send: Callable[[Channel, tuple[Reading, ...]], None],
) -> tuple[Told, ...]:
    """Tell every channel what is due, and remember it; the store has to be open to write.

    `send` raises OperationError where it could not.
    """
    done = []
    for channel in channels:
        alerts = due(store, channel, found, now)
        if alerts:
            done.append(_told(store, channel, alerts, now, send))
    return tuple(done)


def _told(
    store: Store,
    channel: Channel,
    alerts: tuple[Reading, ...],
    now: int,
    send: Callable[[Channel, tuple[Reading, ...]], None],
) -> Told:
    try:
        send(channel, alerts)
    except OperationError as error:
        return Told(channel=channel, alerts=alerts, problem=error.message)
    told = {name: one for name, one in _remembered(store).items() if now - one[0] < _FORGET}
    told |= {_name(channel, one): (now, one.level) for one in alerts}
    with store.batch() as batch:
        batch.set_meta(KEY, json.dumps(told))
    return Told(channel=channel, alerts=alerts)


def _remembered(store: Store) -> dict[str, tuple[int, str]]:
    """Channel and alert → when it was told, and how bad it was then."""
    try:
        found = json.loads(store.meta(KEY, "{}"))
        return {str(name): (int(one[0]), str(one[1])) for name, one in found.items()}
    except (ValueError, TypeError, LookupError, AttributeError):
        return {}  # told twice rather than never


def sender(
    environment: Mapping[str, str], machine: str
) -> Callable[[Channel, tuple[Reading, ...]], None]:
    """What sends for real: `notify-send`, or one POST."""

    def send(channel: Channel, alerts: tuple[Reading, ...]) -> None:
        if channel.kind == DESKTOP:
            _notify(alerts)
        else:
            _post(channel, resolved(channel, environment), message(channel, alerts, machine))

    return send


def _notify(alerts: tuple[Reading, ...]) -> None:
    from html import escape

    worst = "critical" if any(one.level == "critical" for one in alerts) else "normal"
    body = "\n".join(escape(one.sentence) for one in alerts)
    options = ["--app-name=hubctl", f"--urgency={worst}"]
    done = run(
        ["notify-send", *options, "--", "Claude Code: thresholds", body], timeout=_PATIENCE_S
    )
    if done.returncode:
        raise OperationError(f"notify-send: {done.complaint[:200]}")


def _post(channel: Channel, url: str, content: Mapping[str, object]) -> None:
    parts = urlsplit(url)
    server = Server(
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        tls=parts.scheme == "https",
        answer_seconds=_PATIENCE_S,
    )
    line = Line(server, {"Content-Type": "application/json", "User-Agent": "hubctl"})
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        answer = line.ask("POST", path, json.dumps(content).encode())
    finally:
        line.close()
    if not 200 <= answer.status < 300:
        # Neither the address nor the answer is told: both may hold the secret.
        raise OperationError(f"{channel.name}: the server answered {answer.status}")
