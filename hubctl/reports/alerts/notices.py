"""What is news about alerts: which began, which got worse, which are over. Pure.

Owns when a channel has something to be told, from what it has been told before: an alert once while
it goes on and again where it gets worse, and once when it has been over for a while.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.metrics.days import SECOND
from hubctl.reports.alerts.readings import LEVELS, limit_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.reports.alerts.channels import Channel
    from hubctl.reports.alerts.readings import Reading

FIRING, RESOLVED = "firing", "resolved"
# What goes to and fro around a limit is one alert.
CALM = 600 * SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """An alert that a channel was told of and that is not over for it. Times: microseconds.

    Attributes:
        name: the threshold. title, subject: as the reading had them.
        level: the worst that was told. since: when it was first told.
        calm: since when it is fine; 0 while it is not.
    """

    name: str
    title: str
    subject: str
    level: str
    since: int
    calm: int = 0

    @property
    def key(self) -> str:
        """As `Reading.key`."""
        return f"{self.name}/{self.subject}" if self.subject else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell: an alert that fires (the first time, or worse), or that is over.

    `reading` is what is measured now; None where nothing is any more.
    """

    state: str
    fired: Fired
    reading: Reading | None

    @property
    def word(self) -> str:
        """`warning`, `critical` or `resolved`."""
        return self.fired.level if self.state == FIRING else RESOLVED

    @property
    def sentence(self) -> str:
        """What is to be told."""
        one = self.reading
        if self.state == FIRING and one is not None:
            return one.sentence
        of = f" of {self.fired.subject}" if self.fired.subject else ""
        if one is None or one.value is None or one.have < one.threshold.needed:
            return f"{self.fired.title}{of}: there is nothing beyond its limit any more"
        limit = one.threshold.warning if self.fired.level == LEVELS[0] else one.threshold.critical
        side = "at or below" if one.threshold.above else "at or above"
        told = limit_text(one.threshold, limit)
        return f"{one.threshold.title}{of}: {one.text}, {side} the limit of {told} again"


def news(
    channel: Channel, found: Sequence[Reading], known: Mapping[str, Fired], now: int
) -> tuple[Notice, ...]:
    """What a channel is to be told, the readings' order first, then what is over.

    In its quiet hours that is what became critical alone; the rest waits, and what passes by in
    them is never told.
    """
    due = (*_beginning(channel, found, known, now), *_ended(channel, found, known, now))
    if not channel.is_quiet(now):
        return due
    return tuple(one for one in due if one.word == LEVELS[-1])


def _beginning(
    channel: Channel, found: Sequence[Reading], known: Mapping[str, Fired], now: int
) -> list[Notice]:
    notices = []
    for one in found:
        if channel.wants(one) and _is_worse(one, known.get(one.key)):
            old = known.get(one.key)
            fired = Fired(
                name=one.threshold.name,
                title=one.threshold.title,
                subject=one.subject,
                level=one.level,
                since=old.since if old else now,
            )
            notices.append(Notice(state=FIRING, fired=fired, reading=one))
    return notices


def _is_worse(one: Reading, old: Fired | None) -> bool:
    return old is None or LEVELS.index(one.level) > LEVELS.index(old.level)


def _ended(
    channel: Channel, found: Sequence[Reading], known: Mapping[str, Fired], now: int
) -> list[Notice]:
    by_key = {one.key: one for one in found}
    wanted = {one.key for one in found if channel.wants(one)}
    return [
        Notice(state=RESOLVED, fired=one, reading=by_key.get(key))
        for key, one in known.items()
        if key not in wanted and one.calm and now - one.calm >= CALM
    ]


def settled(
    channel: Channel, found: Sequence[Reading], known: Mapping[str, Fired], now: int
) -> dict[str, Fired]:
    """What is known, with since when each is fine. A clock that went back begins the time anew."""
    wanted = {one.key for one in found if channel.wants(one)}
    return {
        key: replace(one, calm=0 if key in wanted else _calm(one, now))
        for key, one in known.items()
    }


def _calm(one: Fired, now: int) -> int:
    return one.calm if 0 < one.calm <= now else now


def after(known: Mapping[str, Fired], told: Sequence[Notice]) -> dict[str, Fired]:
    """What is known once a channel took its notices."""
    kept = dict(known)
    for one in told:
        if one.state == FIRING:
            kept[one.fired.key] = one.fired
        else:
            kept.pop(one.fired.key, None)
    return kept
