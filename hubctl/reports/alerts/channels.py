"""Who is told of alerts: the desktop and webhooks, as canonical.yaml declares them.

Owns what each kind of webhook is sent. An address is a secret: it holds references, which are
resolved when something is sent, and is shown as its server alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hubctl.config.layers import mapping
from hubctl.errors import OperationError, UsageError
from hubctl.metrics.days import SECOND
from hubctl.output.cells import printable
from hubctl.reports.alerts.readings import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.reports.alerts.notices import Notice
    from hubctl.reports.alerts.readings import Reading

DESKTOP, SLACK, DISCORD, JSON = "desktop", "slack", "discord", "json"
KINDS = (SLACK, DISCORD, JSON)
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LONGEST = 1800  # characters of a message; Discord takes 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Somebody who is told.

    Attributes:
        name: for people, and what is remembered. kind: DESKTOP or one of KINDS.
        url: the address with its references, "" for the desktop. level: from which on it is told.
        quiet: local hours such as `22:00-07:00` in which it hears of nothing but what is critical.
    """

    name: str
    kind: str
    url: str = ""
    level: str = "warning"
    quiet: str = ""

    def is_quiet(self, now: int) -> bool:
        """Whether a moment (microseconds) lies in its quiet hours; the last minute does not."""
        begin, _, end = self.quiet.partition("-")
        clock = f"{datetime.fromtimestamp(now / SECOND):%H:%M}"
        if begin <= end:
            return begin <= clock < end
        return clock >= begin or clock < end

    def wants(self, reading: Reading) -> bool:
        """Whether a reading is bad enough."""
        return bool(reading.level) and LEVELS.index(reading.level) >= LEVELS.index(self.level)


def channels(document: Mapping[str, Any]) -> tuple[Channel, ...]:
    """The channels of a hub; the desktop unless it is switched off.

    Raises:
        UsageError: an address of a service whose addresses are secrets holds no reference.
    """
    section = mapping(mapping(document.get("metrics")).get("alerts"))
    quiet = str(section.get("quiet") or "")
    desktop = Channel(name=DESKTOP, kind=DESKTOP, quiet=quiet)
    found = [desktop] if section.get("desktop", True) else []
    for name, row in mapping(section.get("webhooks")).items():
        if not isinstance(row, dict):
            continue
        url = str(row.get("url", ""))
        kind = str(row.get("kind") or JSON)
        if kind in (SLACK, DISCORD) and not _REFERENCE.search(url):
            hint = f"put it into a variable and write url: ${{{kind.upper()}_WEBHOOK}}"
            raise UsageError(f"metrics.alerts.webhooks.{name}: the address is a secret", hint=hint)
        level = str(row.get("level") or "warning")
        found.append(Channel(name=name, kind=kind, url=url, level=level, quiet=quiet))
    return tuple(found)


def resolved(channel: Channel, environment: Mapping[str, str]) -> str:
    """The address with its references put in.

    Raises:
        OperationError: a variable is not set, or what comes out is no address.
    """
    missing = [name for name in _REFERENCE.findall(channel.url) if not environment.get(name)]
    if missing:
        raise OperationError(
            f"{channel.name}: the variable {missing[0]} is not set",
            hint="set it where hubctl runs; for a timer in the unit's environment",
        )
    url = _REFERENCE.sub(lambda found: environment[found[1]], channel.url).strip()
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise OperationError(f"{channel.name}: what its variables hold is no address") from None
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or not url.isprintable()
        or " " in url
    ):
        raise OperationError(f"{channel.name}: what its variables hold is no address")
    return url


def shown(channel: Channel) -> str:
    """Where a channel leads, without its secrets: references stay, other paths are left out."""
    if not channel.url:
        return "notify-send"
    head, _, path = channel.url.partition("://")
    server, slash, rest = path.partition("/")
    server = server.rpartition("@")[2]
    hidden = "…" if slash and rest and not _REFERENCE.fullmatch(rest) else rest
    return printable(
        f"{channel.kind} {head}://{server}{slash}{hidden}" if path else f"{channel.kind} {head}"
    )


def text_lines(notices: Sequence[Notice]) -> list[str]:
    """A line for each notice, without anything that steers a terminal."""
    return [f"{one.word}: {printable(one.sentence)}" for one in notices]


def message(channel: Channel, notices: tuple[Notice, ...], machine: str) -> dict[str, object]:
    """The JSON that a webhook of this kind takes, for all that it is told at once."""
    if channel.kind == JSON:
        alerts = [_alert(one) for one in notices]
        return {"format": "hubctl/alert", "version": 1, "machine": machine, "alerts": alerts}
    text = _bounded([f"hubctl on {printable(machine)}", *text_lines(notices)])
    if channel.kind == SLACK:
        # Slack's own way of saying that a text is no markup.
        return {"text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}
    return {"content": text, "allowed_mentions": {"parse": []}}


def _bounded(lines: list[str]) -> str:
    """Whole lines, as many as a message takes."""
    kept: list[str] = []
    size = 0
    for number, line in enumerate(lines):
        size += len(line) + 1
        if size > _LONGEST:
            return "\n".join([*kept, f"… and {len(lines) - number} more: hubctl alerts list"])
        kept.append(line)
    return "\n".join(kept)


def _alert(one: Notice) -> dict[str, object]:
    reading = one.reading
    since = datetime.fromtimestamp(one.fired.since / SECOND, UTC)
    threshold = reading.threshold if reading else None
    return {
        "name": one.fired.name,
        "subject": one.fired.subject,
        "state": one.state,
        "since": f"{since:%Y-%m-%dT%H:%M:%SZ}",
        "level": one.fired.level,
        "value": reading.value if reading else None,
        "unit": threshold.unit if threshold else "",
        "warning": threshold.warning if threshold else None,
        "critical": threshold.critical if threshold else None,
        "window": threshold.window if threshold else "",
        "text": one.sentence,
    }
