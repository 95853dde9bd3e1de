"""How a channel is told: `notify-send`, or one POST. What its messages say is `channels`' business.

Owns what a refusal may say of the channel: never its address, and nothing of the answer, because
both may hold the secret.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from hubctl.errors import OperationError
from hubctl.reports.alerts.channels import DESKTOP, message, resolved, text_lines
from hubctl.reports.alerts.notices import FIRING
from hubctl.reports.alerts.telling import LaterError
from hubctl.system.http import Line, Server, UnreachableError
from hubctl.system.process import ProgramMissingError, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

    from hubctl.reports.alerts.channels import Channel
    from hubctl.reports.alerts.notices import Notice
    from hubctl.reports.alerts.telling import Send
    from hubctl.system.http import Answer

_PATIENCE_S = 10.0
_PORTS = {"http": 80, "https": 443}
_LATER = (429, 503)
_SILENT_S = 60.0  # for a server that asks for patience and does not say how much


def sender(environment: Mapping[str, str], machine: str, *, seconds: float = _PATIENCE_S) -> Send:
    """What sends for real; `seconds` is how long one channel may take."""

    def send(channel: Channel, notices: tuple[Notice, ...]) -> None:
        if channel.kind == DESKTOP:
            _notify(notices, seconds)
        else:
            url = resolved(channel, environment)
            _post(channel, url, message(channel, notices, machine), seconds)

    return send


def _notify(notices: tuple[Notice, ...], seconds: float) -> None:
    from html import escape

    options = ["--app-name=hubctl", f"--urgency={_urgency(notices)}"]
    body = "\n".join(escape(line) for line in text_lines(notices))
    command = ["notify-send", *options, "--", "Claude Code: thresholds", body]
    try:
        done = run(command, timeout=seconds)
    except ProgramMissingError:
        hint = "install it, or set metrics.alerts.desktop: false"
        raise OperationError(f"desktop: notify-send is not installed; {hint}") from None
    if done.returncode:
        raise OperationError(f"desktop: notify-send: {done.complaint[:200]}")


def _urgency(notices: tuple[Notice, ...]) -> str:
    firing = [one.fired.level for one in notices if one.state == FIRING]
    if not firing:
        return "low"
    return "critical" if "critical" in firing else "normal"


def _post(channel: Channel, url: str, content: Mapping[str, object], seconds: float) -> None:
    parts = urlsplit(url)
    server = Server(
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        tls=parts.scheme == "https",
        answer_seconds=seconds,
    )
    line = Line(server, {"Content-Type": "application/json", "User-Agent": "hubctl", **_who(parts)})
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        answer = line.ask("POST", path, json.dumps(content).encode())
    except UnreachableError as error:
        # A name in an address may be the secret, too.
        why = error.message.removeprefix(f"{server}: ").replace(server.host, "its server")
        raise OperationError(f"{channel.name}: {why}") from None
    finally:
        line.close()
    if not 200 <= answer.status < 300:
        raise _refusal(channel, answer)


def _who(parts: SplitResult) -> dict[str, str]:
    if parts.username is None:
        return {}
    told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {b64encode(told.encode()).decode()}"}


def _refusal(channel: Channel, answer: Answer) -> OperationError:
    told = f"{channel.name}: the server answered {answer.status}"
    if answer.status not in _LATER:
        return OperationError(told)
    seconds = _SILENT_S if answer.retry_after is None else answer.retry_after
    return LaterError(f"{told}, and to come back in {seconds:.0f} s", seconds=seconds)
