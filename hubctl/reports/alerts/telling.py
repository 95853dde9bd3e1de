"""Telling of alerts: each channel what is news to it, remembered once the channel took it.

What a channel was told is kept in the store, in one transaction for each channel: a server that is
down is told by the next check and delays no other, and after a kill between the two a channel hears
the same once more, never nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.errors import OperationError
from hubctl.metrics.days import SECOND
from hubctl.reports.alerts.notices import Fired, after, news, settled
from hubctl.reports.wording import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hubctl.metrics.store import Store
    from hubctl.reports.alerts.channels import Channel
    from hubctl.reports.alerts.notices import Notice
    from hubctl.reports.alerts.readings import Reading

    Send = Callable[[Channel, tuple[Notice, ...]], None]

KEY = "alerts"
_LONGEST_WAIT = 6 * 3600  # seconds; whoever asks for more is asked again


class LaterError(OperationError):
    """A channel asked to be left alone for some seconds."""

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = min(seconds, _LONGEST_WAIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one channel: what was due, and why it could not be told ("" if it was)."""

    channel: Channel
    notices: tuple[Notice, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is remembered of a channel: alerts by key, and until when it wants to be left alone."""

    fired: dict[str, Fired] = field(default_factory=dict)
    wait: int = 0


def awaits(store: Store) -> bool:
    """Whether somebody was told of an alert, and is to hear of its end."""
    return any(one.fired for one in _remembered(store).values())


def tell(
    store: Store, channels: Sequence[Channel], found: Sequence[Reading], now: int, send: Send
) -> tuple[Told, ...]:
    """Tell every channel its news, and remember them; the store has to be open to write.

    `found` are all readings, those within their limits too. `send` raises OperationError where it
    could not.
    """
    known = _remembered(store)
    kept = {one.name: known.get(one.name, _Known()) for one in channels}
    done = []
    for channel in channels:
        old = kept[channel.name]
        fired = settled(channel, found, old.fired, now)
        due = news(channel, found, fired, now)
        told, new = _told(channel, due, _Known(fired=fired, wait=old.wait), now, send)
        kept[channel.name] = new
        if new != old or known.keys() - kept.keys():
            _remember(store, kept)
            known = kept
        done += [told] if told else []
    return tuple(done)


def _told(
    channel: Channel, due: tuple[Notice, ...], known: _Known, now: int, send: Send
) -> tuple[Told | None, _Known]:
    if not due:
        return None, known
    if now < known.wait <= now + _LONGEST_WAIT * SECOND:
        problem = f"{channel.name} asked to be left alone until {clock(known.wait)}"
        return Told(channel=channel, notices=due, problem=problem), known
    try:
        send(channel, due)
    except LaterError as error:
        wait = now + int(error.seconds * SECOND)
        told = Told(channel=channel, notices=due, problem=error.message)
        return told, _Known(fired=known.fired, wait=wait)
    except OperationError as error:
        return Told(channel=channel, notices=due, problem=error.message), known
    return Told(channel=channel, notices=due), _Known(fired=after(known.fired, due))


def _remember(store: Store, kept: dict[str, _Known]) -> None:
    document = {
        name: {"wait": one.wait, "fired": [asdict(alert) for alert in one.fired.values()]}
        for name, one in kept.items()
        if one != _Known()
    }
    with store.batch() as batch:
        batch.set_meta(KEY, json.dumps(document, sort_keys=True))


def _remembered(store: Store) -> dict[str, _Known]:
    """Channel → what it knows. What cannot be read was never told: better twice than never."""
    try:
        found = json.loads(store.meta(KEY, "{}"))
        return {str(name): _known(one) for name, one in found.items()}
    except (ValueError, TypeError, LookupError, AttributeError):
        return {}


def _known(one: dict[str, Any]) -> _Known:
    alerts = [Fired(**alert) for alert in one["fired"]]
    return _Known(wait=int(one["wait"]), fired={alert.key: alert for alert in alerts})
